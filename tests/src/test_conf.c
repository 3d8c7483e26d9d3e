// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "conf.h"
#include "tests/tap.h"

/* A site's folder and a user's file, and what was loaded from them. */
static struct {
	char *top, *site, *user;
	char **variables;
	struct opt_uses uses;
	struct settings settings;
	struct conf *conf;
} t;

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!ok(file != NULL))
		return;
	ok(fputs(text, file) >= 0);
	ok(fclose(file) == 0);
}

static void write_in(const char *folder, const char *name, const char *text)
{
	auto_free char *path = path_join(folder, name);

	write_file(path, text);
}

static void begin(void)
{
	char name[] = "/tmp/urun-test-conf-XXXXXX";
	auto_free char *folder = NULL;

	ok(mkdtemp(name) != NULL);
	t.top = mem_text(name);
	t.site = path_join(name, "etc");
	t.user = path_join(name, "user.conf");
	folder = path_join(t.site, "conf.d");
	ok(mkdir(t.site, 0755) == 0 && mkdir(folder, 0755) == 0);
	t.variables = mem_array(1, sizeof(char *));
}

static void unload(void)
{
	settings_done(&t.settings);
	conf_free(t.conf);
	opt_uses_done(&t.uses);
	t.conf = NULL;
}

static void end(void)
{
	unload();
	ok(file_remove_tree(AT_FDCWD, t.top) == 0);
	free(t.top);
	free(t.site);
	free(t.user);
	free(t.variables);
}

/* Load with these words of a command line; the last may be IMAGE. */
static int load_words(const char *words)
{
	struct conf_places places = { t.site, t.user, t.variables };
	auto_strv struct strv args = { 0 };
	const char *image = NULL;

	unload();
	settings_init(&t.settings);
	strv_split(&args, words, " ");
	if (!ok(opts_read(run_opts, NULL, strv_items(&args), OPTS_FIRST, &t.uses) == 0))
		return -1;
	/* The uses borrow from the words, which end here: the values are made to last. */
	for (size_t i = 0; i < t.uses.count; i++) {
		strv_add(&t.uses.names, t.uses.item[i].value);
		t.uses.item[i].value = t.uses.names.item[t.uses.names.count - 1];
	}
	if (t.uses.words.count)
		image = t.uses.words.item[0];
	error_clear();
	return conf_load_from(&places, &t.settings, &t.uses, image, &t.conf);
}

/* Give the variables, "A=1" separated by '|', and load. */
static int load_variables(const char *variables, const char *words)
{
	auto_strv struct strv list = { 0 };
	char **old = t.variables;
	int r;

	strv_split(&list, variables, "|");
	t.variables = strv_items(&list);
	r = load_words(words);
	t.variables = old;
	return r;
}

static bool fails(const char *words, int r, const char *text)
{
	auto_free char *want = NULL;
	const char *at = strstr(text, "TOP");

	want = at ? mem_format("%.*s%s%s", (int)(at - text), text, t.top, at + 3)
		  : mem_text(text);
	return ok(load_words(words) == r) && ok_text(last_error.text, want);
}

static bool warns(const char *text)
{
	auto_free char *want = mem_format("%s%s", t.top, text);

	return ok(conf_warnings(t.conf)->count == 1) &&
	       ok_text(conf_warnings(t.conf)->item[0], want);
}

static const char *bind_at(size_t at)
{
	return at < t.settings.binds.count ? t.settings.binds.item[at].text : "(none)";
}

static const struct conf_origin *origin(const char *name)
{
	bool opposite;

	return conf_origin(t.conf, opt_find(run_opts, name, &opposite));
}

/* ---- order ----------------------------------------------------------------- */

static void needs_no_files(void)
{
	begin();
	ok(load_words("") == 0);
	ok(t.settings.umask == -1 && !t.settings.read_only);
	ok(conf_warnings(t.conf)->count == 0);
	end();
}

static void lets_the_last_value_win(void)
{
	begin();
	write_in(t.site, "urun.conf",
		 "hostname = a\nworkdir = a\nhome = a\nuser = a\n"
		 "store = a\n");
	write_in(t.site, "conf.d/2.conf", "workdir = c\n");
	write_in(t.site, "conf.d/1.conf", "workdir = b\nhome = b\nuser = b\nstore = b\n");
	write_in(t.site, "conf.d/3.txt", "hostname = no\n");
	write_in(t.site, "conf.d/.4.conf", "hostname = no\n");
	write_file(t.user, "home = d\nuser = d\nstore = d\n");
	ok(load_variables("URUN_USER=e|URUN_STORE=e|OTHER=x", "--store f") == 0);
	ok_text(t.settings.hostname, "a");
	ok_text(t.settings.workdir, "c");
	ok_text(t.settings.home, "d");
	ok_text(t.settings.user, "e");
	ok_text(t.settings.store, "f");
	end();
}

static void adds_lists_up_and_clears_them(void)
{
	begin();
	write_in(t.site, "urun.conf", "bind = /a\nbind = /b\n");
	write_file(t.user, "volume = /c\n");
	ok(load_words("-v /d") == 0 && t.settings.binds.count == 4);
	ok_text(bind_at(3), "/d");
	ok(t.settings.binds.item[0].from_file && !t.settings.binds.item[3].from_file);
	write_file(t.user, "bind =\nbind = /c\n");
	ok(load_words("") == 0 && t.settings.binds.count == 1);
	ok_text(bind_at(0), "/c");
	ok(load_words("--bind= -v /d") == 0 && t.settings.binds.count == 1);
	ok_text(bind_at(0), "/d");
	end();
}

static void reads_flags_in_each_form(void)
{
	begin();
	write_file(t.user, "read-only\n");
	ok(load_words("") == 0 && t.settings.read_only);
	write_file(t.user, "read-only = yes\nno-read-only\n");
	ok(load_words("") == 0 && !t.settings.read_only);
	write_file(t.user, "writable-tmpfs = no\n");
	ok(load_words("") == 0 && t.settings.read_only);
	write_file(t.user, "root\n");
	ok(load_words("") == 0 && t.settings.root == ROOT_YES);
	ok(load_words("--no-root") == 0 && t.settings.root == ROOT_NO);
	end();
}

static void remembers_where_values_are_from(void)
{
	begin();
	write_in(t.site, "urun.conf", "\nlock = net\nnet = host\n");
	ok(load_variables("URUN_UMASK=027", "--user 5 -v /x") == 0);
	ok(origin("net")->value.kind == SOURCE_SITE && origin("net")->value.line == 3);
	ok(origin("net")->lock.line == 2);
	ok(origin("umask")->value.kind == SOURCE_VARIABLE);
	ok_text(origin("umask")->value.name, "URUN_UMASK");
	ok_text(origin("user")->value.name, "--user");
	ok(origin("home")->value.kind == SOURCE_DEFAULT);
	ok_text(t.settings.binds.item[0].source.name, "-v");
	end();
}

/* ---- mistakes in files ----------------------------------------------------- */

static void warns_of_what_it_does_not_know(void)
{
	begin();
	write_file(t.user, "\nread-olny = yes\n");
	ok(load_words("") == 0);
	ok(warns("/user.conf:2: 'read-olny' is no option (did you mean 'read-only'?), "
		 "ignoring"));
	write_file(t.user, "v = /x\n");
	ok(load_words("") == 0 && t.settings.binds.count == 0);
	ok(warns("/user.conf:1: 'v' is no option, ignoring"));
	write_file(t.user, "bind\n");
	ok(load_words("") == 0);
	ok(warns("/user.conf:1: 'bind' has no value, ignoring"));
	write_file(t.user, "publish = 80\n");
	ok(load_words("") == 0);
	ok(warns("/user.conf:1: 'publish' is not built yet, ignoring"));
	write_file(t.user, "privileged\n");
	ok(load_words("") == 0);
	ok(warns("/user.conf:1: 'privileged' has no effect, ignoring"));
	end();
}

static void refuses_wrong_values(void)
{
	begin();
	write_file(t.user, "umask = 9\n");
	ok(fails("", -EINVAL,
		 "TOP/user.conf:1: read 'umask': '9' is no octal number from 0 "
		 "to 777"));
	write_file(t.user, "user = ${HOME\n");
	ok(fails("", -EINVAL,
		 "TOP/user.conf:1: read '${HOME': '${' without a name and '}'"));
	end();
}

static void reads_regular_files_only(void)
{
	auto_free char *text = mem_alloc((1 << 20) + 2);

	begin();
	ok(mkdir(t.user, 0755) == 0);
	ok(load_words("") < 0);
	ok(rmdir(t.user) == 0 && mkfifo(t.user, 0600) == 0);
	ok(fails("", -EINVAL, "read 'TOP/user.conf': it is no regular file"));
	ok(unlink(t.user) == 0);
	memset(text, '\n', (1 << 20) + 1);
	write_file(t.user, text);
	ok(fails("", -EFBIG, "read 'TOP/user.conf': File too large"));
	end();
}

/* ---- variables ------------------------------------------------------------- */

static void puts_variables_into_lines(void)
{
	begin();
	write_file(t.user, "workdir = $BASE/x\nhome = $NONE/x\nbind = $NONE/y\n"
			   "bind = ${BASE}:/base\n");
	ok(load_variables("BASE=/b", "") == 0);
	ok_text(t.settings.workdir, "/b/x");
	ok(!t.settings.home && t.settings.binds.count == 1);
	ok_text(bind_at(0), "/b:/base");
	ok(warns("/user.conf:2: 'home' needs the variable 'NONE', which is not set, "
		 "ignoring"));
	end();
}

static void reads_options_from_variables(void)
{
	begin();
	ok(load_variables(
		   "URUN_READ_ONLY=1|URUN_BIND=/a:/b\n/c|URUN_NO_HOME=yes|URUN_V=/no|"
		   "URUN_IMAGE=x|URUN_NAME=y|URUN_LOCK=net|URUN_",
		   "") == 0);
	ok(t.settings.read_only && t.settings.no_home && t.settings.binds.count == 2);
	ok_text(bind_at(1), "/c");
	ok(!t.settings.binds.item[0].from_file);
	ok(load_variables("URUN_NET=moon", "") == -EINVAL);
	ok_text(last_error.text,
		"read variable 'URUN_NET': 'moon' is none of auto, host, none");
	end();
}

static void warns_of_variables_that_look_wrong(void)
{
	begin();
	ok(load_variables("URUN_READ_OLNY=yes", "") == 0);
	ok(conf_warnings(t.conf)->count == 1);
	ok_text(conf_warnings(t.conf)->item[0], "variable 'URUN_READ_OLNY' is no option "
						"(did you mean 'URUN_READ_ONLY'?), "
						"ignoring");
	end();
}

static void reads_apptainers_binds(void)
{
	begin();
	ok(load_variables("APPTAINER_BIND=/a,/b:/c:ro,/d:/e:ro,optional", "") == 0);
	ok(t.settings.binds.count == 3);
	ok_text(bind_at(0), "/a");
	ok_text(bind_at(1), "/b:/c:ro");
	ok_text(bind_at(2), "/d:/e:ro,optional");
	end();
}

/* ---- sections -------------------------------------------------------------- */

static void applies_profiles(void)
{
	begin();
	write_in(t.site, "urun.conf",
		 "user = a\n[profile one]\nuser = b\nhome = b\n"
		 "[profile two]\nuser = c\n[profile one]\nstore = d\n");
	ok(load_words("") == 0);
	ok_text(t.settings.user, "a");
	ok(load_words("--profile one") == 0);
	ok_text(t.settings.user, "b");
	ok_text(t.settings.store, "d");
	ok(load_words("--profile two --profile one") == 0);
	ok_text(t.settings.user, "c");
	ok_text(t.settings.home, "b");
	ok(load_variables("URUN_PROFILE=one", "") == 0);
	ok_text(t.settings.user, "b");
	write_file(t.user, "profile = two\n");
	ok(load_words("") == 0);
	ok_text(t.settings.user, "c");
	end();
}

static void names_profiles_that_are_there(void)
{
	begin();
	ok(fails("--profile x", -ENOENT, "use profile 'x': no config file has it"));
	ok_text(last_error.hint, "a profile is a section '[profile x]' of a config file");
	write_file(t.user, "[profile a]\nread-only\n[profile b]\nread-only\n");
	ok(fails("--profile x", -ENOENT, "use profile 'x': no config file has it"));
	ok_text(last_error.hint, "there are: a b");
	end();
}

static void applies_image_sections(void)
{
	auto_free char *text = NULL, *image = NULL, *link = NULL;

	begin();
	text = mem_format("[image %s/*.sif]\nuser = a\n[image lab/*]\nuser = b\n", t.top);
	write_file(t.user, text);
	write_in(t.top, "x.sif", "");
	image = path_join(t.top, "etc/../x.sif");
	link = path_join(t.top, "link");
	ok(symlink("x.sif", link) == 0);
	ok(load_words("") == 0 && !t.settings.user);
	ok(load_words("other.sif") == 0 && !t.settings.user);
	ok(load_words(image) == 0);
	ok_text(t.settings.user, "a");
	ok(load_words(link) == 0);
	ok_text(t.settings.user, "a");
	ok(load_words("lab/app:2 cmd") == 0);
	ok_text(t.settings.user, "b");
	end();
}

/* ---- locks
 * --------------------------------------------------------------------------------------
 */

static void locks_a_value(void)
{
	begin();
	write_in(t.site, "urun.conf", "lock = net read-only home # fixed\nnet = host\n");
	write_in(t.site, "conf.d/x.conf", "read-only\n");
	ok(load_words("--net host --read-only") == 0);
	ok(t.settings.read_only && t.settings.net == NETMODE_HOST);
	ok(origin("net")->value.kind == SOURCE_SITE);
	ok(fails("--net none", -EPERM, "change 'net': locked by TOP/etc/urun.conf:1"));
	ok_text(last_error.hint, "'urun config --show-origin' shows what the site locks");
	ok(fails("--network=none", -EPERM,
		 "change 'net': locked by TOP/etc/urun.conf:1"));
	ok(fails("--home /x", -EPERM, "change 'home': locked by TOP/etc/urun.conf:1"));
	end();
}

static void locks_each_name_of_an_option(void)
{
	static const char *const ways[] = { "--no-read-only", "--read-only=no",
					    "--writable-tmpfs" };

	begin();
	write_in(t.site, "urun.conf", "read-only\nlock = no-writable-tmpfs\n");
	for (size_t i = 0; i < 3; i++)
		ok(fails(ways[i], -EPERM,
			 "change 'read-only': locked by TOP/etc/urun.conf:2"));
	ok(load_words("--read-only=yes") == 0);
	end();
}

static void locks_against_files_profiles_and_variables(void)
{
	begin();
	write_in(t.site, "urun.conf", "lock = net,profile\nnet = host\n");
	write_file(t.user, "\nnet = none\n");
	ok(load_words("") == -EPERM);
	ok(strstr(last_error.text, "user.conf:2: change 'net': locked by"));
	write_file(t.user, "[profile x]\nnet = none\n[image *]\nnet = none\n");
	ok(load_words("image") == -EPERM);
	ok(fails("--profile x", -EPERM,
		 "change 'profile': locked by TOP/etc/urun.conf:1"));
	write_file(t.user, "");
	ok(load_variables("URUN_NET=none", "") == -EPERM);
	ok(strstr(last_error.text, "variable 'URUN_NET': change 'net': locked by"));
	ok(load_variables("URUN_NETWORK=none", "") == -EPERM);
	write_in(t.site, "urun.conf", "lock = net\nnet = host\n");
	write_file(t.user, "[profile x]\nnet = none\n");
	ok(load_words("") == 0);
	ok(load_words("--profile x") == -EPERM);
	end();
}

static void locks_lists(void)
{
	begin();
	write_in(t.site, "urun.conf", "bind = /a\nlock = bind\nbind = /b\n");
	ok(load_words("") == 0 && t.settings.binds.count == 2);
	ok(fails("-v /c", -EPERM, "change 'bind': locked by TOP/etc/urun.conf:2"));
	ok(fails("--bind=", -EPERM, "change 'bind': locked by TOP/etc/urun.conf:2"));
	ok(load_variables("APPTAINER_BIND=/x", "") == -EPERM);
	end();
}

static void locks_by_the_site_only(void)
{
	begin();
	write_in(t.site, "urun.conf",
		 "lock = nothing\n[profile p]\nlock = user\nuser = 5\n");
	write_file(t.user, "user = 6\n");
	ok(load_words("") == 0);
	ok(warns("/etc/urun.conf:1: 'nothing' is no option, ignoring"));
	ok_text(t.settings.user, "6");
	ok(load_words("--profile p") == -EPERM);
	write_in(t.site, "urun.conf", "");
	write_file(t.user, "lock = user\n");
	ok(load_words("--user 7") == 0);
	ok(warns("/user.conf:1: 'lock' counts in the site's files only, ignoring"));
	ok_text(t.settings.user, "7");
	end();
}

int main(void)
{
	RUN(needs_no_files);
	RUN(lets_the_last_value_win);
	RUN(adds_lists_up_and_clears_them);
	RUN(reads_flags_in_each_form);
	RUN(remembers_where_values_are_from);
	RUN(warns_of_what_it_does_not_know);
	RUN(refuses_wrong_values);
	RUN(reads_regular_files_only);
	RUN(puts_variables_into_lines);
	RUN(reads_options_from_variables);
	RUN(warns_of_variables_that_look_wrong);
	RUN(reads_apptainers_binds);
	RUN(applies_profiles);
	RUN(names_profiles_that_are_there);
	RUN(applies_image_sections);
	RUN(locks_a_value);
	RUN(locks_each_name_of_an_option);
	RUN(locks_against_files_profiles_and_variables);
	RUN(locks_lists);
	RUN(locks_by_the_site_only);
	return tap_end();
}
