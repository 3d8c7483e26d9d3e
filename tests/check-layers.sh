#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-layers.sh - who may include whom (ARCHITECTURE.md, "Folders")
#
# Prints FILE:LINE: REASON for each include that goes up or sideways, and for each
# foreign library that is seen outside the one file of its folder that wraps it. Status
# 1 if any.
# Usage: check-layers.sh [FOLDER]		the source tree; default: the current folder
set -eu
cd "${1:-.}"
[ -f runtime/runtime.h ] || { echo "check-layers: no urun source in '$PWD'" >&2; exit 2; }

# shellcheck disable=SC2046 # our file names have no blanks
grep -nHE '^[[:space:]]*#[[:space:]]*include' \
	$(find src runtime storage net hpc tests -name '*.[ch]' 2>/dev/null | sort) |
awk -F: '
# The folder that a file of ours belongs to.
function home(path) {
	if (path ~ /^src\/base\//) return "base"
	sub(/\/.*/, "", path)
	return path
}

# "base/mem.h" as the compiler finds it: -iquote src, -iquote the top, own folder.
function target(name, from,    dir) {
	dir = from; sub(/[^\/]*$/, "", dir)
	if (there(dir name)) return dir name
	if (there("src/" name)) return "src/" name
	if (there(name)) return name
	return ""
}
function there(path) {
	if (!(path in seen))
		seen[path] = (getline line < path) >= 0
	close(path)
	return seen[path]
}

function complain(reason) {
	printf "%s:%s: %s\n", $1, $2, reason
	bad = 1
}

# Which foreign library does <name> belong to? "" for libc and the kernel.
function library(name) {
	if (name ~ /^seccomp\.h$/) return "libseccomp"
	if (name ~ /^jansson\.h$/) return "jansson"
	if (name ~ /^(fuse3\/|fuse(_|\.h|_lowlevel\.h))/) return "libfuse3"
	if (name ~ /^squashfuse/) return "libsquashfuse"
	if (name ~ /^curl\//) return "libcurl"
	if (name ~ /^archive/) return "libarchive"
	if (name ~ /^sqfs\//) return "libsquashfs"
	if (name ~ /^openssl\//) return "libcrypto"
	if (name ~ /^slirp\//) return "libslirp"
	if (name ~ /^slurm\//) return "slurm"
	if (name ~ /^systemd\//) return "libsystemd"
	return ""
}

function check_foreign(name,    lib) {
	lib = library(name)
	if (lib == "" || from == "tests")
		return
	if (from == "base" && lib != "jansson")
		complain("src/base includes libc and jansson only, not " lib)
	if ($1 ~ /\.h$/)
		complain("the types of " lib " stay in the one .c file that uses them")
	if (user_of[from, lib] == "")
		user_of[from, lib] = $1
	if (user_of[from, lib] != $1)
		complain(lib " is already included in " user_of[from, lib])
	if (of_file[$1] != "" && of_file[$1] != lib)
		complain("a second foreign library in one file, after " of_file[$1])
	of_file[$1] = lib
}

function check_own(name,    path, to, public) {
	path = target(name, $1)
	if (name == "config.h") {
		complain("config.h is included by the build")
		return
	}
	if (path == "") {
		complain("\"" name "\" is no header of ours; write <" name ">")
		return
	}
	to = home(path)
	if (to == from || from == "tests" || to == "base")
		return
	public = path == to "/" to ".h"
	if (from == "src" && public)
		return
	if (from == "hpc" && path == "runtime/runtime.h")
		return
	if (from == "src")
		complain("src includes only the public header of " to)
	else
		complain(from " must not include " to)
}

{
	from = home($1)
	text = $0
	sub(/^[^:]*:[^:]*:/, "", text)
	if (match(text, /"[^"]*"/))
		check_own(substr(text, RSTART + 1, RLENGTH - 2))
	else if (match(text, /<[^>]*>/))
		check_foreign(substr(text, RSTART + 1, RLENGTH - 2))
}
END { exit bad }
'
