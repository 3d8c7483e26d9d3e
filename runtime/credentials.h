// SPDX-License-Identifier: Apache-2.0
/* credentials.h - who the command is and what it may do; private to runtime
 *
 * Steps of the child, in this order: 0, or -1 with errno. Nothing is allocated. */
#ifndef URUN_RUNTIME_CREDENTIALS_H
#define URUN_RUNTIME_CREDENTIALS_H

#include <stdint.h>

struct start_plan;

int credentials_drop_bounding(struct start_plan *plan);
int credentials_set_groups(struct start_plan *plan);
int credentials_set_ids(struct start_plan *plan); /* keeps the capabilities */
int credentials_set_caps(struct start_plan *plan);

/* Init's own: all sets become keep, a subset of what it has. */
int credentials_keep_only(uint64_t keep, int last_cap);

#endif
