#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# images.sh - every kind of image runs, and brings what it may set
. "$URUN_SOURCE/tests/lib.sh"

every_compressor() {
	needs userns fuse mksquashfs
	local kind
	for kind in zstd gzip lz4 xz lzo; do
		works urun "$(image $kind)" cat /etc/motd
		is "$out" "busybox image"
	done
}

folder() {
	needs userns
	works urun "$(image folder)" cat /etc/motd
	is "$out" "busybox image"
	works urun --quiet "$(image folder)" touch /etc/new
	ok test ! -e "$(image folder)/etc/new"
}

relative_folder() {
	needs userns
	cp -a "$(image folder)" "$T/rootfs"
	works urun ./rootfs cat /etc/motd
	works urun rootfs/ cat /etc/motd
	is "$out" "busybox image"
}

suffix_does_not_matter() {
	needs userns fuse
	cp "$(image zstd)" "$T/data.bin"
	works urun ./data.bin cat /etc/motd
	cp "$(image zstd)" "$T/wrong.sif"
	works urun wrong.sif cat /etc/motd
	is "$out" "busybox image"
}

own_image_configuration() {
	needs userns fuse
	works urun --clean-env "$(image urun)" sh -c 'echo $FROM_IMAGE $PATH'
	is "$out" "yes /bin:/opt/bin"
	cd /
	works urun run --entrypoint pwd "$(image urun)"
	is "$out" /work
}

own_image_user_on_request() {
	needs userns fuse subid user
	works urun --user image "$(image urun)" id -u
	is "$out" 33
}

enroot() {
	needs userns fuse
	works urun "$(image enroot)" sh -c 'echo $FROM_ENROOT $PATH'
	is "$out" "yes /bin:/enroot/bin"
	works urun run "$(image enroot)" an argument
	is "$out" "rc an argument"
	works urun run "$(image enroot)"
	is "$out" "rc default"
}

charliecloud() {
	needs userns fuse
	works urun "$(image charliecloud)" sh -c 'echo $FROM_CH $PATH'
	is "$out" "yes /bin:/ch/bin"
}

sif() {
	needs userns fuse python3
	works urun "$(image sif)" sh -c 'echo $SIF_ENVIRONMENT $PATH'
	is "$out" "from yes /bin:/sif/bin"
	works urun run "$(image sif)" an argument
	is "$out" "runscript an argument"
}

sif_environment_comes_before_options() {
	needs userns fuse python3
	works urun --env FROM_SIF=option "$(image sif)" sh -c 'echo $FROM_SIF'
	is "$out" option
}

sif_for_another_machine() {
	needs userns fuse python3
	local arch=s390x
	[ "$(uname -m)" != s390x ] || arch=amd64
	python3 "$URUN_SOURCE/tests/make-sif" "$(image gzip)" "$T/other.sif" $arch
	run urun "$T/other.sif" true
	isnt "$status" 139
}

bundle() {
	needs userns
	rm -f /tmp/urun-test-hook-ran
	works urun run "$(image bundle)"
	is "$out" bundle
	works urun "$(image bundle)" sh -c 'echo $FROM_BUNDLE; ls /srv'
	like "$out" "^yes"
	unlike "$out" passwd
	ok test ! -e /tmp/urun-test-hook-ran
}

named_image_paths() {
	needs userns fuse
	mkdir -p "$T/sub"
	cp "$(image zstd)" "$T/sub/app"
	works urun sub/app true
	cd sub || return
	# shellcheck disable=SC2088 # urun expands it
	HOME=$T/sub works urun "~/app" true
}

hard_links_and_times_survive() {
	needs userns fuse mksquashfs
	mkdir "$T/root"
	cp -a "$(image folder)/." "$T/root"
	echo text >"$T/root/one"
	ln "$T/root/one" "$T/root/two"
	touch -d 2001-02-03T04:05:06Z "$T/root/one"
	truncate -s 3G "$T/root/sparse"
	squash "$T/root" "$T/x.sqsh" -comp zstd -all-root
	works urun x.sqsh stat -c '%h %Y %s' /one /two /sparse
	is "$out" $'2 981173106 5\n2 981173106 5\n'"1 $(stat -c %Y "$T/root/sparse") 3221225472"
}

run_tests every_compressor folder relative_folder suffix_does_not_matter \
	own_image_configuration own_image_user_on_request enroot charliecloud sif \
	sif_environment_comes_before_options sif_for_another_machine bundle \
	named_image_paths hard_links_and_times_survive
