// SPDX-License-Identifier: Apache-2.0
/* completion_bash.c - completion for bash, which needs nothing but bash itself
 *
 * How it works: the words before the cursor are read as urun would read them. bash takes
 * '=' and ':' for words of their own, so pieces are put together again first. */
#include "completion.h"

static const char begin[] =
	"# urun completion for bash, printed by 'urun completion bash'\n"
	"# SPDX-License-Identifier: Apache-2.0\n"
	"\n"
	"# Add what compgen finds, one line each: names may hold blanks.\n"
	"_urun_add()\n"
	"{\n"
	"\tlocal found\n"
	"\tmapfile -t found < <(compgen \"$@\")\n"
	"\tCOMPREPLY+=(\"${found[@]}\")\n"
	"}\n"
	"\n"
	"_urun_images()\n"
	"{\n"
	"\tlocal suffix\n"
	"\tcompopt -o filenames\n"
	"\t_urun_add -d -- \"$1\"\n"
	"\tfor suffix in " COMPLETION_IMAGES "; do\n"
	"\t\t_urun_add -f -X \"!*.$suffix\" -- \"$1\"\n"
	"\tdone\n"
	"}\n"
	"\n";

static const char main_part[] =
	"_urun()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} word option='' verb='' seen='' i\n"
	"\tlocal -a words=()\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif ((${#words[@]})) && [[ $word == [=:]* || ${words[-1]} == *[=:] ]]; then\n"
	"\t\t\twords[-1]+=$word\n"
	"\t\telse\n"
	"\t\t\twords+=(\"$word\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t[[ $cur == [=:]* ]] && cur=''\n"
	"\tword=${words[-1]}\n"
	"\tunset 'words[-1]'\n"
	"\tfor i in \"${!words[@]}\"; do\n"
	"\t\tif [[ $option ]]; then\n"
	"\t\t\toption=''\n"
	"\t\telif [[ ${words[i]} == -?* ]]; then\n"
	"\t\t\t_urun_takes_value \"${words[i]}\" && option=${words[i]}\n"
	"\t\telif ((i == 0)) && [[ \" $_urun_verbs \" == *\" ${words[i]} \"* ]]; then\n"
	"\t\t\tverb=${words[i]}\n"
	"\t\telse\n"
	"\t\t\tseen=yes\n"
	"\t\t\tbreak\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif [[ $seen ]]; then\n"
	"\t\tcompopt -o default -o bashdefault\n"
	"\telif [[ $option ]]; then\n"
	"\t\t_urun_value \"$option\" \"$cur\"\n"
	"\telif [[ $word == --*=* ]]; then\n"
	"\t\t_urun_value \"${word%%=*}\" \"$cur\"\n"
	"\telif [[ $word == -* ]]; then\n"
	"\t\t_urun_add -W \"$(_urun_options \"$verb\") --help\" -- \"$cur\"\n"
	"\telse\n"
	"\t\t_urun_word \"$verb\" \"$cur\" ${#words[@]}\n"
	"\tfi\n"
	"}\n"
	"complete -F _urun urun\n";

/* The first tables: which options end with the next word. */
static void add_values_taken(const struct opt *table, struct strv *names,
			     struct text *letters, struct text *flags)
{
	const struct opt *opt = NULL;

	while ((opt = completion_next(table, opt))) {
		auto_strv struct strv all = { 0 };

		completion_names(opt, &all);
		for (size_t i = 0; i < all.count; i++) {
			const char *name = all.item[i];

			if (name[1] != '-')
				text_add(opt_has_value(opt) ? letters : flags, name + 1);
			else if (opt_has_value(opt))
				strv_add(names, name);
		}
	}
}

static void add_takes_value(struct text *ret)
{
	auto_strv struct strv names = { 0 };
	auto_text struct text letters = { 0 }, flags = { 0 };

	add_values_taken(run_opts, &names, &letters, &flags);
	text_addf(ret,
		  "_urun_takes_value()\n{\n"
		  "\t[[ $1 =~ ^-[%s]*[%s]$ ]] && return 0\n"
		  "\tcase $1 in\n\t",
		  text_get(&flags), text_get(&letters));
	for (size_t i = 0; i < names.count; i++)
		text_addf(ret, "%s%s", i ? " | " : "", names.item[i]);
	text_add(ret, ") return 0 ;;\n\t*) return 1 ;;\n\tesac\n}\n\n");
}

static void add_value_case(const struct opt *opt, struct text *ret)
{
	auto_strv struct strv names = { 0 };
	enum value_kind kind = completion_kind(opt);

	if (!opt->arg || kind == VALUE_ANY)
		return;
	completion_names(opt, &names);
	text_add(ret, "\t");
	for (size_t i = 0; i < names.count; i++) {
		text_addf(ret, "%s%s", i ? " | " : "", names.item[i]);
		if (names.item[i][1] != '-') /* at the end of others: "-itv" */
			text_addf(ret, " | -[!-]*%s", names.item[i] + 1);
	}
	text_add(ret, ")");
	if (kind == VALUE_WORDS) {
		text_add(ret, " _urun_add -W '");
		for (int i = 0; opt->choices[i]; i++)
			text_addf(ret, "%s%s", i ? " " : "", opt->choices[i]);
		text_add(ret, "' -- \"$2\" ;;\n");
	} else if (kind == VALUE_VARIABLE) {
		text_add(ret, " _urun_add -A export -- \"$2\" ;;\n");
	} else {
		text_addf(ret, " compopt -o filenames; _urun_add -%c -- \"$2\" ;;\n",
			  kind == VALUE_FILE ? 'f' : 'd');
	}
}

static void add_value(struct text *ret)
{
	const struct opt *opt = NULL;

	text_add(ret, "_urun_value()\n{\n\tcase $1 in\n");
	while ((opt = completion_next(run_opts, opt)))
		add_value_case(opt, ret);
	text_add(ret, "\tesac\n}\n\n");
}

static void add_names(const struct opt *table, struct text *ret)
{
	const struct opt *opt = NULL;

	while ((opt = completion_next(table, opt)))
		text_addf(ret, " --%s", opt->name);
}

static void add_options(struct text *ret)
{
	text_add(ret, "_urun_run_options='");
	add_names(run_opts, ret);
	text_add(ret, "'\n\n_urun_options()\n{\n\tcase $1 in\n");
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!verb->run || (verb->words != WORDS_OWN && !verb->opts))
			continue;
		text_addf(ret, "\t%s) echo \"", verb->name);
		if (verb->words != WORDS_OWN)
			text_add(ret, "$_urun_run_options");
		if (verb->opts)
			add_names(verb->opts, ret);
		text_add(ret, "\" ;;\n");
	}
	text_add(ret, "\t*) echo \"$_urun_run_options\" ;;\n\tesac\n}\n\n");
}

static void add_word(struct text *ret)
{
	text_add(ret, "# $1: the verb, $2: the beginning, $3: words before it\n"
		      "_urun_word()\n{\n\tcase $1 in\n"
		      "\t'') (($3)) || _urun_add -W \"$_urun_verbs\" -- \"$2\"\n"
		      "\t\t_urun_images \"$2\" ;;\n"
		      "\thelp) _urun_add -W \"$_urun_verbs\" -- \"$2\" ;;\n"
		      "\tcompletion) _urun_add -W 'bash zsh fish' -- \"$2\" ;;\n");
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (verb->run && verb->words == WORDS_IMAGE)
			text_addf(ret, "\t%s) _urun_images \"$2\" ;;\n", verb->name);
		if (verb->run && verb->words == WORDS_COMMAND)
			text_addf(ret, "\t%s) _urun_add -c -- \"$2\" ;;\n", verb->name);
	}
	text_add(ret, "\tesac\n}\n\n");
}

void completion_bash(struct text *ret)
{
	text_add(ret, begin);
	text_add(ret, "_urun_verbs='");
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (verb->run)
			text_addf(ret, "%s%s", verb == verbs ? "" : " ", verb->name);
	text_add(ret, "'\n");
	add_options(ret);
	add_takes_value(ret);
	add_value(ret);
	add_word(ret);
	text_add(ret, main_part);
}
