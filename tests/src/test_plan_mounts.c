// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

static void binds_the_defaults(void)
{
	struct world w;

	world_make(&w);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_mount(&w, "/proc")->type, "proc");
	ok_text(world_mount(&w, "/sys")->type, "bind");
	ok_text(world_mount(&w, "/dev")->source, "/dev");
	ok_text(world_mount(&w, "/tmp")->source, "/tmp");
	ok(strv_has(&world_mount(&w, "/tmp")->options, "rbind"));
	world_done(&w);
}

static void binds_home_once(void)
{
	auto_free char *below = NULL;
	struct world w;

	world_make(&w);
	w.host.home = world_path(&w, "home");
	w.host.cwd = world_path(&w, "home/work");
	world_folder(&w, "home/work");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	below = planning_inside(&w.planning, w.host.cwd);
	ok_text(below, w.host.cwd);
	ok(!world_mount(&w, w.host.cwd));
	world_done(&w);
}

static void skips_system_folders(void)
{
	static const char *const folders[] = { "/",    "/usr",	 "/usr/lib",
					       "/etc", "/lib64", "/opt" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		struct world w;

		world_make(&w);
		w.host.cwd = mem_text(folders[i]);
		ok(world_plan(&w, PLAN_EXEC) == 0);
		ok(!world_mount(&w, folders[i]));
		world_done(&w);
	}
}

static void keeps_the_images_full_folders(void)
{
	struct world w;

	world_make(&w);
	w.host.cwd = mem_text("/home");
	world_folder(&w, "image/home");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_mount(&w, "/home")->source, "/home");
	world_done(&w);

	world_make(&w);
	w.host.cwd = mem_text("/home");
	world_folder(&w, "image/home/ubuntu");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_mount(&w, "/home"));
	ok(world_has_note(&w, "not empty"));
	world_done(&w);
}

static void makes_nothing_in_the_hosts_folders(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "bind", "/etc:/tmp/urun-test-none");
	ok(world_plan(&w, PLAN_EXEC) == -ENOENT);
	ok(strstr(last_error.hint, "mkdir -p '/tmp/urun-test-none'"));
	world_done(&w);
}

static void lets_the_users_mount_win(void)
{
	struct world w;

	world_make(&w);
	world_folder(&w, "data");
	world_set(&w, "tmpfs", "/tmp:size=1m");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_mount(&w, "/tmp")->type, "tmpfs");
	world_done(&w);
}

static void binds_what_the_user_wants(void)
{
	auto_free char *source = NULL, *bind = NULL;
	struct world w;

	world_make(&w);
	world_folder(&w, "data");
	source = world_path(&w, "data");
	bind = mem_format("%s:/mnt/data:ro", source);
	world_set(&w, "bind", bind);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_mount(&w, "/mnt/data")->source, source);
	ok(strv_has(&world_mount(&w, "/mnt/data")->options, "rro"));
	ok(w.planning.n_points > 0);
	world_done(&w);
}

static void refuses_missing_sources_from_the_command_line_only(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "bind", "/nowhere/x:/x");
	ok(world_plan(&w, PLAN_EXEC) == -ENOENT);
	ok(strstr(last_error.text, "'/nowhere/x'"));
	ok(strstr(last_error.hint, "/nowhere/x:/x:optional"));
	world_done(&w);

	world_make(&w);
	world_set(&w, "bind", "/nowhere/x:/x");
	w.settings.binds.item[0].from_file = true;
	ok(world_plan(&w, PLAN_EXEC) == 0 && !world_mount(&w, "/x"));
	world_done(&w);

	world_make(&w);
	world_set(&w, "bind", "/nowhere/x:/x:optional");
	ok(world_plan(&w, PLAN_EXEC) == 0 && !world_mount(&w, "/x"));
	world_done(&w);
}

static void refuses_impossible_targets(void)
{
	auto_free char *loop = NULL;
	struct world w;

	world_make(&w);
	loop = world_path(&w, "image/loop");
	ok(symlink("loop", loop) == 0);
	world_set(&w, "bind", "/etc:/loop/x");
	ok(world_plan(&w, PLAN_EXEC) == -ELOOP);
	ok(strstr(last_error.text, "'/loop/x'"));
	world_done(&w);

	world_make(&w);
	world_file(&w, "image/file", "x");
	world_set(&w, "bind", "/etc:/file");
	ok(world_plan(&w, PLAN_EXEC) == -EINVAL);
	world_done(&w);
}

static void reads_apptainers_variable(void)
{
	auto_free char *value = NULL;
	struct world w;

	world_make(&w);
	world_folder(&w, "a");
	world_folder(&w, "b");
	value = mem_format("%s/a:/m/a:ro,noexec,%s/b:/m/b,/nowhere/c", w.scratch,
			   w.scratch);
	env_set(&w.host.env, "APPTAINER_BIND", value);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(world_mount(&w, "/m/a") && world_mount(&w, "/m/b"));
	ok(strv_has(&world_mount(&w, "/m/a")->options, "noexec"));
	world_done(&w);
}

static void isolates(void)
{
	struct world w;

	world_make(&w);
	w.host.home = world_path(&w, "home");
	world_folder(&w, "home");
	world_set(&w, "isolate", "yes");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_mount(&w, w.host.home));
	ok_text(world_mount(&w, "/tmp")->type, "tmpfs");
	ok_text(world_mount(&w, "/dev")->type, "tmpfs");
	ok_text(world_mount(&w, "/dev/pts")->type, "devpts");
	ok(w.plan.spec->masked_paths.count > 0);
	world_done(&w);
}

static void brings_the_working_directory_back(void)
{
	struct world w;

	world_make(&w);
	world_folder(&w, "work");
	w.host.cwd = world_path(&w, "work");
	world_set(&w, "isolate", "yes");
	world_set(&w, "here", "yes");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_mount(&w, w.host.cwd)->source, w.host.cwd);
	ok_text(w.plan.spec->process.cwd, w.host.cwd);
	world_done(&w);
}

static void hides_the_runtime_folder(void)
{
	auto_free char *run = NULL;
	struct world w;

	world_make(&w);
	world_folder(&w, "run");
	run = world_path(&w, "run");
	w.plan.runtime_dir = mem_text(run);
	w.host.uid = getuid();
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(world_mount(&w, run));
	ok_text(world_mount(&w, run)->type, "tmpfs");
	world_done(&w);
}

static void does_not_touch_the_runtime_folder_of_others(void)
{
	auto_free char *run = NULL;
	struct world w;

	world_make(&w);
	world_folder(&w, "run");
	run = world_path(&w, "run");
	w.plan.runtime_dir = mem_text(run);
	w.host.uid = getuid() + 1;
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_mount(&w, run));
	world_done(&w);
}

static void gives_an_empty_home(void)
{
	struct world w;

	world_make(&w);
	w.host.home = mem_text("/home/ann");
	w.host.cwd = mem_text("/home");
	world_set(&w, "no-home", "yes");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_mount(&w, "/home"));
	ok_text(world_mount(&w, "/home/ann")->type, "tmpfs");
	ok_text(world_env(&w, "HOME"), "/home/ann");
	world_done(&w);
}

static void takes_another_home(void)
{
	auto_free char *home = NULL;
	struct world w;

	world_make(&w);
	world_folder(&w, "other");
	home = world_path(&w, "other");
	w.host.home = mem_text("/home/ann");
	world_set(&w, "home", home);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "HOME"), home);
	world_done(&w);

	world_make(&w);
	world_set(&w, "home", "/nowhere/home");
	ok(world_plan(&w, PLAN_EXEC) == -ENOENT);
	world_done(&w);
}

int main(void)
{
	RUN(binds_the_defaults);
	RUN(binds_home_once);
	RUN(skips_system_folders);
	RUN(keeps_the_images_full_folders);
	RUN(makes_nothing_in_the_hosts_folders);
	RUN(lets_the_users_mount_win);
	RUN(binds_what_the_user_wants);
	RUN(refuses_missing_sources_from_the_command_line_only);
	RUN(refuses_impossible_targets);
	RUN(reads_apptainers_variable);
	RUN(isolates);
	RUN(brings_the_working_directory_back);
	RUN(hides_the_runtime_folder);
	RUN(does_not_touch_the_runtime_folder_of_others);
	RUN(gives_an_empty_home);
	RUN(takes_another_home);
	return tap_end();
}
