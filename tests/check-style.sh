#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-style.sh - what a machine can check of CONTRIBUTING.md, "Style"
#
# Prints FILE:LINE: REASON for each finding; status 1 if any. Tools that are missing are
# named, and only fail the check with URUN_TEST_REQUIRE=all.
# Usage: check-style.sh [FOLDER]		the source tree; default: the current folder
set -u
cd "${1:-.}" || exit 2
bad=0

sources=$(find src runtime storage net hpc tests -name '*.[ch]' 2>/dev/null | sort)
scripts=$(find . \( -name .git -o -name 'build*' -o -name 'autom4te*' \) -prune -o \
	-type f \( -perm -u+x -o -name '*.sh' \) -print | sed 's,^\./,,' | sort |
	while read -r file; do
		head -n 1 "$file" | grep -qE '^#( shellcheck shell=|!.*[/ ](ba)?sh)' &&
			echo "$file"
	done | grep -vxE 'configure~?|config\.status|libtool')
makefiles=$(find . -name '*.mk' -o -name 'Makefile.am' -o -name 'configure.ac' | sort)

complain() {
	echo "$1"
	bad=1
}

# Show each match of a pattern in the files as a finding.
forbid() {
	local reason=$1 pattern=$2
	shift 2
	while IFS= read -r hit; do
		complain "${hit%%:*}:$(cut -d: -f2 <<<"$hit"): $reason"
	done < <(grep -nHE "$pattern" "$@" /dev/null)
}

missing_tool() {
	echo "check-style: $1 is not there; not checked: $2" >&2
	[ "${URUN_TEST_REQUIRE:-}" != all ] || bad=1
}

check_licence_lines() {
	local file
	for file in $sources $scripts $makefiles; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0' ||
			complain "$file:1: the SPDX line is missing"
	done
}

check_words() {
	# shellcheck disable=SC2046,SC2086 # our file names have no blanks
	{
		forbid "exit() belongs into src/main.c" '(^|[^_a-z])exit\(' \
			$(grep -vE '^(src/main\.c|src/base/mem\.c|tests/)' <<<"$sources")
		forbid "tests wait for events, they don't sleep" \
			'(^|[^_a-z"])(u|nano)?sleep\(' $(grep ^tests/ <<<"$sources")
		forbid "a TODO needs an issue number" '\<(TODO|FIXME|XXX)\>([^#A-Z]*$|: )' $sources
		forbid "blanks at the end of the line" '[[:blank:]]+$' \
			$sources $scripts $makefiles
		forbid "structs have no typedef" '^typedef struct' $sources
	}
	local file
	for file in $sources; do
		case ${file##*/} in
		*util*.[ch] | common*.[ch] | misc*.[ch] | *manager*.[ch])
			complain "$file:1: a file is named after the noun it is about" ;;
		esac
	done
}

check_format() {
	local version
	version=$(clang-format --version 2>/dev/null | grep -oE 'version [0-9]+' | cut -c9-)
	if [ "$version" != 14 ]; then
		missing_tool "clang-format 14" "the format of C files"
		return
	fi
	# shellcheck disable=SC2086
	clang-format --dry-run -Werror $sources 2>&1 |
		sed -nE 's/^([^:]+:[0-9]+):[0-9]+: error: .*/\1: make format writes it otherwise/p' |
		sort -u -t: -k1,1 | grep . && bad=1
}

check_scripts() {
	if ! command -v shellcheck >/dev/null; then
		missing_tool shellcheck "shell scripts"
		return
	fi
	# shellcheck disable=SC2086
	shellcheck -x -f gcc -S style $scripts || bad=1
}

check_licence_lines
check_words
check_format
check_scripts
exit $bad
