// SPDX-License-Identifier: Apache-2.0
/* planning.c - what the planners share */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "planning.h"

bool path_is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return path[0] == '/';
	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static void strip_slashes(char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
}

char *planning_host_path(const struct planning *p, const char *text)
{
	const char *cwd = p->host->cwd ? p->host->cwd : "/";
	char *path;

	if (text[0] == '~' && (text[1] == '/' || !text[1]) && p->host->home) {
		path = mem_format("%s%s", p->host->home, text + 1);
	} else if (text[0] == '/') {
		path = mem_text(text);
	} else {
		while (text_starts(text, "./"))
			text += 2 + strspn(text + 2, "/");
		path = strcmp(text, ".") == 0 || !*text ? mem_text(cwd)
							: path_join(cwd, text);
	}
	if (strstr(path, "/..")) { /* what is below what is decided by comparing texts */
		char *real = realpath(path, NULL);

		if (real) {
			free(path);
			path = real;
		}
	}
	strip_slashes(path);
	return path;
}

void planning_add_point(struct planning *p, const char *path, bool is_folder)
{
	for (size_t i = 0; i < p->n_points; i++)
		if (strcmp(p->points[i].path, path) == 0)
			return;
	p->points = mem_grow(p->points, p->n_points + 1, sizeof(*p->points));
	p->points[p->n_points++] = (struct image_point){ mem_text(path), is_folder };
}

static int ask(struct planning *p)
{
	plan_image_ask(p);
	plan_user_ask(p);
	plan_files_ask(p);
	plan_env_ask(p);
	plan_command_ask(p);
	return plan_mounts_ask(p);
}

/* What a planner may rely on is decided by those before it. */
static int (*const planners[])(struct planning *) = {
	plan_image, plan_user, plan_mounts, plan_files, plan_env, plan_command,
};

int planning_decide(struct planning *p)
{
	int r;

	r = plan_isolate(p);
	if (r == 0)
		r = ask(p);
	if (r == 0)
		r = looks_answer(&p->looks, p->plan->tree);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(planners); i++)
		r = planners[i](p);
	return r;
}

void planning_done(struct planning *p)
{
	looks_done(&p->looks);
	strv_done(&p->env_late);
	free(p->user_name);
	free(p->home);
	free(p->shell);
	for (size_t i = 0; i < p->n_wishes; i++) {
		free(p->wishes[i].source);
		free(p->wishes[i].destination);
		free(p->wishes[i].type);
		free(p->wishes[i].options);
	}
	free(p->wishes);
	for (size_t i = 0; i < p->n_points; i++)
		free((char *)p->points[i].path);
	free(p->points);
	*p = (struct planning){ 0 };
}

void plan_note(struct plan *plan, const char *topic, const char *format, ...)
{
	va_list ap;

	plan->notes = mem_grow(plan->notes, plan->n_notes + 1, sizeof(*plan->notes));
	va_start(ap, format);
	plan->notes[plan->n_notes++] = (struct plan_note){ topic,
							   mem_format_v(format, ap) };
	va_end(ap);
}

void plan_done(struct plan *plan)
{
	spec_free(plan->spec);
	image_tree_free(plan->tree);
	image_free(plan->image);
	image_config_done(&plan->config);
	strv_done(&plan->env_kept);
	strv_done(&plan->env_dropped);
	for (size_t i = 0; i < plan->n_notes; i++)
		free(plan->notes[i].text);
	free(plan->notes);
	free(plan->runtime_dir);
	*plan = (struct plan){ 0 };
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	plan_done(plan);
	free(plan);
}
