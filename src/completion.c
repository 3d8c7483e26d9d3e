// SPDX-License-Identifier: Apache-2.0
/* completion.c - what is common to the completions of all shells */
#include "completion.h"
#include "base/mem.h"

enum value_kind completion_kind(const struct opt *opt)
{
	static const struct {
		const char *arg;
		enum value_kind kind;
	} args[] = {
		{ "DIR", VALUE_FOLDER }, { "FILE", VALUE_FILE },
		{ "PATH", VALUE_FILE },	 { "SRC", VALUE_FILE },
		{ "DST", VALUE_FOLDER }, { "NAME[=VALUE]", VALUE_VARIABLE },
	};

	if (opt->choices)
		return VALUE_WORDS;
	for (size_t i = 0; opt->arg && i < ARRAY_SIZE(args); i++)
		if (text_starts(opt->arg, args[i].arg))
			return args[i].kind;
	return VALUE_ANY;
}

void completion_names(const struct opt *opt, struct strv *ret)
{
	auto_strv struct strv aliases = { 0 };

	if (opt->letter)
		strv_addf(ret, "-%c", opt->letter);
	strv_addf(ret, "--%s", opt->name);
	strv_split(&aliases, opt->aliases ? opt->aliases : "", " ");
	for (size_t i = 0; i < aliases.count; i++)
		if (aliases.item[i][0] != '!')
			strv_addf(ret, "-%s%s", aliases.item[i][1] ? "-" : "",
				  aliases.item[i]);
}

const struct opt *completion_next(const struct opt *table, const struct opt *opt)
{
	opt = opt ? opt + 1 : table;
	while (opt->kind != OPT_END && !opt_is_real(opt))
		opt++;
	return opt->kind == OPT_END ? NULL : opt;
}
