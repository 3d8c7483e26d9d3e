#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# nested.sh - urun inside containers, its own and others
. "$URUN_SOURCE/tests/lib.sh"

# What a folder as root of the inner host needs to run our dynamic programs.
host_binds=(--ro-bind / / --dev-bind /dev /dev --bind /tmp /tmp)

in_bubblewrap() {
	needs userns fuse bwrap
	run bwrap "${host_binds[@]}" --proc /proc --unshare-user --unshare-pid \
		urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
	is "$status" 0
}

in_urun() {
	# uid 0 without CAP_SETFCAP, as it is inside, can't be mapped again (Linux 5.12).
	needs userns fuse user
	local outer=/
	# The host's own root as a folder image: everything is there, read-only.
	run urun --read-only -B "$URUN_BUILD" -B "$T" "$outer" "$URUN_BUILD/urun" \
		"$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
	is "$status" 0
}

# Other file systems are mounted in it, so overlayfs refuses it: read-only, which is said.
hosts_root_is_an_image() {
	needs userns
	run urun / test -d /proc/1
	is "$status" 0
	like "$err" 'read-only'
	works urun --read-only / test -d /proc/1
}

without_dev_fuse() {
	needs userns bwrap
	run bwrap --ro-bind / / --dev /dev --bind /tmp /tmp --proc /proc --unshare-user \
		--unshare-pid --setenv HOME "$T" urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
	is "$status" 0
	like "$err" '[Uu]npack'
	# The second time it is there already.
	run bwrap --ro-bind / / --dev /dev --bind /tmp /tmp --proc /proc --unshare-user \
		--unshare-pid --setenv HOME "$T" urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
}

unpack_never() {
	needs userns bwrap
	run bwrap --ro-bind / / --dev /dev --bind /tmp /tmp --proc /proc --unshare-user \
		--unshare-pid --setenv HOME "$T" urun --unpack=never "$(image zstd)" true
	is "$status" 125
	like "$err" "/dev/fuse"
}

with_masked_proc() {
	needs userns fuse bwrap
	run bwrap "${host_binds[@]}" --proc /proc \
		--tmpfs /proc/bus --unshare-user --unshare-pid \
		urun "$(image zstd)" sh -c 'cat /etc/motd; ls -d /proc/self'
	is "$out" $'busybox image\n/proc/self'
	is "$status" 0
	like "$err" '/proc'
}

in_a_pod() {
	needs userns bwrap
	run bwrap --ro-bind / / --dev /dev --bind /tmp /tmp --proc /proc \
		--tmpfs /proc/bus --unshare-user \
		--unshare-pid --setenv HOME "$T" urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
	is "$status" 0
}

# A container of root's, as engines start them in pods: root, but /proc is masked.
in_a_container_of_root() {
	needs root userns fuse bwrap
	run bwrap "${host_binds[@]}" --proc /proc --tmpfs /proc/bus --unshare-pid --cap-add ALL \
		urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
	is "$status" 0
}

run_tests in_bubblewrap in_urun hosts_root_is_an_image without_dev_fuse unpack_never \
	with_masked_proc in_a_pod in_a_container_of_root
