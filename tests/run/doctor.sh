#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# doctor.sh - urun doctor says what works, what is missing and what to do
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"

# The line about a thing.
line_of() { grep -E "^(works|missing|MISSING) +$1( |\$)" <<<"$out"; }

works_here() {
	needs userns fuse
	run urun doctor
	is "$status" 0
	is "$err" ''
	unlike "$out" MISSING
	like "$(line_of 'user namespaces')" '^works'
	like "$(line_of 'image server')" '^works'
	like "${out##*$'\n'}" 'urun works here'
}

speaks_json() {
	needs userns python3
	run urun doctor --json
	is "$status" 0
	is "$(python3 -c 'import json, sys
for x in json.load(sys.stdin):
    if x["basic"] and not (x["works"] and x["problem"] == x["remedy"] == ""):
        print(x)' <<<"$out")" ''
	like "$out" '"name": "user namespaces"'
}

tells_that_user_namespaces_are_limited() {
	needs userns
	run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec urun doctor'
	is "$status" 1
	like "$(line_of 'user namespaces')" '^MISSING.*max_user_namespaces'
	like "$(line_of 'one mapped id')" 'remedy: see user namespaces'
	like "${out##*$'\n'}" 'does not work here'
}

tells_that_the_fuse_device_is_missing() {
	needs userns bwrap
	run bwrap --ro-bind / / --dev /dev --bind /tmp /tmp --proc /proc --unshare-user \
		--unshare-pid --setenv HOME "$T" urun doctor
	is "$status" 0
	like "$(line_of FUSE)" "^missing.*/dev/fuse.*remedy: modprobe fuse"
}

tells_that_proc_is_masked() {
	needs userns bwrap
	run bwrap --dev-bind / / --proc /proc --tmpfs /proc/bus --unshare-user --unshare-pid \
		urun doctor
	is "$status" 0
	like "$(line_of 'fresh /proc')" '^missing.*remedy: .*unmask'
}

tells_that_ids_are_missing() {
	needs userns nosubid
	run urun doctor
	is "$status" 0
	like "$(line_of 'ranges of ids')" '^missing.*remedy: usermod --add-subuids'
}

tells_that_newuidmap_is_missing() {
	needs userns subid
	mkdir bin
	run env PATH="$T/bin" "$URUN_BUILD/urun" doctor
	is "$status" 0
	like "$(line_of 'ranges of ids')" "^missing.*newuidmap.*remedy: .*uidmap"
}

takes_no_words() {
	refused 125 "doctor takes no 'x'" urun doctor x
}

run_tests works_here speaks_json tells_that_user_namespaces_are_limited \
	tells_that_the_fuse_device_is_missing tells_that_proc_is_masked \
	tells_that_ids_are_missing tells_that_newuidmap_is_missing takes_no_words
