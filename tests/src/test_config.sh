#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test_config.sh - options from files, variables and the command line, as urun config
# shows them
. "$URUN_SOURCE/tests/lib.sh"

# Give the user a config file.
user_file() {
	mkdir -p "$T/urun"
	cat >"$T/urun/urun.conf"
	export XDG_CONFIG_HOME=$T
}

shows_values_and_origins() {
	user_file <<-'END'
		bind = /a:/b
		read-only
		[profile small]
		overlay-size = 2048k
	END
	# shellcheck disable=SC2016 # not to be expanded
	URUN_UMASK=027 works urun config --show-origin --profile small -e 'A=$x #y'
	is "$out" "bind = /a:/b	# $T/urun/urun.conf:1
read-only = yes	# $T/urun/urun.conf:2
overlay-size = 2M	# $T/urun/urun.conf:4
env = \"A=\$\$x #y\"	# -e
umask = 0027	# URUN_UMASK
profile = small	# --profile"
	works urun config --no-read-only
	is "$out" "bind = /a:/b"
}

shows_what_can_be_read_again() {
	user_file </dev/null
	# shellcheck disable=SC2016 # not to be expanded
	works urun config -e 'A=$x #y' -e ' b' --entrypoint '' --root=strict -v '/a b:/c:ro'
	local first=$out
	user_file <<<"$out"
	works urun config
	is "$out" "$first"
}

shows_json() {
	needs python3
	user_file <<<'net = host'
	works urun config --json -v /x
	is "$(python3 -c '
import json, sys
for e in json.load(sys.stdin):
    print(e["name"], e["value"], e["source"]["kind"], e["source"].get("line"))' <<<"$out")" \
		'bind /x command line None
net host user 1'
}

finds_the_users_file() {
	mkdir -p home/.config/urun
	echo 'user = 5' >home/.config/urun/urun.conf
	unset XDG_CONFIG_HOME
	HOME=$T/home works urun config
	is "$out" 'user = 5'
	HOME=$T/home XDG_CONFIG_HOME=relative works urun config
	is "$out" 'user = 5'
	HOME=$T/none works urun config
	is "$out" ''
	HOME='' works urun config
	is "$out" ''
}

warns_but_goes_on() {
	user_file <<<'reed-only = yes'
	run urun config
	is "$status" 0
	is "$err" "urun: $T/urun/urun.conf:1: 'reed-only' is no option (did you mean 'read-only'?), ignoring"
	works urun config --quiet
}

refuses_in_one_line() {
	user_file </dev/null
	refused 125 "read option '--redonly': no such option" urun --redonly x ls
	refused 125 "IMAGE is empty" urun '' ls
	refused 125 "its value NAME.=VALUE. is missing" urun run -e
	refused 125 "no IMAGE is given" urun run
	refused 125 "read option '--x.y': no such option" urun $'--x\ny'
	refused 125 "use profile 'x': no config file has it" urun config --profile x
	user_file <<<$'\numask = 8'
	refused 125 "urun.conf:2: read 'umask': '8' is no octal number" urun config
	works urun help
	works urun version
}

takes_large_environments() {
	user_file </dev/null
	local i
	for ((i = 0; i < 10000; i++)); do
		export "VARIABLE_$i=x"
	done
	LARGE=$(head -c 120000 /dev/zero | tr '\0' x)
	export LARGE
	works urun config -e "$LARGE"
	is "${#out}" 120006
}

run_tests shows_values_and_origins shows_what_can_be_read_again shows_json \
	finds_the_users_file warns_but_goes_on refuses_in_one_line takes_large_environments
