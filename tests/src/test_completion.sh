#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test_completion.sh - what shells offer, asked of the shells themselves
. "$URUN_SOURCE/tests/lib.sh"

bash_script=$URUN_SOURCE/completions/bash/urun

# offers WORD...: what bash offers for the last one, sorted, in one line. Words are those
# of bash: '=' and ':' stand alone.
offers() {
	bash --norc --noprofile -c '
		compopt() { :; }	# works while a line is being edited only
		. "$1"
		shift
		COMP_WORDS=(urun "$@") COMP_CWORD=$#
		_urun
		printf "%s\n" "${COMPREPLY[@]}"' - "$bash_script" "$@" | sort -u | tr '\n' ' '
}

offers_verbs_and_images() {
	touch app.sqsh other.sif notes.txt 'with blank.tar'
	mkdir root
	local all='app.sqsh completion config doctor exec explain help other.sif root run shell'
	is "$(offers '')" "$all spec unshare version with blank.tar "
	is "$(offers ex)" 'exec explain '
	is "$(offers run '')" 'app.sqsh other.sif root with blank.tar '
	is "$(offers run --read-only ot)" 'other.sif '
	is "$(offers help "do")" 'doctor '
	is "$(offers completion '')" 'bash fish zsh '
}

offers_options() {
	is "$(offers --read)" '--read-only '
	is "$(offers run --env-)" '--env-file --env-host '
	is "$(offers config --show)" '--show-origin '
	is "$(offers run --show)" ' '
	is "$(offers run app.sqsh --read)" ' '
}

offers_values() {
	touch file
	mkdir folder
	is "$(offers --net '')" 'auto host none '
	is "$(offers --net = ho)" 'host '
	is "$(offers --net =)" 'auto host none '
	is "$(offers --root = s)" 'strict '
	is "$(offers --workdir "fo")" 'folder '
	is "$(offers -itw "fo")" 'folder '
	is "$(offers --env-file "fi")" 'file '
	is "$(offers -v /x : "fo")" 'folder '
	is "$(URUN_TEST_VARIABLE=1 offers -e URUN_TEST_V)" \
		'URUN_TEST_VARIABLE '
}

steps_over_values() {
	touch app.sqsh
	is "$(offers -v /x : /y -e A = b ap)" 'app.sqsh '
	is "$(offers --user run ap)" 'app.sqsh '
	is "$(offers --user = 1 : 2 ap)" 'app.sqsh '
}

completes_a_typed_line() {
	needs script
	local line
	cat >rc <<-END
		PS1=
		bind 'set enable-bracketed-paste off'
		urun() { printf 'got'; printf '<%s>' "\$@"; echo; }
		. '$bash_script'
	END
	touch app.sqsh
	for line in 'urun --net=ho\t\n' 'urun ap\t ls\n' 'urun run --read\tapp.sqsh\n'; do
		# shellcheck disable=SC2059 # the line has its escapes
		printf "$line"'exit\n' | timeout 20 script -qec \
			'bash --noprofile --rcfile rc -i' /dev/null 2>&1 | tr -d '\r' |
			grep '^got' >>lines
	done
	is "$(cat lines)" "got<--net=host>
got<app.sqsh><ls>
got<run><--read-only><app.sqsh>"
}

is_accepted_by_zsh() {
	needs zsh
	works zsh -n "$URUN_SOURCE/completions/zsh/_urun"
	# Loaded as compinit would; the list of verbs is asked through a fake _describe.
	# shellcheck disable=SC2016 # zsh expands it
	works zsh -f -c '
		compdef() { :; }
		_describe() { print -rl -- "${(@P)${@[-1]}}"; }
		_urun_images_asked() { print images; }
		source $1
		_urun_images() { print images; }
		words=(urun "") CURRENT=2
		_urun' - "$URUN_SOURCE/completions/zsh/_urun"
	like "$out" 'run:Run an image'
	like "$out" 'images'
}

is_accepted_by_fish() {
	needs fish
	touch app.sqsh notes.txt
	export HOME=$T
	fish_offers() {
		# shellcheck disable=SC2016 # fish expands it
		run fish --no-config -c '
			source $argv[1]
			complete -C $argv[2]' "$URUN_SOURCE/completions/fish/urun.fish" "$1"
		is "$err" ''
	}
	fish_offers 'urun '
	like "$out" $'explain\tSay'
	like "$out" 'app.sqsh'
	unlike "$out" 'notes'
	fish_offers 'urun run --net '
	like "$out" 'none'
	fish_offers 'urun run --read'
	like "$out" '--read-only'
	fish_offers 'urun run app.sqsh --read'
	unlike "$out" '--read-only'
	fish_offers 'urun config --show'
	like "$out" '--show-origin'
}

run_tests offers_verbs_and_images offers_options offers_values steps_over_values \
	completes_a_typed_line is_accepted_by_zsh is_accepted_by_fish
