// SPDX-License-Identifier: Apache-2.0
/* What the caller is told when a part of a running container dies. That nothing is left
 * is for tests/run/kill.sh. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "tests/runtime/box.h"
#include "tests/tap.h"

/* A fifo in the root: the command opens it when it runs. */
static const char *started(void)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/started", box_root());
	(void)mkfifo(path, 0600); /* there from the test before */
	return path;
}

static void await_start(void)
{
	auto_close int fd = open(started(), O_RDONLY | O_CLOEXEC);
	char byte;

	(void)read(fd, &byte, 1); /* its end of file is the word */
}

/* Our child that is called urun-init. */
static pid_t find_init(pid_t supervisor)
{
	char path[64], list[256] = "", comm[32];
	auto_close int fd = -1;
	char *at = list;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)supervisor,
		       (int)supervisor);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)fd_read_at(fd, list, sizeof(list) - 1, 0); /* an empty list finds none */
	while ((pid = strtol(at, &at, 10)) > 0) {
		auto_close int comm_fd = -1;

		(void)snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
		comm_fd = open(path, O_RDONLY | O_CLOEXEC);
		memset(comm, 0, sizeof(comm));
		(void)fd_read_at(comm_fd, comm, sizeof(comm) - 1, 0); /* as above */
		if (strcmp(comm, "urun-init\n") == 0)
			return (pid_t)pid;
	}
	return -1;
}

/* A process that kills victim (0: init) once the command runs. */
static pid_t start_killer(pid_t victim, int signal)
{
	pid_t supervisor = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	await_start();
	_exit(kill(victim ? victim : find_init(supervisor), signal) < 0);
}

static struct spec *waiting_spec(void)
{
	return box_spec("echo >/started; exec sleep 1000");
}

static void end(pid_t pid)
{
	(void)waitpid(pid, NULL, 0); /* nothing to learn from it */
}

static void says_that_the_image_server_ended(void)
{
	struct box_result result;
	pid_t server, killer;

	needs(NEED_USERNS);
	(void)started(); /* made before the two processes need it */
	server = fork();
	if (server == 0)
		for (;;)
			pause();
	killer = start_killer(server, SIGKILL);
	box_io.image_pid = server;
	result = box_run(waiting_spec());
	box_io.image_pid = 0;
	ok(result.error == -EIO);
	ok_text(last_error.text, "the image server ended before the container");
	box_result_done(&result);
	end(killer);
	end(server);
}

static void says_that_init_was_killed(void)
{
	struct box_result result;
	pid_t killer;

	needs(NEED_USERNS);
	(void)started(); /* made before the killer needs it */
	killer = start_killer(0, SIGKILL);
	result = box_run(waiting_spec());
	ok(result.error == -ECHILD);
	ok_text(last_error.text, "the container's init was killed");
	box_result_done(&result);
	end(killer);
}

static void passes_a_signal_on(void)
{
	struct box_result result;
	pid_t killer;

	needs(NEED_USERNS);
	(void)started(); /* made before the killer needs it */
	killer = start_killer(getpid(), SIGUSR1);
	result = box_run(
		box_spec("trap 'exit 7' USR1; echo >/started; while :; do sleep 1; "
			 "done"));
	ok(result.error == 0);
	ok(result.status == 7);
	box_result_done(&result);
	end(killer);
}

static void gives_signals_back(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN }, now;
	struct spec *spec = box_spec("");
	struct box_result result;
	sigset_t mask;

	needs(NEED_USERNS);
	ok(sigaction(SIGCHLD, &action, NULL) == 0);
	strv_done(&spec->process.args);
	strv_split(&spec->process.args, "grep SigIgn /proc/self/status", " ");
	result = box_run(spec);
	ok(result.status == 0);
	ok(strtoull(result.output + strcspn(result.output, "0"), NULL, 16) &
	   1U << (SIGCHLD - 1));
	ok(sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN);
	action.sa_handler = SIG_DFL;
	ok(sigaction(SIGCHLD, &action, NULL) == 0);
	ok(sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && !sigismember(&mask, SIGTERM));
	box_result_done(&result);
}

int main(void)
{
	if (!box_root()) {
		printf("1..0 # SKIP needs a static busybox\n");
		return 0;
	}
	RUN(says_that_the_image_server_ended);
	RUN(says_that_init_was_killed);
	RUN(passes_a_signal_on);
	RUN(gives_signals_back);
	box_end();
	return tap_end();
}
