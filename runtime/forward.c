// SPDX-License-Identifier: Apache-2.0
/* forward.c - the supervisor's signals and its place at the terminal
 *
 * How it works: supervisor and command are in one process group, so what the terminal
 * sends (si_code SI_KERNEL) reaches both, and only what somebody sends to the supervisor
 * alone is passed on. The supervisor doesn't stop at Ctrl-Z: the command may handle it.
 * It stops when init says that the command has stopped; SIGCONT is always passed on,
 * since a shell in the container has left our group.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/proc.h"
#include "runtime/forward.h"

void forward_init(struct forward *forward)
{
	*forward = (struct forward){ .signal_fd = -1, .tty_fd = -1 };
}

/* All that can be caught and says nothing about our own mistakes. */
static void fill_set(sigset_t *set)
{
	static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				   SIGTRAP, SIGSYS, SIGCHLD };

	(void)sigfillset(set); /* cannot fail */
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		(void)sigdelset(set, own[i]); /* cannot fail */
}

int forward_begin(struct forward *forward)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t set;

	fill_set(&set);
	/* With SIGCHLD ignored, as it may be inherited, no child could be waited for. */
	if (sigaction(SIGCHLD, &plain, &forward->caller_child) < 0 ||
	    sigprocmask(SIG_BLOCK, &set, &forward->caller_mask) < 0)
		return fail(errno, "block signals");
	forward->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (forward->signal_fd < 0)
		return fail(errno, "read signals");
	forward->tty_fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	forward->was_foreground = forward->tty_fd >= 0 &&
				  tcgetpgrp(forward->tty_fd) == getpgrp();
	return 0;
}

/* A shell inside made its own group the terminal's and is gone: ours again. */
static void take_terminal_back(const struct forward *forward)
{
	pid_t group;

	if (!forward->was_foreground)
		return;
	group = tcgetpgrp(forward->tty_fd);
	if (group < 0 || group == getpgrp())
		return;
	if (group > 0 && (kill(-group, 0) == 0 || errno == EPERM))
		return;				     /* somebody else's by now */
	(void)tcsetpgrp(forward->tty_fd, getpgrp()); /* SIGTTOU is blocked; a lost
						      * terminal needs nothing */
}

void forward_end(struct forward *forward)
{
	struct signalfd_siginfo info;

	if (forward->signal_fd < 0)
		return;
	take_terminal_back(forward);
	while (forward_read(forward, &info))
		; /* what came too late must not kill us when it is let through */
	fd_release(&forward->signal_fd);
	fd_release(&forward->tty_fd);
	(void)sigaction(SIGCHLD, &forward->caller_child,
			NULL); /* as it was: cannot fail */
	(void)sigprocmask(SIG_SETMASK, &forward->caller_mask, NULL); /* cannot fail */
	forward_init(forward);
}

bool forward_read(const struct forward *forward, struct signalfd_siginfo *ret)
{
	return read(forward->signal_fd, ret, sizeof(*ret)) == sizeof(*ret);
}

bool forward_is_interrupt(const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;

	return signal == SIGINT || signal == SIGTERM || signal == SIGHUP ||
	       signal == SIGQUIT;
}

static bool is_from_terminal(const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL;
}

void forward_pass(const struct signalfd_siginfo *info, int command_pidfd,
		  bool own_session)
{
	int signal = (int)info->ssi_signo;

	if (is_from_terminal(info) && !own_session && signal != SIGCONT)
		return;
	/* In a session without a terminal the kernel ignores the softer ones. */
	if (own_session && (signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU))
		signal = SIGSTOP;
	(void)proc_kill(command_pidfd, signal); /* it may just have ended */
}

void forward_stop(int signal)
{
	sigset_t one;

	(void)sigemptyset(&one);       /* cannot fail */
	(void)sigaddset(&one, signal); /* cannot fail */
	/* The same signal, so that the shell says the same; and like the command we don't
	 * stop where the kernel finds nobody to continue us. */
	(void)kill(getpid(), signal);		    /* ourselves: cannot fail */
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL); /* cannot fail */
	(void)sigprocmask(SIG_BLOCK, &one, NULL);   /* cannot fail */
}
