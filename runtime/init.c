// SPDX-License-Identifier: Apache-2.0
/* init.c - PID 1 of the container, or what stands for it where PIDs are shared
 *
 * How it works: all signals are blocked, so nothing interrupts; the end of children and
 * messages of the supervisor are waited for by descriptor. Init keeps only its own
 * descriptors, the capabilities to end and count, and no copy of the environment that
 * anyone can read (see hide_init in child.c). With a PID namespace its exit ends every
 * process inside. Without, it is a subreaper: whatever loses its parent becomes its
 * child, and it kills its children until there are none.
 */
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/child.h"
#include "runtime/credentials.h"
#include "runtime/init.h"
#include "runtime/lost.h"
#include "runtime/start.h"
#include "runtime/sync.h"

#define CHILDREN_MAX 4096 /* bytes of the list read at once; the rest comes next */

struct init {
	struct start_plan *plan;
	int sync_fd, signal_fd;
	pid_t command;
	bool ended;
	int status; /* of the command, as the shell sees it */
};

static void tell_stopped(const struct init *init, int signal)
{
	struct sync_message message = { .kind = SYNC_STOPPED, .status = signal };

	(void)sync_send(init->sync_fd, &message, -1); /* its death is noticed elsewhere */
}

/* Take the news of one child. */
static void note(struct init *init, pid_t pid, int status)
{
	if (pid != init->command)
		return;
	if (WIFSTOPPED(status)) {
		tell_stopped(init, WSTOPSIG(status));
		return;
	}
	init->ended = true;
	init->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void reap(struct init *init)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	(void)read(init->signal_fd, &info, sizeof(info)); /* a wake-up, nothing more */
	while (!init->ended && (pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
		note(init, pid, status);
}

/* Kill those who are our children now. True if there were any. */
static bool kill_children(int children_fd)
{
	char list[CHILDREN_MAX];
	ssize_t n = pread(children_fd, list, sizeof(list) - 1, 0);
	bool any = false;
	pid_t pid = 0;

	/* A number that the end of the buffer cuts could be another's. */
	while (n > 0 && list[n - 1] != ' ')
		n--;
	for (ssize_t i = 0; i < n; i++) {
		if (list[i] != ' ') {
			pid = pid * 10 + (list[i] - '0');
			continue;
		}
		(void)kill(pid, SIGKILL); /* it is our child, so it is still there */
		any = true;
		pid = 0;
	}
	return any;
}

/* Nobody may be left who could change the layer that is counted. */
static void end_processes(const struct init *init)
{
	const struct start_plan *plan = init->plan;

	if (plan->own_pids) {
		(void)kill(-1, SIGKILL); /* ESRCH: nobody is left */
		while (waitpid(-1, NULL, 0) > 0)
			;
		return;
	}
	if (plan->now.children_fd < 0)
		return;
	while (kill_children(plan->now.children_fd)) {
		(void)waitpid(-1, NULL, 0); /* the next list tells who is left */
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

_Noreturn static void finish(const struct init *init)
{
	struct sync_message message = { .kind = SYNC_ENDED, .status = init->status };
	const struct start_plan *plan = init->plan;

	if (plan->root.layer.is_thrown_away || !plan->own_pids)
		end_processes(init);
	if (plan->root.layer.is_thrown_away)
		message.count = lost_count(plan->root.now.upper_fd, message.text,
					   sizeof(message.text));
	(void)sync_send(init->sync_fd, &message, -1); /* nobody else to tell */
	_exit(0);
}

/* The supervisor says nothing more; what can be read is its end. */
_Noreturn static void abandon(const struct init *init)
{
	if (!init->plan->own_pids)
		end_processes(init);
	_exit(0);
}

static void become_small(const struct init *init)
{
	const struct start_plan *plan = init->plan;
	int keep[] = { init->sync_fd, init->signal_fd, plan->now.children_fd,
		       plan->root.now.upper_fd, plan->root.layer.lock_fd };

	(void)child_close_all_but(0, keep,
				  sizeof(keep) / sizeof(keep[0])); /* returns 0 */
	/* To end processes of other ids, and to count in folders of theirs. Not being
	 * able to drop what we lack is no failure. */
	(void)credentials_keep_only(UINT64_C(1) << CAP_KILL |
					    UINT64_C(1) << CAP_DAC_READ_SEARCH,
				    plan->last_cap);
}

/* Block everything and read SIGCHLD. The command gets its own mask back later. */
static int open_signals(void)
{
	sigset_t all, child;

	(void)sigfillset(&all);			  /* cannot fail */
	(void)sigprocmask(SIG_BLOCK, &all, NULL); /* cannot fail */
	(void)sigemptyset(&child);		  /* cannot fail */
	(void)sigaddset(&child, SIGCHLD);	  /* cannot fail */
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn static void serve(struct init *init)
{
	struct pollfd watch[] = { { .fd = init->sync_fd, .events = POLLIN },
				  { .fd = init->signal_fd, .events = POLLIN } };

	for (;;) {
		if (poll(watch, 2, -1) < 0)
			continue;
		if (watch[1].revents)
			reap(init);
		if (init->ended)
			finish(init);
		if (watch[0].revents)
			abandon(init);
	}
}

void init_run(struct start_plan *plan)
{
	struct init init = { .plan = plan, .sync_fd = plan->their_sync_fd };
	struct sync_message message = { .kind = SYNC_STARTED };
	int pidfd = -1;

	init.signal_fd = open_signals();
	if (init.signal_fd < 0)
		_exit(127);
	init.command = child_start_command(plan, &pidfd);
	if (init.command < 0) {
		message.kind = SYNC_FAILED;
		message.step = -1;
		message.error = errno;
	}
	if (sync_send(init.sync_fd, &message, pidfd) < 0 || init.command < 0)
		_exit(127);
	become_small(&init);
	serve(&init);
}
