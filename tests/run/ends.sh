#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ends.sh - exit statuses, signals, terminals, and what is left
. "$URUN_SOURCE/tests/lib.sh"

exit_statuses() {
	needs userns fuse
	local want
	for want in 0 1 3 125 255; do
		run urun "$(image zstd)" sh -c "exit $want"
		is "$status" $want
		is "$err" ""
	done
}

status_of_a_signal() {
	needs userns fuse
	local signal
	for signal in 15 9 6 11; do
		run urun "$(image zstd)" sh -c "ulimit -c 0; kill -$signal \$\$"
		is "$status" $((128 + signal))
	done
}

command_that_is_missing_or_none() {
	needs userns fuse
	refused 127 no-such urun "$(image zstd)" no-such
	refused 127 /no/such urun "$(image zstd)" /no/such
	refused 126 /etc urun "$(image zstd)" /etc
	refused 126 /etc/not-executable urun "$(image zstd)" /etc/not-executable
	run urun "$(image zstd)" lost-shell
	like "$status" '^12[67]$'
}

pipes_and_binary_data() {
	needs userns fuse
	head -c 3000000 /dev/urandom >data
	urun "$(image zstd)" cat <data >copy
	ok cmp data copy
	run urun "$(image zstd)" sh -c 'echo out; echo err >&2'
	is "$out" out
	is "$err" err
}

reader_that_goes_away() {
	needs userns fuse
	set -o pipefail
	is "$(urun "$(image zstd)" yes | head -n 1)" y
	run sh -c "urun '$(image zstd)' yes >/dev/full; echo \$? >status"
	run sh -c "urun '$(image zstd)' yes | head -n 1"
	is "$out" y
}

debug_tells_the_steps() {
	needs userns fuse
	run urun --debug "$(image zstd)" sh -c 'exit 3'
	is "$status" 3
	like "$err" 'us\] identity: '
	like "$err" 'the command ended with status 3'
}

closed_standard_streams() {
	needs userns fuse
	run sh -c "urun '$(image zstd)' sh -c 'exit 5' <&-"
	is "$status" 5
	run sh -c "urun '$(image zstd)' sh -c 'exit 5' <&- >&- 2>&-"
	is "$status" 5
	# What was closed is closed for the command, and urun's own are elsewhere.
	run sh -c "urun '$(image zstd)' sh -c 'ls /proc/self/fd >list' <&- >&- 2>&-"
	is "$(grep -cx '[02]' list)" 1 # the one that ls reads
	run sh -c 'urun version >&-'
	is "$status" 125
	run urun "$(image zstd)" cat </dev/null
	is "$status" 0
}

sigterm_reaches_the_command() {
	needs userns fuse
	mkfifo started
	urun "$(image zstd)" sh -c 'trap "echo got it >result; exit 9" TERM
		echo >started; while :; do sleep 100 & wait $!; done' &
	read -r <started
	kill -TERM $!
	wait $!
	is $? 9
	is "$(cat result)" "got it"
}

sigterm_ends_a_plain_command() {
	needs userns fuse
	mkfifo started
	urun "$(image zstd)" sh -c 'echo >started; exec sleep 100' &
	read -r <started
	kill -TERM $!
	wait $! 2>/dev/null
	is $? 143
}

other_signals_are_forwarded() {
	needs userns fuse
	local signal
	for signal in HUP INT QUIT USR1 USR2; do
		mkfifo started$signal
		# A background job of a shell without job control ignores INT and QUIT.
		python3 -c 'import os, signal, sys
for s in (signal.SIGINT, signal.SIGQUIT): signal.signal(s, signal.SIG_DFL)
os.execvp("urun", ["urun"] + sys.argv[1:])' "$(image zstd)" sh -c "
			trap 'exit 9' $signal; echo >started$signal
			while :; do sleep 100 & wait \$!; done" &
		read -r <started$signal
		kill -$signal $!
		wait $! 2>/dev/null
		is "$signal $?" "$signal 9"
	done
}

orphans_end_with_the_command() {
	needs userns fuse
	mkfifo held
	# The orphan keeps a fifo open; its end of file says that it is gone.
	urun "$(image zstd)" sh -c '(setsid sleep 1000 >held &) ; echo started >held' &
	run cat held
	is "$status" 0
	is "$out" started
	wait
	mkfifo held2
	urun --pid host "$(image zstd)" sh -c '(setsid sleep 1000 >held2 &) ; echo started >held2' &
	run cat held2
	is "$status" 0
	wait
}

# talk COMMAND...: standard input is the script of on-pty
talk() {
	run "$URUN_SOURCE/tests/on-pty" "$@"
	[ "$status" -ne 99 ] || failed "the conversation stopped"
}

interactive_shell() {
	needs userns fuse python3
	talk urun "$(image zstd)" sh <<-'END'
	expect [$#]
	send tty
	expect /dev/pts/[0-9]+
	expect [$#]
	send echo result $((40 + 2))
	expect result 42
	send stty size
	expect 24 80
	send exit 6
	end
	END
	is "$status" 6
}

control_c() {
	needs userns fuse python3
	talk urun "$(image zstd)" sh -c 'echo ready; exec sleep 100' <<-'END'
	expect ready
	type \x03
	end
	END
	is "$status" 130
	talk urun "$(image zstd)" sh -c 'trap "echo caught; exit 8" INT; echo ready; while :; do sleep 1; done' <<-'END'
	expect ready
	type \x03
	expect caught
	end
	END
	is "$status" 8
}

stop_and_continue() {
	needs userns fuse python3
	talk env PS1='host> ' bash --norc --noprofile -i <<-END
	expect [$#>]
	send urun $(image zstd) sh -c 'echo rea''dy; read x; echo got \$x'
	expect ready
	type \\x1a
	expect Stopped[^\n]*\n[^\n]*>
	send fg; echo status \$?
	expect status[^\n]*\n[^\n]*read x[^\n]*\n
	send word
	expect got word
	expect status 0
	send exit
	end
	END
}

window_size() {
	needs userns fuse python3
	talk urun "$(image zstd)" sh -c 'trap "stty size; exit 0" WINCH; stty size; while :; do sleep 1; done' <<-'END'
	expect 24 80
	size 30 100
	expect 30 100
	end
	END
	is "$status" 0
}

terminal_of_its_own() {
	needs userns fuse python3
	talk urun --isolate --net none --tty "$(image zstd)" sh <<-'END'
	expect [$#]
	send tty; stty size
	expect /dev/(pts/0|console)
	expect 24 80
	size 31 99
	send stty size
	expect 31 99
	send sh -c "echo sleep''ing; exec sleep 100"
	expect sleeping
	type \x03
	expect [$#]
	send exit 4
	end
	END
	is "$status" 4
}

hangup() {
	needs userns fuse python3
	mkfifo held
	cat held >ended &
	talk urun "$(image zstd)" sh -c 'exec 3>held; echo ready; read x' <<-'END'
	expect ready
	hangup
	end
	END
	# The end of file of the fifo: the shell inside is gone, too.
	ok wait $!
}

nothing_is_left() {
	needs userns fuse
	local mounts
	mounts=$(wc -l </proc/self/mountinfo)
	works urun "$(image zstd)" true
	is "$(wc -l </proc/self/mountinfo)" "$mounts"
	is "$(ls -A "$T")" ""
}

# The image server, too, has ended and been waited for: process 1 of a pod may wait for
# nobody.
no_process_is_left() {
	needs userns fuse python3
	run python3 -c '
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans come here
subprocess.run(["urun", *sys.argv[1:]], check=True)
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("none")' "$@" "$(image zstd)" true
	is "$out" none
}

no_process_is_left_with_shared_pids() { no_process_is_left --pid host; }

run_tests no_process_is_left no_process_is_left_with_shared_pids \
	debug_tells_the_steps exit_statuses status_of_a_signal command_that_is_missing_or_none \
	pipes_and_binary_data reader_that_goes_away closed_standard_streams \
	sigterm_reaches_the_command sigterm_ends_a_plain_command \
	other_signals_are_forwarded orphans_end_with_the_command interactive_shell \
	control_c stop_and_continue window_size terminal_of_its_own hangup nothing_is_left
