#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# environment.sh - which variables come along
. "$URUN_SOURCE/tests/lib.sh"

# inside VARIABLE [OPTION...]: its value in the container
inside() {
	local name=$1
	shift
	run urun "$@" "$(image urun)" sh -c "echo \"\${$name-unset}\""
	is "$status" 0
}

jobs_keep_their_variables() {
	needs userns fuse
	JOB_VARIABLE='a b' inside JOB_VARIABLE
	is "$out" "a b"
	OMP_NUM_THREADS=3 inside OMP_NUM_THREADS
	is "$out" 3
}

pointers_into_the_host_are_dropped() {
	needs userns fuse
	local name
	for name in LD_LIBRARY_PATH PYTHONPATH PYTHONHOME PERL5LIB R_LIBS MANPATH \
		CONDA_PREFIX VIRTUAL_ENV MODULEPATH BASH_ENV; do
		run env "$name=/nowhere" urun "$(image urun)" sh -c "echo \"\${$name-unset}\""
		is "$name: $out" "$name: unset"
	done
	run env LD_PRELOAD= urun "$(image urun)" sh -c 'echo ${LD_PRELOAD-unset}'
	is "$out" unset
}

path_is_the_images() {
	needs userns fuse
	inside PATH
	is "$out" /bin:/opt/bin
}

path_without_configuration_works() {
	needs userns fuse
	works urun "$(image zstd)" ls /etc/motd
}

image_wins() {
	needs userns fuse
	FROM_IMAGE=host inside FROM_IMAGE
	is "$out" yes
}

env_option() {
	needs userns fuse
	inside A --env A=1,2=3
	is "$out" 1,2=3
	inside FROM_IMAGE --env FROM_IMAGE=mine
	is "$out" mine
	LD_LIBRARY_PATH=/x inside LD_LIBRARY_PATH --env LD_LIBRARY_PATH
	is "$out" /x
	PYTHONA=1 inside PYTHONA --env 'PYTHON*'
	is "$out" 1
	inside EMPTY --env EMPTY=
	is "$out" ""
}

env_file() {
	needs userns fuse
	printf '# comment\nA=one\n\nB="quoted"\nHOSTNAME_OF_TEST\n' >file
	HOSTNAME_OF_TEST=x inside A --env-file file
	is "$out" one
	inside B --env-file file
	is "$out" '"quoted"'
	refused 125 no-file urun --env-file no-file "$(image urun)" true
}

unset_env() {
	needs userns fuse
	A=1 AB=2 inside A --unset-env A
	is "$out" unset
	A=1 AB=2 inside AB --unset-env 'A*'
	is "$out" unset
}

clean_env() {
	needs userns fuse
	A=1 TERM=vt100 http_proxy=http://p inside A --clean-env
	is "$out" unset
	TERM=vt100 inside TERM --clean-env
	is "$out" vt100
	http_proxy=http://p inside http_proxy --clean-env
	is "$out" http://p
	inside B --clean-env --env B=2
	is "$out" 2
	inside FROM_IMAGE --clean-env
	is "$out" yes
}

env_host() {
	needs userns fuse
	PYTHONPATH=/x inside PYTHONPATH --env-host
	is "$out" /x
}

prefixed_variables_set_the_rest() {
	needs userns fuse
	URUNENV_A=1 inside A
	is "$out" 1
	APPTAINERENV_A=2 inside A
	is "$out" 2
	SINGULARITYENV_A=3 inside A
	is "$out" 3
	mkdir data
	APPTAINER_BIND=$T/data:/mnt/x works urun "$(image zstd)" ls -d /mnt/x
}

marks_of_a_container() {
	needs userns fuse
	inside container
	is "$out" urun
	inside URUN_IMAGE
	like "$out" busybox-urun.sqsh
	inside PYTHONNOUSERSITE
	is "$out" 1
}

ten_thousand_variables() {
	needs userns fuse python3
	run python3 -c '
import os, sys
for i in range(10000):
    os.environ["VARIABLE_%d" % i] = "value"
os.execvp("urun", ["urun"] + sys.argv[1:])' "$(image zstd)" \
		sh -c 'env | grep -c ^VARIABLE_'
	is "$out" 10000
	is "$status" 0
}

longest_argument() {
	needs userns fuse python3
	run python3 -c '
import os, sys
os.execvp("urun", ["urun"] + sys.argv[1:] + ["x" * (131072 - 1)])' "$(image zstd)" \
		sh -c 'echo ${#1}' sh
	is "$out" 131071
}

run_tests jobs_keep_their_variables pointers_into_the_host_are_dropped path_is_the_images \
	path_without_configuration_works image_wins env_option env_file unset_env clean_env \
	env_host prefixed_variables_set_the_rest marks_of_a_container ten_thousand_variables \
	longest_argument
