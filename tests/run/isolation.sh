#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# isolation.sh - --isolate, namespaces one by one, and limits
. "$URUN_SOURCE/tests/lib.sh"

# namespace KIND: the one inside, by its number
namespace() {
	local kind=$1
	shift
	run urun "$@" "$(image zstd)" readlink "/proc/self/ns/$kind"
	is "$status" 0
}

default_namespaces() {
	needs userns fuse
	local kind
	for kind in net ipc uts; do
		namespace $kind
		is "$out" "$(readlink /proc/self/ns/$kind)"
	done
	for kind in user mnt pid; do
		namespace $kind
		isnt "$out" "$(readlink /proc/self/ns/$kind)"
	done
}

namespaces_by_option() {
	needs userns fuse
	local kind
	for kind in ipc uts; do
		namespace $kind --$kind private
		isnt "$out" "$(readlink /proc/self/ns/$kind)"
	done
	namespace pid --pid host
	is "$out" "$(readlink /proc/self/ns/pid)"
	namespace net --net none
	isnt "$out" "$(readlink /proc/self/ns/net)"
}

pid_1_is_urun_and_small() {
	needs userns fuse
	works urun "$(image zstd)" sh -c 'ls /proc | grep -c "^[0-9]"'
	[ "$out" -le 6 ] || failed "$out processes"
	run urun "$(image zstd)" cat /proc/1/environ
	isnt "$status" 0
	is "$out" ""
}

# The old root once stayed on top of the new one, in reach as "/..".
nothing_lies_on_the_root() {
	needs userns fuse
	local more
	for more in "" --read-only --isolate --root --pid=host; do
		# shellcheck disable=SC2086 # one word or none
		works urun $more "$(image zstd)" stat -c %d:%i / /..
		is "${out%%$'\n'*}" "${out##*$'\n'}"
		# shellcheck disable=SC2086 # one word or none
		works urun $more "$(image zstd)" awk '$5 == "/" { n++ } END { print n }' \
			/proc/self/mountinfo
		is "$out" 1
	done
}

no_network() {
	needs userns fuse
	works urun --net none "$(image zstd)" ls /sys/class/net /proc/net/dev
	works urun --net none "$(image zstd)" sh -c 'grep -c : /proc/net/dev'
	is "$out" 1
}

hostname_option() {
	needs userns fuse
	works urun --hostname inside "$(image zstd)" hostname
	is "$out" inside
}

isolate() {
	needs userns fuse
	mkdir secret
	run urun --isolate --net none "$(image zstd)" sh -c "ls $T; ls /tmp; ls $HOME"
	unlike "$out" secret
	A=1 run urun --isolate --net none "$(image zstd)" sh -c 'echo ${A-unset}; ls /dev'
	like "$out" ^unset
	like "$out" null
	unlike "$out" fuse
}

isolate_separates() {
	needs userns fuse
	local kind
	for kind in pid ipc uts net cgroup; do
		namespace $kind --isolate --net none
		isnt "$out" "$(readlink /proc/self/ns/$kind)"
	done
}

isolate_filters() {
	needs userns fuse
	works urun --isolate --net none "$(image zstd)" grep ^Seccomp: /proc/self/status
	like "$out" '[[:space:]]2$'
	run urun --isolate --net none "$(image zstd)" unshare -U true
	isnt "$status" 0
	run urun --isolate --net none "$(image zstd)" cat /proc/kcore /proc/keys
	isnt "$status" 0
}

# Also where the host's own has to be shown, with many mounts in it: version 1 of cgroup,
# and /sys with the host's network.
isolate_shows_the_kernels_files_read_only() {
	needs userns fuse
	local net
	for net in none host; do
		works urun --isolate --net $net "$(image zstd)" sh -c \
			'while read -r i p d r at o x; do
				case $at in /sys | /sys/*) echo $o ;; esac
			done </proc/self/mountinfo'
		like "$out" 'ro'
		unlike "$out" 'rw'
	done
}

here_brings_the_folder_back() {
	needs userns fuse
	echo text >file
	works urun --isolate --net none --here "$(image zstd)" cat file
	is "$out" text
}

capabilities() {
	needs userns fuse
	works urun --root --cap-drop ALL --cap-add net_bind_service "$(image zstd)" \
		grep ^CapEff /proc/self/status
	like "$out" 0000000000000400
	works urun --root --cap-drop CAP_CHOWN "$(image zstd)" grep ^CapBnd /proc/self/status
	unlike "$out" 'f$'
	refused 125 CAP_NOTHING urun --cap-add CAP_NOTHING "$(image zstd)" true
}

seccomp_file() {
	needs userns fuse
	echo '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95 } ] }' >p.json
	run urun --seccomp "$T/p.json" "$(image zstd)" mkdir /tmp/urun-test-refused
	isnt "$status" 0
	like "$err" "not supported"
	refused 125 missing.json urun --seccomp missing.json "$(image zstd)" true
	echo '{ "defaultAction": 3 }' >bad.json
	refused 125 bad.json urun --seccomp bad.json "$(image zstd)" true
}

limits() {
	needs userns fuse
	works urun --ulimit nofile=77:99 "$(image zstd)" sh -c 'ulimit -n; ulimit -Hn'
	is "$out" $'77\n99'
	works urun --umask 027 "$(image zstd)" sh -c umask
	is "$out" 0027
}

shm_size() {
	needs userns fuse
	works urun --isolate --net none --shm-size 3m "$(image zstd)" sh -c \
		'df -k /dev/shm | tail -n 1'
	like "$out" 3072
}

device_option() {
	needs userns fuse
	works urun --isolate --net none --device /dev/fuse "$(image zstd)" ls /dev/fuse
	refused 125 /dev/no-such urun --device /dev/no-such "$(image zstd)" true
}

signals_do_not_reach_the_host() {
	needs userns fuse
	run urun "$(image zstd)" kill -0 $$
	isnt "$status" 0
}

binds_the_hosts_root() {
	needs userns fuse
	works urun --bind /:/mnt "$(image zstd)" ls /mnt
	is "$out" "$(ls /)"
}

run_tests default_namespaces namespaces_by_option pid_1_is_urun_and_small \
	nothing_lies_on_the_root binds_the_hosts_root no_network \
	hostname_option isolate isolate_separates isolate_filters \
	isolate_shows_the_kernels_files_read_only \
	here_brings_the_folder_back capabilities seccomp_file limits shm_size device_option \
	signals_do_not_reach_the_host
