// SPDX-License-Identifier: Apache-2.0
/* help.c - help, printed from the tables of verbs and options */
#include <string.h>

#include "help.h"

#define WIDTH 80  /* of a terminal that nobody made wider */
#define COLUMN 30 /* where the explanation of an option begins */
#define VERB_COLUMN 14

void help_wrap(struct text *ret, const char *text, size_t indent, size_t width)
{
	size_t column = indent;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > indent && column + 1 + len > width) {
			text_addf(ret, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			text_add(ret, " ");
			column++;
		}
		text_add_n(ret, text, len);
		column += len;
		text += len + strspn(text + len, " ");
	}
	text_add(ret, "\n");
}

static void add_letters(const struct opt *opt, struct text *ret)
{
	const char *alias = opt->aliases;

	if (opt->letter)
		text_addf(ret, "-%c, ", opt->letter);
	while (alias && *alias) {
		size_t len = strcspn(alias, " ");

		if (len == 1)
			text_addf(ret, "-%c, ", *alias);
		alias += len + strspn(alias + len, " ");
	}
}

void help_spelling(const struct opt *opt, struct text *ret)
{
	add_letters(opt, ret);
	text_addf(ret, "--%s", opt->name);
	if (opt->arg)
		text_addf(ret, opt->bare ? "[=%s]" : " %s", opt->arg);
}

static void add_option(const struct opt *opt, struct text *ret)
{
	auto_text struct text spelling = { 0 };

	text_add(&spelling, opt->letter ? "  " : "      ");
	help_spelling(opt, &spelling);
	text_add(ret, text_get(&spelling));
	if (spelling.len + 2 > COLUMN)
		text_addf(ret, "\n%*s", COLUMN, "");
	else
		text_addf(ret, "%*s", (int)(COLUMN - spelling.len), "");
	help_wrap(ret, opt->help, COLUMN, WIDTH);
}

/* The options of a table, with a heading wherever the group changes. */
static void add_options(const struct opt *table, bool often_only, struct text *ret)
{
	const char *group = NULL;

	for (const struct opt *opt = table; opt->kind != OPT_END; opt++) {
		if (!opt_is_real(opt) || (often_only && !opt->often))
			continue;
		if (!often_only && opt->group && opt->group != group)
			text_addf(ret, "\n%s:\n", opt->group);
		group = opt->group;
		add_option(opt, ret);
	}
}

static void add_verbs(const char *group, struct text *ret)
{
	bool headed = false;

	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!verb->run || strcmp(verb->group, group) != 0)
			continue;
		if (!headed)
			text_addf(ret, "\nVerbs, %s:\n", group);
		headed = true;
		text_addf(ret, "  %-*s", VERB_COLUMN - 2, verb->name);
		help_wrap(ret, verb->help, VERB_COLUMN, WIDTH);
	}
}

void help_reserved(struct text *ret)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->run)
			text_addf(ret, "%s%s", ret->len ? " " : "", verb->name);
}

void help_overview(struct text *ret)
{
	text_add(ret,
		 "urun runs OCI images without root.\n\n"
		 "  urun [OPTION]... IMAGE COMMAND [ARG]...  execute COMMAND in IMAGE\n"
		 "  urun run [OPTION]... IMAGE [ARG]...      run IMAGE's entry point\n"
		 "  urun VERB [OPTION]... [WORD]...\n");
	for (size_t i = 0; verb_groups[i]; i++)
		add_verbs(verb_groups[i], ret);
	text_add(ret, "\nOptions needed most ('urun help run' has all):\n");
	add_options(run_opts, true, ret);
	text_add(ret, "\nOptions end at IMAGE. 'urun help VERB' explains a verb.\n");
}

bool help_lists_run(const struct verb *verb)
{
	return verb->words == WORDS_IMAGE && !verb->opts &&
	       strcmp(verb->name, "spec") != 0;
}

void help_verb(const struct verb *verb, struct text *ret)
{
	text_addf(ret, "urun %s%s%s\n%s\n", verb->name, *verb->args ? " " : "",
		  verb->args, verb->help);
	if (verb->more) {
		text_add(ret, "\n");
		help_wrap(ret, verb->more, 0, WIDTH);
	}
	if (verb->opts && verb->opts->kind != OPT_END) {
		text_add(ret, "\nOptions:\n");
		add_options(verb->opts, false, ret);
	}
	if (help_lists_run(verb))
		add_options(run_opts, false, ret);
	else if (verb->words != WORDS_OWN)
		text_add(ret, "\nAll options of a run may be given: 'urun help run'.\n");
}
