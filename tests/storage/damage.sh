#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# damage.sh - damaged images yield errors: no crash, no hang, no leak
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"
run_limit_s=280 # thousands of images under sanitizers

# A tree with all that the format knows: an indexed folder, blocks, fragments, holes, hard
# links, devices, shared attributes.
make_tree() {
	local i
	mkdir -p "$1"/{folder/deep,many,empty}
	echo hello >"$1/file"
	echo deep >"$1/folder/deep/file"
	head -c 60000 /dev/urandom | base64 >"$1/blocks"
	truncate --size 400K "$1/sparse"
	printf data | dd of="$1/sparse" bs=1 seek=200000 conv=notrunc status=none
	for i in $(seq 400); do
		echo "$i" >"$1/many/a-name-that-is-quite-long-so-that-the-listing-is-indexed-$i"
	done
	ln -s folder "$1/link"
	ln -s loop "$1/loop"
	ln -s .. "$1/up"
	ln "$1/file" "$1/folder/hard"
	mkfifo "$1/fifo"
	python3 - "$1" 2>/dev/null <<-'END' || note "without attributes: the file system has none"
	import os, sys
	for name in "file", "blocks", "folder", "empty":
	    os.setxattr(sys.argv[1] + "/" + name, "user.shared", b"x" * 2000)
	    os.setxattr(sys.argv[1] + "/" + name, "user.own", name.encode())
	END
}

make_damaged_image() { # FILE OPTION...
	[ -d "$suite_folder/tree" ] || make_tree "$suite_folder/tree"
	squash "$suite_folder/tree" "$1" -all-root -b 16K -p 'null c 666 0 0 1 3' \
		-p 'gone c 666 0 0 0 0' -p 'disk b 660 0 0 8 1' "${@:2}"
}

# damage FLIPS OPTION...: all that tests/storage/damage does to such an image.
damage() {
	needs mksquashfs python3
	make_damaged_image image.sqsh "${@:2}"
	run "$URUN_BUILD/tests/storage/damage" image.sqsh "$1"
	note "$(grep -v '^ok' <<<"$out")"
	is "$status" 0
	unlike "$out" 'not ok|Bail out'
	is "$err" ''
}

# Uncompressed, each flip hits the structures themselves.
uncompressed_image() { damage 2000 -noI -noD -noF -noX; }
zstd_image() { damage 700 -comp zstd; }
gzip_image() { damage 150 -comp gzip; }
lz4_image() { damage 150 -comp lz4; }
xz_image() { damage 150 -comp xz; }
lzo_image() { damage 150 -comp lzo; }
image_without_fragments_and_exports() {
	damage 150 -noI -noD -noX -no-fragments -no-exports -no-duplicates
}

# Through the kernel: the server survives, each command ends, and what is whole is shown.
through_a_mount() {
	needs mksquashfs python3 userns fuse
	make_damaged_image image.sqsh -noI -noD -noF -noX
	mkdir mnt
	local seed
	for seed in $(seq 40); do
		python3 - "$seed" <<-'END'
		import random, sys
		random.seed(int(sys.argv[1]))
		data = bytearray(open("image.sqsh", "rb").read())
		tables = int.from_bytes(data[64:72], "little")
		for _ in range(8):
		    data[random.randrange(tables, len(data))] = random.randrange(256)
		open("damaged.sqsh", "wb").write(data)
		END
		# shellcheck disable=SC2016 # expanded by the inner shell
		run timeout 20 "$URUN_BUILD/tests/storage/fsmount" --pid-file pid \
			--folder /a/b damaged.sqsh mnt \
			bash -c 'cd mnt && { timeout 10 find . -maxdepth 8 -type f -print0 |
				head -z -n 1000 | timeout 10 xargs -0 cat
				ls -l a/b . link/.. file/x; } >/dev/null 2>&1
				[ -d /proc/$(cat ../pid) ] || exit 3' \
			|| :
		like "$status" '^(0|1|125)$'
	done
}

run_tests uncompressed_image zstd_image gzip_image lz4_image xz_image lzo_image \
	image_without_fragments_and_exports through_a_mount
