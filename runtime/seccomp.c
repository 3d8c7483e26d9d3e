// SPDX-License-Identifier: Apache-2.0
/* seccomp.c - filters by libseccomp, and its knowledge of numbers and names */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

/* What one kernel runs: the native ABI and those of older programs. */
static const uint32_t abi_families[][SECCOMP_ABIS_MAX] = {
	{ SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 },
	{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM },
	{ SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS, SCMP_ARCH_MIPS64N32 },
	{ SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL, SCMP_ARCH_MIPSEL64N32 },
	{ SCMP_ARCH_PPC64, SCMP_ARCH_PPC },
	{ SCMP_ARCH_S390X, SCMP_ARCH_S390 },
};

size_t seccomp_abis(uint32_t ret[SECCOMP_ABIS_MAX])
{
	uint32_t native = seccomp_arch_native();
	size_t n = 0;

	ret[n++] = native;
	for (size_t i = 0; i < ARRAY_SIZE(abi_families); i++)
		for (size_t k = 1; abi_families[i][0] == native && k < SECCOMP_ABIS_MAX;
		     k++)
			if (abi_families[i][k])
				ret[n++] = abi_families[i][k];
	return n;
}

uint32_t seccomp_audit_arch(uint32_t abi)
{
	/* The kernel tells x32 from x86-64 by a bit in the number only. */
	return abi == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : abi;
}

int seccomp_number(uint32_t abi, const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(abi, name);

	return number < 0 ? -1 : number;
}

static const struct {
	enum seccomp_action action;
	uint32_t value;
} actions[] = {
	{ ACT_KILL_PROCESS, SCMP_ACT_KILL_PROCESS },
	{ ACT_KILL_THREAD, SCMP_ACT_KILL_THREAD },
	{ ACT_TRAP, SCMP_ACT_TRAP },
	{ ACT_ERRNO, SCMP_ACT_ERRNO(0) },
	{ ACT_TRACE, SCMP_ACT_TRACE(0) },
	{ ACT_LOG, SCMP_ACT_LOG },
	{ ACT_ALLOW, SCMP_ACT_ALLOW },
};

static int action_value(enum seccomp_action action, bool has_errno, uint32_t errno_ret,
			uint32_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (actions[i].action != action)
			continue;
		*ret = actions[i].value;
		if (action == ACT_ERRNO || action == ACT_TRACE)
			*ret |= (has_errno ? errno_ret : EPERM) & SECCOMP_RET_DATA;
		return 0;
	}
	return refuse(ENOTSUP, "seccomp action SCMP_ACT_NOTIFY is not supported");
}

static struct scmp_arg_cmp arg_compare(const struct seccomp_arg *arg)
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

	return (struct scmp_arg_cmp){ arg->at, compares[arg->compare], arg->value,
				      arg->value_two };
}

/* libseccomp compares an argument once in a rule. Several comparisons of the same one
 * are then alternatives, as the other runtimes have it. */
static bool has_alternatives(const struct seccomp_rule *rule)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < rule->n_args; i++) {
		if (seen & (1U << rule->args[i].at))
			return true;
		seen |= 1U << rule->args[i].at;
	}
	return false;
}

static int add_call(scmp_filter_ctx ctx, uint32_t action, int number,
		    const struct seccomp_rule *rule)
{
	struct scmp_arg_cmp args[SECCOMP_ARGS_MAX];
	int r = 0;

	for (size_t i = 0; i < rule->n_args; i++)
		args[i] = arg_compare(&rule->args[i]);
	if (!has_alternatives(rule))
		return seccomp_rule_add_array(ctx, action, number,
					      (unsigned int)rule->n_args, args);
	for (size_t i = 0; i < rule->n_args && r == 0; i++)
		r = seccomp_rule_add_array(ctx, action, number, 1, &args[i]);
	return r;
}

static int add_rule(scmp_filter_ctx ctx, uint32_t default_action,
		    const struct seccomp_rule *rule)
{
	uint32_t action;
	int r = action_value(rule->action, rule->has_errno, rule->errno_ret, &action);

	if (r < 0 || action == default_action)
		return r;
	for (size_t i = 0; i < rule->names.count; i++) {
		const char *name = rule->names.item[i];
		int number = seccomp_syscall_resolve_name(name);

		if (number == __NR_SCMP_ERROR) {
			log_debug("seccomp: skip unknown system call '%s'", name);
			continue;
		}
		r = add_call(ctx, action, number, rule);
		if (r < 0)
			return fail(-r, "add a seccomp rule for '%s'", name);
	}
	return 0;
}

/* "SCMP_ARCH_X86_64" as runtime-spec has it, libseccomp says "x86_64". */
static int add_architecture(scmp_filter_ctx ctx, const char *name)
{
	char bare[32] = "";
	uint32_t abi;
	int r;

	if (text_starts(name, "SCMP_ARCH_"))
		for (size_t i = 0; i + 1 < sizeof(bare) && name[10 + i]; i++) {
			char c = name[10 + i];

			bare[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		}
	abi = seccomp_arch_resolve_name(bare);
	if (!abi)
		return refuse(EINVAL, "unknown seccomp architecture '%s'", name);
	r = seccomp_arch_add(ctx, abi);
	if (r < 0 && r != -EEXIST)
		return fail(-r, "add the seccomp architecture '%s'", name);
	return 0;
}

static int program_export(scmp_filter_ctx ctx, struct seccomp_program *ret)
{
	auto_close int fd = memfd_create("seccomp", MFD_CLOEXEC);
	auto_free void *code = NULL;
	struct stat st;
	int r;

	if (fd < 0)
		return fail(errno, "make a memory file");
	r = seccomp_export_bpf(ctx, fd);
	if (r < 0)
		return fail(-r, "compile the seccomp profile");
	if (fstat(fd, &st) < 0)
		return fail(errno, "read the seccomp filter");
	code = mem_alloc((size_t)st.st_size);
	if (fd_read_at(fd, code, (size_t)st.st_size, 0) != st.st_size)
		return fail(EIO, "read the seccomp filter");
	ret->len = (size_t)st.st_size / 8; /* sizeof(struct sock_filter) */
	ret->code = take_ptr(&code);
	return 0;
}

static int compile_with(scmp_filter_ctx ctx, const struct seccomp *profile,
			uint32_t default_action, struct seccomp_program *ret)
{
	int r = 0;

	/* no_new_privs is the caller's; a binary tree of numbers costs the filtered
	 * program less than a list. Older libraries lack the latter: no loss. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < profile->architectures.count && r == 0; i++)
		r = add_architecture(ctx, profile->architectures.item[i]);
	for (size_t i = 0; i < profile->n_rules && r == 0; i++)
		r = add_rule(ctx, default_action, &profile->rules[i]);
	return r < 0 ? r : program_export(ctx, ret);
}

static int profile_compile(const struct seccomp *profile, struct seccomp_program *ret)
{
	uint32_t default_action;
	scmp_filter_ctx ctx;
	int r;

	r = action_value(profile->default_action, profile->has_default_errno,
			 profile->default_errno, &default_action);
	if (r < 0)
		return r;
	ctx = seccomp_init(default_action);
	if (!ctx)
		return fail(EINVAL, "begin a seccomp filter");
	r = compile_with(ctx, profile, default_action, ret);
	seccomp_release(ctx);
	return r;
}

static int flags_parse(const struct strv *names, unsigned int *ret)
{
	static const struct {
		const char *name;
		unsigned int flag;
	} known[] = {
		{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
		{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	};

	*ret = 0;
	for (size_t i = 0; i < names->count; i++) {
		size_t k = 0;

		while (k < ARRAY_SIZE(known) &&
		       strcmp(known[k].name, names->item[i]) != 0)
			k++;
		if (k == ARRAY_SIZE(known))
			return refuse(ENOTSUP, "seccomp flag '%s' is not supported",
				      names->item[i]);
		*ret |= known[k].flag;
	}
	return 0;
}

int seccomp_compile(const struct spec *spec, struct seccomp_programs *ret)
{
	struct seccomp_programs p = { 0 };
	int r = 0;

	if (spec->urun.fake_root)
		seccomp_fake_root(&p.item[p.count++]);
	if (spec->urun.refuse_tty_input)
		seccomp_refuse_tty_input(&p.item[p.count++]);
	if (spec->seccomp) {
		r = flags_parse(&spec->seccomp->flags, &p.flags);
		if (r == 0)
			r = profile_compile(spec->seccomp, &p.item[p.count]);
		p.count += r == 0;
	}
	if (r < 0) {
		seccomp_programs_done(&p);
		return r;
	}
	*ret = p;
	return 0;
}

void seccomp_programs_done(struct seccomp_programs *programs)
{
	if (!programs)
		return;
	for (size_t i = 0; i < programs->count; i++)
		free(programs->item[i].code);
	*programs = (struct seccomp_programs){ 0 };
}
