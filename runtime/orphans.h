// SPDX-License-Identifier: Apache-2.0
/* orphans.h - what a dead init left, where PIDs are shared; private to runtime
 *
 * The supervisor is a subreaper: the children of its dead children become its own. */
#ifndef URUN_RUNTIME_ORPHANS_H
#define URUN_RUNTIME_ORPHANS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct orphans {
	bool is_active;
	pid_t *others; /* children from before: servers, not ours to end */
	size_t n_others;
};

void orphans_begin(struct orphans *orphans);

/* Kill and reap all children that came since. Frees what it holds. */
void orphans_end(struct orphans *orphans);

#endif
