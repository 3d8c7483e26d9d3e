// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "options.h"
#include "tests/tap.h"

/* One option of each kind. */
struct sample {
	bool flag, other;
	char *text, *kept;
	struct setting_list list;
	uint64_t size;
	int number, mask, time_ms;
	enum { FIRST, SECOND, THIRD } choice;
	enum { MODE_NO, MODE_YES, MODE_STRICT } mode;
};

#define AT(field) AT_OF(struct sample, field)

static const char *const choices[] = { "first", "second", "third", NULL };
static const char *const modes[] = { "no", "yes", "strict", NULL };
static const char *const ids[] = { "keep-id", NULL };

static const struct opt table[] = {
	{ OPT_FLAG, 'f', "flag", NULL, AT(flag), .aliases = "banner !unflag" },
	{ OPT_FLAG, 'o', "other", NULL, AT(other) },
	{ OPT_TEXT, 't', "text", "DIR", AT(text), .aliases = "T words" },
	{ OPT_TEXT, 0, "kept", "TEXT", AT(kept), .keeps_empty = true },
	{ OPT_LIST, 'l', "list", "ITEM", AT(list) },
	{ OPT_SIZE, 0, "size", "SIZE", AT(size) },
	{ OPT_NUMBER, 0, "number", "N", AT(number), .min = -5, .max = 9, .unset = -9 },
	{ OPT_OCTAL, 0, "mask", "MASK", AT(mask), .max = 0777, .unset = -1 },
	{ OPT_TIME, 0, "time", "TIME", AT(time_ms), .unset = -1 },
	{ OPT_CHOICE, 0, "choice", "WHICH", AT(choice), .choices = choices,
	  .later = "fourth ctr:" },
	{ OPT_CHOICE, 0, "mode", "MODE", AT(mode), .choices = modes, .bare = "yes" },
	{ .kind = OPT_NOTHING, .name = "rm" },
	{ .kind = OPT_NOTHING, .name = "ids", .arg = "WHICH", .choices = ids },
	{ .kind = OPT_LATER, .letter = 'p', .name = "publish", .arg = "PORT" },
	{ .kind = OPT_REFUSED, .name = "no-mount", .arg = "X", .help = "use '--flag'" },
	{ .kind = OPT_END }
};

#define ARGS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

/* Read args and store them; the words that follow go to ret_words unless NULL. */
static int parse(char *const *args, struct sample *ret, struct strv *ret_words)
{
	struct opt_uses uses;
	int r = opts_read(table, NULL, args, OPTS_FIRST, &uses);

	opts_init(table, ret);
	for (size_t i = 0; r == 0 && i < uses.count; i++) {
		struct setting_source source = { SOURCE_COMMAND_LINE, uses.item[i].as,
						 0 };

		r = opt_set(uses.item[i].opt, ret, uses.item[i].value, &source);
	}
	if (r == 0 && ret_words)
		strv_add_all(ret_words, &uses.words);
	opt_uses_done(&uses);
	if (r < 0)
		opts_done(table, ret);
	return r;
}

/* One option with its value, for the kinds. */
static int parse_one(const char *word, struct sample *ret)
{
	return parse(ARGS(word), ret, NULL);
}

static bool refuses(char *const *args, const char *text, const char *hint_text)
{
	struct sample sample;

	error_clear();
	if (parse((char *const *)args, &sample, NULL) >= 0) {
		opts_done(table, &sample);
		return false;
	}
	return ok_text(last_error.text, text) && ok_text(last_error.hint, hint_text);
}

/* ---- spelling ---------------------------------------------------------- */

static void takes_values_after_a_blank_or_equals(void)
{
	struct sample sample;

	ok(parse(ARGS("--text", "a", "--kept=b=c", "--flag"), &sample, NULL) == 0);
	ok_text(sample.text, "a");
	ok_text(sample.kept, "b=c");
	ok(sample.flag);
	opts_done(table, &sample);
}

static void takes_letters_like_podman(void)
{
	struct sample sample;

	ok(parse(ARGS("-fo", "-t/x:/y", "-l", "1", "-l=2", "-fl3"), &sample, NULL) == 0);
	ok(sample.flag && sample.other);
	ok_text(sample.text, "/x:/y");
	ok(sample.list.count == 3);
	ok_text(sample.list.item[1].text, "2");
	ok_text(sample.list.item[2].text, "3");
	opts_done(table, &sample);
	ok(parse(ARGS("-f=false", "-o=true", "-T", "x"), &sample, NULL) == 0);
	ok(!sample.flag && sample.other);
	ok_text(sample.text, "x");
	opts_done(table, &sample);
}

static void switches_flags_off(void)
{
	struct sample sample;

	ok(parse(ARGS("-f", "--no-flag"), &sample, NULL) == 0 && !sample.flag);
	ok(parse(ARGS("--flag", "--flag=no"), &sample, NULL) == 0 && !sample.flag);
	ok(parse(ARGS("--no-flag=no"), &sample, NULL) == 0 && sample.flag);
	ok(parse(ARGS("--no-flag", "--flag=yes"), &sample, NULL) == 0 && sample.flag);
	ok(parse(ARGS("--mode", "--no-mode"), &sample, NULL) == 0 &&
	   sample.mode == MODE_NO);
}

static void knows_aliases_and_opposites(void)
{
	struct sample sample;

	ok(parse_one("--banner", &sample) == 0 && sample.flag);
	ok(parse_one("--no-banner", &sample) == 0 && !sample.flag);
	ok(parse(ARGS("-f", "--unflag"), &sample, NULL) == 0 && !sample.flag);
	ok(parse_one("--no-unflag", &sample) == 0 && sample.flag);
	ok(parse_one("--words=x", &sample) == 0);
	ok_text(sample.text, "x");
	opts_done(table, &sample);
}

static void takes_a_bare_value_by_equals_only(void)
{
	struct sample sample;
	auto_strv struct strv words = { 0 };

	ok(parse(ARGS("--mode", "strict"), &sample, &words) == 0);
	ok(sample.mode == MODE_YES && words.count == 1);
	ok(parse_one("--mode=strict", &sample) == 0 && sample.mode == MODE_STRICT);
}

static void ends_options_at_the_first_word(void)
{
	struct sample sample;
	auto_strv struct strv words = { 0 }, dashed = { 0 }, ended = { 0 };

	ok(parse(ARGS("-f", "image", "-o", "--x"), &sample, &words) == 0);
	ok(sample.flag && !sample.other && words.count == 3);
	ok(parse(ARGS("image", "--", "-o", "--"), &sample, &dashed) == 0);
	ok(dashed.count == 3);
	ok_text(dashed.item[1], "-o");
	ok_text(dashed.item[2], "--");
	ok(parse(ARGS("--", "--image", "--", "--"), &sample, &ended) == 0);
	ok(ended.count == 2);
	ok_text(ended.item[0], "--image");
}

static void keeps_words_as_they_are(void)
{
	struct sample sample;
	auto_strv struct strv words = { 0 };

	ok(parse(ARGS("-", "", "\xff\xfe", "a\nb"), &sample, &words) == 0);
	ok(words.count == 4);
	ok_text(words.item[0], "-");
	ok_text(words.item[1], "");
	ok_text(words.item[2], "\xff\xfe");
}

static void finds_help(void)
{
	struct opt_uses uses;

	ok(opts_read(table, NULL, ARGS("-f", "--help"), OPTS_FIRST, &uses) == 0);
	ok(uses.help);
	opt_uses_done(&uses);
	ok(opts_read(table, NULL, ARGS("-h"), OPTS_FIRST, &uses) == 0 && uses.help);
	opt_uses_done(&uses);
	ok(opts_read(table, NULL, ARGS("image", "--help"), OPTS_FIRST, &uses) == 0);
	ok(!uses.help);
	opt_uses_done(&uses);
}

static void reads_options_anywhere_for_plain_verbs(void)
{
	struct sample sample;
	auto_strv struct strv words = { 0 }, rest = { 0 };

	strv_split(&words, "a -f b -- -o", " ");
	ok(opts_parse(table, &sample, &words, &rest) == 0);
	ok(sample.flag && !sample.other && rest.count == 3);
	ok_text(rest.item[2], "-o");
	opts_done(table, &sample);
}

/* ---- kinds ----------------------------------------------------------------- */

static void starts_with_nothing_given(void)
{
	struct sample sample;

	memset(&sample, 0x55, sizeof(sample));
	opts_init(table, &sample);
	ok(!sample.flag && !sample.text && !sample.list.count && !sample.size);
	ok(sample.number == -9 && sample.mask == -1 && sample.time_ms == -1);
	ok(sample.choice == FIRST);
}

static void clears_with_an_empty_value(void)
{
	struct sample sample;

	ok(parse(ARGS("--text=a", "--text=", "-l", "1", "--list=", "-l", "2", "--kept=a",
		      "--kept="),
		 &sample, NULL) == 0);
	ok(!sample.text);
	ok(sample.list.count == 1);
	ok_text(sample.list.item[0].text, "2");
	ok_text(sample.kept, "");
	opts_done(table, &sample);
	ok(parse(ARGS("--size=1", "--size=", "--number=3", "--number=", "--mask=7",
		      "--mask="),
		 &sample, NULL) == 0);
	ok(sample.size == 0 && sample.number == -9 && sample.mask == -1);
}

static void reads_sizes(void)
{
	struct sample sample;

	ok(parse_one("--size=64", &sample) == 0 && sample.size == 64);
	ok(parse_one("--size=10k", &sample) == 0 && sample.size == 10240);
	ok(parse_one("--size=1.5GiB", &sample) == 0 && sample.size == 3ULL << 29);
	ok(parse_one("--size=2MB", &sample) == 0 && sample.size == 2 << 20);
	ok(refuses(ARGS("--size=10x"),
		   "read option '--size': '10x' is no size, such as 512M or 2G", ""));
	for (size_t i = 0; i < 9; i++) {
		static const char *const bad[] = { "--size=-1",	  "--size=k",
						   "--size=1..2", "--size=nan",
						   "--size=1e3",  "--size= 1",
						   "--size=0x10", "--size=9999P",
						   "--size=1kk" };

		ok(parse_one(bad[i], &sample) == -EINVAL);
	}
}

static void reads_times(void)
{
	struct sample sample;

	ok(parse_one("--time=10", &sample) == 0 && sample.time_ms == 10000);
	ok(parse_one("--time=500ms", &sample) == 0 && sample.time_ms == 500);
	ok(parse_one("--time=1.5m", &sample) == 0 && sample.time_ms == 90000);
	ok(parse_one("--time=10y", &sample) == -EINVAL);
	ok(parse_one("--time=1000000h", &sample) == -EINVAL);
}

static void reads_numbers_within_bounds(void)
{
	struct sample sample;

	ok(parse_one("--number=-5", &sample) == 0 && sample.number == -5);
	ok(parse_one("--mask=022", &sample) == 0 && sample.mask == 022);
	ok(refuses(ARGS("--number=10"),
		   "read option '--number': '10' is no number from -5 to 9", ""));
	ok(refuses(ARGS("--mask", "9"),
		   "read option '--mask': '9' is no octal number from 0 to 777", ""));
}

static void reads_choices(void)
{
	struct sample sample;

	ok(parse_one("--choice=third", &sample) == 0 && sample.choice == THIRD);
	ok(refuses(ARGS("--choice=x"),
		   "read option '--choice': 'x' is none of first, second, third", ""));
	ok(refuses(ARGS("--choice=fourth"),
		   "read option '--choice': 'fourth' is not built yet", ""));
	ok(refuses(ARGS("--choice=ctr:abc"),
		   "read option '--choice': 'ctr:abc' is not built yet", ""));
	ok(refuses(ARGS("--flag=maybe"),
		   "read option '--flag': 'maybe' is neither yes nor no", ""));
	ok(refuses(ARGS("--no-flag=maybe"),
		   "read option '--no-flag': 'maybe' is neither yes nor no", ""));
}

static void accepts_what_needs_nothing(void)
{
	struct sample sample;

	ok(parse(ARGS("--rm", "--rm=true", "--ids=keep-id"), &sample, NULL) == 0);
	ok(parse_one("--ids=other", &sample) == -EINVAL);
}

static void shows_what_would_set_it_again(void)
{
	static const char *const values[][2] = {
		{ "flag", "yes" },    { "text", "a b" },  { "size", "3G" },
		{ "size", "1025" },   { "number", "-3" }, { "mask", "0027" },
		{ "time", "1500ms" }, { "time", "90s" },  { "choice", "second" },
	};
	struct setting_source source = { SOURCE_COMMAND_LINE, "x", 0 };

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct sample sample;
		bool opposite;
		const struct opt *opt = opt_find(table, values[i][0], &opposite);
		auto_free char *before = NULL, *after = NULL;

		opts_init(table, &sample);
		before = opt_show(opt, &sample);
		ok(!before);
		ok(opt_set(opt, &sample, values[i][1], &source) == 0);
		after = opt_show(opt, &sample);
		ok_text(after, values[i][1]);
		opts_done(table, &sample);
	}
}

/* ---- mistakes -------------------------------------------------------------- */

static void leaves_the_value_alone_on_error(void)
{
	struct setting_source source = { SOURCE_COMMAND_LINE, "--number", 0 };
	struct sample sample;
	bool opposite;

	opts_init(table, &sample);
	sample.number = 7;
	ok(opt_set(opt_find(table, "number", &opposite), &sample, "x", &source) ==
	   -EINVAL);
	ok(sample.number == 7);
}

static void says_what_was_meant(void)
{
	ok(refuses(ARGS("--numbr=1"), "read option '--numbr': no such option",
		   "did you mean '--number'?"));
	ok(refuses(ARGS("--no-falg"), "read option '--no-falg': no such option",
		   "did you mean '--flag'?"));
	ok(refuses(
		ARGS("-z"), "read option '-z': no such option",
		"'urun help' lists the options; those of the command come after IMAGE"));
}

static void takes_no_beginnings_or_bare_letters(void)
{
	struct sample sample;

	ok(parse_one("--fla", &sample) == -EINVAL);
	ok(parse_one("--f", &sample) == -EINVAL);
	ok(parse_one("--", &sample) == 0);
	ok(parse_one("--=x", &sample) == -EINVAL);
	ok(parse_one("---", &sample) == -EINVAL);
	ok(parse_one("-f-", &sample) == -EINVAL);
	ok(parse_one("--no-text", &sample) == -EINVAL);
	ok(parse_one("--no-", &sample) == -EINVAL);
}

static void misses_values(void)
{
	ok(refuses(ARGS("-t"), "read option '-t': its value DIR is missing", ""));
	ok(refuses(ARGS("--text"), "read option '--text': its value DIR is missing", ""));
	ok(refuses(ARGS("-fot"), "read option '-t': its value DIR is missing", ""));
}

static void names_what_comes_later_and_what_never(void)
{
	ok(refuses(ARGS("-p", "80"), "read option '-p': not built yet", ""));
	ok(refuses(ARGS("--publish=80"), "read option '--publish': not built yet", ""));
	ok(refuses(ARGS("--no-mount", "x"),
		   "read option '--no-mount': urun has no such thing", "use '--flag'"));
}

static void names_files_and_variables(void)
{
	struct setting_source line = { SOURCE_SITE, "/etc/x.conf", 12 };
	struct setting_source variable = { SOURCE_VARIABLE, "URUN_MASK", 0 };
	struct sample sample;
	bool opposite;
	const struct opt *opt = opt_find(table, "number", &opposite);

	opts_init(table, &sample);
	ok(opt_set(opt, &sample, "x", &line) == -EINVAL);
	ok_text(last_error.text,
		"/etc/x.conf:12: read 'number': 'x' is no number from -5 to 9");
	ok(opt_set(opt, &sample, "x", &variable) == -EINVAL);
	ok_text(last_error.text,
		"read variable 'URUN_MASK': 'x' is no number from -5 to 9");
}

static void marks_items_of_files(void)
{
	struct setting_source line = { SOURCE_USER, "x.conf", 3 };
	struct setting_source option = { SOURCE_COMMAND_LINE, "-l", 0 };
	struct sample sample;
	bool opposite;
	const struct opt *opt = opt_find(table, "list", &opposite);

	opts_init(table, &sample);
	ok(opt_set(opt, &sample, "a", &line) == 0);
	ok(opt_set(opt, &sample, "b", &option) == 0);
	ok(sample.list.item[0].from_file && !sample.list.item[1].from_file);
	ok(sample.list.item[0].source.line == 3);
	opts_done(table, &sample);
}

/* ---- large ----------------------------------------------------------------- */

static void takes_much(void)
{
	size_t size = 128 << 10, count = 10000;
	auto_free char *large = mem_alloc(size + 1);
	auto_free const char **args = mem_array(count * 2 + 3, sizeof(*args));
	auto_strv struct strv words = { 0 };
	struct sample sample;

	memset(large, 'x', size);
	for (size_t i = 0; i < count; i++) {
		args[2 * i] = "-l";
		args[2 * i + 1] = "NAME=value";
	}
	args[2 * count] = "image";
	args[2 * count + 1] = large;
	ok(parse((char *const *)args, &sample, &words) == 0);
	ok(sample.list.count == count && words.count == 2);
	ok(strlen(words.item[1]) == size);
	opts_done(table, &sample);
	args[0] = large;
	args[1] = NULL;
	large[0] = large[1] = '-';
	ok(parse((char *const *)args, &sample, NULL) == -EINVAL);
	ok(strlen(last_error.text) < sizeof(last_error.text));
}

int main(void)
{
	RUN(takes_values_after_a_blank_or_equals);
	RUN(takes_letters_like_podman);
	RUN(switches_flags_off);
	RUN(knows_aliases_and_opposites);
	RUN(takes_a_bare_value_by_equals_only);
	RUN(ends_options_at_the_first_word);
	RUN(keeps_words_as_they_are);
	RUN(finds_help);
	RUN(reads_options_anywhere_for_plain_verbs);
	RUN(starts_with_nothing_given);
	RUN(clears_with_an_empty_value);
	RUN(reads_sizes);
	RUN(reads_times);
	RUN(reads_numbers_within_bounds);
	RUN(reads_choices);
	RUN(accepts_what_needs_nothing);
	RUN(shows_what_would_set_it_again);
	RUN(leaves_the_value_alone_on_error);
	RUN(says_what_was_meant);
	RUN(takes_no_beginnings_or_bare_letters);
	RUN(misses_values);
	RUN(names_what_comes_later_and_what_never);
	RUN(names_files_and_variables);
	RUN(marks_items_of_files);
	RUN(takes_much);
	return tap_end();
}
