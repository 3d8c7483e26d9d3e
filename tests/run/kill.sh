#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kill.sh - SIGKILL to any process, at any point of the start, leaves nothing
. "$URUN_SOURCE/tests/lib.sh"

points=${URUN_TEST_LONG:+200}
points=${points:-20}

# A home and a runtime folder in which everything that is left can be seen.
private_folders() {
	export HOME=$T/home TMPDIR=$T/tmp XDG_RUNTIME_DIR=$T/run
	mkdir -p "$HOME" "$TMPDIR" "$XDG_RUNTIME_DIR"
	chmod 700 "$XDG_RUNTIME_DIR"
	cd "$HOME" || return
	# What the first start may keep for the next ones.
	ok urun "$@" "$(image zstd)" true
}

kept() {
	find "$T/home" "$T/tmp" "$T/run" | sort
}

# plan [OPTION...]: the tree of a start into $T/plan, and in it the place of each role
declare -A place
plan() {
	"$URUN_BUILD/tests/killer" plan urun "$@" "$(image zstd)" sleep 1000 >"$T/plan" 2>&1
	is $? 0
	place=([urun]=0)
	place[server]=$(awk '$3 == "urun-fs" { print $1; exit }' "$T/plan")
	place[command]=$(awk '$3 !~ /^urun/ && $4 == "" { print $1; exit }' "$T/plan")
	place[init]=${place[command]%.*}
	[ -n "${place[server]}" ] && [ -n "${place[command]}" ] &&
		[ "${place[init]}" != 0 ] && return
	failed "the plan of a start"
	note "$(cat "$T/plan")"
	return 1
}

# kill_each PLACE [OPTION...]: at each of the points of its start
kill_each() {
	local where=$1 calls at point last=0
	shift
	calls=$(awk -v p="$where" '$1 == p { print $2; exit }' "$T/plan")
	for ((point = 1; point <= points; point++)); do
		at=$(((calls * point + points - 1) / points))
		[ $at -ne $last ] || continue
		last=$at
		run "$URUN_BUILD/tests/killer" "$where" $at urun "$@" "$(image zstd)" sleep 1000
		is "$where at $at of $calls: $status" "$where at $at of $calls: 0"
	done
}

kill_role() {
	local role=$1 before
	shift
	needs userns fuse
	private_folders "$@"
	before=$(kept)
	plan "$@" || return
	kill_each "${place[$role]}" "$@"
	# The next command removes what a dead process could not.
	ok urun "$@" "$(image zstd)" true
	is "$(kept)" "$before"
}

kill_urun() { kill_role urun; }
kill_server() { kill_role server; }
kill_init() { kill_role init; }
kill_command() { kill_role command; }
kill_urun_shared_pids() { kill_role urun --pid host; }
kill_server_shared_pids() { kill_role server --pid host; }
kill_init_shared_pids() { kill_role init --pid host; }
kill_command_shared_pids() { kill_role command --pid host; }

kill_with_kept_overlay() {
	needs userns fuse overlay
	private_folders --overlay "$T/changes"
	plan --overlay "$T/changes" || return
	kill_each "${place[init]}" --overlay "$T/changes"
	works urun --overlay "$T/changes" "$(image zstd)" sh -c 'echo x >/opt/new'
	works urun --overlay "$T/changes" "$(image zstd)" cat /opt/new
}

run_tests kill_urun kill_server kill_init kill_command kill_urun_shared_pids \
	kill_server_shared_pids kill_init_shared_pids kill_command_shared_pids \
	kill_with_kept_overlay
