#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test_lib.sh - the helpers of the shell tests, and the images they make
. "$URUN_SOURCE/tests/lib.sh"

notices_failures() {
	is a b >/dev/null
	ok test -e "$T.failed"
	rm -f "$T.failed"
}

keeps_status_and_output() {
	run sh -c 'echo out; echo err >&2; exit 3'
	is "$status" 3
	is "$out" out
	is "$err" err
}

makes_images() {
	needs mksquashfs python3 busybox
	local kind
	for kind in zstd gzip lz4 xz urun enroot charliecloud sif foreign; do
		ok test -s "$(image $kind)"
	done
	is "$(head -c 4 "$(image zstd)")" hsqs
	is "$(dd if="$(image sif)" bs=4096 skip=8 count=1 2>/dev/null | head -c 4)" hsqs
}

makes_folders() {
	needs busybox
	is "$("$(image folder)/bin/busybox" echo hello)" hello
	ok test -f "$(image bundle)/config.json"
}

run_tests notices_failures keeps_status_and_output makes_images makes_folders
