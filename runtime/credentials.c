// SPDX-License-Identifier: Apache-2.0
/* credentials.c - ids, groups and capabilities of the command; capabilities(7) */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/credentials.h"
#include "runtime/start.h"

static uint64_t wanted(const struct start_plan *plan, enum cap_set set)
{
	const struct spec_process *process = &plan->spec->process;

	return process->has_caps ? process->caps[set] : 0;
}

static int drop_all_but(uint64_t keep, int last_cap)
{
	for (int cap = 0; cap <= last_cap; cap++) {
		if (keep & (UINT64_C(1) << cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		/* Without CAP_SETPCAP; then there is nothing that could be regained, if
		 * no_new_privs is set. A cap that is gone already is no failure. */
		if (errno != EPERM || prctl(PR_CAPBSET_READ, cap, 0, 0, 0) > 0)
			return -1;
	}
	return 0;
}

int credentials_drop_bounding(struct start_plan *plan)
{
	int r = drop_all_but(wanted(plan, CAPS_BOUNDING), plan->last_cap);

	return r < 0 && errno == EPERM && plan->spec->process.no_new_privs ? 0 : r;
}

/* setgroups and its like by system call: libc's would want all threads to follow. */
int credentials_set_groups(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	if (process->keep_groups || plan->ids.groups_denied)
		return 0;
	if (syscall(SYS_setgroups, process->n_groups, process->groups) == 0)
		return 0;
	/* Nothing to set and nothing allowed (a user namespace made by others). */
	return errno == EPERM && !process->n_groups ? 0 : -1;
}

int credentials_set_ids(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	/* Leaving uid 0 would clear the sets that are made below. */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -1;
	if (syscall(SYS_setresgid, process->gid, process->gid, process->gid) < 0)
		return -1;
	return (int)syscall(SYS_setresuid, process->uid, process->uid, process->uid);
}

static int set_caps(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = (uint32_t)(effective >> (32 * i));
		data[i].permitted = (uint32_t)(permitted >> (32 * i));
		data[i].inheritable = (uint32_t)(inheritable >> (32 * i));
	}
	return (int)syscall(SYS_capset, &header, data);
}

/* What this process has: a spec that asks for more gets less, as no_new_privs would. */
static uint64_t present_caps(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = { { 0 } };

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

int credentials_set_caps(struct start_plan *plan)
{
	uint64_t have = present_caps();
	uint64_t ambient = wanted(plan, CAPS_AMBIENT) & have;
	uint64_t permitted = wanted(plan, CAPS_PERMITTED) & have;
	uint64_t inheritable = wanted(plan, CAPS_INHERITABLE) & have;

	if (set_caps(wanted(plan, CAPS_EFFECTIVE) & permitted, permitted, inheritable) <
	    0)
		return -1;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 &&
	    errno != EINVAL)
		return -1;
	for (int cap = 0; cap <= plan->last_cap; cap++) {
		if (!(ambient & permitted & inheritable & (UINT64_C(1) << cap)))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return -1;
	}
	return 0;
}

int credentials_keep_only(uint64_t keep, int last_cap)
{
	uint64_t have = present_caps();

	if (drop_all_but(keep, last_cap) < 0 && errno != EPERM)
		return -1;
	return set_caps(keep & have, keep & have, 0);
}
