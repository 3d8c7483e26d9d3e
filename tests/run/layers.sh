#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# layers.sh - the writable layer does what changes of an image need, on any kernel
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"

# An image with what package managers touch; nothing of it is in the others.
make_image_changes() {
	local root=$1.root
	busybox_root "$root"
	mkdir -p "$root"/opt/tool/{bin,lib/deep} "$root/var/lib/tool"
	echo tool >"$root/opt/tool/bin/tool"
	echo deep >"$root/opt/tool/lib/deep/file"
	chmod 755 "$root/opt/tool/bin/tool"
	echo "root:x:0:0:root:/root:/bin/sh" >"$root/etc/passwd"
	squash "$root" "$1" -comp zstd -all-root
	remove_tree "$root"
}

changes_a_file() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c 'echo more >>/etc/motd && cat /etc/motd'
	is "$out" $'busybox image\nmore'
}

removes_a_folder_of_the_image() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c 'rm -rf /opt/tool && ls /opt'
	unlike "$out" tool
}

makes_a_removed_folder_again() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c \
		'rm -rf /opt/tool && mkdir -p /opt/tool/bin && ls -A /opt/tool /opt/tool/bin'
	unlike "$out" lib
}

renames_over_passwd() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c \
		'cp /etc/passwd /etc/passwd.new && echo "new:x:7:7::/:/bin/sh" >>/etc/passwd.new &&
		 mv /etc/passwd.new /etc/passwd && grep new /etc/passwd'
	is "$out" "new:x:7:7::/:/bin/sh"
}

moves_a_folder_of_the_image() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c \
		'mv /opt/tool /opt/moved && cat /opt/moved/lib/deep/file && ls /opt'
	like "$out" '^deep'
	unlike "$out" tool
}

changes_modes() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c \
		'chmod 700 /opt/tool/bin/tool /opt/tool && stat -c %a /opt/tool/bin/tool /opt/tool'
	is "$out" $'700\n700'
}

# set_capabilities FILE: as setcap does; in a user namespace for who isn't root.
set_capabilities() {
	local as_root=()
	[ "$(id -u)" -eq 0 ] || as_root=(unshare -Ur)
	"${as_root[@]}" python3 -c 'import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<IIIII", 0x2000001, 8192, 0, 0, 0))' \
		"$1"
}

changes_a_file_with_capabilities() {
	needs userns mksquashfs python3
	local image=$T/capable.sqsh
	busybox_root root
	cp root/bin/busybox root/bin/capable
	ok set_capabilities root/bin/capable
	squash root "$image"
	works urun --quiet "$image" chmod 700 /bin/capable
	works urun --quiet --root "$image" sh -c \
		'chmod 700 /bin/capable && chown 0:0 /bin/capable && echo x >>/bin/capable'
}

makes_every_kind_of_file() {
	needs userns mksquashfs
	works urun --quiet "$(image changes)" sh -c \
		'mkfifo /opt/fifo && ln -s fifo /opt/link && ln /opt/tool/bin/tool /opt/hard &&
		 mkdir /opt/folder && [ -p /opt/link ] && cat /opt/hard'
	is "$out" tool
}

throws_changes_away() {
	needs userns mksquashfs
	run urun --quiet "$(image changes)" sh -c 'rm -rf /opt/tool; echo x >/etc/motd'
	is "$status" 0
	works urun --quiet "$(image changes)" cat /etc/motd /opt/tool/bin/tool
	is "$out" $'busybox image\ntool'
}

keeps_changes_in_an_overlay() {
	needs userns mksquashfs
	mkdir layer
	run urun --quiet --overlay layer "$(image changes)" sh -c \
		'rm -rf /opt/tool/lib; echo kept >/etc/kept'
	is "$status" 0
	works urun --quiet --overlay layer "$(image changes)" sh -c 'cat /etc/kept; ls /opt/tool'
	is "$out" $'kept\nbin'
}

read_only_refuses_changes() {
	needs userns mksquashfs
	run urun --quiet --read-only "$(image changes)" sh -c 'echo x >/etc/motd'
	isnt "$status" 0
	like "$err" 'Read-only file system'
}

make_package() {
	mkdir -p package/DEBIAN package/usr/bin package/opt/tool/bin
	printf '%s\n' 'Package: urun-test' 'Version: 1' 'Architecture: all' \
		'Maintainer: ann <ann@example.org>' 'Description: test' >package/DEBIAN/control
	printf '#!/bin/sh\necho installed\n' >package/usr/bin/urun-test
	chmod 755 package/usr/bin/urun-test
	dpkg-deb --root-owner-group -Zgzip -b package test.deb >/dev/null
}

# Every image with a busybox can do this, of Debian's.
installs_a_package() {
	needs userns mksquashfs dpkg-deb
	make_package
	run urun --quiet --root --bind "$T" "$(image changes)" sh -c \
		"mkdir -p /var/lib/dpkg/info && : >>/var/lib/dpkg/status &&
		 dpkg -i $T/test.deb >&2 && urun-test"
	is "$status" 0
	is "$out" installed
}

run_tests changes_a_file removes_a_folder_of_the_image makes_a_removed_folder_again \
	renames_over_passwd moves_a_folder_of_the_image changes_modes \
	changes_a_file_with_capabilities makes_every_kind_of_file throws_changes_away \
	keeps_changes_in_an_overlay read_only_refuses_changes \
	installs_a_package
