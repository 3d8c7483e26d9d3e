// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/seccomp.h"
#include "tests/runtime/seccomp_try.h"
#include "tests/tap.h"

static struct spec *spec_allowing_all(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));

	spec->seccomp = mem_alloc(sizeof(*spec->seccomp));
	spec->seccomp->default_action = ACT_ALLOW;
	return spec;
}

static struct seccomp_rule *refuse_call(struct spec *spec, const char *name, uint32_t err)
{
	struct seccomp_rule *rule = seccomp_add_rule(spec->seccomp);

	strv_add(&rule->names, name);
	rule->action = ACT_ERRNO;
	rule->has_errno = true;
	rule->errno_ret = err;
	return rule;
}

static int try_sethostname(void)
{
	return ANSWER(syscall(SYS_sethostname, "x", -1)); /* EINVAL or EPERM */
}

static int try_prctls(void)
{
	int r = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
	int s = prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) < 0 ? -errno : 0;
	int t = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 ? -errno : 0;

	return r == -EDOM && s == -EDOM && t == 0 ? 0 : -EPROTO;
}

static void rules_answer_their_errno(void)
{
	struct spec *spec = spec_allowing_all();

	refuse_call(spec, "sethostname", EDOM);
	ok(seccomp_try(spec, try_sethostname) == -EDOM);
	spec_free(spec);
}

static void errno_without_number_is_eperm(void)
{
	struct spec *spec = spec_allowing_all();

	refuse_call(spec, "sethostname", 0)->has_errno = false;
	ok(seccomp_try(spec, try_sethostname) == -EPERM);
	spec_free(spec);
}

static void killing_kills(void)
{
	struct spec *spec = spec_allowing_all();

	refuse_call(spec, "sethostname", 0)->action = ACT_KILL_PROCESS;
	ok(seccomp_try(spec, try_sethostname) == TRY_KILLED - SIGSYS);
	spec_free(spec);
}

static void comparisons_of_one_argument_are_alternatives(void)
{
	struct spec *spec = spec_allowing_all();
	struct seccomp_rule *rule = refuse_call(spec, "prctl", EDOM);

	rule->n_args = 2;
	rule->args[0] = (struct seccomp_arg){ 0, ARG_EQ, PR_GET_DUMPABLE, 0 };
	rule->args[1] = (struct seccomp_arg){ 0, ARG_EQ, PR_GET_KEEPCAPS, 0 };
	ok(seccomp_try(spec, try_prctls) == 0);
	spec_free(spec);
}

static void unknown_calls_are_skipped(void)
{
	struct spec *spec = spec_allowing_all();

	refuse_call(spec, "frobnicate2", EDOM);
	refuse_call(spec, "sethostname", EDOM);
	ok(seccomp_try(spec, try_sethostname) == -EDOM);
	spec_free(spec);
}

static void fake_root_and_profile_together(void)
{
	struct spec *spec = spec_allowing_all();
	struct seccomp_programs programs = { 0 };

	refuse_call(spec, "seccomp", EPERM); /* would forbid a filter after it */
	refuse_call(spec, "sethostname", EDOM);
	spec->urun.fake_root = spec->urun.refuse_tty_input = true;
	ok(seccomp_compile(spec, &programs) == 0);
	ok(programs.count == 3);
	seccomp_programs_done(&programs);
	ok(seccomp_try(spec, try_sethostname) == -EDOM);
	spec_free(spec);
}

static void what_cannot_be_compiled_is_named(void)
{
	struct spec *spec = spec_allowing_all();
	struct seccomp_programs programs = { .count = 7 };

	strv_add(&spec->seccomp->architectures, "SCMP_ARCH_PDP11");
	ok(seccomp_compile(spec, &programs) == -EINVAL);
	ok_text(last_error.text, "unknown seccomp architecture 'SCMP_ARCH_PDP11'");
	strv_done(&spec->seccomp->architectures);
	strv_add(&spec->seccomp->flags, "SECCOMP_FILTER_FLAG_X");
	ok(seccomp_compile(spec, &programs) == -ENOTSUP);
	strv_done(&spec->seccomp->flags);
	spec->seccomp->default_action = ACT_NOTIFY;
	ok(seccomp_compile(spec, &programs) == -ENOTSUP);
	ok(programs.count == 7);
	spec_free(spec);
}

int main(void)
{
	RUN(rules_answer_their_errno);
	RUN(errno_without_number_is_eperm);
	RUN(killing_kills);
	RUN(comparisons_of_one_argument_are_alternatives);
	RUN(unknown_calls_are_skipped);
	RUN(fake_root_and_profile_together);
	RUN(what_cannot_be_compiled_is_named);
	return tap_end();
}
