#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# installed.sh - what `make install` puts where, and that the tree can be moved
. "$URUN_SOURCE/tests/lib.sh"

# install_to FOLDER: the build tree as make install would, below FOLDER
install_to() {
	env -u MAKEFLAGS make -s -C "$URUN_BUILD" install prefix=/usr DESTDIR="$1" >"$T.install" 2>&1 &&
		PATH=$1/usr/bin:$PATH && return
	failed "make install: $(tail -n 5 "$T.install")"
}

has_its_layout() {
	needs make
	install_to "$T/root"
	ok test -x root/usr/bin/urun
	ok test -x root/usr/libexec/urun/urun-fs
	ok test -s root/usr/share/man/man1/urun.1
	ok test -s root/usr/share/man/man5/urun.conf.5
	ok test -s root/usr/share/bash-completion/completions/urun
	ok test -s root/usr/share/zsh/site-functions/_urun
	ok test -s root/usr/share/fish/vendor_completions.d/urun.fish
	ok test -s root/usr/share/urun/apparmor/urun.profile
	is "$(find root -perm /6000)" ""
}

finds_its_helpers_where_it_is() {
	needs make userns fuse
	install_to "$T/root"
	mv root moved
	PATH=$T/moved/usr/bin:/usr/bin:/bin
	works urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
}

works_through_a_link() {
	needs make userns fuse
	install_to "$T/root"
	mkdir bin
	ln -s ../root/usr/bin/urun bin/urun
	works bin/urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
}

run_tests has_its_layout finds_its_helpers_where_it_is works_through_a_link
