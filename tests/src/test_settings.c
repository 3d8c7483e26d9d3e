// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "settings.h"
#include "tests/tap.h"

#define ARGS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

/* Read a command line into settings. */
static int parse(char *const *args, struct settings *ret)
{
	struct opt_uses uses;
	int r = opts_read(run_opts, NULL, args, OPTS_FIRST, &uses);

	settings_init(ret);
	for (size_t i = 0; r == 0 && i < uses.count; i++) {
		struct setting_source source = { SOURCE_COMMAND_LINE, uses.item[i].as,
						 0 };

		r = opt_set(uses.item[i].opt, ret, uses.item[i].value, &source);
	}
	opt_uses_done(&uses);
	return r;
}

static void starts_with_the_defaults(void)
{
	struct settings settings;

	settings_init(&settings);
	ok(settings.umask == -1 && settings.preserve_fds == -1);
	ok(settings.root == ROOT_NO && settings.net == NETMODE_DEFAULT);
	ok(!settings.entrypoint && !settings.binds.count && !settings.quiet);
	settings_done(&settings);
}

static void knows_podmans_letters_and_no_others(void)
{
	static const char letters[] = "evpitdwumqhB";
	bool opposite;

	for (int c = 33; c < 127; c++) {
		char name[2] = { (char)c, '\0' };
		bool known = opt_find(run_opts, name, &opposite) != NULL;

		if (known != (strchr(letters, c) != NULL))
			ok_text(name, "a known letter, or not");
	}
	ok(opt_find(run_opts, "B", &opposite) == opt_find(run_opts, "bind", &opposite));
	ok(opt_find(run_opts, "v", &opposite) == opt_find(run_opts, "volume", &opposite));
}

/* What people type from memory; NULL: accepted without effect. */
static void knows_the_aliases(void)
{
	static const char *const aliases[][2] = {
		{ "volume", "bind" },
		{ "network", "net" },
		{ "publish", "publish" },
		{ "cleanenv", "clean-env" },
		{ "pwd", "workdir" },
		{ "cwd", "workdir" },
		{ "cd", "workdir" },
		{ "fakeroot", "root" },
		{ "containall", "isolate" },
		{ "set-env", "env" },
		{ "unsetenv", "unset-env" },
		{ "sharens", "share" },
		{ "join", "share" },
		{ "userns", "userns" },
		{ "gpus", "nv" },
		{ "arch", "platform" },
	};
	bool opposite;

	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		const struct opt *opt = opt_find(run_opts, aliases[i][0], &opposite);

		ok_text(opt ? opt->name : aliases[i][0], aliases[i][1]);
		ok(!opposite);
	}
}

static void makes_the_image_writable(void)
{
	struct settings settings;

	ok(parse(ARGS("--read-only", "--writable-tmpfs"), &settings) == 0);
	ok(!settings.read_only);
	ok(parse(ARGS("--read-only", "--write-fake"), &settings) == 0);
	ok(!settings.read_only);
}

static void accepts_keep_id_and_rm(void)
{
	struct settings settings;

	ok(parse(ARGS("--userns=keep-id", "--userns", "keep-id", "--rm", "-it"),
		 &settings) == 0);
	ok(settings.tty && settings.interactive);
	ok(parse(ARGS("--userns=host"), &settings) == -EINVAL);
}

static void says_what_is_not_built_yet(void)
{
	static const char *const later[] = { "--gpus=all",  "--gpus",	  "--publish=80",
					     "-p",	    "-d",	  "--sharens",
					     "--join",	    "--share=no", "-m",
					     "--arch=x",    "--nv",	  "--net=slirp",
					     "--net=ns:/x", "--pid=ctr:x" };
	struct settings settings;

	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		ok(parse(ARGS(later[i]), &settings) == -ENOTSUP);
		ok(strstr(last_error.text, "not built yet"));
	}
}

static void names_its_own_way(void)
{
	static const char *const refused[][2] = {
		{ "--privileged", "--root" },  { "--security-opt", "--seccomp" },
		{ "--writable", "--overlay" }, { "--scratch", "--tmpfs" },
		{ "--no-mount", "--no-home" }, { "--contain", "--isolate" },
		{ "--app", "path" },
	};
	struct settings settings;

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		ok(parse(ARGS(refused[i][0]), &settings) == -ENOTSUP);
		ok(strstr(last_error.hint, refused[i][1]));
	}
}

static void drops_the_entry_point(void)
{
	struct settings settings;

	ok(parse(ARGS("--entrypoint", "", "--workdir", ""), &settings) == 0);
	ok_text(settings.entrypoint, "");
	ok(!settings.workdir);
	settings_done(&settings);
}

/* Names, letters and aliases mean one option each; texts fit into help. */
static void has_a_sound_table(void)
{
	bool opposite;

	for (const struct opt *opt = run_opts; opt->kind != OPT_END; opt++) {
		auto_strv struct strv aliases = { 0 };

		ok(opt_find(run_opts, opt->name, &opposite) == opt);
		strv_split(&aliases, opt->aliases ? opt->aliases : "", " !");
		for (size_t i = 0; i < aliases.count; i++)
			ok(opt_find(run_opts, aliases.item[i], &opposite) == opt);
		if (!opt_is_real(opt))
			continue;
		ok(opt->help && opt->help[strlen(opt->help) - 1] != '.');
		ok(!opt->more || opt->more[strlen(opt->more) - 1] == '.');
		ok(opt->group != NULL);
		ok((opt->kind == OPT_FLAG) == !opt->arg);
	}
}

int main(void)
{
	RUN(starts_with_the_defaults);
	RUN(knows_podmans_letters_and_no_others);
	RUN(knows_the_aliases);
	RUN(makes_the_image_writable);
	RUN(accepts_keep_id_and_rm);
	RUN(says_what_is_not_built_yet);
	RUN(names_its_own_way);
	RUN(drops_the_entry_point);
	RUN(has_a_sound_table);
	return tap_end();
}
