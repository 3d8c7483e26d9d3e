#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# packages.sh - package managers and what their scripts do, under --root
# shellcheck source=tests/real/lib.sh
. "${URUN_SOURCE:?}/tests/real/lib.sh"

# Others than files of the user's own need ranges: an owner to look at.
maps_ranges() { has_need subid || has_need root; }

apt_installs_and_it_stays() {
	needs realimages userns fuse
	as_root 'apt-get -q update && apt-get -q -y install hello urun-scripts cron'
	is "$status" 0
	unlike "$err" '(^|'$'\n'')[EW]: '
	works urun --overlay "$PWD/layer" "$debian" hello
	is "$out" 'Hello, world!'
	works urun --overlay "$PWD/layer" "$debian" urun-scripts
	is "$out" 'scripts work'
	as_root 'dpkg --audit; dpkg -s hello | grep ^Status'
	is "$out" 'Status: install ok installed'
	as_root 'getent passwd _scripts scripts-too | cut -d: -f1'
	is "$out" $'_scripts\nscripts-too'
	as_root 'apt-get -q -y purge hello urun-scripts'
	is "$status" 0
	run urun --overlay "$PWD/layer" "$debian" hello
	is "$status" 127
}

apt_sets_owners() {
	needs realimages userns fuse
	maps_ranges || needs subid
	as_root 'apt-get -q update && apt-get -q -y install urun-scripts cron
		exec >/proc/self/fd/3
		stat -c "%U %G %a" /usr/bin/urun-scripts /var/log/urun-scripts /usr/bin/crontab \
			/var/lib/urun-scripts /etc/shadow' --preserve-fds 1 3>owners
	is "$status" 0
	is "$(cat owners)" '_scripts root 4755
root _scripts 2750
root crontab 2755
root scripts-too 2755
root shadow 640'
}

dpkg_installs_a_file() {
	needs realimages userns fuse
	as_root 'dpkg -i /archive/hello_*.deb /archive/sensible-utils_*.deb >&2; hello'
	is "$status" 0
	is "$out" 'Hello, world!'
}

# Its script gives ping capabilities, or setuid where that fails.
dpkg_installs_ping() {
	needs realimages userns fuse
	as_root 'dpkg -i /archive/libcap2-bin_*.deb /archive/iputils-ping_*.deb >&2; ping -V'
	is "$status" 0
	like "$out" '^ping from iputils'
}

users_and_groups() {
	needs realimages userns fuse
	as_root 'useradd --create-home --shell /bin/sh ann
		adduser --quiet --disabled-password --gecos "" ben
		adduser --quiet ben games; groupadd lab; usermod -aG lab ann
		id -nG ann; id -nG ben; userdel ann; ls -d /home/ben
		! getent passwd ann' --no-home
	is "$status" 0
	like "$out" 'ann lab'
	like "$out" 'games'
	like "$out" '/home/ben'
}

# Without --root as well: the files look as yours.
renames_over_passwd() {
	needs realimages userns fuse
	works urun --quiet "$debian" sh -c 'sed s/^daemon/demon/ /etc/passwd >/etc/passwd+ &&
		mv /etc/passwd+ /etc/passwd && getent passwd demon | cut -d: -f1'
	is "$out" demon
	as_root 'sed -i s/^daemon/demon/ /etc/passwd'
	is "$status" 0
	as_root 'getent passwd demon | cut -d: -f1'
	is "$out" demon
}

removes_folders_of_the_image() {
	needs realimages userns fuse
	works urun --quiet "$debian" sh -c 'rm -rf /usr/lib/python3 /usr/share/perl &&
		mkdir /usr/lib/python3 && ls -A /usr/lib/python3'
	is "$out" ''
	as_root 'rm -rf /usr/lib/python3/dist-packages/numpy'
	is "$status" 0
	as_root 'test ! -e /usr/lib/python3/dist-packages/numpy && echo gone'
	is "$out" gone
}

changes_a_file_with_capabilities() {
	needs realimages userns fuse
	works urun --quiet "$debian" sh -c 'chmod 700 /usr/local/bin/capable &&
		stat -c %a /usr/local/bin/capable && /usr/local/bin/capable'
	is "$out" 700
	as_root 'chmod 700 /usr/local/bin/capable; stat -c %a /usr/local/bin/capable'
	is "$status" 0
	is "$out" 700
}

owners_of_the_image() {
	needs realimages userns fuse
	works urun "$debian" stat -c %u:%g /etc/shadow /etc/passwd
	is "$out" "$(id -u):$(id -g)"$'\n'"$(id -u):$(id -g)"
	maps_ranges || needs subid
	works urun --root "$debian" stat -c %U:%G /etc/shadow /usr/bin/chage /var/mail
	is "$out" $'root:shadow\nroot:shadow\nroot:mail'
}

# What it wrote with mapped owners can be removed with `urun unshare`.
unshare_removes_mapped_files() {
	needs realimages userns fuse subid user
	as_root 'install -d -o games -m 700 /srv/other; touch /srv/other/file
		chown games /srv/other/file'
	is "$status" 0
	works urun unshare rm -rf layer
	ok test ! -e layer
}

# The user's own copy of the image as a folder: changes stay in the layer.
folder_of_my_own() {
	needs realimages userns unsquashfs
	ok unsquashfs -quiet -no-progress -no-xattrs -no-exit-code -dest mine "$(debian_as lz4)"
	works urun --quiet "$PWD/mine" sh -c 'rm -rf /usr/lib/python3 && echo x >/etc/passwd'
	ok test -d mine/usr/lib/python3/dist-packages/numpy
	run urun --quiet --root --bind "$URUN_TEST_REAL_IMAGES/archive:/archive" "$PWD/mine" \
		sh -c 'dpkg -i /archive/hello_*.deb >&2 && hello'
	is "$out" 'Hello, world!'
	ok test ! -e mine/usr/bin/hello
}

run_tests apt_installs_and_it_stays apt_sets_owners dpkg_installs_a_file \
	dpkg_installs_ping users_and_groups renames_over_passwd \
	removes_folders_of_the_image changes_a_file_with_capabilities owners_of_the_image \
	unshare_removes_mapped_files folder_of_my_own
