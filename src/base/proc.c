// SPDX-License-Identifier: Apache-2.0
/* proc.c - starting helper programs and waiting for processes
 *
 * How it works: vfork-like clone, so the cost does not grow with the caller's memory.
 * The child shares the caller's memory until exec, so the failure of a step is simply
 * written to a variable; the caller sleeps meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strv.h"

int proc_open(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : fd; /* close-on-exec by definition */
}

int proc_kill(int pid_fd, int signal)
{
	return syscall(SYS_pidfd_send_signal, pid_fd, signal, NULL, 0) < 0 ? -errno : 0;
}

int proc_wait(pid_t pid, int *ret_status)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	*ret_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

/* Those from here on mean nothing to a program that was not told to await them. */
#define SIGRTMIN_OF_KERNEL 32

/* A number beyond RLIMIT_NOFILE is EINVAL here, which would say nothing to anybody. */
static int move_up(int fd, int least)
{
	int moved = fcntl(fd, F_DUPFD, least);

	if (moved < 0 && errno == EINVAL)
		errno = EMFILE;
	return moved;
}

/* Move the kept descriptors out of the way first, so that none is overwritten. */
static int place_fds(const struct proc_spawn *how)
{
	int std[3] = { how->stdin_fd, how->stdout_fd, how->stderr_fd };
	int high[PROC_KEEP_MAX];
	int base = 3 + PROC_KEEP_MAX;

	for (size_t i = 0; i < how->n_keep_fds; i++) {
		high[i] = move_up(how->keep_fds[i], base);
		if (high[i] < 0)
			return -1;
	}
	for (int i = 0; i < 3; i++) {
		if (std[i] >= 0 && std[i] <= 2 && std[i] != i) {
			std[i] = move_up(std[i], base);
			if (std[i] < 0)
				return -1;
		}
	}
	for (int i = 0; i < 3; i++)
		if (std[i] >= 0 && std[i] != i && dup2(std[i], i) < 0)
			return -1;
		else if (std[i] == i && fcntl(i, F_SETFD, 0) < 0)
			return -1;
	for (size_t i = 0; i < how->n_keep_fds; i++)
		if (dup2(high[i], 3 + (int)i) < 0)
			return -1;
	return 0;
}

static void close_from(int first)
{
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	for (int fd = first; fd < 1024; fd++) /* before 5.9; our own are close-on-exec */
		(void)close(fd);
}

/* In the child, which shares our memory: system calls only. */
static int become(const struct proc_spawn *how, pid_t parent)
{
	sigset_t none;

	for (int sig = 1; sig < SIGRTMIN_OF_KERNEL; sig++)
		if (signal(sig, SIG_DFL) == SIG_ERR && errno != EINVAL)
			return errno;
	if (how->new_session && setsid() < 0)
		return errno;
	if (how->death_signal && prctl(PR_SET_PDEATHSIG, how->death_signal) < 0)
		return errno;
	if (how->death_signal && getppid() != parent)
		return ESRCH; /* died before it was set */
	if (place_fds(how) < 0)
		return errno;
	close_from(3 + (int)how->n_keep_fds);
	(void)sigemptyset(&none);		     /* cannot fail */
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
	(void)execvpe(how->path, how->args,
		      how->env ? how->env : environ); /* errno tells */
	return errno;
}

int proc_spawn(const struct proc_spawn *how, pid_t *ret_pid)
{
	volatile int failed = 0;
	sigset_t all, old;
	pid_t pid, parent = getpid();

	if (how->n_keep_fds > PROC_KEEP_MAX)
		return refuse(EINVAL, "execute '%s': too many descriptors", how->path);
	(void)sigfillset(&all); /* cannot fail */
	/* No handler of ours may run in the child while it shares our memory. */
	(void)sigprocmask(SIG_BLOCK, &all, &old); /* cannot fail */
	pid = vfork();
	if (pid == 0) {
		failed = become(how, parent);
		_exit(127);
	}
	if (pid > 0 && failed)
		(void)waitpid(pid, NULL, 0);	    /* it is a zombie already */
	(void)sigprocmask(SIG_SETMASK, &old, NULL); /* cannot fail */
	if (pid < 0)
		return fail(errno, "start a process for '%s'", how->path);
	if (failed)
		return fail(failed, "execute '%s'", how->path);
	*ret_pid = pid;
	return 0;
}

int proc_output(const struct proc_spawn *how, size_t limit_bytes, char **ret_output,
		int *ret_status)
{
	struct proc_spawn piped = *how;
	auto_text struct text output = { 0 };
	auto_close int read_fd = -1, write_fd = -1;
	int pipe_fds[2], r;
	char chunk[4096];
	ssize_t n;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return fail(errno, "make a pipe");
	read_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	piped.stdout_fd = piped.stderr_fd = write_fd;
	r = proc_spawn(&piped, &pid);
	if (r < 0)
		return r;
	fd_release(&write_fd);
	write_fd = -1;
	while ((n = read(read_fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && output.len + (size_t)n <= limit_bytes)
			text_add_n(&output, chunk, (size_t)n);
	r = proc_wait(pid, ret_status);
	if (r < 0)
		return fail(-r, "wait for '%s'", how->path);
	*ret_output = text_take(&output);
	return 0;
}
