// SPDX-License-Identifier: Apache-2.0
/* cmd_help.c - urun help */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "commands.h"
#include "help.h"
#include "man.h"

struct help_options {
	char *man;
};

#define AT(field) AT_OF(struct help_options, field)

const struct opt help_opts[] = {
	{ OPT_TEXT, 0, "man", "PAGE", AT(man),
	  .help = "Print a page for man(1): urun.1, urun-VERB.1, urun.conf.5" },
	{ .kind = OPT_END }
};

static int help_on(const struct strv *words, struct text *ret)
{
	const struct verb *verb;

	if (!words->count) {
		help_overview(ret);
		return 0;
	}
	verb = verb_find(words->item[0]);
	if (!verb) {
		const char *near = verb_nearest(words->item[0]);

		(void)refuse(EINVAL, "help: '%s' is no verb", words->item[0]);
		return near ? hint(-EINVAL, "did you mean '%s'?", near)
			    : hint(-EINVAL, "'urun help' lists the verbs");
	}
	if (verb->run)
		help_verb(verb, ret);
	else
		text_addf(ret, "urun %s: %s (not built yet)\n", verb->name, verb->help);
	return 0;
}

int cmd_help(const struct settings *settings, const struct strv *words, int *ret_status)
{
	struct help_options options;
	auto_strv struct strv rest = { 0 };
	auto_text struct text page = { 0 };
	int r = opts_parse(help_opts, &options, words, &rest);

	(void)settings; /* help is the same everywhere */
	if (r < 0)
		return r;
	r = options.man ? man_page(options.man, &page) : help_on(&rest, &page);
	if (r == 0) {
		(void)fputs(text_get(&page), stdout); /* main.c checks the stream */
		*ret_status = 0;
	}
	opts_done(help_opts, &options);
	return r;
}
