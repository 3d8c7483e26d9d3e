// SPDX-License-Identifier: Apache-2.0
/* test_seccomp_reference.c - our compiler and libseccomp's give the same answers
 *
 * Both filters are run on the same made-up calls: every number of every architecture,
 * with arguments around those that the profile compares. */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "tests/runtime/seccomp_reference.h"
#include "tests/tap.h"

/* The kernel's machine, as far as seccomp filters may use it. */
static uint32_t run(const struct seccomp_program *program,
		    const struct seccomp_data *data)
{
	const struct sock_filter *code = program->code;
	uint32_t a = 0, memory[BPF_MEMWORDS] = { 0 };

	for (size_t at = 0; at < program->len; at++) {
		const struct sock_filter *c = &code[at];
		bool jump = false;

		switch (c->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + c->k, sizeof(a));
			continue;
		case BPF_LD | BPF_MEM:
			a = memory[c->k];
			continue;
		case BPF_ST:
			memory[c->k] = a;
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= c->k;
			continue;
		case BPF_RET | BPF_K:
			return c->k;
		case BPF_JMP | BPF_JA:
			at += c->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = a == c->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = a > c->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = a >= c->k;
			break;
		default:
			abort(); /* not used by either compiler */
		}
		at += jump ? c->jt : c->jf;
	}
	abort(); /* a filter must end in RET: the kernel would refuse it */
}

struct pair {
	struct seccomp_program ours, theirs;
	const struct seccomp *profile;
	size_t differences, compared;
};

static void compare(struct pair *p, const struct seccomp_data *data)
{
	uint32_t ours = run(&p->ours, data), theirs = run(&p->theirs, data);

	p->compared++;
	if (ours == theirs || p->differences++ >= 10)
		return;
	printf("# arch %#x number %#x args %#llx %#llx %#llx: %#x, libseccomp %#x\n",
	       data->arch, (unsigned int)data->nr, (unsigned long long)data->args[0],
	       (unsigned long long)data->args[1], (unsigned long long)data->args[2], ours,
	       theirs);
}

/* Arguments in, just above and just below what rule compares, at its places. */
static void compare_around(struct pair *p, struct seccomp_data data,
			   const struct seccomp_rule *rule, bool is_wide)
{
	static const int64_t offsets[] = { 0, 1, -1, (int64_t)1 << 32,
					   -((int64_t)1 << 32) };
	size_t combinations = 1;

	for (size_t i = 0; i < rule->n_args; i++)
		combinations *= 2 * ARRAY_SIZE(offsets);
	for (size_t n = 0; n < combinations; n++) {
		size_t rest = n;

		for (size_t i = 0; i < rule->n_args; i++) {
			const struct seccomp_arg *arg = &rule->args[i];
			uint64_t base = rest % 2 ? arg->value_two : arg->value;
			uint64_t value = base + (uint64_t)offsets[rest / 2 % 5];

			data.args[arg->at] = is_wide ? value : (uint32_t)value;
			rest /= 2 * ARRAY_SIZE(offsets);
		}
		compare(p, &data);
	}
}

static void compare_number(struct pair *p, uint32_t arch, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = arch };
	bool is_wide = arch & __AUDIT_ARCH_64BIT && !(number & 0x40000000);

	compare(p, &data);
	for (size_t i = 0; i < p->profile->n_rules; i++)
		if (p->profile->rules[i].n_args)
			compare_around(p, data, &p->profile->rules[i], is_wide);
}

static const uint32_t arches[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64,
				   AUDIT_ARCH_ARM };

/* Their compiler must take it, too. */
static void same_answers(const struct seccomp *profile)
{
	struct spec spec = { .seccomp = (struct seccomp *)profile };
	struct seccomp_programs programs = { 0 };
	struct pair p = { .profile = profile };

	if (!ok(seccomp_compile(&spec, &programs) == 0) ||
	    !ok(seccomp_reference(profile, &p.theirs) == 0))
		return;
	p.ours = programs.item[0];
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		for (uint32_t n = 0; n < 560; n++) {
			compare_number(&p, arches[i], n);
			compare_number(&p, arches[i], 0x40000000 + n);
		}
		compare_number(&p, arches[i], UINT32_MAX);
		compare_number(&p, arches[i], 0x3fffffff);
		compare_number(&p, arches[i], 0xf0002); /* ARM's own calls */
	}
	ok(p.differences == 0);
	printf("# %zu calls, %zu instructions, libseccomp %zu\n", p.compared, p.ours.len,
	       p.theirs.len);
	free(p.theirs.code);
	seccomp_programs_done(&programs);
}

static void the_default_profile(void)
{
	struct seccomp *none = seccomp_default(0), *all = seccomp_default(UINT64_MAX);

	same_answers(none);
	same_answers(all);
	seccomp_free(none);
	seccomp_free(all);
}

static struct seccomp *parse(const char *text, size_t len)
{
	auto_json struct json *json = NULL;
	struct seccomp *profile = NULL;

	if (json_read("profile", text, len, &json) < 0 ||
	    seccomp_from_json(json, 0, &profile) < 0)
		return NULL;
	return profile;
}

static void the_profile_of_podman(void)
{
	auto_free char *text = NULL;
	struct seccomp *profile;
	size_t len;

	if (file_read_in(AT_FDCWD, "/usr/share/containers/seccomp.json", 1 << 20, &text,
			 &len) < 0)
		return; /* not installed */
	profile = parse(text, len);
	if (ok(profile != NULL))
		same_answers(profile);
	seccomp_free(profile);
}

/* Every operator on both halves, several arguments, all architectures. x32 is left out:
 * libseccomp looks at 32 bits of its arguments, the kernel and we at all. */
static void every_operator(void)
{
	static const char *const operators[][2] = {
		{ "NE", "sync" },  { "LT", "openat" }, { "LE", "read" },
		{ "EQ", "write" }, { "GE", "close" },  { "GT", "fsync" },
	};
	struct text text = { 0 };
	struct seccomp *profile;

	text_add(&text, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":["
			"\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_AARCH64\","
			"\"SCMP_ARCH_ARM\"],\"syscalls\":[");
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		text_addf(&text,
			  "{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ERRNO\","
			  "\"errnoRet\":%zu,\"args\":[{\"index\":%zu,\"op\":\"SCMP_CMP_%"
			  "s\","
			  "\"value\":21474836487}]},",
			  operators[i][1], i + 1, i, operators[i][0]);
	text_add(&text,
		 "{\"names\":[\"dup\"],\"action\":\"SCMP_ACT_KILL_PROCESS\",\"args\":["
		 "{\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\","
		 "\"value\":18446744069414584320,\"valueTwo\":4294967296},"
		 "{\"index\":2,\"op\":\"SCMP_CMP_GT\",\"value\":5}]}]}");
	profile = parse(text_get(&text), text.len);
	if (ok(profile != NULL))
		same_answers(profile);
	seccomp_free(profile);
	text_done(&text);
}

/* The rule that looks at nothing answers alone, wherever it stands. */
static void rules_with_and_without_arguments(void)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		"{\"names\":[\"sync\"],\"action\":\"SCMP_ACT_ERRNO\"},"
		"{\"names\":[\"sync\",\"dup\"],\"action\":\"SCMP_ACT_LOG\","
		"\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":5}]},"
		"{\"names\":[\"dup\"],\"action\":\"SCMP_ACT_TRAP\"},"
		"{\"names\":[\"dup\"],\"action\":\"SCMP_ACT_KILL_THREAD\"}]}";
	struct seccomp *profile = parse(text, sizeof(text) - 1);

	if (ok(profile != NULL))
		same_answers(profile);
	seccomp_free(profile);
}

static void without_older_architectures(void)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{"
				   "\"names\":[\"read\"],"
				   "\"action\":\"SCMP_ACT_ALLOW\"}]}";
	struct seccomp *profile = parse(text, sizeof(text) - 1);

	if (ok(profile != NULL))
		same_answers(profile);
	seccomp_free(profile);
}

/* A profile that refuses a few: socket() must not be open by way of socketcall(). */
static void calls_with_two_ways(void)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":["
		"\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":["
		"\"socket\",\"accept4\",\"semop\",\"shmat\",\"msgctl\",\"connect\"],"
		"\"action\":\"SCMP_ACT_ERRNO\"},{\"names\":[\"sendmsg\"],"
		"\"action\":\"SCMP_ACT_LOG\"}]}";
	struct seccomp *profile = parse(text, sizeof(text) - 1);
	struct seccomp_rule *probe;

	if (!ok(profile != NULL))
		return;
	/* Only makes the comparison try first arguments from -1 to 33. */
	for (uint64_t n = 0; n < 11; n++) {
		probe = seccomp_add_rule(profile);
		strv_add(&probe->names, "no_such_call");
		probe->n_args = 1;
		probe->args[0] = (struct seccomp_arg){ 0, ARG_EQ, 3 * n, 3 * n + 1 };
	}
	same_answers(profile);
	seccomp_free(profile);
}

int main(void)
{
	RUN(the_default_profile);
	RUN(the_profile_of_podman);
	RUN(every_operator);
	RUN(rules_with_and_without_arguments);
	RUN(without_older_architectures);
	RUN(calls_with_two_ways);
	return tap_end();
}
