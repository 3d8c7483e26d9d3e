// SPDX-License-Identifier: Apache-2.0
/* exec.h - the last step: executing the command; private to runtime */
#ifndef URUN_RUNTIME_EXEC_H
#define URUN_RUNTIME_EXEC_H

#include "base/strv.h"

struct start_plan;
struct sync_message;

/* Where args[0] may be: itself when it has a slash, else below each folder of env's
 * PATH. As execvpe(3), but the container's PATH counts. */
void exec_candidates(const char *command, const struct strv *env, struct strv *ret);

/* A step of the child: returns only on failure, -1 with errno and now.detail. */
int exec_command(struct start_plan *plan);

/* The sentence for that failure, and the status to exit with: 126 or 127. Returns
 * -errno. */
int exec_explain(const struct start_plan *plan, const struct sync_message *message,
		 int *ret_status);

#endif
