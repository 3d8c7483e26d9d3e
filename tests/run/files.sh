#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# files.sh - what of the host is inside, and what happens to changes
. "$URUN_SOURCE/tests/lib.sh"

default_binds() {
	needs userns fuse
	echo text >file
	works urun "$(image zstd)" sh -c 'cat file; pwd'
	is "$out" "text"$'\n'"$T"
	works urun "$(image zstd)" sh -c 'ls -d /proc/self /sys/kernel /dev/null /dev/shm'
}

home_is_yours() {
	needs userns fuse
	mkdir home
	echo text >home/file
	HOME=$T/home works urun "$(image zstd)" sh -c 'cat ~/file; cat $HOME/file'
	is "$out" $'text\ntext'
}

no_home() {
	needs userns fuse
	local home
	home=$(mktemp -d "$HOME/urun-test.XXXXXX") || return
	run urun --no-home -w / "$(image zstd)" ls "$home"
	isnt "$status" 0
	rmdir "$home"
}

home_elsewhere() {
	needs userns fuse
	mkdir other
	works urun --home "$T/other" "$(image zstd)" sh -c 'touch ~/new; echo $HOME'
	ok test -e other/new
}

bind_forms() {
	needs userns fuse
	mkdir data
	echo text >data/file
	works urun --bind "$T/data:/mnt/new" "$(image zstd)" cat /mnt/new/file
	# shellcheck disable=SC2088 # urun expands it
	works urun -B "~/../..$T/data:/mnt/new" -w / "$(image zstd)" cat /mnt/new/file
	refused 125 "volume" urun -B data:/mnt/new "$(image zstd)" true
	works urun -v ./data:/srv/deep/er "$(image zstd)" cat /srv/deep/er/file
	works urun --bind "$T/data/file:/etc/motd" "$(image zstd)" cat /etc/motd
	is "$out" text
}

bind_read_only() {
	needs userns fuse
	mkdir data
	run urun --bind "$T/data:/mnt:ro" "$(image zstd)" touch /mnt/new
	isnt "$status" 0
	ok test ! -e data/new
}

bind_optional() {
	needs userns fuse
	works urun --bind /no/such/place:/mnt:optional "$(image zstd)" true
}

bind_missing_is_an_error() {
	refused 125 /no/such/place urun --bind /no/such/place:/mnt "$(image zstd)" true
}

bind_target_stays_inside() {
	needs userns fuse
	mkdir data
	refused 125 "out of the root" urun --bind "$T/data:/../../../mnt/x" "$(image zstd)" true
	run urun --bind "$T/data:/srv/loop/x" "$(image zstd)" true
	is "$status" 125
	ok test ! -e /etc/motd/x
}

mount_option() {
	needs userns fuse
	mkdir data
	echo text >data/file
	works urun --mount "type=bind,source=$T/data,target=/mnt/d,readonly" \
		"$(image zstd)" cat /mnt/d/file
	is "$out" text
	works urun --mount type=tmpfs,target=/mnt/t "$(image zstd)" touch /mnt/t/x
}

tmpfs_option() {
	needs userns fuse
	works urun --tmpfs /opt/full:size=1m "$(image zstd)" sh -c 'ls /opt/full; df -k /opt/full | tail -n 1'
	like "$out" 1024
	unlike "$out" file
}

read_only() {
	needs userns fuse
	refused_write --read-only
}

refused_write() {
	run urun "$@" "$(image zstd)" touch /etc/new
	isnt "$status" 0
	like "$err" "[Rr]ead-only"
}

read_only_creates_mount_points() {
	needs userns fuse
	mkdir data
	echo text >data/file
	works urun --read-only --bind "$T/data:/not/there/yet" "$(image zstd)" cat /not/there/yet/file
	is "$out" text
}

changes_are_lost_and_said() {
	needs userns fuse overlay
	run urun "$(image zstd)" sh -c 'touch /opt/new /opt/other /var/quiet'
	is "$status" 0
	like "$err" '2 files'
	like "$err" '/opt/(new|other)'
	works urun --quiet "$(image zstd)" touch /opt/new
	works urun "$(image zstd)" sh -c 'touch /var/quiet /tmp/urun-test-quiet; rm /tmp/urun-test-quiet'
}

overlay_size() {
	needs userns fuse overlay
	run urun --overlay-size 1m "$(image zstd)" dd if=/dev/zero of=/opt/big bs=64k count=64
	isnt "$status" 0
	like "$err" "No space"
}

overlay_persists() {
	needs userns fuse overlay
	works urun --overlay "$T/changes" "$(image zstd)" sh -c 'echo kept >/opt/new; rm -r /opt/full'
	works urun --overlay "$T/changes" "$(image zstd)" sh -c 'cat /opt/new; ls /opt'
	is "$out" $'kept\nnew'
}

overlay_in_use_names_the_user() {
	needs userns fuse overlay
	mkfifo started stop
	urun --overlay "$T/changes" "$(image zstd)" sh -c 'echo >started; read x <stop' &
	read -r <started
	refused 125 changes urun --overlay "$T/changes" "$(image zstd)" true
	like "$err" "use"
	echo >stop
	wait
	works urun --overlay "$T/changes" "$(image zstd)" true
}

overlay_is_shared_read_only() {
	needs userns fuse overlay
	works urun --overlay "$T/changes" "$(image zstd)" sh -c 'echo kept >/opt/new'
	works urun --quiet --overlay "$T/changes:ro" "$(image zstd)" \
		sh -c 'cat /opt/new; echo other >/opt/new'
	is "$out" kept
	works urun --overlay "$T/changes" "$(image zstd)" cat /opt/new
	is "$out" kept
}

image_folders_can_be_removed() {
	needs userns fuse overlay
	works urun --quiet "$(image zstd)" sh -c 'rm -rf /opt/full && mkdir /opt/full &&
		ls -A /opt/full && mv /usr/bin/script /usr/bin/moved && script=$(/usr/bin/moved x) &&
		chmod 700 /etc/group && echo x >/etc/passwd.new && mv /etc/passwd.new /etc/passwd &&
		cat /etc/passwd'
	is "$out" x
}

workdir() {
	needs userns fuse
	works urun --workdir /usr/bin "$(image zstd)" pwd
	is "$out" /usr/bin
	run urun -w ../usr "$(image urun)" pwd
	is "$out" /usr
	run urun -w /no/such/folder "$(image zstd)" true
	isnt "$status" 0
}

generated_files() {
	needs userns fuse
	works urun "$(image zstd)" sh -c 'test -s /etc/hosts && cat /etc/resolv.conf'
	is "$out" "$(cat /etc/resolv.conf)"
}

# linked_image FILE LINK TARGET: LINK of the image leads to TARGET.
linked_image() {
	mkdir root
	cp -a "$(image folder)/." root
	rm -rf "root/$2"
	ln -s "$3" "root/$2"
	squash root "$1"
}

generated_files_where_etc_is_a_link() {
	needs userns fuse mksquashfs overlay
	cp -a "$(image folder)/etc" etc
	linked_image x.sqsh etc usr/etc
	rm -rf root/usr/etc
	mv etc root/usr/etc
	squash root x.sqsh
	local how
	for how in --quiet --read-only --isolate; do
		works urun $how --net host x.sqsh sh -c 'cat /etc/motd; test -h /etc && test -s /etc/hosts'
		is "$out" "busybox image"
	done
}

# What a link of the image leads to in a bound folder is not urun's to make.
links_of_the_image_make_nothing_on_the_host() {
	needs userns fuse mksquashfs
	mkdir host
	linked_image etc.sqsh etc "$T/host"
	run urun --read-only etc.sqsh true
	is "$(ls host)" ""
	rm -rf root
	linked_image mnt.sqsh mnt "$T/host"
	refused 125 "/mnt/new.*link of the image" urun --bind /usr:/mnt/new mnt.sqsh true
	refused 125 "/mnt/new.*link of the image" urun --tmpfs /mnt/new --tmpfs /mnt mnt.sqsh true
	is "$(ls host)" ""
	rm -rf root
	linked_image volumes.sqsh lnk "$T/host"
	mkdir root/.urun
	echo '{"config":{"Volumes":{"/lnk/v":{}}}}' >root/.urun/config.json
	squash root volumes.sqsh
	refused 125 "link of the image" urun --read-only volumes.sqsh true
	echo '{"config":{"Volumes":{"/'"$T"'/host/./v":{},"/":{},"/a/../b":{}}}}' >root/.urun/config.json
	squash root volumes.sqsh
	works urun --read-only volumes.sqsh true
	is "$(ls host)" ""
}

overlay_without_etc_is_used_again() {
	needs userns fuse overlay
	local change
	for change in 'rm -rf /etc' 'rm -rf /etc; echo x >/etc' 'rm /etc/passwd; mkdir /etc/passwd' \
		'mv /etc /opt/etc; ln -s opt/etc /etc'; do
		works urun --overlay "$T/changes" "$(image zstd)" sh -c "$change"
		works urun --overlay "$T/changes" "$(image zstd)" true
		works urun --quiet --overlay "$T/changes:ro" "$(image zstd)" true
		remove_tree changes
	done
	works urun --overlay "$T/changes" "$(image zstd)" sh -c 'mv /etc /opt/etc; ln -s opt/etc /etc'
	works urun --quiet --overlay "$T/changes:ro" "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
}

working_folder_that_hides_the_image_is_skipped() {
	needs userns fuse
	cd /usr || return
	works urun "$(image zstd)" ls /usr
	is "$out" bin
}

descriptors_are_passed_on() {
	needs userns fuse
	echo through >file
	works urun "$(image zstd)" sh -c 'cat <&5' 5<file
	is "$out" through
	run urun --isolate "$(image zstd)" sh -c 'cat <&5' 5<file
	isnt "$status" 0
	works urun --isolate --preserve-fds 3 "$(image zstd)" sh -c 'cat <&5' 3</dev/null 4</dev/null 5<file
	is "$out" through
}

devices_of_the_image_do_not_open() {
	needs root mksquashfs userns fuse
	mkdir root
	cp -a "$(image folder)/." root
	mknod root/null-of-image c 1 3
	squash root x.sqsh -comp zstd
	works urun x.sqsh stat -c %F /null-of-image
	is "$out" "character special file"
	run urun x.sqsh cat /null-of-image
	isnt "$status" 0
}

run_tests default_binds home_is_yours no_home home_elsewhere bind_forms bind_read_only \
	bind_optional bind_missing_is_an_error bind_target_stays_inside mount_option \
	tmpfs_option read_only read_only_creates_mount_points changes_are_lost_and_said \
	overlay_size overlay_persists overlay_in_use_names_the_user \
	overlay_is_shared_read_only image_folders_can_be_removed workdir generated_files \
	generated_files_where_etc_is_a_link links_of_the_image_make_nothing_on_the_host \
	overlay_without_etc_is_used_again \
	working_folder_that_hides_the_image_is_skipped descriptors_are_passed_on \
	devices_of_the_image_do_not_open
