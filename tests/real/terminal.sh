#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# terminal.sh - an interactive shell and programs on a pseudo-terminal
# shellcheck disable=SC2016 # expanded in the container
# shellcheck source=tests/real/lib.sh
. "${URUN_SOURCE:?}/tests/real/lib.sh"

# on_terminal COMMAND... <STEPS: see tests/on-pty.
on_terminal() { run "$URUN_SOURCE/tests/on-pty" "$@"; }

# A shell without start-up files, whose prompt can be waited for. What is typed before a
# program has begun meets the terminal as the shell's line editor has set it.
shell_options=(--norc --noprofile)

interactive_shell() {
	needs realimages userns fuse
	on_terminal urun --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	send tty; echo $((6 * 7))
	expect /dev/(pts/\d+|console)\s+42\s+ready>
	send stty size
	expect 24 80\s+ready>
	size 33 111
	send stty size; echo $COLUMNS $LINES
	expect 33 111\s+111 33\s+ready>
	type exit 3\r
	END
	is "$status" 3
	unlike "$out" 'no job control|cannot set terminal'
}

end_of_input_ends_the_shell() {
	needs realimages userns fuse
	on_terminal urun --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	type false\r
	expect ready>
	type \x04
	END
	is "$status" 1
}

control_c_reaches_the_command() {
	needs realimages userns fuse
	on_terminal urun --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	send sh -c 'echo be""gin; exec cat'
	expect \sbegin\s
	type \x03
	expect ready>
	send echo status $?
	expect status 130
	send exit 0
	END
	is "$status" 0
	on_terminal urun "$debian" python3 -uc '
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print("waiting")
print("got", signal.sigwait([signal.SIGINT]))
raise SystemExit(7)' <<-'END'
	expect waiting
	type \x03
	expect got 2|SIGINT
	END
	is "$status" 7
	on_terminal urun "$debian" sh -c 'echo waiting; cat' <<-'END'
	expect waiting
	type \x03
	END
	is "$status" 130
}

jobs_inside() {
	needs realimages userns fuse
	on_terminal urun --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	send sh -c 'echo be""gin; exec cat'
	expect \sbegin\s
	type one\r
	expect one\s+one\s
	type \x1a
	expect Stopped.*\s+.*ready>
	send jobs
	expect Stopped.*\s+.*ready>
	send fg
	expect exec cat'\s
	type two\r
	expect two\s+two\s
	type \x04
	expect ready>
	send exit 5
	END
	is "$status" 5
}

# The host's shell stops urun as a whole, and brings it back.
stops_and_goes_on() {
	needs realimages userns fuse
	PS1='host> ' on_terminal bash "${shell_options[@]}" <<-END
	expect host>
	send urun '$debian' python3 -uc 'print("be" + "gin"); print("got", input())'
	expect begin
	type \\x1a
	expect Stopped.*\\s+.*host>
	send fg
	expect urun
	send word
	expect got word\\s+.*host>
	send exit 4
	END
	is "$status" 4
}

in_the_background() {
	needs realimages userns fuse
	PS1='host> ' on_terminal bash "${shell_options[@]}" <<-END
	expect host>
	send urun '$debian' sh -c 'echo in''side' </dev/null & wait \$!; echo status \$?
	expect inside\\s
	expect status 0
	send exit 0
	END
	is "$status" 0
}

size_of_the_window() {
	needs realimages userns fuse
	on_terminal urun "$debian" python3 -uc '
import os, signal
signal.signal(signal.SIGWINCH, lambda *_: None)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])
print("ready", *os.get_terminal_size())
signal.sigwait([signal.SIGWINCH])
print("now", *os.get_terminal_size())' <<-'END'
	expect ready 80 24
	size 40 100
	expect now 100 40
	END
	is "$status" 0
}

# -t: a terminal of the container's own, also where urun has none.
own_terminal() {
	needs realimages userns fuse
	run urun -t "$debian" sh -c 'tty && test -t 0 && test -t 1 && test -t 2 && exit 9'
	is "$status" 9
	like "$out" '^/dev/(pts/[0-9]+|console)'
	on_terminal urun -it --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	send stty size
	expect 24 80\s+ready>
	size 50 120
	send stty size
	expect 50 120\s+ready>
	send sh -c 'echo be""gin; exec cat'
	expect \sbegin\s
	type \x03
	expect \^C\s+ready>
	send exit 6
	END
	is "$status" 6
}

isolated_terminal() {
	needs realimages userns fuse
	on_terminal urun --isolate --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" \
		<<-'END'
	expect ready>
	send tty; ls /dev/pts
	expect /dev/(pts/\d+|console)\s
	expect ready>
	send exit 2
	END
	is "$status" 2
	unlike "$out" 'no job control|cannot set terminal'
}

terminal_is_as_before() {
	needs realimages userns fuse
	on_terminal sh -c 'before=$(stty -g); urun "$1" stty raw -echo; urun -it "$1" stty raw
		stty "$before"; urun -it "$1" true; [ "$(stty -g)" = "$before" ] && echo same' \
		- "$debian" <<-'END'
	expect same
	END
	is "$status" 0
}

hangup_ends_it() {
	needs realimages userns fuse
	on_terminal urun --env 'PS1=ready> ' "$debian" bash "${shell_options[@]}" <<-'END'
	expect ready>
	hangup
	END
	like "$status" '^(0|1|129)$'
}

run_tests interactive_shell end_of_input_ends_the_shell control_c_reaches_the_command \
	jobs_inside stops_and_goes_on in_the_background size_of_the_window own_terminal \
	isolated_terminal terminal_is_as_before hangup_ends_it
