// SPDX-License-Identifier: Apache-2.0
/* doctor.h - trying the things that urun needs of a machine
 *
 * A probe really does what a start would do. It runs in a child of its own, so it may
 * enter namespaces, install filters, crash or hang. 0: it works, and found may say what
 * there is. -errno: last_error says what is missing, its hint what the administrator
 * does about it. */
#ifndef URUN_DOCTOR_H
#define URUN_DOCTOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/strv.h"

struct json;

/* What a start would use. */
struct doctor_place {
	const char *helper_dir; /* where urun-fs is */
	const char *data_dir;
	const char *runtime_dir;
};

typedef int doctor_probe(const struct doctor_place *place, struct text *found);

struct doctor_check {
	const char *name;
	const char *purpose; /* what does not work without it */
	bool basic;	     /* without it no job runs */
	doctor_probe *probe;
};

struct doctor_finding {
	bool works;
	char *found;   /* never NULL */
	char *problem; /* "" when it works */
	char *remedy;  /* "" when none is known */
};

/* Try one. Never fails: a probe that dies or hangs is a finding. */
struct doctor_finding doctor_try(const struct doctor_check *check,
				 const struct doctor_place *place);
void doctor_finding_done(struct doctor_finding *finding);

/* In a probe: enter a user namespace with our ids mapped to 0 and these others
 * (CLONE_NEW*); mounts are made slaves. 0 or -errno with a sentence. */
int doctor_enter(int others);

/* In a probe: is the helper program there? 0 or -errno with a sentence and a hint. */
int doctor_find_program(const char *name, const char *package);

/* doctor_process.c */
doctor_probe doctor_try_kernel, doctor_try_userns, doctor_try_one_id, doctor_try_ranges,
	doctor_try_apparmor, doctor_try_calls, doctor_try_new_calls, doctor_try_seccomp,
	doctor_try_landlock;

/* doctor_files.c */
doctor_probe doctor_try_mounts, doctor_try_proc, doctor_try_fuse, doctor_try_server,
	doctor_try_layer, doctor_try_fuse_overlayfs;

/* doctor_host.c */
doctor_probe doctor_try_runtime_dir, doctor_try_data_dir, doctor_try_tun,
	doctor_try_cgroup, doctor_try_binfmt;

#endif
