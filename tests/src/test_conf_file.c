// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "conf_file.h"
#include "tests/tap.h"

static int parse(const char *text, struct conf_file *ret, struct strv *warnings)
{
	return conf_file_parse("x.conf", SOURCE_USER, mem_text(text), strlen(text),
			       warnings, ret);
}

/* Parse one line and compare name and value. */
static bool gives(const char *text, const char *name, const char *value)
{
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;
	bool good;

	if (parse(text, &file, &warnings) < 0)
		return false;
	good = ok(file.count == 1) && ok_text(file.lines[0].name, name) &&
	       ok_text(file.lines[0].value, value);
	conf_file_done(&file);
	return good;
}

static void reads_names_and_values(void)
{
	ok(gives("bind = /a:/b", "bind", "/a:/b"));
	ok(gives("  bind=/a b\t\r\n", "bind", "/a b"));
	ok(gives("env = A=b=c", "env", "A=b=c"));
	ok(gives("read-only", "read-only", NULL));
	ok(gives("bind =", "bind", ""));
	ok(gives("bind = \xff", "bind", "\xff"));
}

static void leaves_comments_out(void)
{
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;

	ok(gives("# nothing\n\n   # no\nbind = /a # why\n", "bind", "/a"));
	ok(gives("read-only # why", "read-only", NULL));
	ok(gives("bind = # none", "bind", ""));
	ok(gives("env = A#b", "env", "A#b"));
	ok(parse("", &file, &warnings) == 0 && file.count == 0);
	conf_file_done(&file);
}

static void keeps_what_is_quoted(void)
{
	ok(gives("env = \"A = # b \"  # why", "env", "A = # b "));
	ok(gives("entrypoint = \"\"", "entrypoint", ""));
	ok(gives("env = \"open", "env", "\"open"));
	ok(gives("env = \"a\"b", "env", "\"a\"b"));
}

static void knows_sections(void)
{
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;

	ok(parse("a = 1\n[profile gpu]\nb = 2\n [image /x/*.[sS]if] # c\nc = 3\n[odd]\nd "
		 "= 4\n",
		 &file, &warnings) == 0);
	ok(file.count == 4);
	ok(file.lines[0].section == SECTION_TOP && file.lines[0].number == 1);
	ok(file.lines[1].section == SECTION_PROFILE && file.lines[1].number == 3);
	ok_text(file.lines[1].section_name, "gpu");
	ok(file.lines[2].section == SECTION_IMAGE);
	ok_text(file.lines[2].section_name, "/x/*.[sS]if");
	ok(file.lines[3].section == SECTION_OTHER);
	ok(warnings.count == 1);
	ok_text(warnings.item[0], "x.conf:6: unknown section '[odd]', ignoring");
	ok(file.profiles.count == 1 && strv_has(&file.profiles, "gpu"));
	conf_file_done(&file);
}

static void knows_profiles_without_lines(void)
{
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;

	ok(parse("[profile empty]\n[profile full]\na=1\n", &file, &warnings) == 0);
	ok(file.count == 1 && file.profiles.count == 2);
	ok_text(file.profiles.item[0], "empty");
	conf_file_done(&file);
}

static void refuses_broken_text(void)
{
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;

	ok(parse("a=1\n[profile x\n", &file, &warnings) == -EINVAL);
	ok_text(last_error.text, "x.conf:2: read '[profile x': a section ends in ']'");
	ok(parse("[profile]", &file, &warnings) == -EINVAL);
	ok_text(last_error.text, "x.conf:1: read '[profile]': a name is missing");
	ok(parse("[image x]y", &file, &warnings) == -EINVAL);
	ok(conf_file_parse("x.conf", SOURCE_USER, mem_text_n("a\0b", 3), 3, &warnings,
			   &file) == -EINVAL);
	ok_text(last_error.text, "read 'x.conf': it holds a NUL byte");
}

/* ---- variables --------------------------------------------------------- */

static const char *const given[] = { "A=1", "AB=two words", "EMPTY=", "_x9=y", NULL };

static char *const *const variables = (char *const *)given;

static bool expands(const char *text, const char *want)
{
	auto_free char *got = NULL, *missing = NULL;

	return conf_expand(text, variables, &got, &missing) == 0 && ok_text(got, want);
}

static void puts_variables_in_place(void)
{
	ok(expands("plain", "plain"));
	ok(expands("$A", "1"));
	ok(expands("/x/$AB/${A}B$_x9", "/x/two words/1By"));
	ok(expands("[$EMPTY]", "[]"));
	ok(expands("a$$A $ $1 $", "a$A $ $1 $"));
}

static void names_what_is_missing(void)
{
	auto_free char *got = NULL, *missing = NULL;

	ok(conf_expand("/$A/$NONE/x", variables, &got, &missing) == -ENOENT);
	ok_text(missing, "NONE");
	ok(!got);
	ok(conf_expand("${A", variables, &got, &missing) == -EINVAL);
	ok(conf_expand("${}", variables, &got, &missing) == -EINVAL);
	ok(conf_expand("${A-x}", variables, &got, &missing) == -EINVAL);
}

int main(void)
{
	RUN(reads_names_and_values);
	RUN(leaves_comments_out);
	RUN(keeps_what_is_quoted);
	RUN(knows_sections);
	RUN(knows_profiles_without_lines);
	RUN(refuses_broken_text);
	RUN(puts_variables_in_place);
	RUN(names_what_is_missing);
	return tap_end();
}
