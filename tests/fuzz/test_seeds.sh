#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test_seeds.sh - each fuzzer reads its seeds, and changed forms of them, without a crash
. "$URUN_SOURCE/tests/lib.sh"

reads_all_seeds() {
	local seeds name
	for seeds in "$URUN_SOURCE"/tests/fuzz/seeds/*/; do
		name=$(basename "$seeds")
		[ "$name" != squash ] || [ -x "$URUN_BUILD/urun-fs" ] || continue # not built
		works "$URUN_BUILD/tests/fuzz/fuzz_$name" "$seeds"*
	done
}

reads_changed_seeds() {
	local seeds name
	for seeds in "$URUN_SOURCE"/tests/fuzz/seeds/*/; do
		name=$(basename "$seeds")
		[ "$name" != squash ] || [ -x "$URUN_BUILD/urun-fs" ] || continue # not built
		works "$URUN_BUILD/tests/fuzz/fuzz_$name" -m "${URUN_TEST_LONG:+100}500" "$seeds"*
	done
}

run_tests reads_all_seeds reads_changed_seeds
