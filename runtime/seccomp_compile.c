// SPDX-License-Identifier: Apache-2.0
/* seccomp_compile.c - from profiles to filters
 *
 * How it works: for each architecture there is a block (seccomp_block.c says what it
 * answers). In it, the segment that a number is in is found by halving; then its rules
 * are tried one after the other.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/bpf.h"
#include "runtime/runtime.h"
#include "runtime/seccomp_block.h"

/* ---- writing --------------------------------------------------------------- */

#define MISS BPF_JUMP_MAX /* "the rule does not match", until it is known how far */

/* The upper half decides, unless it is equal: then the two instructions behind, which
 * load and compare the lower half. */
static void write_high(struct bpf *f, const struct seccomp_arg *arg)
{
	uint32_t value = (uint32_t)(arg->value >> 32);

	bpf_load_arg_high(f, arg->at);
	switch (arg->compare) {
	case ARG_EQ:
		bpf_equal(f, value, 0, MISS);
		break;
	case ARG_NE:
		bpf_equal(f, value, 0, 2);
		break;
	case ARG_GT:
	case ARG_GE:
		bpf_greater(f, value, 3, 0);
		bpf_equal(f, value, 0, MISS);
		break;
	case ARG_LT:
	case ARG_LE:
		bpf_greater(f, value, MISS, 0);
		bpf_equal(f, value, 0, 2);
		break;
	default: /* ARG_MASKED_EQ */
		bpf_and(f, value);
		bpf_equal(f, (uint32_t)(arg->value_two >> 32), 0, MISS);
		break;
	}
}

static void write_low(struct bpf *f, const struct seccomp_arg *arg)
{
	uint32_t value = (uint32_t)arg->value;

	bpf_load_arg(f, arg->at);
	switch (arg->compare) {
	case ARG_EQ:
		bpf_equal(f, value, 0, MISS);
		break;
	case ARG_NE:
		bpf_equal(f, value, MISS, 0);
		break;
	case ARG_GT:
		bpf_greater(f, value, 0, MISS);
		break;
	case ARG_GE:
		bpf_greater_equal(f, value, 0, MISS);
		break;
	case ARG_LT:
		bpf_greater_equal(f, value, MISS, 0);
		break;
	case ARG_LE:
		bpf_greater(f, value, MISS, 0);
		break;
	default: /* ARG_MASKED_EQ */
		bpf_and(f, value);
		bpf_equal(f, (uint32_t)arg->value_two, 0, MISS);
		break;
	}
}

/* All of these arguments match: the answer. Else go on behind it. */
static void write_rule(struct bpf *f, const struct block *b,
		       const struct seccomp_arg *args, size_t n, uint32_t value)
{
	size_t begin = f->len;

	for (size_t i = 0; i < n; i++) {
		if (b->is_wide)
			write_high(f, &args[i]);
		write_low(f, &args[i]);
	}
	bpf_give(f, value);
	for (size_t i = begin; i < f->len; i++) {
		uint8_t behind = (uint8_t)(f->len - i - 1);

		if (f->code[i].jt == MISS)
			f->code[i].jt = behind;
		if (f->code[i].jf == MISS)
			f->code[i].jf = behind;
	}
}

/* Several comparisons of one argument are alternatives, as other runtimes have it. */
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

static void write_call(struct bpf *f, const struct block *b, const struct call *call)
{
	const struct seccomp_rule *rule = call->rule;
	struct seccomp_arg mux = { 0, ARG_EQ, (uint64_t)call->mux_call, 0 };
	uint32_t value = seccomp_rule_value(rule);

	if (call->mux_call)
		write_rule(f, b, &mux, 1, value);
	else if (!has_alternatives(rule))
		write_rule(f, b, rule->args, rule->n_args, value);
	else
		for (size_t i = 0; i < rule->n_args; i++)
			write_rule(f, b, &rule->args[i], 1, value);
}

static void write_segment(struct bpf *f, const struct block *b, const struct segment *s)
{
	for (size_t i = 0; i < s->n_calls; i++)
		write_call(f, b, &s->calls[i]);
	bpf_give(f, s->value);
}

/* Halve until one segment is left; the number is loaded. */
static void write_segments(struct bpf *f, const struct block *b, size_t from, size_t end)
{
	size_t middle = from + (end - from) / 2, skip;

	if (end - from == 1) {
		write_segment(f, b, &b->segments[from]);
		return;
	}
	bpf_greater_equal(f, b->segments[middle].first, 0, 1);
	skip = bpf_skip(f);
	write_segments(f, b, from, middle);
	bpf_land(f, skip);
	write_segments(f, b, middle, end);
}

static void write_block(struct bpf *f, struct block *b)
{
	size_t skip;

	block_make_segments(b);
	bpf_equal(f, b->audit_arch, 1, 0);
	skip = bpf_skip(f);
	bpf_load_number(f);
	write_segments(f, b, 0, b->n_segments);
	bpf_land(f, skip);
}

/* ---- a profile ------------------------------------------------------------- */

#define BLOCKS_MAX 16 /* architectures: more than libseccomp's families have */

struct blocks {
	struct block item[BLOCKS_MAX];
	size_t count;
};

/* The native ABI always has its rules, as libseccomp does it. */
static int add_abi(struct blocks *blocks, uint32_t abi, const struct seccomp *profile)
{
	uint32_t audit_arch = seccomp_audit_arch(abi);
	struct block *b = NULL;

	for (size_t i = 0; i < blocks->count; i++)
		if (blocks->item[i].audit_arch == audit_arch)
			b = &blocks->item[i];
	if (!b) {
		if (blocks->count == BLOCKS_MAX)
			return refuse(E2BIG,
				      "the seccomp profile has more than %d "
				      "architectures",
				      BLOCKS_MAX);
		b = &blocks->item[blocks->count++];
		b->audit_arch = audit_arch;
		b->is_wide = audit_arch & __AUDIT_ARCH_64BIT;
		b->default_value = seccomp_default_value(profile);
	}
	block_add_abi(b, abi, profile);
	return 0;
}

static int add_abis(struct blocks *blocks, const struct seccomp *profile)
{
	uint32_t native[SECCOMP_ABIS_MAX];
	int r;

	(void)seccomp_abis(native); /* at least one */
	r = add_abi(blocks, native[0], profile);
	for (size_t i = 0; r == 0 && i < profile->architectures.count; i++) {
		const char *name = profile->architectures.item[i];
		uint32_t abi;

		if (seccomp_abi_from_name(name, &abi) < 0)
			return refuse(EINVAL, "unknown seccomp architecture '%s'", name);
		if (abi != native[0])
			r = add_abi(blocks, abi, profile);
	}
	return r;
}

static int check_actions(const struct seccomp *profile)
{
	bool notifies = profile->default_action == ACT_NOTIFY;

	for (size_t i = 0; i < profile->n_rules; i++)
		notifies |= profile->rules[i].action == ACT_NOTIFY;
	if (notifies)
		return refuse(ENOTSUP, "seccomp action SCMP_ACT_NOTIFY is not supported");
	return 0;
}

static int profile_compile(const struct seccomp *profile, struct seccomp_program *ret)
{
	struct blocks blocks = { 0 };
	struct bpf f = { 0 };
	int r = check_actions(profile);

	if (r == 0)
		r = add_abis(&blocks, profile);
	bpf_load_arch(&f);
	for (size_t i = 0; r == 0 && i < blocks.count; i++)
		write_block(&f, &blocks.item[i]);
	bpf_give(&f, SECCOMP_RET_KILL_PROCESS); /* an ABI without rules is no way round */
	if (r == 0)
		r = bpf_take(&f, ret);
	bpf_done(&f);
	for (size_t i = 0; i < blocks.count; i++)
		block_done(&blocks.item[i]);
	return r;
}

/* ---- all of a start -------------------------------------------------------- */

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
		r = seccomp_fake_root(&p.item[p.count++]);
	if (r == 0 && spec->urun.refuse_tty_input)
		r = seccomp_refuse_tty_input(&p.item[p.count++]);
	if (r == 0 && spec->seccomp)
		r = flags_parse(&spec->seccomp->flags, &p.flags);
	if (r == 0 && spec->seccomp)
		r = profile_compile(spec->seccomp, &p.item[p.count++]);
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
