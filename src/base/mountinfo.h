// SPDX-License-Identifier: Apache-2.0
/* mountinfo.h - the lines of /proc/PID/mountinfo, proc(5) */
#ifndef URUN_BASE_MOUNTINFO_H
#define URUN_BASE_MOUNTINFO_H

#include <stdbool.h>

#define MOUNTINFO_BYTES_MAX (4 << 20) /* 10,000 mounts of 400 bytes */

struct mountinfo {
	const char *point;   /* where it is mounted, as seen from the process's root */
	const char *options; /* "rw,nosuid" */
};

/* The next line of the text *at, which is changed on the way: begin with its start.
 * false: no more. A line that is none has empty fields. */
bool mountinfo_next(char **at, struct mountinfo *ret);

#endif
