# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# lib.sh - tests in shell that print the Test Anything Protocol
#
# A test file sources this one, has functions with one behaviour each, and ends with
#	run_tests NAME...
# Each function runs in a subshell and in an empty folder of its own, $T, which is
# removed afterwards. It says first what it needs of the machine; then it runs commands
# with `run`, which sets $status, $out and $err, and looks at those. A look that fails
# says where and what; the test goes on.
set -u
: "${URUN_BUILD:?the build tree}" "${URUN_SOURCE:?the source tree}"
unset XDG_CONFIG_HOME BASH_ENV
# urun looks for options in variables that begin with URUN_.
export -n URUN_TEST_ONLY URUN_TEST_LONG URUN_TEST_REQUIRE
export LC_ALL=C PATH=$URUN_BUILD:$PATH:/usr/sbin:/sbin
# shellcheck source=tests/images.sh
. "$URUN_SOURCE/tests/images.sh"

# A run that takes longer than this hangs: one takes a few milliseconds.
run_limit_s=${URUN_TEST_RUN_LIMIT:-60}
last_run='' status='' out='' err=''

# ---- what a test needs ---------------------------------------------------------------

can_userns() { unshare -U true; }
can_fuse() { [ -c /dev/fuse ] && : <>/dev/fuse; }
can_overlay() { grep -qw overlay /proc/filesystems; }
can_subid() { command -v newuidmap && grep -q "^$(id -un):" /etc/subuid; }
can_nosubid() { ! grep -q "^$(id -un):" /etc/subuid; }
can_user() { [ "$(id -u)" -ne 0 ]; }
can_root() { [ "$(id -u)" -eq 0 ]; }
can_realimages() { [ -s "${URUN_TEST_REAL_IMAGES:-}/debian-zstd.sqsh" ]; }
can_long() { [ -n "${URUN_TEST_LONG:-}" ]; }

# Depends on who runs the test, so it is never a failure.
need_is_of_user() { case $1 in subid | nosubid | user | root | long) ;; *) false ;; esac; }

has_need() {
	if declare -F "can_$1" >/dev/null; then
		"can_$1" >/dev/null 2>&1
	else
		command -v "$1" >/dev/null
	fi
}

# needs NAME...: skip the running test unless all are there. NAME is one of the can_*
# above, or else a program. With URUN_TEST_REQUIRE=all what is missing is a failure.
needs() {
	local need
	for need; do
		has_need "$need" && continue
		if [ "${URUN_TEST_REQUIRE:-}" = all ] && ! need_is_of_user "$need"; then
			note "needs $need"
			exit 1
		fi
		echo "$need" >"$T.skip"
		exit 77
	done
}

# ---- looking at things -----------------------------------------------------------------

note() { printf '# %s\n' "${1//$'\n'/$'\n'# }"; }

# failed WHAT...: note it with the line of the test, and remember.
failed() {
	local level=0
	while [ "${BASH_SOURCE[level]}" = "${BASH_SOURCE[0]}" ]; do level=$((level + 1)); done
	note "${BASH_SOURCE[level]##*/}:${BASH_LINENO[level - 1]}: $*"
	: >"$T.failed"
	return 1
}

# run COMMAND...: $status, $out and $err, the latter two without the last newline.
run() {
	last_run=$*
	timeout --kill-after=5 "$run_limit_s" "$@" >"$T.out" 2>"$T.err"
	status=$?
	out=$(tr -d '\0' <"$T.out")
	err=$(tr -d '\0' <"$T.err")
}

show_run() {
	note "  after: $last_run"
	note "  status $status, standard output: ${out:0:600}"
	note "  standard error: ${err:0:1200}"
}

# is GOT WANT
is() {
	[ "$1" = "$2" ] && return
	failed "got '${1:0:400}', want '${2:0:400}'"
	show_run
}

isnt() {
	[ "$1" != "$2" ] && return
	failed "got '${1:0:400}', want anything else"
	show_run
}

# like TEXT REGEX; unlike TEXT REGEX (extended regular expressions)
like() {
	[[ $1 =~ $2 ]] && return
	failed "'$2' is not in '${1:0:600}'"
	show_run
}

unlike() {
	[[ ! $1 =~ $2 ]] && return
	failed "'$2' is in '${1:0:600}'"
	show_run
}

# ok COMMAND...: succeeds, silently.
ok() {
	"$@" >"$T.ok" 2>&1 && return
	failed "$* failed: $(head -c 600 "$T.ok")"
	show_run
}

# works COMMAND...: run it; it ends well and says nothing on standard error.
works() {
	run "$@"
	[ "$status" -eq 0 ] && [ -z "$err" ] && return
	failed "did not work silently"
	show_run
}

# refused STATUS REGEX COMMAND...: run it; urun refuses with that status and one line
# that matches, possibly with one hint.
refused() {
	local want=$1 text=$2
	shift 2
	run "$@"
	is "$status" "$want"
	like "$err" "$text"
	like "$err" '^urun: [^[:cntrl:]]+($|'$'\n''hint: [^[:cntrl:]]+$)'
}

# ---- running tests ---------------------------------------------------------------------

tests_run=0
tests_failed=0
suite_folder=$(mktemp -d "${TMPDIR:-/tmp}/urun-test.XXXXXX") || exit 1
trap 'remove_tree "$suite_folder"' EXIT

# What a test made, also below folders without permissions or with mapped owners.
remove_tree() {
	chmod -R u+rwX "$1" 2>/dev/null
	rm -rf "$1" 2>/dev/null || urun unshare rm -rf "$1" 2>/dev/null || :
}

run_test() {
	local name=$1 result
	T=$suite_folder/$name
	mkdir "$T" || exit 1
	(
		cd "$T" || exit 1
		"$name"
		[ ! -e "$T.failed" ]
	)
	result=$?
	tests_run=$((tests_run + 1))
	if [ $result -eq 77 ] && [ -e "$T.skip" ]; then
		echo "ok $tests_run - $name # SKIP needs $(cat "$T.skip")"
	elif [ $result -eq 0 ]; then
		echo "ok $tests_run - $name"
	else
		echo "not ok $tests_run - $name"
		tests_failed=$((tests_failed + 1))
	fi
	remove_tree "$T"
}

# run_tests NAME...: all of them, or those that URUN_TEST_ONLY names.
run_tests() {
	local name
	for name; do
		[[ " ${URUN_TEST_ONLY:-$name} " != *" $name "* ]] || run_test "$name"
	done
	echo "1..$tests_run"
	[ $tests_failed -eq 0 ]
}
