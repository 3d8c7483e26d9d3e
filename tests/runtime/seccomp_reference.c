// SPDX-License-Identifier: Apache-2.0
/* seccomp_reference.c - libseccomp's filter of a profile, to compare ours with */
#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/mem.h"
#include "tests/runtime/seccomp_reference.h"

static uint32_t value_of(enum seccomp_action action, bool has_errno, uint32_t number)
{
	switch (action) {
	case ACT_ERRNO:
		return SCMP_ACT_ERRNO(has_errno ? number : EPERM);
	case ACT_TRACE:
		return SCMP_ACT_TRACE(has_errno ? number : EPERM);
	case ACT_KILL_PROCESS:
		return SCMP_ACT_KILL_PROCESS;
	case ACT_KILL_THREAD:
		return SCMP_ACT_KILL_THREAD;
	case ACT_TRAP:
		return SCMP_ACT_TRAP;
	case ACT_LOG:
		return SCMP_ACT_LOG;
	default:
		return SCMP_ACT_ALLOW;
	}
}

static int add_rule(scmp_filter_ctx ctx, const struct seccomp_rule *rule, uint32_t none)
{
	static const enum scmp_compare compares[ARG_COMPARES] = {
		[ARG_NE] = SCMP_CMP_NE,
		[ARG_LT] = SCMP_CMP_LT,
		[ARG_LE] = SCMP_CMP_LE,
		[ARG_EQ] = SCMP_CMP_EQ,
		[ARG_GE] = SCMP_CMP_GE,
		[ARG_GT] = SCMP_CMP_GT,
		[ARG_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
	};
	uint32_t value = value_of(rule->action, rule->has_errno, rule->errno_ret);
	struct scmp_arg_cmp args[SECCOMP_ARGS_MAX];
	int r = 0;

	for (size_t i = 0; i < rule->n_args; i++)
		args[i] = (struct scmp_arg_cmp){ rule->args[i].at,
						 compares[rule->args[i].compare],
						 rule->args[i].value,
						 rule->args[i].value_two };
	for (size_t i = 0; value != none && i < rule->names.count && r == 0; i++) {
		int number = seccomp_syscall_resolve_name(rule->names.item[i]);

		if (number != __NR_SCMP_ERROR)
			r = seccomp_rule_add_array(ctx, value, number,
						   (unsigned int)rule->n_args, args);
	}
	return r;
}

static int export(scmp_filter_ctx ctx, struct seccomp_program *ret)
{
	auto_close int fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat st;
	int r = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);

	if (r < 0 || fstat(fd, &st) < 0)
		return r < 0 ? r : -errno;
	ret->code = mem_alloc((size_t)st.st_size);
	ret->len = (size_t)st.st_size / sizeof(struct sock_filter);
	return fd_read_at(fd, ret->code, (size_t)st.st_size, 0) == st.st_size ? 0 : -EIO;
}

int seccomp_reference(const struct seccomp *profile, struct seccomp_program *ret)
{
	uint32_t none = value_of(profile->default_action, profile->has_default_errno,
				 profile->default_errno);
	scmp_filter_ctx ctx = seccomp_init(none);
	int r;

	r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; r == 0 && i < profile->architectures.count; i++) {
		uint32_t abi;

		r = seccomp_abi_from_name(profile->architectures.item[i], &abi);
		if (r == 0)
			r = seccomp_arch_add(ctx, abi);
		r = r == -EEXIST ? 0 : r;
	}
	for (size_t i = 0; r == 0 && i < profile->n_rules; i++)
		r = add_rule(ctx, &profile->rules[i], none);
	if (r == 0)
		r = export(ctx, ret);
	seccomp_release(ctx);
	return r;
}
