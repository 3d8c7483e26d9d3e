// SPDX-License-Identifier: Apache-2.0
/* plan_command.c - what is executed, and where (design, sections 4 and 9) */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "planning.h"

#define RUNSCRIPT "/.singularity.d/runscript"

void plan_command_ask(struct planning *p)
{
	look_ask(&p->looks, "/bin/bash", 0);
}

/* ---- the entry point --------------------------------------------------- */

/* --entrypoint: one word, or a JSON list as podman takes it. */
static int read_entrypoint(const char *text, struct strv *ret)
{
	auto_json struct json *list = NULL;
	int r;

	if (text[0] != '[') {
		if (text[0])
			strv_add(ret, text);
		return 0;
	}
	r = json_read("--entrypoint", text, strlen(text), &list);
	if (r < 0)
		return r;
	for (size_t i = 0; i < json_count_of(list); i++) {
		const char *word = json_text_of(json_item(list, i));

		if (!word)
			return refuse(EINVAL, "--entrypoint '%s': not a list of texts",
				      text);
		strv_add(ret, word);
	}
	return 0;
}

/* What "run" executes where nothing in the image but its configuration says so. */
static int run_args(const struct planning *p, struct strv *ret)
{
	const struct image_config *config = &p->plan->config;
	const char *option = p->settings->entrypoint;
	int r = 0;

	if (option)
		r = read_entrypoint(option, ret);
	else
		strv_add_all(ret, &config->entrypoint);
	if (r < 0)
		return r;
	/* As docker: another entry point drops the image's Cmd, which was made for its
	 * own. */
	if (p->args->count)
		strv_add_all(ret, p->args);
	else if (!option || !option[0])
		strv_add_all(ret, &config->cmd);
	return 0;
}

static int find_args(struct planning *p, struct strv *ret)
{
	bool has_option = p->settings->entrypoint != NULL;
	int r = 0;

	if (p->verb == PLAN_EXEC) {
		strv_add_all(ret, p->args);
	} else if (p->verb == PLAN_SHELL) {
		strv_add(ret, p->shell);
		strv_add_all(ret, p->args);
	} else if (p->style == STYLE_SIF && !has_option &&
		   look_has(&p->looks, RUNSCRIPT)) {
		strv_add(ret, RUNSCRIPT);
		strv_add_all(ret, p->args);
	} else if (p->style == STYLE_ENROOT && !has_option) {
		strv_add(ret, "/bin/sh");
		strv_add(ret, "/etc/rc");
		strv_add_all(ret, p->args);
	} else {
		r = run_args(p, ret);
	}
	if (r == 0 && !ret->count) {
		strv_add(ret, p->shell);
		plan_note(p->plan, "command",
			  "a shell: the image has neither an entry point nor "
			  "a command");
	}
	return r;
}

/* ---- the image's own shell first ------------------------------------------- */

static bool is_shell_name(const char *assignment, size_t len)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
		"0123456789";

	return len && strspn(assignment, letters) >= len &&
	       !(assignment[0] >= '0' && assignment[0] <= '9');
}

/* 'it'\''s' */
static void add_quoted(struct text *script, const char *value)
{
	text_add(script, "'");
	for (; *value; value++) {
		if (*value == '\'')
			text_add(script, "'\\''");
		else
			text_add_n(script, value, 1);
	}
	text_add(script, "'");
}

/* A SIF's scripts set the environment, --env after them, then the command takes over. */
static void wrap_sif(const struct planning *p, struct strv *args)
{
	auto_text struct text script = { 0 };
	struct strv wrapped = { 0 };

	text_add(&script, "for urun_f in /.singularity.d/env/*.sh; do "
			  "[ -r \"$urun_f\" ] && . \"$urun_f\"; done; unset urun_f\n");
	for (size_t i = 0; i < p->env_late.count; i++) {
		const char *assignment = p->env_late.item[i];
		size_t len = strcspn(assignment, "=");

		if (!is_shell_name(assignment, len))
			continue;
		text_addf(&script, "export %.*s=", (int)len, assignment);
		add_quoted(&script, assignment + len + 1);
		text_add(&script, "\n");
	}
	text_add(&script, "exec \"$@\"");
	strv_add(&wrapped, "/bin/sh");
	strv_add(&wrapped, "-c");
	strv_add(&wrapped, text_get(&script));
	strv_add(&wrapped, "/bin/sh");
	strv_add_all(&wrapped, args);
	strv_done(args);
	*args = wrapped;
}

/* ---- where ----------------------------------------------------------------- */

/* --workdir: a relative one starts from the image's. */
static char *given_workdir(const struct planning *p)
{
	const char *base = p->plan->config.workdir;

	if (p->settings->workdir[0] == '/')
		return mem_text(p->settings->workdir);
	return path_join(base && base[0] == '/' ? base : "/", p->settings->workdir);
}

/* Where the caller stands, if that is visible and wanted; else NULL. */
static char *callers_folder(const struct planning *p)
{
	bool wanted = p->settings->here;

	if (!p->settings->isolate)
		wanted |= p->verb != PLAN_RUN || p->args->count ||
			  !p->plan->config.workdir;
	return wanted && p->host->cwd ? planning_inside(p, p->host->cwd) : NULL;
}

static void plan_workdir(struct planning *p)
{
	struct spec_process *process = &p->spec->process;
	const char *image = p->plan->config.workdir;

	if (p->settings->workdir) {
		process->cwd = given_workdir(p);
		return;
	}
	process->cwd = callers_folder(p);
	process->cwd_optional = true;
	if (process->cwd)
		return;
	process->cwd = image ? mem_format("%s%s", image[0] == '/' ? "" : "/", image)
			     : mem_text("/");
	plan_note(p->plan, "command", "starts in '%s', the image's working directory",
		  process->cwd);
}

/* A signal that the image names; nonsense is ignored, since it is the image's. */
static void plan_stop_signal(struct planning *p)
{
	const char *name = p->plan->config.stop_signal;

	if (!name)
		return;
	if (signal_from_name(name, &p->spec->urun.stop_signal) < 0) {
		error_clear();
		plan_note(p->plan, "command", "the image's stop signal '%s' is unknown",
			  name);
	}
}

int plan_command(struct planning *p)
{
	struct spec_process *process = &p->spec->process;
	int r;

	r = find_args(p, &process->args);
	if (r < 0)
		return r;
	if (p->style == STYLE_SIF)
		wrap_sif(p, &process->args);
	plan_workdir(p);
	if (env_get(&process->env, "PWD"))
		env_set(&process->env, "PWD", process->cwd);
	plan_stop_signal(p);
	return 0;
}
