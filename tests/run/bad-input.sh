#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bad-input.sh - one clear line, the right status, and nothing lost or left
. "$URUN_SOURCE/tests/lib.sh"

no_such_image() {
	refused 125 "missing\.sqsh.*No such file" urun missing.sqsh true
	refused 125 missing urun missing true
}

no_image() {
	echo "some text" >text
	refused 125 text urun ./text true
	: >empty.sqsh
	refused 125 empty.sqsh urun empty.sqsh true
	mkdir empty
	run urun ./empty true
	like "$status" '^12[57]$'
	mkfifo fifo.sqsh
	refused 125 fifo.sqsh urun fifo.sqsh true
	refused 125 /dev/null urun /dev/null true
}

truncated_image() {
	needs userns fuse
	local size
	size=$(stat -c %s "$(image zstd)")
	for part in 50 96 4096 $((size / 2)) $((size - 4096)); do
		head -c "$part" "$(image zstd)" >cut.sqsh
		refused 125 cut.sqsh urun cut.sqsh true
	done
}

damaged_image() {
	needs userns fuse
	cp "$(image gzip)" bad.sqsh
	chmod u+w bad.sqsh
	dd if=/dev/urandom of=bad.sqsh bs=1024 seek=1 count=400 conv=notrunc 2>/dev/null
	run urun bad.sqsh true
	like "$status" '^12[567]$'
	like "$err" '^urun: '
	cp "$(image gzip)" bad.sqsh
	chmod u+w bad.sqsh
	dd if=/dev/zero of=bad.sqsh bs=1 seek=64 count=32 conv=notrunc 2>/dev/null
	refused 125 bad.sqsh urun bad.sqsh true
}

damaged_sif() {
	needs python3
	head -c 200 "$(image sif)" >cut.sif
	refused 125 cut.sif urun cut.sif true
	head -c 100000 "$(image sif)" >cut.sif
	refused 125 cut.sif urun cut.sif true
}

other_architecture() {
	needs userns fuse
	! grep -qs s390 /proc/sys/fs/binfmt_misc/* || return 0
	refused 126 "/bin/true|true" urun "$(image foreign)" /bin/true
	like "$err" "s390|architecture|machine|format"
}

command_problems() {
	needs userns fuse
	refused 127 none urun "$(image zstd)" none
	refused 126 /bin urun "$(image zstd)" /bin
	refused 126 not-executable urun "$(image zstd)" /etc/not-executable
	refused 127 /srv/dangling urun "$(image zstd)" /srv/dangling
	run urun "$(image zstd)" /srv/loop
	like "$status" '^12[67]$'
}

missing_bind_source() {
	refused 125 /no/such urun -B /no/such "$(image zstd)" true
	refused 125 /no/such urun --mount type=bind,source=/no/such,target=/x "$(image zstd)" true
}

target_outside_the_root() {
	needs userns fuse
	mkdir data root
	cp -a "$(image folder)/." root
	ln -s "$T/host" root/absolute
	ln -s ../../../../../../../../.."$T"/host root/relative
	ln -s turn root/turn
	local target
	for target in /absolute/x /relative/x /../../x /turn/x; do
		run urun -B "data:$target" ./root true
		ok test ! -e "$T/host"
		ok test ! -e root/host
	done
	is "$status" 125
	like "$err" turn
	ok test ! -e root/x
}

bad_options() {
	refused 125 -- urun --frobnicate "$(image zstd)" true
	refused 125 --env urun --env
	refused 125 nothing urun --mount type=nothing,target=/x "$(image zstd)" true
	refused 125 relative urun --tmpfs relative "$(image zstd)" true
	refused 125 relative urun --bind /tmp:relative "$(image zstd)" true
	refused 125 no-such-option urun --bind /tmp:/x:no-such-option "$(image zstd)" true
	run urun
	is "$status" 125
}

no_subordinate_ids() {
	needs userns fuse nosubid user
	refused 125 33 urun --root --user 33 "$(image zstd)" true
	like "$err" 'hint: .*(subordinate|subuid)'
}

no_user_namespaces() {
	needs userns fuse unshare
	# In a user namespace of which no more may be made.
	run unshare --user --map-root-user sh -c \
		'echo 0 >/proc/sys/user/max_user_namespaces && exec urun "$@"' sh \
		"$(image zstd)" true
	is "$status" 125
	like "$err" max_user_namespaces
	like "$err" 'hint: '
}

full_tmp() {
	needs userns fuse overlay unshare
	run unshare --user --map-current-user --keep-caps --mount sh -c \
		'mount -t tmpfs -o size=64k tmpfs /var/tmp && dd if=/dev/zero of=/var/tmp/fill bs=4k 2>/dev/null
		TMPDIR=/var/tmp exec urun "$@"' sh "$(image zstd)" echo works
	is "$out" works
}

home_that_is_not_there() {
	needs userns fuse
	HOME=/no/such/home run urun "$(image zstd)" echo works
	is "$out" works
	is "$status" 0
}

folder_that_is_gone() {
	needs userns fuse
	mkdir gone
	cd gone || return
	rmdir ../gone
	run urun "$(image zstd)" echo works
	is "$out" works
}

read_only_place_for_the_overlay() {
	needs userns fuse unshare
	mkdir ro
	run unshare --user --map-current-user --keep-caps --mount sh -c \
		'mount -t tmpfs -o ro tmpfs ro && exec urun "$@"' sh \
		--overlay "$T/ro/changes" "$(image zstd)" true
	is "$status" 125
	like "$err" 'ro/changes'
	like "$err" "Read-only"
	refused 125 file/x urun --overlay "$T/file/x" "$(image zstd)" true
}

unreadable_image() {
	needs user
	cp "$(image zstd)" secret.sqsh
	chmod 0 secret.sqsh
	refused 125 "secret\.sqsh.*Permission denied" urun secret.sqsh true
}

few_descriptors() {
	needs userns fuse
	refused 125 "Too many open files" sh -c "ulimit -n 10; urun '$(image zstd)' true"
}

full_overlay() {
	needs userns fuse overlay
	mkdir small
	# shellcheck disable=SC2016 # for the inner shell
	refused 125 "use '.*/small/o' as a layer: .*No space left" unshare -Urm sh -c \
		'mount -t tmpfs -o size=16k none small && head -c 16384 /dev/zero >small/full
		 mkdir small/o && urun --overlay small/o "$1" true' sh "$(image zstd)"
}

run_tests few_descriptors full_overlay no_such_image no_image truncated_image damaged_image damaged_sif \
	other_architecture command_problems missing_bind_source target_outside_the_root \
	bad_options no_subordinate_ids no_user_namespaces full_tmp home_that_is_not_there \
	folder_that_is_gone read_only_place_for_the_overlay unreadable_image
