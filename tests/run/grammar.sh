#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# grammar.sh - how a command line is read: verbs, options, words
. "$URUN_SOURCE/tests/lib.sh"

image_then_command() {
	needs userns fuse
	works urun "$(image urun)" echo one "two words" --three -4
	is "$out" "one two words --three -4"
}

options_end_at_image() {
	needs userns fuse
	works urun --hostname given --uts private "$(image zstd)" echo --hostname other
	is "$out" "--hostname other"
}

one_double_dash_after_image_is_skipped() {
	needs userns fuse
	works urun "$(image zstd)" -- echo -- left
	is "$out" "-- left"
}

run_uses_entry_point() {
	needs userns fuse
	works urun run "$(image urun)"
	is "$out" "entry default"
	works urun run "$(image urun)" an argument
	is "$out" "entry an argument"
	works urun "$(image urun)"
	is "$out" "entry default"
}

entrypoint_option() {
	needs userns fuse
	works urun run --entrypoint /bin/basename "$(image urun)" /a/b
	is "$out" b
	works urun run --entrypoint '' "$(image urun)" echo bare
	is "$out" bare
}

image_without_entry_point_is_a_shell() {
	needs userns fuse
	run urun "$(image zstd)" <<<'echo from a shell; exit 4'
	is "$out" "from a shell"
	is "$status" 4
}

shell_verb() {
	needs userns fuse
	run urun shell "$(image urun)" <<<'echo $((6 * 7))'
	is "$out" 42
}

exec_verb() {
	needs userns fuse
	works urun exec "$(image urun)" echo plain
	is "$out" plain
}

command_not_found_names_run() {
	needs userns fuse
	refused 127 "no-such-command" urun "$(image urun)" no-such-command
	like "$err" "hint: .*urun run"
}

path_is_never_a_verb() {
	refused 125 '\./run' urun ./run
	refused 125 'run\.sqsh' urun run.sqsh
}

bare_name_is_never_a_file() {
	mkdir "$T/ubuntu"
	refused 125 ubuntu urun ubuntu true
	like "$err" 'hint: .*\./ubuntu'
}

near_misses_of_verbs_are_named() {
	refused 125 doctr urun doctr
	like "$err" "hint: did you mean 'urun doctor'"
	refused 125 "'doctor'" urun --quiet doctor
	like "$err" "hint: a verb comes first"
}

reserved_verbs_say_so() {
	local verb
	for verb in ps pull build images stop rm login volume network; do
		refused 125 "$verb" urun "$verb" word
	done
}

unknown_option_is_an_error() {
	refused 125 "'--no-such-option'" urun --no-such-option x true
	refused 125 "'-Z'" urun -Z x true
	refused 125 -- urun --read-onl x true
	like "$err" "hint: .*--read-only"
}

options_without_equivalent_name_our_way() {
	local option
	for option in --privileged --security-opt=x --writable --contain --no-mount=x; do
		refused 125 "${option%%=*}" urun "$option" x true
		like "$err" "hint: "
	done
}

aliases_are_known() {
	needs userns fuse
	works urun --volume /usr:/mnt/usr --pwd /etc --env A=1 --cleanenv \
		"$(image zstd)" sh -c 'pwd; ls -d /mnt/usr; echo $A'
	is "$out" $'/etc\n/mnt/usr\n1'
	works urun --fakeroot "$(image zstd)" id -u
	is "$out" 0
}

opposites_and_last_value_win() {
	needs userns fuse
	works urun -q --read-only --no-read-only "$(image zstd)" touch /etc/new
	works urun -q --read-only=no "$(image zstd)" touch /etc/new
	works urun -w /etc -w /usr "$(image zstd)" pwd
	is "$out" /usr
}

letters_combine() {
	needs userns fuse
	works urun -qe A=1 -eB=2 "$(image zstd)" sh -c 'echo $A$B'
	is "$out" 12
}

values_are_checked() {
	needs userns fuse
	refused 125 "--overlay-size" urun --overlay-size lots x true
	refused 125 "--umask" urun --umask 9 x true
	refused 125 "--ulimit" urun --ulimit nofile=a "$(image zstd)" true
	refused 125 "--pid" urun --pid nowhere x true
}

version_and_help() {
	works urun --version
	like "$out" '^urun [0-9]'
	works urun version
	works urun --help
	like "$out" "--bind"
	works urun help run
	like "$out" "IMAGE"
}

completions_are_scripts() {
	works urun completion bash
	ok bash -n "$T.out"
	like "$out" "read-only"
	works urun completion zsh
	works urun completion fish
	refused 125 csh urun completion csh
}

run_tests image_then_command options_end_at_image one_double_dash_after_image_is_skipped \
	run_uses_entry_point entrypoint_option image_without_entry_point_is_a_shell \
	shell_verb exec_verb command_not_found_names_run path_is_never_a_verb \
	bare_name_is_never_a_file near_misses_of_verbs_are_named reserved_verbs_say_so \
	unknown_option_is_an_error \
	options_without_equivalent_name_our_way aliases_are_known \
	opposites_and_last_value_win letters_combine values_are_checked version_and_help \
	completions_are_scripts
