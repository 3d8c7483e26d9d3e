// SPDX-License-Identifier: Apache-2.0
/* seccomp_compile.c - from profiles to filters
 *
 * How it works: for each architecture there is a block. In it, the numbers of system
 * calls fall into segments of the same answer; the segment is found by halving. A rule
 * that looks at no argument answers for its calls alone, as libseccomp has it; otherwise
 * the rules are tried in the order of the profile, and at last comes the default.
 *
 * Some ABIs have two ways to a call, socket() and socketcall(SYS_SOCKET, ...): a rule
 * for the former, if it looks at no argument, also answers the latter.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/bpf.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

#define X32_BIT 0x40000000 /* in the numbers of x32's system calls */

/* ---- what a rule answers -------------------------------------------------------------
 */

static const uint32_t action_values[ACTIONS] = {
	[ACT_KILL_PROCESS] = SECCOMP_RET_KILL_PROCESS,
	[ACT_KILL_THREAD] = SECCOMP_RET_KILL_THREAD,
	[ACT_TRAP] = SECCOMP_RET_TRAP,
	[ACT_ERRNO] = SECCOMP_RET_ERRNO,
	[ACT_NOTIFY] = SECCOMP_RET_USER_NOTIF,
	[ACT_TRACE] = SECCOMP_RET_TRACE,
	[ACT_LOG] = SECCOMP_RET_LOG,
	[ACT_ALLOW] = SECCOMP_RET_ALLOW,
};

static uint32_t action_value(enum seccomp_action action, bool has_errno, uint32_t number)
{
	uint32_t value = action_values[action];

	if (action == ACT_ERRNO || action == ACT_TRACE)
		value |= (has_errno ? number : EPERM) & SECCOMP_RET_DATA;
	return value;
}

static uint32_t rule_value(const struct seccomp_rule *rule)
{
	return action_value(rule->action, rule->has_errno, rule->errno_ret);
}

/* ---- the calls of a block
 * --------------------------------------------------------------- */

/* One name of one rule. */
struct call {
	uint32_t number;
	size_t order; /* of the rule in the profile */
	const struct seccomp_rule *rule;
	int mux_call; /* > 0: only with this first argument */
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

static const struct {
	const char *mux, *name;
	int call;
} muxed[] = {
	{ "socketcall", "socket", SYS_SOCKET },
	{ "socketcall", "bind", SYS_BIND },
	{ "socketcall", "connect", SYS_CONNECT },
	{ "socketcall", "listen", SYS_LISTEN },
	{ "socketcall", "accept", SYS_ACCEPT },
	{ "socketcall", "getsockname", SYS_GETSOCKNAME },
	{ "socketcall", "getpeername", SYS_GETPEERNAME },
	{ "socketcall", "socketpair", SYS_SOCKETPAIR },
	{ "socketcall", "send", SYS_SEND },
	{ "socketcall", "recv", SYS_RECV },
	{ "socketcall", "sendto", SYS_SENDTO },
	{ "socketcall", "recvfrom", SYS_RECVFROM },
	{ "socketcall", "shutdown", SYS_SHUTDOWN },
	{ "socketcall", "setsockopt", SYS_SETSOCKOPT },
	{ "socketcall", "getsockopt", SYS_GETSOCKOPT },
	{ "socketcall", "sendmsg", SYS_SENDMSG },
	{ "socketcall", "recvmsg", SYS_RECVMSG },
	{ "socketcall", "accept4", SYS_ACCEPT4 },
	{ "socketcall", "recvmmsg", SYS_RECVMMSG },
	{ "socketcall", "sendmmsg", SYS_SENDMMSG },
	{ "ipc", "semop", SEMOP },
	{ "ipc", "semget", SEMGET },
	{ "ipc", "semctl", SEMCTL },
	{ "ipc", "semtimedop", SEMTIMEDOP },
	{ "ipc", "msgsnd", MSGSND },
	{ "ipc", "msgrcv", MSGRCV },
	{ "ipc", "msgget", MSGGET },
	{ "ipc", "msgctl", MSGCTL },
	{ "ipc", "shmat", SHMAT },
	{ "ipc", "shmdt", SHMDT },
	{ "ipc", "shmget", SHMGET },
	{ "ipc", "shmctl", SHMCTL },
};

static void add_call(struct block *b, const struct call *call)
{
	b->calls = mem_room(b->calls, b->n_calls, sizeof(*b->calls));
	b->calls[b->n_calls++] = *call;
}

static void add_muxed(struct block *b, uint32_t abi, const char *name, struct call call)
{
	for (size_t i = 0; i < ARRAY_SIZE(muxed); i++) {
		int number;

		if (strcmp(muxed[i].name, name) != 0)
			continue;
		number = seccomp_number(abi, muxed[i].mux);
		if (number < 0)
			return;
		call.number = (uint32_t)number;
		call.mux_call = muxed[i].call;
		add_call(b, &call);
		return;
	}
}

static void add_calls(struct block *b, uint32_t abi, const struct seccomp *profile)
{
	bool has_mux = seccomp_number(abi, "socketcall") >= 0 ||
		       seccomp_number(abi, "ipc") >= 0;

	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];
		struct call call = { .rule = rule, .order = i };

		for (size_t k = 0; k < rule->names.count; k++) {
			const char *name = rule->names.item[k];
			int number = seccomp_number(abi, name);

			call.number = (uint32_t)number;
			if (number >= 0)
				add_call(b, &call);
			if (has_mux && !rule->n_args)
				add_muxed(b, abi, name, call);
		}
	}
}

static int call_compare(const void *one, const void *other)
{
	const struct call *a = one, *b = other;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->mux_call - b->mux_call;
}

/* ---- segments
 * ----------------------------------------------------------------------------- */

/* Numbers from first up to the next segment's. */
struct segment {
	uint32_t first;
	uint32_t value;		  /* the answer when no call's rule matches */
	const struct call *calls; /* whose arguments are looked at; NULL: none */
	size_t n_calls;
};

static void add_segment(struct block *b, const struct segment *segment)
{
	const struct segment *last = b->n_segments ? &b->segments[b->n_segments - 1]
						   : NULL;

	if (last && !last->n_calls && !segment->n_calls && last->value == segment->value)
		return; /* goes on */
	b->segments = mem_room(b->segments, b->n_segments, sizeof(*b->segments));
	b->segments[b->n_segments++] = *segment;
}

static bool looks_at_arguments(const struct call *call)
{
	return call->rule->n_args || call->mux_call;
}

/* The answer of all calls of one number. */
static struct segment segment_of(const struct block *b, const struct call *calls,
				 size_t n)
{
	uint32_t number = calls[0].number;

	for (size_t i = 0; i < n; i++)
		if (!looks_at_arguments(&calls[i]))
			return (struct segment){ number, rule_value(calls[i].rule), NULL,
						 0 };
	return (struct segment){ number, b->default_value, calls, n };
}

static void add_answer(struct block *b, uint32_t first, uint32_t value)
{
	struct segment s = { first, value, NULL, 0 };

	add_segment(b, &s);
}

/* When x32 is not wanted it is no way round, but for -1: a tracer's "no call". */
static void close_x32(struct block *b)
{
	if (b->audit_arch != AUDIT_ARCH_X86_64 || b->has_x32)
		return;
	add_answer(b, X32_BIT, SECCOMP_RET_KILL_PROCESS);
	add_answer(b, UINT32_MAX, b->default_value);
}

static void make_segments(struct block *b)
{
	uint32_t next = 0;

	if (b->n_calls)
		qsort(b->calls, b->n_calls, sizeof(*b->calls), call_compare);
	for (size_t i = 0, n; i < b->n_calls; i += n) {
		struct segment s;

		for (n = 1; i + n < b->n_calls; n++)
			if (b->calls[i + n].number != b->calls[i].number)
				break;
		s = segment_of(b, &b->calls[i], n);
		if (s.first > next)
			add_answer(b, next, b->default_value);
		add_segment(b, &s);
		next = s.first + 1;
	}
	add_answer(b, next, b->default_value);
	close_x32(b);
}

/* ---- writing
 * --------------------------------------------------------------------------------- */

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
	uint32_t value = rule_value(rule);

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

	make_segments(b);
	bpf_equal(f, b->audit_arch, 1, 0);
	skip = bpf_skip(f);
	bpf_load_number(f);
	write_segments(f, b, 0, b->n_segments);
	bpf_land(f, skip);
}

/* ---- a profile
 * ---------------------------------------------------------------------------------- */

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
		b->default_value = action_value(profile->default_action,
						profile->has_default_errno,
						profile->default_errno);
	}
	b->has_x32 |= seccomp_is_x32(abi);
	add_calls(b, abi, profile);
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
	for (size_t i = 0; i < blocks.count; i++) {
		free(blocks.item[i].calls);
		free(blocks.item[i].segments);
	}
	return r;
}

/* ---- all of a start
 * -------------------------------------------------------------------------------- */

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
