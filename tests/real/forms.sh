#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# forms.sh - the same Debian in every form runs the same job with the same result
# shellcheck disable=SC2016 # expanded in the container
# shellcheck source=tests/real/lib.sh
. "${URUN_SOURCE:?}/tests/real/lib.sh"

import_numpy() {
	needs realimages userns fuse
	local form
	for form in $debian_forms; do
		works urun "$(debian_as "$form")" python3 -c \
			'import numpy; print(numpy.arange(10).dot(numpy.arange(10)))'
		is "$out" 285
	done
}

# Names, kinds, modes, links and content.
survey='cd /usr; export LC_ALL=C
	find . ! -type d -printf "%p %y %m %n %s %l\n" | sort | sha256sum
	find lib/python3* bin share/perl* -type f -print0 | sort -z | xargs -0 cat | sha256sum'

content_is_the_same() {
	needs realimages userns fuse
	local form want=
	for form in $debian_forms; do
		works urun --read-only "$(debian_as "$form")" sh -c "$survey"
		: "${want:=$out}"
		is "$out" "$want"
	done
	like "$want" '^[0-9a-f]{64}'
}

environment_of_forms() {
	needs realimages userns fuse
	local form
	for form in enroot ch sif; do
		works urun "$(debian_as $form)" sh -c 'echo $FORM'
		is "$out" "${form/#ch/charliecloud}"
	done
	works urun --env FORM=mine "$(debian_as sif)" sh -c 'echo $FORM'
	is "$out" mine
}

entry_points_of_forms() {
	needs realimages userns fuse
	works urun run "$(debian_as sif)" -c 'print(6 * 7)'
	is "$out" 42
	works urun run "$(debian_as enroot)" python3 -c 'print(6 * 7)'
	is "$out" 42
}

run_tests import_numpy content_is_the_same environment_of_forms entry_points_of_forms
