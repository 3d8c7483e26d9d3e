#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# serve.sh - what the image server shows, through the kernel
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"
fsmount=$URUN_BUILD/tests/storage/fsmount

# in_image [OPTION...] IMAGE COMMAND...: run with the image mounted on $T/mnt.
in_image() {
	local options=()
	while [[ $1 == --* ]]; do
		options+=("$1")
		[[ $1 == --owners ]] || { options+=("$2") && shift; }
		shift
	done
	mkdir -p "$T/mnt"
	run "$fsmount" "${options[@]}" "$1" "$T/mnt" "${@:2}"
}

needs_server() { needs mksquashfs userns fuse "$@"; }

# Type, mode, links, size, time, path and target, but for the sizes of folders.
tree_list() {
	(cd "$1" && find . \( -type d -printf '%y %m - - %T@ %p\n' \) -o \
		-printf '%y %m %n %s %T@ %p %l\n' | sed 's/\.[0-9]* \./ ./' | sort)
}
tree_sums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
export -f tree_list tree_sums

# A tree with something of everything that an unprivileged user can make.
make_tree() {
	local i
	mkdir -p "$1"/{folder/deep,empty,many}
	echo file >"$1/file"
	: >"$1/nothing"
	head -c 300000 /dev/urandom >"$1/noise"
	seq 200000 >"$1/numbers"
	ln "$1/file" "$1/folder/deep/same"
	ln -s ../file "$1/folder/relative"
	ln -s /folder/deep "$1/absolute"
	ln -s loop "$1/loop"
	mkfifo "$1/fifo"
	truncate --size 5M "$1/sparse"
	printf end >>"$1/sparse"
	chmod 4711 "$1/numbers"
	chmod 1777 "$1/empty"
	for i in $(seq 2000); do echo "$i" >"$1/many/entry-with-a-long-name-$i"; done
}

each_compressor_and_block_size_shows_the_tree() {
	needs_server
	make_tree tree
	tree_list tree >list
	tree_sums tree >sums
	local options
	for options in '-comp zstd' '-comp gzip -b 4K' '-comp lz4 -b 1M' '-comp xz' '-comp lzo' \
		'-comp zstd -no-fragments' '-noI -noD -noF -noX' '-no-exports -no-xattrs'; do
		# shellcheck disable=SC2086 # words
		squash tree image.sqsh $options
		in_image image.sqsh bash -c 'tree_list mnt >got.list; tree_sums mnt >got.sums'
		is "$status" 0
		ok cmp list got.list
		ok cmp sums got.sums
	done
}

image_at_an_offset_is_served() {
	needs_server
	mkdir tree && echo inside >tree/file
	squash tree image.sqsh
	{ head -c 12345 /dev/zero && cat image.sqsh; } >shifted
	in_image --offset 12345 shifted cat mnt/file
	is "$out" inside
}

small_caches_and_several_threads_give_the_same_bytes() {
	needs_server
	make_tree tree
	squash tree image.sqsh -b 16K
	tree_sums tree >sums
	local threads
	for threads in 1 8; do
		in_image --threads $threads --cache 1 image.sqsh bash -c '
			for i in 1 2 3 4; do tree_sums mnt >got.$i & done; wait'
		is "$status" 0
		for i in 1 2 3 4; do ok cmp sums got.$i; done
	done
}

large_and_sparse_files_have_their_sizes_and_holes() {
	needs_server python3
	mkdir tree
	truncate --size 6G tree/sparse
	printf middle | dd of=tree/sparse bs=1 seek=5G conv=notrunc status=none
	squash tree image.sqsh
	in_image image.sqsh python3 - <<-'END'
	import os
	fd = os.open("mnt/sparse", os.O_RDONLY)
	st = os.fstat(fd)
	assert st.st_size == 6 << 30, st
	assert st.st_blocks < 1000, st
	assert os.lseek(fd, 0, os.SEEK_DATA) == 5 << 30
	assert (5 << 30) < os.lseek(fd, 5 << 30, os.SEEK_HOLE) <= (5 << 30) + (1 << 20)
	assert os.pread(fd, 6, 5 << 30) == b"middle"
	assert os.pread(fd, 5, (6 << 30) - 3) == b"\0\0\0"
	END
	is "$status$err" 0
}

hard_links_are_one_inode() {
	needs_server
	mkdir tree && echo x >tree/a && ln tree/a tree/b && echo x >tree/c
	squash tree image.sqsh
	in_image image.sqsh stat -c '%i %h' mnt/a mnt/b mnt/c
	is "$(sed -n 1p <<<"$out")" "$(sed -n 2p <<<"$out")"
	isnt "$(sed -n 1p <<<"$out")" "$(sed -n 3p <<<"$out")"
	like "$(sed -n 1p <<<"$out")" ' 2$'
	unlike "$out" '(^|'$'\n'')0 '
}

owners_are_the_callers_or_the_images() {
	needs_server user
	mkdir tree && echo x >tree/file
	squash tree image.sqsh -force-uid 12 -force-gid 34
	in_image image.sqsh stat -c '%u %g' mnt mnt/file
	is "$out" "$(id -u) $(id -g)"$'\n'"$(id -u) $(id -g)"
	in_image --owners image.sqsh stat -c '%u %g' mnt/file
	is "$out" '65534 65534' # not mapped here
}

owners_of_the_image_are_right_for_root() {
	needs_server root
	mkdir tree && echo x >tree/file
	squash tree image.sqsh -force-uid 12 -force-gid 345678
	in_image --owners image.sqsh stat -c '%u %g' mnt/file
	is "$out" '12 345678'
}

devices_are_shown_but_deletion_marks_are_not() {
	needs_server
	mkdir tree && echo x >tree/file
	squash tree image.sqsh -p 'null c 666 0 0 1 3' -p 'gone c 600 0 0 0 0' \
		-p 'also b 600 0 0 0 0' -p 'disk b 600 0 0 8 1'
	in_image image.sqsh bash -c 'ls mnt; stat -c "%F %t %T" mnt/null mnt/disk
		cat mnt/gone; : <mnt/null'
	is "$out" $'disk\nfile\nnull\ncharacter special file 1 3\nblock special file 8 1'
	like "$err" 'gone.*No such file'
	like "$err" 'null: Permission denied'
}

attributes_are_listed_and_read_alike() {
	needs_server python3
	mkdir tree && echo x >tree/file && echo y >tree/other
	python3 - <<-'END' || { echo "user attributes" >"$T.skip" && exit 77; }
	import os
	for name in "one", "overlay.opaque", "fuseoverlayfs.origin", "containers.x":
	    os.setxattr("tree/file", "user." + name, b"value of " + name.encode())
	for file in "tree/file", "tree/other":
	    os.setxattr(file, "user.shared", b"x" * 3000)
	os.setxattr("tree/other", "user.empty", b"")
	END
	squash tree image.sqsh
	in_image image.sqsh python3 - <<-'END'
	import errno, os
	assert sorted(os.listxattr("mnt/file")) == ["user.one", "user.shared"], os.listxattr("mnt/file")
	assert sorted(os.listxattr("mnt/other")) == ["user.empty", "user.shared"]
	assert os.listxattr("mnt") == []
	assert os.getxattr("mnt/file", "user.one") == b"value of one"
	assert os.getxattr("mnt/other", "user.shared") == b"x" * 3000
	assert os.getxattr("mnt/other", "user.empty") == b""
	for name in "user.overlay.opaque", "user.containers.x", "user.none":
	    try:
	        os.getxattr("mnt/file", name)
	        assert False, name
	    except OSError as e:
	        assert e.errno == errno.ENODATA, e
	END
	is "$status$err" 0
}

file_capabilities_are_shown_with_the_images_owners() {
	needs_server root python3
	mkdir tree && echo x >tree/file
	python3 -c 'import os, struct
os.setxattr("tree/file", "security.capability", struct.pack("<5I", 0x02000001, 0x2000, 0, 0, 0))
os.setxattr("tree/file", "trusted.overlay.opaque", b"y")'
	squash tree image.sqsh
	in_image --owners image.sqsh python3 -c 'import os
print(os.listxattr("mnt/file"), len(os.getxattr("mnt/file", "security.capability")))'
	is "$out" "['security.capability'] 20"
}

mount_points_are_shown_where_the_image_lacks_them() {
	needs_server
	mkdir -p tree/etc tree/usr/lib && echo x >tree/etc/here
	ln -s usr/lib tree/lib
	ln -s ../run/new/resolv.conf tree/etc/resolv.conf
	squash tree image.sqsh
	in_image --folder /data/set --folder /lib/x --file /etc/here --file /etc/new/file \
		--file /etc/resolv.conf --folder /../above --folder /etc/here/no --folder /data/set \
		image.sqsh bash -c 'cd mnt && find . | sort; stat -c "%F %h %s" data run/new/resolv.conf
		cat run/new/resolv.conf etc/here; ls etc/none; ls -di data data/set | grep -c "^0"'
	is "$out" ".
./above
./data
./data/set
./etc
./etc/here
./etc/new
./etc/new/file
./etc/resolv.conf
./lib
./run
./run/new
./run/new/resolv.conf
./usr
./usr/lib
./usr/lib/x
directory 3 0
regular empty file 1 0
x
0"
	like "$err" 'none.*No such file'
}

nothing_can_be_changed() {
	needs_server
	mkdir tree && echo x >tree/file
	squash tree image.sqsh
	in_image image.sqsh bash -c 'touch mnt/new; rm mnt/file; echo y >>mnt/file; mkdir mnt/d'
	is "$(grep -c 'Read-only' <<<"$err")" 4
}

server_ends_with_the_mount() {
	needs_server
	mkdir tree && squash tree image.sqsh
	in_image --pid-file pid image.sqsh bash -c 'kill -0 $(cat pid)'
	is "$status" 0
	ok tail --pid="$(cat pid)" -f /dev/null
}

server_ends_when_nobody_serves_it() {
	needs_server
	mkdir tree && squash tree image.sqsh
	mkdir mnt
	# The command cannot be executed: the descriptor was handed over, and the mount ended.
	run "$fsmount" --pid-file pid image.sqsh mnt /no/such/command
	is "$status" 125
	ok tail --pid="$(cat pid)" -f /dev/null
	rm pid
	# The mount point is not there: no descriptor ever comes.
	run "$fsmount" --pid-file pid image.sqsh no-such-folder true
	is "$status" 125
	ok tail --pid="$(cat pid)" -f /dev/null
}

killed_server_is_an_error_and_no_hang() {
	needs_server
	mkdir tree && echo x >tree/file && squash tree image.sqsh
	# A name that was asked for once is never asked for again: other ones each time.
	in_image --pid-file pid image.sqsh bash -c 'kill -9 $(cat pid); i=0
		while ls mnt/$((i += 1)) 2>&1 | grep -q "No such file"; do :; done
		cat mnt/file'
	like "$err" 'not connected'
}

run_by_hand_it_says_what_it_is() {
	run urun-fs --version
	like "$out" '^urun-fs [0-9]'
	run urun-fs
	is "$status" 125
	like "$err" '^urun-fs: [^[:cntrl:]]+$'
	run urun-fs --bogus
	is "$status" 125
}

run_tests each_compressor_and_block_size_shows_the_tree image_at_an_offset_is_served \
	small_caches_and_several_threads_give_the_same_bytes \
	large_and_sparse_files_have_their_sizes_and_holes hard_links_are_one_inode \
	owners_are_the_callers_or_the_images owners_of_the_image_are_right_for_root \
	devices_are_shown_but_deletion_marks_are_not attributes_are_listed_and_read_alike \
	file_capabilities_are_shown_with_the_images_owners \
	mount_points_are_shown_where_the_image_lacks_them nothing_can_be_changed \
	server_ends_with_the_mount server_ends_when_nobody_serves_it \
	killed_server_is_an_error_and_no_hang run_by_hand_it_says_what_it_is
