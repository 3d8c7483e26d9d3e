// SPDX-License-Identifier: Apache-2.0
/* seccomp.h - profiles in memory, and the filters made of them; private to runtime */
#ifndef URUN_RUNTIME_SECCOMP_H
#define URUN_RUNTIME_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"

struct field_path;
struct json;
struct spec;

/* runtime-spec: "seccomp.syscalls[].args[].op", SCMP_CMP_*. */
enum seccomp_compare {
	ARG_NE,
	ARG_LT,
	ARG_LE,
	ARG_EQ,
	ARG_GE,
	ARG_GT,
	ARG_MASKED_EQ,
	ARG_COMPARES
};

#define SECCOMP_ARGS_MAX 6 /* that a system call has */

struct seccomp_arg {
	unsigned int at; /* 0 to 5 */
	enum seccomp_compare compare;
	uint64_t value, value_two; /* ARG_MASKED_EQ: (arg & value) == value_two */
};

/* runtime-spec: SCMP_ACT_*, from the strictest to the laxest. */
enum seccomp_action {
	ACT_KILL_PROCESS,
	ACT_KILL_THREAD,
	ACT_TRAP,
	ACT_ERRNO,
	ACT_NOTIFY,
	ACT_TRACE,
	ACT_LOG,
	ACT_ALLOW,
	ACTIONS
};

struct seccomp_rule {
	struct strv names; /* system calls; those unknown on this machine are skipped */
	enum seccomp_action action;
	bool has_errno;
	uint32_t errno_ret; /* of ACT_ERRNO and ACT_TRACE; without has_errno: EPERM */
	struct seccomp_arg args[SECCOMP_ARGS_MAX]; /* all must match */
	size_t n_args;
};

struct seccomp {
	enum seccomp_action default_action;
	bool has_default_errno;
	uint32_t default_errno;
	struct strv architectures; /* "SCMP_ARCH_X86_64"; empty: the native one */
	struct strv flags;	   /* "SECCOMP_FILTER_FLAG_LOG" */
	char *listener_path, *listener_metadata;
	struct seccomp_rule *rules;
	size_t n_rules;
};

/* A new rule at the end, with ACT_ALLOW and no names; borrowed until the next one. */
struct seccomp_rule *seccomp_add_rule(struct seccomp *profile);

/* seccomp_from_json() within a larger reader. */
int seccomp_read(struct field_path *path, const struct json *profile, uint64_t caps,
		 struct seccomp **ret);

/* A filter as the kernel takes it: len counts struct sock_filter's in code. */
struct seccomp_program {
	void *code;
	size_t len;
};

/* What one start can ask for: a profile, the fake root, the refusal of terminal input. */
#define SECCOMP_PROGRAMS_MAX 3

/* The filters of a start, to be installed in this order by
 * seccomp(SECCOMP_SET_MODE_FILTER, flags, ...), no_new_privs being set or with
 * CAP_SYS_ADMIN. Each must still allow the installation of those after it, so the
 * profile, which may forbid seccomp(), comes last. */
struct seccomp_programs {
	struct seccomp_program item[SECCOMP_PROGRAMS_MAX];
	size_t count;	    /* 0: nothing was asked for */
	unsigned int flags; /* SECCOMP_FILTER_FLAG_*, for the last one only */
};

/* Make the filters of spec: spec->seccomp, spec->urun.fake_root and
 * spec->urun.refuse_tty_input. Costs nothing when none of them is asked for.
 * -EINVAL: a profile that can't be compiled, with a sentence. */
int seccomp_compile(const struct spec *spec, struct seccomp_programs *ret);
void seccomp_programs_done(struct seccomp_programs *programs);

/* ---- between the files of this room --------------------------------------------- */

/* The ABIs whose programs this machine runs, native first, as libseccomp numbers them.
 * Gives their count. */
#define SECCOMP_ABIS_MAX 3
size_t seccomp_abis(uint32_t ret[SECCOMP_ABIS_MAX]);
uint32_t seccomp_audit_arch(uint32_t abi); /* what seccomp_data.arch is in it */
bool seccomp_is_x32(uint32_t abi);
int seccomp_abi_from_name(const char *name, uint32_t *ret); /* "SCMP_ARCH_X86_64" */
const char *seccomp_abi_name(uint32_t abi);		    /* NULL: unknown */
int seccomp_number(uint32_t abi, const char *name); /* -1: it has no such system call */

/* urun's own filters, see seccomp_own.c. */
int seccomp_fake_root(struct seccomp_program *ret);
int seccomp_refuse_tty_input(struct seccomp_program *ret);

#endif
