// SPDX-License-Identifier: Apache-2.0
/* completion_fish.c - completion for fish: one line for each option and verb */
#include <string.h>

#include "completion.h"

static void add_quoted(const char *text, struct text *ret)
{
	text_add(ret, "'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			text_add(ret, "\\");
		text_add_n(ret, text, 1);
	}
	text_add(ret, "'");
}

static void add_value(const struct opt *opt, struct text *ret)
{
	switch (completion_kind(opt)) {
	case VALUE_WORDS:
		text_add(ret, opt->bare ? " -fa '" : " -xa '");
		for (int i = 0; opt->choices[i]; i++)
			text_addf(ret, "%s%s", i ? " " : "", opt->choices[i]);
		text_add(ret, "'");
		break;
	case VALUE_FILE:
		text_add(ret, " -r -F");
		break;
	case VALUE_FOLDER:
		text_add(ret, " -xa '(__fish_complete_directories)'");
		break;
	case VALUE_VARIABLE:
		text_add(ret, " -xa '(set -nx)'");
		break;
	default:
		text_add(ret, " -x");
		break;
	}
}

static void add_table(const struct opt *table, const char *condition, struct text *ret)
{
	const struct opt *opt = NULL;

	while ((opt = completion_next(table, opt))) {
		auto_strv struct strv names = { 0 };

		completion_names(opt, &names);
		text_addf(ret, "complete -c urun -n '%s'", condition);
		for (size_t i = 0; i < names.count; i++) {
			bool letter = names.item[i][1] != '-';

			text_addf(ret, " -%c %s", letter ? 's' : 'l',
				  names.item[i] + (letter ? 1 : 2));
		}
		if (opt->arg)
			add_value(opt, ret);
		text_add(ret, " -d ");
		add_quoted(opt->help, ret);
		text_add(ret, "\n");
	}
}

static void add_names_with_value(struct text *ret)
{
	const struct opt *opt = NULL;

	while ((opt = completion_next(run_opts, opt))) {
		auto_strv struct strv names = { 0 };

		completion_names(opt, &names);
		for (size_t i = 0; opt_has_value(opt) && i < names.count; i++)
			text_addf(ret, " %s", names.item[i]);
	}
}

static void add_functions(struct text *ret)
{
	text_add(ret, "set -g __urun_verbs");
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (verb->run)
			text_addf(ret, " %s", verb->name);
	text_add(ret, "\nset -g __urun_with_value");
	add_names_with_value(ret);
	text_add(ret, "\n\n"
		      "# The verb, or \"none\"; then \"word\" once IMAGE was given.\n"
		      "function __urun_state\n"
		      "\tset -l words (commandline -opc)[2..]\n"
		      "\tset -l verb none\n"
		      "\tif set -q words[1]; and contains -- $words[1] $__urun_verbs\n"
		      "\t\tset verb $words[1]\n"
		      "\t\tset -e words[1]\n"
		      "\tend\n"
		      "\techo $verb\n"
		      "\twhile set -q words[1]\n"
		      "\t\tif contains -- $words[1] $__urun_with_value\n"
		      "\t\t\tset -e words[1]\n"
		      "\t\telse if not string match -q -- '-?*' $words[1]\n"
		      "\t\t\techo word\n"
		      "\t\t\treturn\n"
		      "\t\tend\n"
		      "\t\tset -e words[1]\n"
		      "\tend\n"
		      "end\n\n"
		      "# Does one of these verbs stand first, and no word after it?\n"
		      "function __urun_at\n"
		      "\tset -l state (__urun_state)\n"
		      "\ttest (count $state) -eq 1; and contains -- $state[1] $argv\n"
		      "end\n\n"
		      "function __urun_first\n"
		      "\ttest (count (commandline -opc)) -eq 1\n"
		      "end\n\n"
		      "function __urun_images\n"
		      "\tset -l begin (commandline -ct)\n"
		      "\t__fish_complete_directories $begin IMAGE\n"
		      "\tfor suffix in " COMPLETION_IMAGES "\n"
		      "\t\tset -l files $begin*.$suffix\n"
		      "\t\tset -q files[1]; and printf '%s\\n' $files\n"
		      "\tend\n"
		      "end\n\n");
}

void completion_fish(struct text *ret)
{
	auto_text struct text takers = { 0 };

	text_add(ret, "# urun completion for fish, printed by 'urun completion fish'\n"
		      "# SPDX-License-Identifier: Apache-2.0\n\n");
	add_functions(ret);
	text_add(&takers, "__urun_at none");
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!verb->run)
			continue;
		if (verb->words == WORDS_IMAGE)
			text_addf(&takers, " %s", verb->name);
		text_addf(ret, "complete -c urun -n __urun_first -fa %s -d ", verb->name);
		add_quoted(verb->help, ret);
		text_add(ret, "\n");
	}
	text_addf(ret, "complete -c urun -n '%s' -fa '(__urun_images)'\n",
		  text_get(&takers));
	text_add(ret, "complete -c urun -n '__urun_at help' -fa '$__urun_verbs'\n"
		      "complete -c urun -n '__urun_at completion' -fa 'bash zsh fish'\n");
	text_add(&takers, " unshare");
	add_table(run_opts, text_get(&takers), ret);
	for (const struct verb *verb = verbs; verb->name; verb++) {
		auto_text struct text condition = { 0 };

		if (!verb->run || !verb->opts)
			continue;
		text_addf(&condition, "__urun_at %s", verb->name);
		add_table(verb->opts, text_get(&condition), ret);
	}
}
