#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# config.sh - files, variables, profiles, image sections and locks
. "$URUN_SOURCE/tests/lib.sh"

# configure: standard input becomes the user's file
configure() {
	export HOME=$T/home
	mkdir -p "$HOME/.config/urun"
	cat >"$HOME/.config/urun/urun.conf"
}

# with_site COMMAND...: where the folder ./site is /etc/urun
with_site() {
	mkdir -p etc
	cp -rL /etc/passwd /etc/group /etc/nsswitch.conf /etc/hosts /etc/ld.so.cache etc 2>/dev/null
	cp -r site etc/urun
	run unshare --user --map-current-user --mount --keep-caps sh -c \
		'mount --bind etc /etc && exec "$@"' sh "$@"
}

user_file() {
	needs userns fuse
	configure <<-'END'
	# a comment
	env = FROM_FILE=yes
	read-only
	END
	works urun "$(image zstd)" sh -c 'echo $FROM_FILE; touch /etc/new 2>/dev/null || echo ro'
	is "$out" $'yes\nro'
	works urun --no-read-only -q "$(image zstd)" touch /etc/new
}

variables_come_before_the_command_line() {
	needs userns fuse
	configure <<<'workdir = /etc'
	URUN_WORKDIR=/usr works urun "$(image zstd)" pwd
	is "$out" /usr
	URUN_WORKDIR=/usr works urun -w /opt "$(image zstd)" pwd
	is "$out" /opt
}

lists_add_up_and_clear() {
	needs userns fuse
	configure <<-'END'
	env = A=1
	env = B=2
	END
	works urun --env C=3 "$(image zstd)" sh -c 'echo $A$B$C'
	is "$out" 123
	printf 'env =\nenv = B=2\n' >>"$HOME/.config/urun/urun.conf"
	works urun "$(image zstd)" sh -c 'echo $A$B'
	is "$out" 2
}

profiles() {
	needs userns fuse
	configure <<-'END'
	env = A=always
	[profile one]
	env = B=one
	[profile two]
	env = B=two
	END
	works urun "$(image zstd)" sh -c 'echo $A$B'
	is "$out" always
	works urun --profile one "$(image zstd)" sh -c 'echo $A$B'
	is "$out" alwaysone
	works urun --profile one --profile two "$(image zstd)" sh -c 'echo $A$B'
	is "$out" alwaystwo
	refused 125 three urun --profile three "$(image zstd)" true
}

image_sections() {
	needs userns fuse
	configure <<-'END'
	[image *busybox-zstd*]
	env = A=matched
	[image *something-else*]
	env = B=matched
	END
	works urun "$(image zstd)" sh -c 'echo $A:$B'
	is "$out" matched:
}

unknown_option_in_a_file_is_a_warning() {
	needs userns fuse
	configure <<<'no-such-option = 1'
	run urun "$(image zstd)" true
	is "$status" 0
	like "$err" 'urun\.conf:1'
	like "$err" "no-such-option"
}

missing_bind_in_a_file_is_skipped() {
	needs userns fuse
	configure <<-'END'
	bind = /no/such/place
	bind = $NO_SUCH_VARIABLE/x:/mnt
	bind = $PLACE:/mnt/x
	END
	mkdir data
	PLACE=$T/data works urun "$(image zstd)" ls -d /mnt/x
}

bad_value_in_a_file_names_the_line() {
	configure <<<$'\noverlay-size = lots'
	refused 125 'urun\.conf:2' urun "$(image zstd)" true
}

show_origin() {
	configure <<<$'\nread-only'
	works urun config --show-origin
	like "$out" 'read-only'
	like "$out" 'urun\.conf:2'
	URUN_WORKDIR=/usr works urun config --show-origin
	like "$out" URUN_WORKDIR
}

site_file_and_conf_d() {
	needs userns unshare
	mkdir -p site/conf.d
	echo 'workdir = /one' >site/urun.conf
	echo 'umask = 027' >site/conf.d/50-umask.conf
	echo 'umask = 077' >site/conf.d/not-read.txt
	with_site urun config --show-origin
	is "$status" 0
	like "$out" '/one'
	like "$out" '50-umask\.conf:1'
	like "$out" 027
}

locks_hold() {
	needs userns unshare
	mkdir site
	printf 'read-only\nlock = read-only\n' >site/urun.conf
	with_site urun --no-read-only "$(image zstd)" true
	is "$status" 125
	like "$err" 'urun\.conf:2'
	like "$err" read-only
	with_site urun config --show-origin
	like "$out" lock
}

run_tests user_file variables_come_before_the_command_line lists_add_up_and_clear profiles \
	image_sections unknown_option_in_a_file_is_a_warning \
	missing_bind_in_a_file_is_skipped bad_value_in_a_file_names_the_line show_origin \
	site_file_and_conf_d locks_hold
