// SPDX-License-Identifier: Apache-2.0
/* sandbox.c - tries facts about the kernel in processes and namespaces of their own */
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/platform/sandbox.h"

/* A hang is an answer, too; emulated machines are 30 times slower than ours. */
#define HANG_S 20

void sandbox_complain(const char *what, int err, const char *file, int line)
{
	printf("# %s:%d: %s: %s\n", file, line, what, strerror(err));
	(void)fflush(stdout); /* the harness notices what is missing */
}

void sandbox_saw(const char *format, ...)
{
	va_list ap;

	printf("# this kernel: ");
	va_start(ap, format);
	(void)vprintf(format, ap); /* the harness notices what is missing */
	va_end(ap);
	printf("\n");
	(void)fflush(stdout); /* see above */
}

bool sandbox_write(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

bool sandbox_wait(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

bool holds_in_child(bool (*fact)(void))
{
	pid_t pid;

	(void)fflush(stdout); /* else the child prints it again */
	pid = fork();
	if (pid == 0) {
		(void)alarm(HANG_S); /* cannot fail */
		_exit(fact() ? 0 : 1);
	}
	return sandbox_wait(pid);
}

bool sandbox_enter(int others, uid_t inside_uid, gid_t inside_gid)
{
	char uid_map[64], gid_map[64];

	(void)snprintf(uid_map, sizeof(uid_map), "%u %u 1", inside_uid, geteuid());
	(void)snprintf(gid_map, sizeof(gid_map), "%u %u 1", inside_gid, getegid());
	must(unshare(CLONE_NEWUSER | others) == 0);
	must(sandbox_write("/proc/self/setgroups", "deny"));
	must(sandbox_write("/proc/self/uid_map", uid_map));
	must(sandbox_write("/proc/self/gid_map", gid_map));
	return true;
}

static int entered_others;
static bool (*entered_fact)(void);

static bool enter_and_try(void)
{
	must(sandbox_enter(entered_others, 0, 0));
	if (entered_others & CLONE_NEWNS) {
		must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0);
		must(mount("tmpfs", "/tmp", "tmpfs", 0, NULL) == 0);
	}
	if (entered_others & CLONE_NEWPID)
		return holds_in_child(entered_fact);
	return entered_fact();
}

bool holds_in_namespaces(int others, bool (*fact)(void))
{
	entered_others = others;
	entered_fact = fact;
	return holds_in_child(enter_and_try);
}
