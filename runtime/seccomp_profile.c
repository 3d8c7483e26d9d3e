// SPDX-License-Identifier: Apache-2.0
/* seccomp_profile.c - profiles of system calls, in memory and as JSON */
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

struct seccomp_rule *seccomp_add_rule(struct seccomp *profile)
{
	size_t n = profile->n_rules;

	profile->rules = mem_room(profile->rules, n, sizeof(*profile->rules));
	profile->rules[n].action = ACT_ALLOW;
	profile->n_rules++;
	return &profile->rules[n];
}

void seccomp_free(struct seccomp *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->n_rules; i++)
		strv_done(&profile->rules[i].names);
	free(profile->rules);
	strv_done(&profile->architectures);
	strv_done(&profile->flags);
	free(profile->listener_path);
	free(profile->listener_metadata);
	free(profile);
}
