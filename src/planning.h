// SPDX-License-Identifier: Apache-2.0
/* planning.h - what the planners share while a plan is made; private to src/plan*.c
 *
 * How it works: plan_make() gathers the caller's world (struct plan_host), opens the
 * image, lets each planner ask what it must know of the image's tree (x_ask), has all
 * questions answered in one round trip, and lets each planner edit the spec (x_plan).
 * Planners read nothing else, so that tests can hand them a made-up world. */
#ifndef URUN_PLANNING_H
#define URUN_PLANNING_H

#include "plan.h"

/* ---- the caller's world ---------------------------------------------------- */

struct plan_host {
	struct strv env;
	uint32_t uid, gid;
	uint32_t *groups; /* supplementary */
	size_t n_groups;
	char *home;	  /* NULL: none is known */
	char *cwd;	  /* as $PWD writes it if that is right; NULL: it is gone */
	char *user_name;  /* see plan_host_user(); NULL: not looked up yet */
	const char *root; /* where the host's files are; "" but in tests */
};

int plan_host_gather(struct plan_host *ret);
void plan_host_done(struct plan_host *host);

/* The caller's name, from the host's passwd, the user database, or the number. */
const char *plan_host_user(struct plan_host *host);

/* A file of the host, at most limit_bytes; NULL: can't be read. The caller frees. */
char *plan_host_file(const struct plan_host *host, const char *path, size_t limit_bytes,
		     size_t *ret_len);

/* ---- questions to the image's tree ----------------------------------------- */

struct looks {
	struct image_query *item;
	size_t count;
	size_t answered; /* those before are */
};

/* Ask about path, and for its first read_bytes. Asking again is free. */
void look_ask(struct looks *looks, const char *path, size_t read_bytes);

/* Have what is new answered. */
int looks_answer(struct looks *looks, struct image_tree *tree);
void looks_done(struct looks *looks);

/* The answer; for what was not asked, -ENOENT. Never NULL. */
const struct image_query *look_at(const struct looks *looks, const char *path);
bool look_has(const struct looks *looks, const char *path);
bool look_is_folder(const struct looks *looks, const char *path);
const char *look_text(const struct looks *looks, const char *path); /* NULL: none */

/* ---- the work in progress ---------------------------------------------- */

/* What starts the command inside, before it (design, section 5). */
enum image_style {
	STYLE_OCI,    /* the image configuration says all */
	STYLE_ENROOT, /* /etc/rc, by "run" only */
	STYLE_SIF,    /* /.singularity.d/env, and runscript by "run" */
};

/* Wants to be mounted; see plan_wishes.c. */
struct wish {
	char *source; /* host path; NULL: none */
	char *destination;
	char *type;
	char *options;	/* comma-separated */
	bool by_user;	/* options of the user win over defaults */
	bool by_file;	/* from a config file: skipped when it can't be */
	bool polite;	/* skipped if it hides a non-empty folder of the image */
	bool is_home;	/* your own home may lie anywhere */
	bool is_folder; /* what is mounted */
};

struct planning {
	const struct settings *settings;
	struct plan_host *host;
	enum plan_verb verb;
	const struct strv *args;
	struct plan *plan;
	struct spec *spec; /* plan's */
	struct looks looks;

	enum image_style style; /* plan_image.c */
	struct strv env_late;	/* set after the image's scripts: --env */

	bool is_root; /* plan_user.c: uid 0 inside is the caller */
	bool has_ranges;
	enum owner_view owners;
	char *user_name, *home; /* inside */
	char *shell;		/* inside; "/bin/sh" at least */

	struct wish *wishes; /* plan_wishes.c */
	size_t n_wishes;
	struct image_point *points; /* mount points that the image lacks; owned */
	size_t n_points;
};

/* All planners, when the image, its tree and the layer are known. */
int planning_decide(struct planning *p);
void planning_done(struct planning *p);

/* Show an empty file or folder at path where the image has none. */
void planning_add_point(struct planning *p, const char *path, bool is_folder);

/* Where a path of the host is visible inside, by the mounts planned so far; NULL: not.
 * The caller frees. */
char *planning_inside(const struct planning *p, const char *host_path);

/* A path of the host as the user wrote it, absolute: "~" and relative ones are resolved,
 * slashes at the end removed. The caller frees. */
char *planning_host_path(const struct planning *p, const char *text);

/* Is path dir itself or below it? Texts only. */
bool path_is_below(const char *path, const char *dir);

/* ---- the planners, in their order -------------------------------------- */

/* plan_image.c: what the image sets, whoever wrote it. */
void plan_image_ask(struct planning *p);
int plan_image(struct planning *p);

/* plan_user.c: ids, maps, groups, name and home. */
void plan_user_ask(struct planning *p);
int plan_user(struct planning *p);

/* plan_ranges.c: map all ids the caller may use, 0 being the caller. NULL, or why there
 * are none: then the maps are as before. */
const char *plan_ranges(struct plan_host *host, struct spec *spec);

/* plan_isolate.c: namespaces, capabilities, filters, limits. */
int plan_isolate(struct planning *p);

/* plan_proc.c: shared process ids where no fresh /proc can be mounted. */
int plan_proc(struct planning *p);

/* Is nothing mounted over parts of /proc, by the content of /proc/self/mountinfo, which
 * is changed on the way? */
bool proc_looks_whole(char *mountinfo);

/* plan_wishes.c, plan_mounts.c: everything that is bound or mounted. */
int plan_wishes(struct planning *p);
int plan_mounts_ask(struct planning *p);
int plan_mounts(struct planning *p);

/* plan_files.c: resolv.conf, hosts, localtime, passwd, group. */
void plan_files_ask(struct planning *p);
int plan_files(struct planning *p);

/* plan_env.c: the environment. */
void plan_env_ask(struct planning *p);
int plan_env(struct planning *p);

/* plan_command.c: what is executed, and where. */
void plan_command_ask(struct planning *p);
int plan_command(struct planning *p);

#endif
