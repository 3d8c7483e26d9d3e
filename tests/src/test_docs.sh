#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test_docs.sh - manual pages and completions as shipped are those of the tables
. "$URUN_SOURCE/tests/lib.sh"

# same FILE COMMAND...: FILE of the source is what COMMAND prints.
same() {
	local file=$URUN_SOURCE/$1
	shift
	works "$@"
	ok diff -u "$file" "$T.out" || note "'make docs' prints $file again"
}

ships_the_pages() {
	local page
	for page in "$URUN_SOURCE"/man/*.[1-9]; do
		page=${page##*/}
		same "man/$page" urun help --man="$page"
	done
}

# Each verb that is built has a page.
ships_a_page_for_each_verb() {
	local verb
	for verb in $(urun help | sed -n '/^Verbs/,/^Options/s/^  \([a-z]*\) .*/\1/p'); do
		ok test -f "$URUN_SOURCE/man/urun-$verb.1"
	done
	is "$(urun help | grep -c '^  run  ')" 1
}

ships_completions() {
	same completions/bash/urun urun completion bash
	same completions/zsh/_urun urun completion zsh
	same completions/fish/urun.fish urun completion fish
}

pages_are_sound() {
	needs groff
	local page
	for page in "$URUN_SOURCE"/man/*.[1-9]; do
		works groff -man -Tutf8 -ww -Wbreak -z "$page"
	done
}

helps_each_verb_in_80_columns() {
	local verb
	works urun help
	like "$out" 'urun \[OPTION\]\.\.\. IMAGE COMMAND'
	is "$(awk 'length > 80' <<<"$out")" ''
	for verb in run exec shell spec explain unshare doctor config version help completion; do
		works urun help $verb
		like "$out" "^urun $verb"
		is "$(awk 'length > 80' <<<"$out")" ''
		local help=$out
		works urun $verb --help
		is "$out" "$help"
	done
	works urun --help
	works urun -h
	works urun run -h
	works urun --version
	like "$out" '^urun [0-9]+\.'
}

tells_a_full_device() {
	[ -c /dev/full ] || { echo /dev/full >"$T.skip"; exit 77; }
	run sh -c 'urun help >/dev/full'
	is "$status" 125
	like "$err" 'urun: write to standard output: No space'
}

run_tests ships_the_pages ships_a_page_for_each_verb ships_completions pages_are_sound \
	helps_each_verb_in_80_columns tells_a_full_device
