// SPDX-License-Identifier: Apache-2.0
/* forward.h - the supervisor's signals and its place at the terminal; private */
#ifndef URUN_RUNTIME_FORWARD_H
#define URUN_RUNTIME_FORWARD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>

struct forward {
	int signal_fd; /* -1: not begun */
	sigset_t caller_mask;
	struct sigaction caller_child;
	int tty_fd; /* the caller's terminal; -1: none */
	bool was_foreground;
};

void forward_init(struct forward *forward);

/* From now on signals are read, not delivered. */
int forward_begin(struct forward *forward);

/* Give signals and terminal back as they were found. */
void forward_end(struct forward *forward);

/* The next signal that came. False: none. */
bool forward_read(const struct forward *forward, struct signalfd_siginfo *ret);

/* Does this signal mean that a start should be given up? */
bool forward_is_interrupt(const struct signalfd_siginfo *info);

/* Pass a signal on to the command. own_session: the terminal's signals don't reach the
 * command by themselves. */
void forward_pass(const struct signalfd_siginfo *info, int command_pidfd,
		  bool own_session);

/* Stop as the command did, until somebody continues us. */
void forward_stop(int signal);

#endif
