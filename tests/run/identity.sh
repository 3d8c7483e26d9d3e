#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# identity.sh - who you are inside, and whose the files are
. "$URUN_SOURCE/tests/lib.sh"

you_are_yourself() {
	needs userns fuse
	works urun "$(image zstd)" sh -c 'id -u; id -g; id -un'
	is "$out" "$(id -u; id -g; id -un)"
}

files_written_are_yours() {
	needs userns fuse
	works urun "$(image zstd)" sh -c 'echo x >mine; stat -c %u:%g mine'
	is "$out" "$(id -u):$(id -g)"
	is "$(stat -c %u:%g mine)" "$(id -u):$(id -g)"
}

image_files_show_as_yours() {
	needs userns fuse user
	works urun "$(image zstd)" stat -c %u:%g /etc/motd /bin
	is "$out" "$(id -u):$(id -g)"$'\n'"$(id -u):$(id -g)"
}

host_files_are_not_changed_by_writing_to_the_image() {
	needs userns fuse
	works urun --quiet "$(image zstd)" sh -c 'echo changed >/etc/motd; cat /etc/motd'
	is "$out" changed
	works urun "$(image zstd)" cat /etc/motd
	is "$out" "busybox image"
}

root_is_uid_0() {
	needs userns fuse
	works urun --root "$(image zstd)" sh -c 'id -u; id -g; echo $HOME; whoami'
	is "$out" $'0\n0\n/root\nroot'
}

root_writes_as_you() {
	needs userns fuse
	works urun --root "$(image zstd)" sh -c 'echo x >mine'
	is "$(stat -c %u mine)" "$(id -u)"
}

root_with_ranges_changes_owners() {
	needs userns fuse subid overlay user
	works urun --quiet --root "$(image zstd)" sh -c 'touch /etc/f && chown 33:33 /etc/f &&
		stat -c %u:%g /etc/f; stat -c %u:%g /etc/motd'
	is "$out" $'33:33\n0:0'
}

root_without_ranges_pretends() {
	needs userns fuse nosubid user
	works urun --quiet --root "$(image zstd)" sh -c 'touch /etc/f && chown 33:33 /etc/f && mknod /etc/null c 1 3'
	run urun --root=strict "$(image zstd)" sh -c 'touch /etc/f && chown 33:33 /etc/f'
	isnt "$status" 0
}

mapped_files_can_be_removed() {
	needs userns fuse subid overlay user
	works urun --root "$(image zstd)" sh -c 'mkdir -p d/e && touch d/e/f && chown -R 33:33 d'
	run rm -rf d
	isnt "$status" 0
	works urun unshare rm -rf d
	ok test ! -e d
}

user_by_number() {
	needs userns fuse subid user
	works urun --user 33:77 "$(image zstd)" sh -c 'id -u; id -g'
	is "$out" $'33\n77'
}

user_by_name() {
	needs userns fuse subid user
	works urun --user www "$(image zstd)" sh -c 'id -u; id -g'
	is "$out" $'33\n33'
	refused 125 nobody-at-all urun --user nobody-at-all "$(image zstd)" true
}

user_without_ranges_is_you_by_another_number() {
	needs userns fuse nosubid user
	works urun --user 33:77 "$(image zstd)" sh -c 'id -u; id -g; echo x >mine'
	is "$out" $'33\n77'
	is "$(stat -c %u mine)" "$(id -u)"
}

groups_are_kept() {
	needs userns fuse
	is "$(urun "$(image zstd)" grep ^Groups: /proc/self/status | wc -w)" \
		"$(grep ^Groups: /proc/self/status | wc -w)"
}

no_capabilities_and_no_new_privs() {
	needs userns fuse
	works urun "$(image zstd)" grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs)' /proc/self/status
	like "$out" 'CapPrm:[[:space:]]*0000000000000000'
	like "$out" 'CapEff:[[:space:]]*0000000000000000'
	like "$out" 'NoNewPrivs:[[:space:]]*1'
}

names_of_the_image_stay() {
	needs userns fuse
	works urun "$(image zstd)" sh -c 'grep -o -e ^www: -e ^root: /etc/passwd | sort -u'
	is "$out" $'root:\nwww:'
}

accounts_can_be_added() {
	needs userns fuse overlay
	works urun --quiet --root "$(image zstd)" sh -c 'cp /etc/passwd /etc/passwd+ &&
		echo new:x:1:1::/: >>/etc/passwd+ && mv /etc/passwd+ /etc/passwd &&
		grep ^new: /etc/passwd'
	like "$out" "^new:"
}

unshare_runs_host_commands() {
	needs userns
	works urun unshare id -u
	is "$out" 0
	run urun unshare sh -c 'exit 7'
	is "$status" 7
}

run_tests you_are_yourself files_written_are_yours image_files_show_as_yours \
	host_files_are_not_changed_by_writing_to_the_image root_is_uid_0 \
	root_writes_as_you root_with_ranges_changes_owners root_without_ranges_pretends \
	mapped_files_can_be_removed user_by_number user_by_name \
	user_without_ranges_is_you_by_another_number groups_are_kept no_capabilities_and_no_new_privs \
	names_of_the_image_stay accounts_can_be_added unshare_runs_host_commands
