// SPDX-License-Identifier: Apache-2.0
/* init.h - the life of init after the container is made; private to runtime */
#ifndef URUN_RUNTIME_INIT_H
#define URUN_RUNTIME_INIT_H

struct start_plan;

/* Start the command, reap whatever ends, tell the supervisor when the command stops or
 * ends, then end everything. */
_Noreturn void init_run(struct start_plan *plan);

#endif
