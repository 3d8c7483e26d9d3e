// SPDX-License-Identifier: Apache-2.0
/* sandbox.h - tries facts about the kernel in processes and namespaces of their own
 *
 * A fact is a function that returns whether it holds; its steps are must() lines. */
#ifndef URUN_TESTS_PLATFORM_SANDBOX_H
#define URUN_TESTS_PLATFORM_SANDBOX_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

/* In a fact: go on only if x is true; else show it with errno and the line. */
#define must(x)                                                          \
	do {                                                             \
		if (!(x)) {                                              \
			sandbox_complain(#x, errno, __FILE__, __LINE__); \
			return false;                                    \
		}                                                        \
	} while (0)

/* The same for a call that has to fail with this errno. */
#define must_fail(call, wanted) must((call) < 0 && errno == (wanted))

void sandbox_complain(const char *what, int err, const char *file, int line);

/* Say which of several behaviours this kernel shows: a line "# ...". */
void sandbox_saw(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Does fact hold in a child process? Its crash or a hang of 20 s means no. */
bool holds_in_child(bool (*fact)(void));

/* The same in a user namespace with us as root and these others (CLONE_NEW*). With
 * CLONE_NEWPID fact runs as PID 1. With CLONE_NEWNS, mounts are slaves and /tmp is an
 * empty tmpfs. */
bool holds_in_namespaces(int others, bool (*fact)(void));

/* Enter a user namespace: our ids become inside, and nobody else's are mapped. */
bool sandbox_enter(int others, uid_t inside_uid, gid_t inside_gid);

/* Does the child end by itself with status 0? */
bool sandbox_wait(pid_t pid);

bool sandbox_write(const char *path, const char *text);

#endif
