// SPDX-License-Identifier: Apache-2.0
/* proc.h - starting helper programs and waiting for processes by pidfd */
#ifndef URUN_BASE_PROC_H
#define URUN_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A descriptor of a child or any other process, for poll() and proc_kill().
 * -errno without a sentence; -ESRCH: gone. */
int proc_open(pid_t pid);
int proc_kill(int pid_fd, int signal); /* 0 or -errno */

/* Wait for a child and reap it. ret_status is the shell's view: the exit status, or
 * 128 + signal. 0 or -errno. */
int proc_wait(pid_t pid, int *ret_status);

struct proc_spawn {
	const char *path;    /* looked up in PATH when without a slash */
	char *const *args;   /* args[0] included, NULL at the end */
	char *const *env;    /* NULL: the caller's */
	const int *keep_fds; /* become 3, 4, ... in the child, in this order */
	size_t n_keep_fds;
	int stdin_fd, stdout_fd, stderr_fd; /* -1: the caller's own */
	bool new_session; /* setsid: the terminal's signals don't reach it */
	int death_signal; /* sent to it when the caller dies; 0: none */
};

#define PROC_KEEP_MAX 8 /* no helper of ours takes more */

/* Start a program; all descriptors but 0 to 2 and keep_fds are closed in it, signals
 * are unblocked and default. The failure of exec is reported here, not by the child:
 * "execute 'newuidmap': No such file or directory". */
int proc_spawn(const struct proc_spawn *how, pid_t *ret_pid);

/* Run to the end and give back what it wrote to standard output and error together,
 * at most limit_bytes (the rest is thrown away). The caller frees. */
int proc_output(const struct proc_spawn *how, size_t limit_bytes, char **ret_output,
		int *ret_status);

#endif
