// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

#define CONFIG                                                                    \
	"{\"config\": {\"Entrypoint\": [\"/entry\", \"-e\"], \"Cmd\": [\"cmd\"]," \
	" \"WorkingDir\": \"/srv\", \"StopSignal\": \"SIGQUIT\"}}"

static void check_args(const struct world *w, const char *want)
{
	auto_text struct text got = { 0 };
	const struct strv *args = &w->plan.spec->process.args;

	for (size_t i = 0; i < args->count; i++)
		text_addf(&got, "%s%s", i ? "|" : "", args->item[i]);
	ok_text(text_get(&got), want);
}

static void combines_entry_point_and_command(void)
{
	static const struct {
		enum plan_verb verb;
		const char *args, *entrypoint, *want;
	} cases[] = {
		{ PLAN_EXEC, "ls -l", NULL, "ls|-l" },
		{ PLAN_RUN, "", NULL, "/entry|-e|cmd" },
		{ PLAN_RUN, "a b", NULL, "/entry|-e|a|b" },
		{ PLAN_RUN, "a", "", "a" },
		{ PLAN_RUN, "", "", "cmd" },
		{ PLAN_RUN, "", "/other", "/other" },
		{ PLAN_RUN, "a", "[\"x\", \"y\"]", "x|y|a" },
		{ PLAN_SHELL, "", NULL, "/bin/sh" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w;

		world_make(&w);
		world_file(&w, "image/.urun/config.json", CONFIG);
		world_args(&w, cases[i].args);
		if (cases[i].entrypoint)
			world_set(&w, "entrypoint", cases[i].entrypoint);
		ok(world_plan(&w, cases[i].verb) == 0);
		check_args(&w, cases[i].want);
		ok(w.plan.spec->urun.stop_signal == SIGQUIT);
		world_done(&w);
	}
}

static void starts_a_shell_where_nothing_is_set(void)
{
	struct world w;

	world_make(&w);
	world_file(&w, "image/bin/bash", "");
	ok(world_plan(&w, PLAN_RUN) == 0);
	check_args(&w, "/bin/bash");
	world_done(&w);
}

static void runs_enroots_rc(void)
{
	struct world w;

	world_make(&w);
	world_file(&w, "image/etc/rc", "exec \"$@\"");
	world_file(&w, "image/etc/environment", "A=1\n");
	world_args(&w, "x y");
	ok(world_plan(&w, PLAN_RUN) == 0);
	check_args(&w, "/bin/sh|/etc/rc|x|y");
	ok_text(world_env(&w, "A"), "1");
	world_done(&w);

	world_make(&w);
	world_file(&w, "image/etc/rc", "exec \"$@\"");
	world_args(&w, "x y");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	check_args(&w, "x|y");
	world_done(&w);
}

static void lets_the_shell_of_a_sif_go_first(void)
{
	const struct strv *args;
	struct world w;

	world_make(&w);
	world_file(&w, "image/.singularity.d/env/90-environment.sh", "export A=1");
	world_file(&w, "image/.singularity.d/runscript", "#!/bin/sh");
	world_args(&w, "x");
	world_set(&w, "env", "A=it's");
	world_set(&w, "env", "odd-name=1");
	ok(world_plan(&w, PLAN_RUN) == 0);
	args = &w.plan.spec->process.args;
	ok(args->count == 6);
	ok_text(args->item[0], "/bin/sh");
	ok(strstr(args->item[2], "\nexport A='it'\\''s'\n"));
	ok(!strstr(args->item[2], "odd-name"));
	ok(text_ends(args->item[2], "exec \"$@\""));
	ok_text(args->item[4], "/.singularity.d/runscript");
	ok_text(args->item[5], "x");
	world_done(&w);
}

static void reads_charlieclouds_environment(void)
{
	struct world w;

	world_make(&w);
	world_file(&w, "image/ch/environment", "PATH='/ch:/bin'\n");
	ok(world_plan(&w, PLAN_RUN) == 0);
	ok_text(world_env(&w, "PATH"), "/ch:/bin");
	world_done(&w);
}

static void chooses_the_working_directory(void)
{
	static const struct {
		enum plan_verb verb;
		const char *args, *workdir, *want; /* NULL: the caller's */
	} cases[] = {
		{ PLAN_EXEC, "ls", NULL, NULL },    { PLAN_RUN, "", NULL, "/srv" },
		{ PLAN_SHELL, "", NULL, NULL },	    { PLAN_EXEC, "ls", "/x", "/x" },
		{ PLAN_EXEC, "ls", "x", "/srv/x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w;

		world_make(&w);
		world_file(&w, "image/.urun/config.json", CONFIG);
		w.host.cwd = mem_text(w.scratch);
		world_args(&w, cases[i].args);
		if (cases[i].workdir)
			world_set(&w, "workdir", cases[i].workdir);
		ok(world_plan(&w, cases[i].verb) == 0);
		ok_text(w.plan.spec->process.cwd,
			cases[i].want ? cases[i].want : w.scratch);
		world_done(&w);
	}
}

static void says_what_is_wrong_with_a_configuration(void)
{
	struct world w;

	world_make(&w);
	world_file(&w, "image/.urun/config.json", "{\"config\": {\"Cmd\": 1}}");
	ok(world_plan(&w, PLAN_RUN) == -EINVAL);
	ok(strstr(last_error.text, "'Cmd'"));
	world_done(&w);
}

int main(void)
{
	RUN(combines_entry_point_and_command);
	RUN(starts_a_shell_where_nothing_is_set);
	RUN(runs_enroots_rc);
	RUN(lets_the_shell_of_a_sif_go_first);
	RUN(reads_charlieclouds_environment);
	RUN(chooses_the_working_directory);
	RUN(says_what_is_wrong_with_a_configuration);
	return tap_end();
}
