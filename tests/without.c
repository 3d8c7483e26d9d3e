// SPDX-License-Identifier: Apache-2.0
/* without.c - run a command where a system call does not exist
 *
 * Usage: without SYSCALL[,SYSCALL]... COMMAND [ARG]...
 * Each answers ENOSYS, as on an older kernel, for the command and all it starts. As root
 * setuid programs keep working below it; others get no_new_privs. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int forbid(scmp_filter_ctx filter, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR) {
		fprintf(stderr, "without: no system call '%s'\n", name);
		return -EINVAL;
	}
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
}

static int forbid_all(char *names)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = filter ? 0 : -ENOMEM;

	for (char *name = strtok(names, ","); r == 0 && name; name = strtok(NULL, ","))
		r = forbid(filter, name);
	if (r == 0 && geteuid() == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

int main(int argc, char **argv)
{
	int r;

	if (argc < 3) {
		fprintf(stderr, "usage: without SYSCALL[,SYSCALL]... COMMAND [ARG]...\n");
		return 125;
	}
	r = forbid_all(argv[1]);
	if (r < 0) {
		fprintf(stderr, "without: install the filter: %s\n", strerror(-r));
		return 125;
	}
	(void)execvp(argv[2], argv + 2); /* the next line tells */
	fprintf(stderr, "without: execute '%s': %s\n", argv[2], strerror(errno));
	return 127;
}
