// SPDX-License-Identifier: Apache-2.0
/* child.h - everything between clone and exec; private to runtime */
#ifndef URUN_RUNTIME_CHILD_H
#define URUN_RUNTIME_CHILD_H

#include "runtime/start.h"
#include "runtime/sync.h"

/* The life of init: the steps that make the container, the command, the end of both. */
_Noreturn void child_run(struct start_plan *plan);

/* For the sentence about a failed step. */
const struct start_step *child_step(enum sync_stage stage, int step);

/* For init: make the command's process, which runs the second table. Its pid, and a
 * pidfd of it; -1 with errno. */
pid_t child_start_command(struct start_plan *plan, int *ret_pidfd);

/* clone3, or clone where a sandbox does not know it. Used like fork(). */
pid_t child_clone(uint64_t flags, int *ret_pidfd);

/* Close all descriptors from first on, but those in keep (-1: none). */
int child_close_all_but(int first, const int *keep, size_t n_keep);

#endif
