// SPDX-License-Identifier: Apache-2.0
/* tap.h - tests that print the Test Anything Protocol
 *
 * A test program is named functions, run one after the other:
 *
 *	int main(void)
 *	{
 *		RUN(splits_at_separators);
 *		return tap_end();
 *	}
 */
#ifndef URUN_TESTS_TAP_H
#define URUN_TESTS_TAP_H

#include <stdbool.h>

/* What a test needs of the machine. A missing need skips the test with the reason;
 * with URUN_TEST_REQUIRE=all it fails. */
enum need {
	NEED_USERNS = 1 << 0,  /* unprivileged user namespaces */
	NEED_FUSE = 1 << 1,    /* /dev/fuse can be opened */
	NEED_OVERLAY = 1 << 2, /* overlayfs in a user namespace */
	NEED_SUBID = 1 << 3,   /* newuidmap and ranges for this user */
	NEED_NOT_ROOT = 1 << 4,
	NEED_ROOT = 1 << 5,
	NEED_LANDLOCK = 1 << 6,
};

#define RUN(function) tap_run(#function, function)
void tap_run(const char *name, void (*function)(void));
int tap_end(void); /* prints the plan; the exit status of main */

/* ok(x): a false x fails the running test and names the line; it goes on. */
#define ok(condition) tap_check((condition), #condition, __FILE__, __LINE__)
bool tap_check(bool good, const char *what, const char *file, int line);

/* Compare texts (NULL equals NULL only) and show both when they differ. */
#define ok_text(got, want) tap_text((got), (want), #got, __FILE__, __LINE__)
bool tap_text(const char *got, const char *want, const char *what, const char *file,
	      int line);

/* At the start of a test: return from it when something is missing. */
#define needs(set)                       \
	do {                             \
		if (!tap_has_needs(set)) \
			return;          \
	} while (0)
bool tap_has_needs(unsigned int set);

#endif
