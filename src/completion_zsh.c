// SPDX-License-Identifier: Apache-2.0
/* completion_zsh.c - completion for zsh: one line of _arguments for each option */
#include <string.h>

#include "base/mem.h"
#include "completion.h"

/* Text inside '...' of zsh, where the characters in special need a backslash. */
static void add_quoted(const char *text, const char *special, struct text *ret)
{
	for (; *text; text++) {
		if (*text == '\'')
			text_add(ret, "'\\'");
		else if (strchr(special, *text))
			text_add(ret, "\\");
		text_add_n(ret, text, 1);
	}
}

static void add_action(const struct opt *opt, struct text *ret)
{
	switch (completion_kind(opt)) {
	case VALUE_WORDS:
		text_add(ret, "(");
		for (int i = 0; opt->choices[i]; i++)
			text_addf(ret, "%s%s", i ? " " : "", opt->choices[i]);
		text_add(ret, ")");
		break;
	case VALUE_FILE:
		text_add(ret, "_files");
		break;
	case VALUE_FOLDER:
		text_add(ret, "_files -/");
		break;
	case VALUE_VARIABLE:
		text_add(ret, "_parameters -g \"*export*\"");
		break;
	default:
		text_add(ret, " ");
		break;
	}
}

/* '*--bind=[Show SRC ...]:SRC:_files' */
static void add_name(const struct opt *opt, const char *name, struct text *ret)
{
	bool letter = name[1] != '-';

	text_addf(ret, "\t\t'%s%s", opt->kind == OPT_LIST ? "*" : "", name);
	if (opt->arg)
		text_add(ret, letter ? "+" : opt->bare ? "=-" : "=");
	text_add(ret, "[");
	add_quoted(opt->help, "[]\\", ret);
	text_add(ret, "]");
	if (opt->arg) {
		text_add(ret, opt->bare ? "::" : ":");
		add_quoted(opt->arg, ":\\", ret);
		text_add(ret, ":");
		add_action(opt, ret);
	}
	text_add(ret, "'\n");
}

static void add_table(const struct opt *table, struct text *ret)
{
	const struct opt *opt = NULL;

	while ((opt = completion_next(table, opt))) {
		auto_strv struct strv names = { 0 };

		completion_names(opt, &names);
		for (size_t i = 0; i < names.count; i++)
			add_name(opt, names.item[i], ret);
	}
}

static void add_verb_case(const struct verb *verb, struct text *ret)
{
	text_addf(ret, "\t%s)\n\t\tshift words; (( CURRENT-- ))\n", verb->name);
	if (verb->opts) {
		text_add(ret, "\t\tverb_options=(\n");
		add_table(verb->opts, ret);
		text_add(ret, "\t\t)\n");
	}
	if (verb->words == WORDS_IMAGE)
		text_add(ret, "\t\t_urun_run ;;\n");
	else if (verb->words == WORDS_COMMAND)
		text_add(
			ret,
			"\t\t_arguments -s -S -A '-*' $run_options '*::: :_normal' ;;\n");
	else if (strcmp(verb->name, "help") == 0)
		text_add(ret, "\t\t_arguments $verb_options '1:verb:->verb'\n"
			      "\t\t_describe -t verbs verb verbs ;;\n");
	else if (strcmp(verb->name, "completion") == 0)
		text_add(ret, "\t\t_arguments '1:shell:(bash zsh fish)' ;;\n");
	else
		text_add(ret, "\t\t_arguments $verb_options '*: :' ;;\n");
}

void completion_zsh(struct text *ret)
{
	auto_free char *images = mem_text(COMPLETION_IMAGES);

	for (char *at = images; *at; at++)
		if (*at == ' ')
			*at = '|';
	text_add(ret, "#compdef urun\n"
		      "# urun completion for zsh, printed by 'urun completion zsh'\n"
		      "# SPDX-License-Identifier: Apache-2.0\n\n"
		      "_urun_run()\n{\n"
		      "\t_arguments -s -S -A '-*' $run_options $verb_options \\\n"
		      "\t\t'1:IMAGE:_urun_images' '*::: :_normal'\n}\n\n");
	text_addf(ret, "_urun_images()\n{\n\t_files -g '*.(%s)(-.)'\n}\n\n", images);
	text_add(ret, "_urun()\n{\n\tlocal context state state_descr line\n"
		      "\ttypeset -A opt_args\n\tlocal -a verbs run_options verb_options\n"
		      "\tverbs=(\n");
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!verb->run)
			continue;
		text_addf(ret, "\t\t'%s:", verb->name);
		add_quoted(verb->help, "", ret);
		text_add(ret, "'\n");
	}
	text_add(ret, "\t)\n\trun_options=(\n");
	add_table(run_opts, ret);
	text_add(ret, "\t)\n\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
		      "\t\t_describe -t verbs verb verbs\n\t\t_urun_images\n\t\treturn\n"
		      "\tfi\n\tcase $words[2] in\n");
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (verb->run)
			add_verb_case(verb, ret);
	text_add(ret, "\t*)\n\t\t_urun_run ;;\n\tesac\n}\n\n"
		      "if [[ $funcstack[1] == _urun ]]; then\n\t_urun \"$@\"\nelse\n"
		      "\tcompdef _urun urun\nfi\n");
}
