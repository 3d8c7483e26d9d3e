// SPDX-License-Identifier: Apache-2.0
/* killer.c - SIGKILL to one process of a tree, at one of its system calls
 *
 * Usage: killer plan COMMAND [ARG]...
 *	prints the tree that COMMAND makes until a process of it sleeps, a line for each
 *	process: its place ("0" the command, "0.1" its second child), its number of
 *	system calls so far, and its program
 *	killer PLACE CALLS COMMAND [ARG]...
 *	kills the process at PLACE at the entry of its system call number CALLS, or when
 *	the tree sleeps before; then waits for the whole tree to end
 * Status 0 when all processes ended by themselves after the kill, 1 when some had to be
 * killed (they are named), 2 for problems of its own.
 *
 * How it works: ptrace follows every process from birth, so none is missed, and each
 * end is reported here. No step depends on time, but for the limit after which a tree
 * that lives on counts as left over.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_TRACEES 256 /* a start makes about ten, threads included */
#define PLACE_MAX 64	/* depth 5 or so, two characters each */
#define LIMIT_S 20	/* a start takes milliseconds, traced perhaps a second */
#define PTRACE_OPTIONS                                                      \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

struct tracee {
	pid_t pid;
	char place[PLACE_MAX]; /* "": its parent has not told yet */
	char program[64];
	unsigned int children;
	long calls;
	bool ended;
};

static struct tracee tracees[MAX_TRACEES];
static size_t n_tracees;

static const char *wanted_place; /* NULL: only make the plan */
static long wanted_calls;
static bool killed;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "killer: %s: %s\n", what, strerror(errno));
	exit(2);
}

static struct tracee *tracee_of(pid_t pid)
{
	for (size_t i = n_tracees; i > 0; i--)
		if (tracees[i - 1].pid == pid && !tracees[i - 1].ended)
			return &tracees[i - 1];
	if (n_tracees == MAX_TRACEES) {
		errno = E2BIG;
		die("follow the tree");
	}
	tracees[n_tracees] = (struct tracee){ .pid = pid };
	return &tracees[n_tracees++];
}

/* A process has a new child or thread; give it its place. */
static void name_child(struct tracee *parent)
{
	unsigned long pid = 0;
	struct tracee *child;

	if (ptrace(PTRACE_GETEVENTMSG, parent->pid, NULL, &pid) < 0)
		return; /* killed meanwhile */
	child = tracee_of((pid_t)pid);
	(void)snprintf(child->place, sizeof(child->place), "%.50s.%u", parent->place,
		       parent->children++);
	memcpy(child->program, parent->program, sizeof(child->program));
}

static void name_program(struct tracee *tracee)
{
	char path[32], target[4096];
	const char *base;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)tracee->pid);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return;
	target[n] = '\0';
	base = strrchr(target, '/');
	(void)snprintf(tracee->program, sizeof(tracee->program), "%.60s",
		       base ? base + 1 : target);
}

static bool is_sleep(unsigned long long call)
{
	if (call == SYS_clock_nanosleep || call == SYS_nanosleep)
		return true;
#ifdef SYS_pause
	if (call == SYS_pause)
		return true;
#endif
	return false;
}

static void kill_wanted(void)
{
	for (size_t i = 0; i < n_tracees; i++) {
		if (tracees[i].ended || strcmp(tracees[i].place, wanted_place) != 0)
			continue;
		(void)kill(tracees[i].pid, SIGKILL); /* it may have ended by itself */
		killed = true;
	}
}

static void print_plan(void)
{
	for (size_t i = 0; i < n_tracees; i++)
		printf("%s %ld %s%s\n", tracees[i].place, tracees[i].calls,
		       tracees[i].program, tracees[i].ended ? " ended" : "");
}

/* The tree has got where it wants to stay. */
static void on_sleep(const struct tracee *sleeper)
{
	static bool seen;

	if (seen || strcmp(sleeper->program, tracees[0].program) == 0)
		return;
	seen = true;
	if (!wanted_place) {
		print_plan();
		(void)kill(tracees[0].pid, SIGKILL);
		killed = true;
	} else if (!killed) {
		kill_wanted();
	}
}

static void on_call(struct tracee *tracee)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	tracee->calls++;
	if (wanted_place && !killed && tracee->calls == wanted_calls &&
	    strcmp(tracee->place, wanted_place) == 0)
		kill_wanted();
	else if (is_sleep(info.entry.nr))
		on_sleep(tracee);
}

/* One stop of one tracee; how it goes on. */
static void on_stop(struct tracee *tracee, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	enum __ptrace_request go_on = PTRACE_SYSCALL;

	if (signal == (SIGTRAP | 0x80)) {
		on_call(tracee);
		signal = 0;
	} else if (event == PTRACE_EVENT_STOP) {
		/* A real stop of the process stays one. */
		if (signal != SIGTRAP)
			go_on = PTRACE_LISTEN;
		signal = 0;
	} else if (event) {
		if (event == PTRACE_EVENT_EXEC)
			name_program(tracee);
		else
			name_child(tracee);
		signal = 0;
	}
	(void)ptrace(go_on, tracee->pid, NULL,
		     (long)signal); /* it may have been killed */
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Follow the tree to its end. Status of the first process, -1: it had to be ended. */
static int follow(void)
{
	int status, first_status = 0;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno == ECHILD)
			return first_status;
		if (pid < 0 && errno == EINTR)
			return -1;
		if (pid < 0)
			die("wait");
		if (WIFSTOPPED(status)) {
			on_stop(tracee_of(pid), status);
			continue;
		}
		tracee_of(pid)->ended = true;
		if (pid == tracees[0].pid)
			first_status = status;
	}
}

static pid_t start(char **command)
{
	int gate[2];
	pid_t pid;
	char go;

	if (pipe(gate) < 0)
		die("make a pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		(void)close(gate[1]);
		if (read(gate[0], &go, 1) < 0)
			_exit(2);
		(void)close(gate[0]);
		(void)execvp(command[0], command);
		_exit(127);
	}
	(void)close(gate[0]);
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_OPTIONS | 0L) < 0)
		die("trace");
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		die("stop the command");
	(void)close(gate[1]);
	return pid;
}

static int end_the_rest(void)
{
	for (size_t i = 0; i < n_tracees; i++) {
		if (tracees[i].ended)
			continue;
		printf("left over: %s %s after %ld calls\n", tracees[i].place,
		       tracees[i].program, tracees[i].calls);
		(void)kill(tracees[i].pid, SIGKILL);
	}
	(void)alarm(LIMIT_S);
	(void)follow(); /* what even that does not end, ends with us */
	return 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_alarm };
	bool plan = argc > 2 && strcmp(argv[1], "plan") == 0;

	if (argc < 3 || (!plan && argc < 4)) {
		fprintf(stderr, "usage: killer plan|PLACE CALLS COMMAND [ARG]...\n");
		return 2;
	}
	if (!plan) {
		wanted_place = argv[1];
		wanted_calls = atol(argv[2]);
	}
	/* Whatever loses its parent becomes our child. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || sigaction(SIGALRM, &action, NULL) < 0)
		die("prepare");
	tracee_of(start(argv + (plan ? 2 : 3)));
	memcpy(tracees[0].place, "0", 2);
	(void)alarm(LIMIT_S);
	return follow() < 0 ? end_the_rest() : 0;
}
