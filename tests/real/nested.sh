#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# nested.sh - the job runs inside containers: of urun, of bubblewrap, and in a pod
# shellcheck source=tests/real/lib.sh
. "${URUN_SOURCE:?}/tests/real/lib.sh"

job=(python3 -c 'import numpy; print(numpy.arange(10).dot(numpy.arange(10)))')

# What a build with sanitizers loads, and the image lacks.
mapfile -t sanitizers < <(ldd "$URUN_BUILD/urun" |
	awk '$1 ~ /^lib[a-z]*san/ { print "--bind"; print $3 }')

# outer OPTION... runs the job by an urun that runs in the same Debian.
outer() {
	run urun "${sanitizers[@]}" --bind "$URUN_BUILD" --bind "$URUN_TEST_REAL_IMAGES" "$@" "$debian" \
		"$URUN_BUILD/urun" --quiet "$(debian_as lz4)" "${job[@]}"
}

in_urun() {
	# uid 0 without CAP_SETFCAP, as it is inside, can't be mapped again (Linux 5.12).
	needs realimages userns fuse user
	outer
	is "$out" 285
	outer --read-only
	is "$out" 285
}

in_urun_as_root() {
	needs realimages userns fuse
	outer --root
	is "$out" 285
}

in_bubblewrap() {
	needs realimages userns fuse bwrap
	works bwrap --bind / / --dev-bind /dev /dev --proc /proc --unshare-user --unshare-pid \
		urun --quiet "$debian" "${job[@]}"
	is "$out" 285
}

# As in many clusters of containers: no /dev/fuse, parts of /proc are covered.
in_a_pod() {
	needs realimages userns bwrap
	local pod=(bwrap --bind / / --dev /dev --proc /proc --tmpfs /proc/bus --unshare-user
		--unshare-pid)
	run "${pod[@]}" urun --data-dir "$PWD/data" "$debian" "${job[@]}"
	is "$out" 285
	like "$err" unpacking
	run "${pod[@]}" urun --quiet --data-dir "$PWD/data" --root "$debian" \
		sh -c 'dpkg -l >/dev/null && rm -rf /usr/lib/python3 && echo removed'
	is "$out" removed
	works "${pod[@]}" urun --quiet --data-dir "$PWD/data" "$debian" "${job[@]}"
	is "$out" 285
}

run_tests in_urun in_urun_as_root in_bubblewrap in_a_pod
