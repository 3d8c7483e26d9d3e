#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# extract.sh - urun-fs --unpack writes an image's tree, and nothing else
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"

# codec_of IMAGE: the number in its superblock
codec_of() { od -An -tu2 -j20 -N2 "$1" 2>/dev/null | tr -d ' '; }

# unpack IMAGE FOLDER: as image_unpack() starts it.
unpack() {
	mkdir -p "$2"
	local codec
	codec=$(codec_of "$1")
	run urun-fs --unpack 0 0 "$codec" 3<"$2" 4<"$1"
}

# Type, mode, size, links, time, path and target of everything below a folder.
list_tree() { (cd "$1" && find . -printf '%y %m %s %n %T@ %p %l\n' | sort -k 6); }

# patch FILE PYTHON: change the bytes `data` of a file.
patch() {
	python3 -c 'import struct, sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read())
    exec(sys.argv[2])
    f.seek(0)
    f.write(data)
    f.truncate(len(data))' "$1" "$2"
}

# A small tree in an image without compression, so that it can be patched.
make_plain_image() {
	mkdir -p "$T/plain/folder/deeper"
	echo content >"$T/plain/folder/file"
	ln -s folder "$T/plain/link"
	squash "$T/plain" "$T/plain.sqsh" -all-root -noI -noD -noF -no-xattrs
}

writes_the_same_tree() {
	needs mksquashfs unsquashfs
	unpack "$(image zstd)" got
	is "$status" 0
	is "$out$err" ''
	unsquashfs -quiet -no-progress -no-xattrs -d want "$(image zstd)" >/dev/null
	ok diff -r --no-dereference got want
	is "$(list_tree got)" "$(list_tree want)"
}

keeps_hard_links_holes_and_large_files() {
	needs mksquashfs
	mkdir tree
	head -c 3000000 /dev/urandom >tree/large
	ln tree/large tree/again
	truncate --size 1G tree/sparse
	echo end >>tree/sparse
	truncate --size 200M tree/hole-at-end
	squash tree tree.sqsh -all-root -comp gzip
	unpack tree.sqsh got
	is "$status" 0
	ok cmp tree/large got/large
	is "$(stat -c %i got/large)" "$(stat -c %i got/again)"
	is "$(tail -c 4 got/sparse)" end
	is "$(stat -c %s got/sparse got/hole-at-end)" "$(stat -c %s tree/sparse tree/hole-at-end)"
	ok [ "$(du -sk got | cut -f1)" -lt 20000 ]
}

leaves_dangerous_things_out() {
	needs mksquashfs
	mkdir tree
	echo x >tree/plain
	squash tree tree.sqsh -all-root -p 'null c 666 0 0 1 3' -p 'disk b 666 0 0 8 0' \
		-p 'setuid f 6755 0 0 echo x' -p 'locked d 0555 0 0' -p 'locked/in f 0644 0 0 echo x'
	unpack tree.sqsh got
	is "$status" 0
	is "$(ls got)" $'locked\nplain\nsetuid'
	is "$(stat -c %a got/setuid)" 755
	ok rm -r got	# also below folders that were read-only
}

refuses_names_with_slashes_and_dots() {
	needs mksquashfs python3
	make_plain_image
	local name
	for name in ../x a/bc; do
		cp plain.sqsh "bad.sqsh"
		patch bad.sqsh "data[:] = data.replace(b'link', b'$name')"
		unpack bad.sqsh got
		isnt "$status" 0
		like "$err" 'no good name|Input.output error'
		ok [ ! -e x ]
		rm -rf got
	done
	cp plain.sqsh bad.sqsh
	patch bad.sqsh "at = data.rindex(b'link'); data[at - 2] = 1; data[at:at + 2] = b'..'"
	unpack bad.sqsh got
	isnt "$status" 0
}

never_writes_through_a_link() {
	needs mksquashfs python3
	mkdir -p tree/aa victim
	echo bad >tree/aa/file
	ln -s "$T/victim" tree/bb
	squash tree tree.sqsh -all-root -noI -noD -noF -no-xattrs
	# Two names alike: first the link, then the folder.
	patch tree.sqsh "data[:] = data.replace(b'aa', b'cc').replace(b'bb', b'cc')"
	unpack tree.sqsh got
	isnt "$status" 0
	is "$(ls victim)" ''
}

ends_where_folders_contain_each_other() {
	needs mksquashfs python3
	make_plain_image
	patch plain.sqsh "root = struct.unpack_from('<Q', data, 32)[0]; at = data.rindex(b'deeper'); struct.pack_into('<H', data, at - 8, root & 0xffff)"
	unpack plain.sqsh got
	isnt "$status" 0
	like "$err" 'deep'
}

says_what_is_damaged() {
	needs mksquashfs python3
	head -c 1000000 /dev/urandom >large
	mkdir tree && mv large tree/
	squash tree tree.sqsh -all-root
	head -c 300000 tree.sqsh >short.sqsh
	unpack short.sqsh got
	isnt "$status" 0
	like "$err" '^[^[:cntrl:]]+$'
	echo 'no image' >text
	unpack text got
	is "$status" 22	# EINVAL: no image
	like "$err" '^[^[:cntrl:]]+$'
}

says_that_the_place_is_full() {
	needs mksquashfs userns
	make_plain_image
	head -c 2000000 /dev/urandom >plain/large
	squash plain plain.sqsh -all-root -noD -noappend
	mkdir small
	run unshare -Urm sh -c 'mount -t tmpfs -o size=64k none small &&
		exec urun-fs --unpack 0 0 '"$(codec_of plain.sqsh)"' 3<small 4<plain.sqsh'
	is "$status" 28	# ENOSPC
	like "$err" "'/large': No space left"
}

run_tests writes_the_same_tree keeps_hard_links_holes_and_large_files \
	leaves_dangerous_things_out refuses_names_with_slashes_and_dots \
	never_writes_through_a_link ends_where_folders_contain_each_other \
	says_what_is_damaged says_that_the_place_is_full
