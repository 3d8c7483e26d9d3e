// SPDX-License-Identifier: Apache-2.0
/* seccomp_block.c - what a profile answers to each number of one architecture
 *
 * The numbers of system calls fall into segments of the same answer. A rule that looks
 * at no argument answers for its calls alone, as libseccomp has it; otherwise the rules
 * are tried in the order of the profile, and at last comes the default.
 *
 * Some ABIs have two ways to a call, socket() and socketcall(SYS_SOCKET, ...): a rule
 * for the former, if it looks at no argument, also answers the latter.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "runtime/seccomp_block.h"

#define X32_BIT 0x40000000 /* in the numbers of x32's system calls */

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

uint32_t seccomp_rule_value(const struct seccomp_rule *rule)
{
	return action_value(rule->action, rule->has_errno, rule->errno_ret);
}

uint32_t seccomp_default_value(const struct seccomp *profile)
{
	return action_value(profile->default_action, profile->has_default_errno,
			    profile->default_errno);
}

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

void block_add_abi(struct block *b, uint32_t abi, const struct seccomp *profile)
{
	bool has_mux = seccomp_number(abi, "socketcall") >= 0 ||
		       seccomp_number(abi, "ipc") >= 0;

	b->has_x32 |= seccomp_is_x32(abi);
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
			return (struct segment){ number,
						 seccomp_rule_value(calls[i].rule), NULL,
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

void block_make_segments(struct block *b)
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

void block_done(struct block *b)
{
	free(b->calls);
	free(b->segments);
	*b = (struct block){ 0 };
}
