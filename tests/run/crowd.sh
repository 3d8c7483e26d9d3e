#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# crowd.sh - many starts, at once and one after the other
. "$URUN_SOURCE/tests/lib.sh"

rounds=${URUN_TEST_LONG:+400}
rounds=${rounds:-40}

# own_processes: how many of this user run a program of the build tree
own_processes() {
	local process count=0
	for process in /proc/[0-9]*; do
		[ "$(stat -c %u "$process" 2>/dev/null)" = "$(id -u)" ] &&
			[[ $(tr '\0' ' ' <"$process/cmdline") == *"$T"* ]] && count=$((count + 1))
	done 2>/dev/null
	echo $count
}

many_at_once() {
	needs userns fuse
	local pids=() pid failures=0 i
	cp "$(image zstd)" "$T/x.sqsh"
	for ((i = 0; i < 64; i++)); do
		urun "$T/x.sqsh" sh -c "echo $i" >out.$i 2>err.$i &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || failures=$((failures + 1))
	done
	is "$failures" 0
	is "$(cat out.* | sort -n | tr '\n' ' ')" "$(seq 0 63 | tr '\n' ' ')"
	is "$(cat err.*)" ""
	is "$(own_processes)" 0
}

many_readers_in_one() {
	needs userns fuse
	local want
	want=$(md5sum <"$(image folder)/bin/busybox")
	run urun "$(image gzip)" sh -c 'for i in 1 2 3 4 5 6 7 8; do
		md5sum </bin/busybox & done; wait'
	is "$out" "$(for _ in 1 2 3 4 5 6 7 8; do echo "$want"; done)"
}

one_after_the_other() {
	needs userns fuse
	local i
	cp "$(image zstd)" "$T/x.sqsh"
	for ((i = 0; i < rounds; i++)); do
		urun "$T/x.sqsh" sh -c "exit $((i % 100))" 2>>err
		[ $? -eq $((i % 100)) ] || failed "round $i"
	done
	is "$(cat err)" ""
	is "$(own_processes)" 0
}

# Each changes the same file of the image, and sees only its own change.
layers_are_separate() {
	needs userns fuse overlay
	local i
	for i in 1 2 3 4 5 6 7 8; do
		urun -q "$(image zstd)" sh -c "echo $i >>/etc/motd; cat /etc/motd" >out.$i 2>&1 &
	done
	wait
	for i in 1 2 3 4 5 6 7 8; do
		is "$(cat out.$i)" "busybox image"$'\n'"$i"
	done
}

run_tests many_at_once many_readers_in_one one_after_the_other layers_are_separate
