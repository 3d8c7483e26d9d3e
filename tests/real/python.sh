#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# python.sh - a scientist's job: own scripts, own files, pipes, the image's Python
# shellcheck source=tests/real/lib.sh
. "${URUN_SOURCE:?}/tests/real/lib.sh"

own_script_on_own_files() {
	needs realimages userns fuse
	cat >job.py <<-'END'
	import numpy, os, sys
	numpy.save("result.npy", numpy.ones((3, 4)))
	print(numpy.load("result.npy").sum(), os.getcwd(), sys.argv[1])
	END
	works urun "$debian" python3 job.py argument
	is "$out" "12.0 $PWD argument"
	is "$(stat -c %u:%g result.npy)" "$(id -u):$(id -g)"
}

home_is_bound() {
	needs realimages userns fuse user
	local file
	file=$(mktemp "$HOME/urun-test.XXXXXX")
	# shellcheck disable=SC2016 # expanded in the container
	works urun "$debian" python3 -c \
		'import os, sys; print(os.environ["HOME"]); open(sys.argv[1], "w").write("x")' \
		"$file"
	is "$out" "$HOME"
	is "$(cat "$file")" x
	rm "$file"
}

host_python_stays_out() {
	needs realimages userns fuse
	mkdir -p lib
	echo 'raise Exception("of the host")' >lib/numpy.py
	PYTHONPATH=$PWD/lib PYTHONHOME=/nowhere LD_LIBRARY_PATH=$PWD/lib VIRTUAL_ENV=$PWD \
		CONDA_PREFIX=$PWD works urun "$debian" python3 -c '
import numpy, os, site, sys
print(numpy.__file__.startswith("/usr/lib/python3"))
print(site.ENABLE_USER_SITE, os.environ["PYTHONNOUSERSITE"])
print([v for v in os.environ if v.startswith(("LD_", "CONDA")) or v == "PYTHONPATH"])
print(sys.prefix)'
	is "$out" $'True\nFalse 1\n[]\n/usr'
}

env_option_sets_python_path() {
	needs realimages userns fuse
	echo 'answer = 42' >mine.py
	works urun --env "PYTHONPATH=$PWD" --workdir / "$debian" python3 -c \
		'import mine; print(mine.answer)'
	is "$out" 42
}

jobs_variables_come_in() {
	needs realimages userns fuse
	OMP_NUM_THREADS=3 SLURM_JOB_ID=77 MY_DATA='a b' works urun "$debian" python3 -c \
		'import os; print(*map(os.environ.get, ("OMP_NUM_THREADS", "SLURM_JOB_ID", "MY_DATA")))'
	is "$out" '3 77 a b'
}

binary_data_through_a_pipeline() {
	needs realimages userns fuse
	local want
	head -c 100000000 /dev/urandom >data
	want=$(sha256sum <data)
	urun "$debian" gzip -1 <data | urun "$(debian_as lz4)" gzip -d |
		urun "$debian" python3 -c '
import shutil, sys
shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)' | sha256sum >got
	is "$(cat got)" "$want"
}

# multiprocessing wants /dev/shm and semaphores; forkserver, a socket in /tmp.
processes_of_python() {
	needs realimages userns fuse
	works urun "$debian" python3 -c '
import multiprocessing
def square(x): return x * x
if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool: print(sum(pool.map(square, range(100))))'
	is "$out" 328350
}

exit_statuses() {
	needs realimages userns fuse
	local want
	for want in 0 3; do
		run urun "$debian" python3 -c "import sys; sys.exit($want)"
		is "$status" $want
	done
	run urun "$debian" python3 -c 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)'
	is "$status" $((128 + 15))
	refused 125 no-such urun ./no-such.sqsh true
	refused 126 /etc urun "$debian" /etc
	refused 127 no-such urun "$debian" no-such
}

users_and_names() {
	needs realimages userns fuse
	works urun "$debian" python3 -c '
import getpass, grp, os, pwd
me = pwd.getpwuid(os.getuid())
print(me.pw_name, me.pw_dir, grp.getgrgid(os.getgid()).gr_name)'
	is "$out" "$(id -un) $HOME $(id -gn)"
}

names_of_hosts() {
	needs realimages userns fuse
	works urun "$debian" python3 -c '
import socket, time
print(socket.gethostname(), socket.gethostbyname("localhost"))'
	is "$out" "$(hostname) 127.0.0.1"
}

isolated() {
	needs realimages userns fuse
	SECRET=1 works urun --isolate "$debian" python3 -c '
import numpy, os
print("SECRET" in os.environ, os.getpid() < 10, os.listdir("/tmp"), os.path.exists("/home/" + os.environ.get("USER", "nobody")))'
	is "$out" 'False True [] False'
	works urun --isolate --here "$debian" python3 -c 'open("here", "w").write("x")'
	is "$(cat here)" x
}

run_tests own_script_on_own_files home_is_bound host_python_stays_out \
	env_option_sets_python_path jobs_variables_come_in binary_data_through_a_pipeline \
	processes_of_python exit_statuses users_and_names names_of_hosts isolated
