// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strv.h"
#include "tests/tap.h"

static struct proc_spawn shell(const char **args, const char *command)
{
	args[0] = "sh";
	args[1] = "-c";
	args[2] = command;
	args[3] = NULL;
	return (struct proc_spawn){ .path = "/bin/sh",
				    .args = (char *const *)args,
				    .stdin_fd = -1,
				    .stdout_fd = -1,
				    .stderr_fd = -1 };
}

static int status_of(const char *command)
{
	const char *args[4];
	struct proc_spawn how = shell(args, command);
	int status = -1;
	pid_t pid;

	if (proc_spawn(&how, &pid) < 0 || proc_wait(pid, &status) < 0)
		return -1;
	return status;
}

static void statuses_are_the_shells(void)
{
	ok(status_of("exit 0") == 0);
	ok(status_of("exit 3") == 3);
	ok(status_of("kill -TERM $$") == 128 + SIGTERM);
}

static char *output_of(struct proc_spawn *how, size_t limit)
{
	char *output = NULL;
	int status;

	return proc_output(how, limit, &output, &status) < 0 ? NULL : output;
}

static void output_and_errors_come_together(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "echo out; echo err >&2; exit 5");
	auto_free char *output = NULL;
	int status;

	ok(proc_output(&how, 100, &output, &status) == 0 && status == 5);
	ok_text(output, "out\nerr\n");
}

static void too_much_output_is_thrown_away(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "head -c 1000000 /dev/zero | tr '\\0' x");
	auto_free char *output = output_of(&how, 100000);

	ok(output && strlen(output) <= 100000);
}

static void failures_of_exec_are_told_here(void)
{
	const char *args[] = { "x", NULL };
	struct proc_spawn how = { .path = "/no/such/program",
				  .args = (char *const *)args,
				  .stdin_fd = -1,
				  .stdout_fd = -1,
				  .stderr_fd = -1 };
	pid_t pid = 7;

	ok(proc_spawn(&how, &pid) == -ENOENT && pid == 7);
	ok_text(last_error.text, "execute '/no/such/program': No such file or directory");
	how.path = "/etc/passwd";
	ok(proc_spawn(&how, &pid) == -EACCES);
	ok(setenv("PATH", "/usr/bin:/bin", 1) == 0); /* all of it readable */
	how.path = "no-such-program-in-path";
	ok(proc_spawn(&how, &pid) == -ENOENT);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static void only_kept_descriptors_are_passed(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "cat <&3; cat <&4; ls /proc/self/fd | wc -l");
	auto_close int stray_fd = dup(STDIN_FILENO);
	int one[2], two[2], keep[2];
	auto_free char *output = NULL;

	ok(stray_fd >= 0 && pipe(one) == 0 && pipe(two) == 0);
	ok(fd_write_all(one[1], "one\n", 4) == 0 &&
	   fd_write_all(two[1], "two\n", 4) == 0);
	(void)close(one[1]); /* the end for cat */
	(void)close(two[1]); /* the end for cat */
	keep[0] = two[0];
	keep[1] = one[0];
	how.keep_fds = keep;
	how.n_keep_fds = 2;
	output = output_of(&how, 100);
	ok_text(output, "two\none\n6\n"); /* 0 to 4, and the folder itself */
	(void)close(one[0]);		  /* the child's copy was read */
	(void)close(two[0]);		  /* the child's copy was read */
}

static void kept_descriptors_may_stand_in_each_others_way(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "cat <&3; cat <&4");
	int pipe_fds[2], three, four, keep[2];
	auto_free char *output = NULL;

	ok(pipe(pipe_fds) == 0 && fd_write_all(pipe_fds[1], "x\n", 2) == 0);
	(void)close(pipe_fds[1]); /* the end for cat */
	three = fcntl(pipe_fds[0], F_DUPFD_CLOEXEC, 4);
	four = open("/dev/null", O_RDONLY | O_CLOEXEC);
	keep[0] = three;
	keep[1] = four;
	how.keep_fds = keep;
	how.n_keep_fds = 2;
	output = output_of(&how, 100);
	ok_text(output, "x\n");
	(void)close(pipe_fds[0]); /* read */
	(void)close(three);	  /* read */
	(void)close(four);	  /* read */
	how.n_keep_fds = PROC_KEEP_MAX + 1;
	ok(output_of(&how, 100) == NULL);
}

static void standard_streams_can_be_given(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "read line; echo \"got $line\"");
	int in[2];
	auto_free char *output = NULL;

	ok(pipe2(in, O_CLOEXEC) == 0 && fd_write_all(in[1], "hello\n", 6) == 0);
	how.stdin_fd = in[0];
	output = output_of(&how, 100);
	ok_text(output, "got hello\n");
	(void)close(in[0]); /* read */
	(void)close(in[1]); /* written */
}

static void environment_can_be_given(void)
{
	static char *const env[] = { (char *)"A=1", NULL };
	const char *args[4];
	struct proc_spawn how = shell(args, "echo \"$A-$HOME\"");
	auto_free char *output = NULL;

	how.env = env;
	output = output_of(&how, 100);
	ok_text(output, "1-\n");
}

/* But for 32 and 33, which libc keeps to itself and lets no one change. */
static void signals_begin_as_they_should(void)
{
	static const unsigned long long libcs = 3ULL << 31;
	const char *args[4];
	struct proc_spawn how = shell(args, "grep -E '^Sig(Blk|Ign)' /proc/self/status");
	unsigned long long is_blocked = 7, is_ignored = 7;
	sigset_t blocked, old;
	auto_free char *output = NULL;

	(void)sigemptyset(&blocked);		      /* cannot fail */
	(void)sigaddset(&blocked, SIGUSR1);	      /* cannot fail */
	(void)sigprocmask(SIG_BLOCK, &blocked, &old); /* cannot fail */
	(void)signal(SIGPIPE, SIG_IGN);		      /* cannot fail */
	output = output_of(&how, 100);
	(void)signal(SIGPIPE, SIG_DFL);		    /* cannot fail */
	(void)sigprocmask(SIG_SETMASK, &old, NULL); /* cannot fail */
	ok(output &&
	   sscanf(output, "SigBlk: %llx SigIgn: %llx", &is_blocked, &is_ignored) == 2);
	ok((is_blocked & ~libcs) == 0);
	ok((is_ignored & ~libcs) == 0);
}

static void a_session_of_its_own(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "cut -d' ' -f6 /proc/$$/stat; echo $$");
	auto_text struct text twice = { 0 };
	auto_free char *output = NULL;
	int session;

	how.new_session = true;
	output = output_of(&how, 100);
	ok(output && sscanf(output, "%d", &session) == 1);
	text_addf(&twice, "%d\n%d\n", session, session);
	ok_text(output, text_get(&twice));
}

static void processes_are_reached_by_descriptor(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "exec sleep 1000");
	int status = 0, fd;
	struct pollfd gone;
	pid_t pid;

	ok(proc_spawn(&how, &pid) == 0);
	fd = proc_open(pid);
	ok(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	ok(proc_kill(fd, 0) == 0);
	ok(proc_kill(fd, SIGTERM) == 0);
	gone = (struct pollfd){ fd, POLLIN, 0 };
	ok(poll(&gone, 1, -1) == 1);
	ok(proc_wait(pid, &status) == 0 && status == 128 + SIGTERM);
	ok(proc_kill(fd, SIGTERM) == -ESRCH);
	ok(proc_open(pid) == -ESRCH);
	ok(proc_wait(pid, &status) == -ECHILD);
	(void)close(fd); /* done */
}

/* A child starts a helper that would sleep, and dies; we get the orphan and reap it. */
static void helpers_die_with_their_caller(void)
{
	const char *args[4];
	struct proc_spawn how = shell(args, "exec sleep 1000");
	int status;
	pid_t pid, helper = 0;

	how.death_signal = SIGKILL;
	ok(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	pid = fork();
	if (pid == 0)
		_exit(proc_spawn(&how, &helper) < 0);
	ok(waitpid(pid, &status, 0) == pid && status == 0);
	ok(wait(&status) > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ok(prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

int main(void)
{
	RUN(statuses_are_the_shells);
	RUN(output_and_errors_come_together);
	RUN(too_much_output_is_thrown_away);
	RUN(failures_of_exec_are_told_here);
	RUN(only_kept_descriptors_are_passed);
	RUN(kept_descriptors_may_stand_in_each_others_way);
	RUN(standard_streams_can_be_given);
	RUN(environment_can_be_given);
	RUN(signals_begin_as_they_should);
	RUN(a_session_of_its_own);
	RUN(processes_are_reached_by_descriptor);
	RUN(helpers_die_with_their_caller);
	return tap_end();
}
