// SPDX-License-Identifier: Apache-2.0
/* seccomp_block.h - what a profile answers to each number of one architecture; private
 * to runtime */
#ifndef URUN_RUNTIME_SECCOMP_BLOCK_H
#define URUN_RUNTIME_SECCOMP_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/seccomp.h"

/* One name of one rule. */
struct call {
	uint32_t number;
	size_t order; /* of the rule in the profile */
	const struct seccomp_rule *rule;
	int mux_call; /* > 0: only with this first argument */
};

/* Numbers from first up to the next segment's. */
struct segment {
	uint32_t first;
	uint32_t value;		  /* the answer when no call's rule matches */
	const struct call *calls; /* whose arguments are looked at; NULL: none */
	size_t n_calls;
};

struct block {
	uint32_t audit_arch;
	bool is_wide; /* arguments have 64 bits */
	bool has_x32;
	uint32_t default_value;
	struct call *calls; /* by number, then order */
	size_t n_calls;
	struct segment *segments;
	size_t n_segments;
};

/* Add the calls of one of the architecture's ABIs. */
void block_add_abi(struct block *block, uint32_t abi, const struct seccomp *profile);

/* When all are there: calls to segments. */
void block_make_segments(struct block *block);
void block_done(struct block *block);

uint32_t seccomp_rule_value(const struct seccomp_rule *rule); /* SECCOMP_RET_* */
uint32_t seccomp_default_value(const struct seccomp *profile);

#endif
