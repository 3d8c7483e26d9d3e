#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# metrics.sh - the ten longest functions and files; status 1 above the limits
#
# How it works: in our format a function's body begins with "{" and ends with "}" in
# the first column, and its name is in the last line before that starts there, too.
# Usage: metrics.sh [FOLDER]		the source tree; default: the current folder
set -eu
cd "${1:-.}"
max_function=80
max_file=800

sources=$(find src runtime storage net hpc tests -name '*.[ch]' 2>/dev/null | sort)

function_lengths() {
	# shellcheck disable=SC2086
	awk '
	FNR == 1	{ inside = 0; head = "" }
	/^[A-Za-z_].*\(/ && !inside { head = $0; first = FNR }
	/^\{/		{ inside = head != "" }
	/^\}/ && inside	{
		name = head
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		print FNR - first + 1, name, FILENAME ":" first
		inside = 0
		head = ""
	}' $sources | sort -k1,1nr -k2
}

file_lengths() {
	# shellcheck disable=SC2086
	wc -l $sources | awk '$2 != "total" { print $1, $2 }' | sort -k1,1nr -k2
}

functions=$(function_lengths)
files=$(file_lengths)

echo "Longest functions (aim for 20 lines, look again above 40, never above $max_function):"
head -n 10 <<<"$functions" | awk '{ printf "  %4d  %-32s %s\n", $1, $2, $3 }'
awk '{ n++; sum += $1; over += $1 > 40 }
	END { printf "  %d functions, %.1f lines on average, %d above 40\n", n, sum / n, over }' \
	<<<"$functions"
echo "Longest files (aim for 250 lines, split before $max_file):"
head -n 10 <<<"$files" | awk '{ printf "  %4d  %s\n", $1, $2 }'

awk -v max=$max_function '$1 > max { print $3 ": " $2 "() has " $1 " lines"; bad = 1 }
	END { exit bad }' <<<"$functions" || exit 1
awk -v max=$max_file '$1 > max { print $2 ":1: " $1 " lines"; bad = 1 }
	END { exit bad }' <<<"$files"
