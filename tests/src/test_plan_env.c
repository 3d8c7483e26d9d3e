// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

static void drops_what_points_into_the_host(void)
{
	static const char *const dropped[] = {
		"LD_LIBRARY_PATH", "LD_PRELOAD",  "PYTHONPATH",	   "PYTHONHOME",
		"PERL5LIB",	   "R_LIBS_USER", "MANPATH",	   "CONDA_PREFIX",
		"VIRTUAL_ENV",	   "MODULEPATH",  "LOADEDMODULES", "_LMFILES_",
		"BASH_ENV",	   "CUDA_PATH",	  "LMOD_CMD",	   "BASH_FUNC_ml%%",
		"XDG_RUNTIME_DIR", "TMPDIR",
	};
	static const char *const kept[] = { "EDITOR", "OMP_NUM_THREADS",
					    "XDG_SESSION_TYPE", "MY_PATHS",
					    "SLURM_JOB_ID" };
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++)
		env_set(&w.host.env, dropped[i], "/nowhere/x");
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		env_set(&w.host.env, kept[i], "x");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++) {
		ok(!world_env(&w, dropped[i]));
		ok(strv_has(&w.plan.env_dropped, dropped[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		ok_text(world_env(&w, kept[i]), "x");
		ok(strv_has(&w.plan.env_kept, kept[i]));
	}
	world_done(&w);
}

static void sets_its_own(void)
{
	struct world w;

	world_make(&w);
	env_set(&w.host.env, "PATH", "/opt/host/bin");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "container"), "urun");
	ok_text(world_env(&w, "URUN_IMAGE"), w.plan.image->name);
	ok_text(world_env(&w, "PYTHONNOUSERSITE"), "1");
	ok(text_starts(world_env(&w, "PATH"), "/usr/local/sbin:"));
	ok_text(world_env(&w, "USER"), "ann");
	world_done(&w);
}

static void lets_the_image_win(void)
{
	struct world w;

	world_make(&w);
	world_file(&w, "image/.urun/config.json",
		   "{\"config\": {\"Env\": [\"EDITOR=vi\", \"PATH=/app\"]}}");
	env_set(&w.host.env, "EDITOR", "emacs");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "EDITOR"), "vi");
	ok_text(world_env(&w, "PATH"), "/app");
	world_done(&w);
}

static void keeps_tmpdir_and_xdg_that_are_visible(void)
{
	struct world w;

	world_make(&w);
	world_folder(&w, "tmpdir");
	env_set(&w.host.env, "TMPDIR", w.scratch);
	env_set(&w.host.env, "XDG_CACHE_HOME", w.scratch);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "TMPDIR"), w.scratch);
	ok_text(world_env(&w, "XDG_CACHE_HOME"), w.scratch);
	world_done(&w);
}

static void keeps_the_folder_of_the_display(void)
{
	auto_free char *run = NULL;
	struct world w;

	world_make(&w);
	world_file(&w, "run/wayland-0", "");
	world_set(&w, "tmpfs", "/tmp");
	env_set(&w.host.env, "XDG_RUNTIME_DIR", "/nowhere");
	env_set(&w.host.env, "WAYLAND_DISPLAY", "wayland-0");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_env(&w, "XDG_RUNTIME_DIR"));
	world_done(&w);

	world_make(&w);
	world_file(&w, "run/wayland-0", "");
	run = world_path(&w, "run");
	env_set(&w.host.env, "XDG_RUNTIME_DIR", run);
	env_set(&w.host.env, "WAYLAND_DISPLAY", "wayland-0");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "XDG_RUNTIME_DIR"), run);
	world_done(&w);
}

static void drops_locales_the_image_lacks(void)
{
	struct world w;

	world_make(&w);
	world_folder(&w, "image/usr/lib/locale/C.utf8");
	world_folder(&w, "image/usr/lib/locale/de_DE.utf8");
	env_set(&w.host.env, "LANG", "en_US.UTF-8");
	env_set(&w.host.env, "LC_TIME", "de_DE.UTF-8");
	env_set(&w.host.env, "LC_PAPER", "de_DE.ISO-8859-1");
	env_set(&w.host.env, "LC_ALL", "C");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "LANG"), "C.UTF-8");
	ok_text(world_env(&w, "LC_TIME"), "de_DE.UTF-8");
	ok(!world_env(&w, "LC_PAPER"));
	ok_text(world_env(&w, "LC_ALL"), "C");
	world_done(&w);
}

static void cleans_but_for_terminal_proxies_and_rank(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "clean-env", "yes");
	env_set(&w.host.env, "EDITOR", "vi");
	env_set(&w.host.env, "TERM", "xterm");
	env_set(&w.host.env, "https_proxy", "p");
	env_set(&w.host.env, "PMI_RANK", "3");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!world_env(&w, "EDITOR") && !world_env(&w, "USER"));
	ok_text(world_env(&w, "TERM"), "xterm");
	ok_text(world_env(&w, "https_proxy"), "p");
	ok_text(world_env(&w, "PMI_RANK"), "3");
	world_done(&w);
}

static void passes_everything_on_request(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "env-host", "yes");
	env_set(&w.host.env, "LD_LIBRARY_PATH", "/x");
	env_set(&w.host.env, "PATH", "/h");
	env_set(&w.host.env, "LANG", "xx_XX.UTF-8");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "LD_LIBRARY_PATH"), "/x");
	ok_text(world_env(&w, "PATH"), "/h");
	ok_text(world_env(&w, "LANG"), "xx_XX.UTF-8");
	world_done(&w);
}

static void obeys_the_user_last(void)
{
	auto_free char *file = NULL;
	struct world w;

	world_make(&w);
	world_file(&w, "host/vars", "FROM_FILE=f\nBOTH=f\n");
	file = world_path(&w, "host/vars");
	world_set(&w, "env-file", file);
	world_set(&w, "env", "BOTH=e=1,2");
	world_set(&w, "env", "LD_LIBRARY_PATH");
	world_set(&w, "env", "MY*");
	world_set(&w, "unset-env", "EDIT*");
	env_set(&w.host.env, "LD_LIBRARY_PATH", "/x");
	env_set(&w.host.env, "EDITOR", "vi");
	env_set(&w.host.env, "MY_PATH", "m");
	env_set(&w.host.env, "URUNENV_ONE", "1");
	env_set(&w.host.env, "APPTAINERENV_ONE", "2");
	env_set(&w.host.env, "SINGULARITYENV_TWO", "2");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok_text(world_env(&w, "FROM_FILE"), "f");
	ok_text(world_env(&w, "BOTH"), "e=1,2");
	ok_text(world_env(&w, "LD_LIBRARY_PATH"), "/x");
	ok_text(world_env(&w, "MY_PATH"), "m");
	ok(!world_env(&w, "EDITOR"));
	ok_text(world_env(&w, "ONE"), "1");
	ok_text(world_env(&w, "TWO"), "2");
	ok(!world_env(&w, "URUNENV_ONE"));
	world_done(&w);
}

static void names_a_missing_env_file(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "env-file", "/nowhere/vars");
	ok(world_plan(&w, PLAN_EXEC) == -ENOENT);
	ok(strstr(last_error.text, "'/nowhere/vars'"));
	world_done(&w);
}

int main(void)
{
	RUN(drops_what_points_into_the_host);
	RUN(sets_its_own);
	RUN(lets_the_image_win);
	RUN(keeps_tmpdir_and_xdg_that_are_visible);
	RUN(keeps_the_folder_of_the_display);
	RUN(drops_locales_the_image_lacks);
	RUN(cleans_but_for_terminal_proxies_and_rank);
	RUN(passes_everything_on_request);
	RUN(obeys_the_user_last);
	RUN(names_a_missing_env_file);
	return tap_end();
}
