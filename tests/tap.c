// SPDX-License-Identifier: Apache-2.0
/* tap.c - tests that print the Test Anything Protocol */
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/tap.h"

static int count, failures;
static bool running_failed;
static const char *skip_reason;

void tap_run(const char *name, void (*function)(void))
{
	running_failed = false;
	skip_reason = NULL;
	function();
	count++;
	failures += running_failed;
	printf("%sok %d - %s", running_failed ? "not " : "", count, name);
	if (skip_reason && !running_failed)
		printf(" # SKIP needs %s", skip_reason);
	printf("\n");
	(void)fflush(stdout); /* the harness notices what is missing */
}

int tap_end(void)
{
	printf("1..%d\n", count);
	return failures ? 1 : 0;
}

bool tap_check(bool good, const char *what, const char *file, int line)
{
	if (!good) {
		printf("# %s:%d: %s\n", file, line, what);
		running_failed = true;
	}
	return good;
}

bool tap_text(const char *got, const char *want, const char *what, const char *file,
	      int line)
{
	bool same = got && want ? strcmp(got, want) == 0 : got == want;

	tap_check(same, what, file, line);
	if (!same)
		printf("#   got:  %s\n#   want: %s\n", got ? got : "(null)",
		       want ? want : "(null)");
	return same;
}

/* Does function succeed in a child of its own? */
static bool child_can(bool (*function)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(function() ? 0 : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool can_userns(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool can_fuse(void)
{
	auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	return fd >= 0;
}

static bool can_overlay(void)
{
	auto_close int fd = open("/proc/filesystems", O_RDONLY | O_CLOEXEC);
	char text[8192];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return strstr(text, "overlay") != NULL;
}

static bool can_subid(void)
{
	return system("newuidmap 2>/dev/null; test $? -ne 127 && "
		      "grep -q \"^$(id -un):\" /etc/subuid") == 0;
}

static bool not_root(void)
{
	return geteuid() != 0;
}

static bool is_root(void)
{
	return geteuid() == 0;
}

static bool can_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static const struct {
	enum need need;
	const char *name;
	bool (*has)(void);
	bool by_user; /* never a failure: depends on who runs the test */
} need_table[] = {
	{ NEED_USERNS, "userns", can_userns, false },
	{ NEED_FUSE, "fuse", can_fuse, false },
	{ NEED_OVERLAY, "overlay", can_overlay, false },
	{ NEED_SUBID, "subid", can_subid, true },
	{ NEED_NOT_ROOT, "an unprivileged user", not_root, true },
	{ NEED_ROOT, "root", is_root, true },
	{ NEED_LANDLOCK, "landlock", can_landlock, false },
};

bool tap_has_needs(unsigned int set)
{
	const char *require = getenv("URUN_TEST_REQUIRE");

	for (size_t i = 0; i < sizeof(need_table) / sizeof(need_table[0]); i++) {
		if (!(set & need_table[i].need) || child_can(need_table[i].has))
			continue;
		if (require && strcmp(require, "all") == 0 && !need_table[i].by_user)
			tap_check(false, need_table[i].name, "needs", 0);
		skip_reason = need_table[i].name;
		return false;
	}
	return true;
}
