// SPDX-License-Identifier: Apache-2.0
/* test_processes.c - ends, secrets and /proc across namespaces */
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/platform/sandbox.h"
#include "tests/tap.h"

static bool death_signal_is(int expected)
{
	int signal = 0;

	return prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == expected;
}

static bool keep_the_death_signal(void)
{
	auto_close int ns_fd = -1;

	must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	must(sandbox_enter(CLONE_NEWNS, 0, 0));
	must(death_signal_is(SIGKILL));
	ns_fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	must(ns_fd >= 0 && setns(ns_fd, 0) == 0);
	must(setresuid(0, 0, 0) == 0 && setresgid(0, 0, 0) == 0);
	must(prctl(PR_CAPBSET_DROP, 0, 0, 0, 0) == 0);
	must(death_signal_is(SIGKILL));
	return true;
}

static void death_signal_survives_the_set_up(void)
{
	needs(NEED_USERNS);
	ok(holds_in_child(keep_the_death_signal));
}

/* PID 1 leaves a double-forked child behind, which holds the pipe open. */
static bool end_with_pid_1(void)
{
	int pipe_fds[2];
	char byte;
	pid_t init;

	must(pipe2(pipe_fds, O_CLOEXEC) == 0);
	init = fork(); /* PID 1 of the namespace that was unshared */
	if (init == 0) {
		if (fork() == 0) {
			(void)setsid(); /* a session of its own doesn't save it */
			if (write(pipe_fds[1], "x", 1) != 1)
				_exit(1);
			for (;;)
				(void)pause();
		}
		for (;;)
			(void)pause();
	}
	must(close(pipe_fds[1]) == 0);
	must(read(pipe_fds[0], &byte, 1) == 1);
	must(kill(init, SIGKILL) == 0);
	must(read(pipe_fds[0], &byte, 1) == 0); /* the last holder is gone */
	return true;
}

static bool unshare_pid_and_end(void)
{
	must(sandbox_enter(CLONE_NEWPID, 0, 0));
	return end_with_pid_1();
}

static void kill_of_pid_1_ends_its_namespace(void)
{
	needs(NEED_USERNS);
	ok(holds_in_child(unshare_pid_and_end));
}

static bool outlive_a_shared_init(void)
{
	int pipe_fds[2];
	pid_t orphan, init;

	must(pipe2(pipe_fds, O_CLOEXEC) == 0);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	init = fork();
	if (init == 0) {
		pid_t pid = fork();

		if (pid == 0)
			for (;;)
				(void)pause();
		_exit(write(pipe_fds[1], &pid, sizeof(pid)) == sizeof(pid) ? 0 : 1);
	}
	must(read(pipe_fds[0], &orphan, sizeof(orphan)) == sizeof(orphan));
	must(sandbox_wait(init));
	must(kill(orphan, 0) == 0); /* still there: a subreaper has to end it */
	must(kill(orphan, SIGKILL) == 0);
	must(waitpid(orphan, NULL, 0) == orphan); /* and it came to us */
	return true;
}

static void orphans_outlive_init_without_a_pid_namespace(void)
{
	ok(holds_in_child(outlive_a_shared_init));
}

static void *do_nothing(void *arg)
{
	return arg;
}

static bool thread_after_unshare(void)
{
	pthread_t thread;

	must(sandbox_enter(CLONE_NEWPID, 0, 0));
	must(pthread_create(&thread, NULL, do_nothing, NULL) != 0);
	return true;
}

static void no_threads_after_unsharing_pids(void)
{
	needs(NEED_USERNS);
	ok(holds_in_child(thread_after_unshare));
}

static bool mount_fresh_proc(void)
{
	must(mount("proc", "/tmp", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0);
	must(access("/tmp/1/stat", F_OK) == 0 && access("/tmp/2/stat", F_OK) < 0);
	return true;
}

static void fresh_proc_needs_a_pid_namespace(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS | CLONE_NEWPID, mount_fresh_proc));
}

static bool proc_of_others(void)
{
	must_fail(mount("proc", "/tmp", "proc", 0, NULL), EPERM);
	return true;
}

static void fresh_proc_is_refused_with_shared_pids(void)
{
	needs(NEED_USERNS | NEED_NOT_ROOT);
	ok(holds_in_namespaces(CLONE_NEWNS, proc_of_others));
}

/* What an outer container does: something lies over a part of /proc. */
static bool masked_proc(void)
{
	must(mount("tmpfs", "/proc/sys", "tmpfs", MS_RDONLY, NULL) == 0);
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) == 0);
	return holds_in_child(proc_of_others);
}

static void fresh_proc_is_refused_where_proc_is_masked(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, masked_proc));
}

static int open_environment(const char *proc, pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/%d/environ", proc, pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool read_from_inside(void)
{
	pid_t parent = getppid();

	must(sandbox_enter(0, 0, 0));
	must_fail(open_environment("/proc", parent), EACCES);
	return true;
}

static bool start_inside(void)
{
	return holds_in_child(read_from_inside);
}

static void environment_outside_is_closed_to_the_inside(void)
{
	needs(NEED_USERNS | NEED_NOT_ROOT);
	ok(holds_in_child(start_inside));
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2] = { 0 };

	return syscall(SYS_capset, &header, none) == 0;
}

/* A command of the container reads what PID 1 was started with. */
static bool read_as_command(void)
{
	auto_close int fd = -1;

	must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	fd = open_environment("/tmp", 1);
	return fd >= 0;
}

static bool be_dumpable_or_not(void)
{
	must(mount("proc", "/tmp", "proc", 0, NULL) == 0);
	must(drop_capabilities());
	must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	must(holds_in_child(read_as_command));
	must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
	must(!holds_in_child(read_as_command));
	return true;
}

static void non_dumpable_init_hides_its_environment(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS | CLONE_NEWPID, be_dumpable_or_not));
}

/* exec and the ranks of a node enter a container that somebody else made. */
static bool join(pid_t pid)
{
	auto_close int user_fd = -1, mount_fd = -1;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	user_fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	mount_fd = open(path, O_RDONLY | O_CLOEXEC);
	must(user_fd >= 0 && mount_fd >= 0);
	must(setns(user_fd, CLONE_NEWUSER) == 0);
	must(setns(mount_fd, CLONE_NEWNS) == 0);
	must(getuid() == 0);
	return true;
}

static bool join_another(void)
{
	int pipe_fds[2];
	char byte = 'r';
	pid_t pid;
	bool joined;

	must(pipe2(pipe_fds, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		if (!sandbox_enter(CLONE_NEWNS, 0, 0) ||
		    write(pipe_fds[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	must(read(pipe_fds[0], &byte, 1) == 1);
	joined = join(pid);
	must(kill(pid, SIGKILL) == 0 || errno == EPERM);
	return joined;
}

static void namespaces_of_the_same_user_can_be_joined(void)
{
	needs(NEED_USERNS);
	ok(holds_in_child(join_another));
}

int main(void)
{
	RUN(death_signal_survives_the_set_up);
	RUN(kill_of_pid_1_ends_its_namespace);
	RUN(orphans_outlive_init_without_a_pid_namespace);
	RUN(no_threads_after_unsharing_pids);
	RUN(fresh_proc_needs_a_pid_namespace);
	RUN(fresh_proc_is_refused_with_shared_pids);
	RUN(fresh_proc_is_refused_where_proc_is_masked);
	RUN(environment_outside_is_closed_to_the_inside);
	RUN(non_dumpable_init_hides_its_environment);
	RUN(namespaces_of_the_same_user_can_be_joined);
	return tap_end();
}
