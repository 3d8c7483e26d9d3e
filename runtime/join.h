// SPDX-License-Identifier: Apache-2.0
/* join.h - starting init in namespaces of others; private to runtime */
#ifndef URUN_RUNTIME_JOIN_H
#define URUN_RUNTIME_JOIN_H

#include <sys/types.h>

struct start_plan;

/* As child_clone() with the plan's flags, but the child stands in the namespaces that the
 * plan joins. -errno with a sentence. runtime-spec: "namespaces", "path". */
pid_t join_clone(const struct start_plan *plan, int *ret_pidfd);

#endif
