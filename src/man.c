// SPDX-License-Identifier: Apache-2.0
/* man.c - manual pages, printed from the tables of verbs and options */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "help.h"
#include "man.h"

/* Text as roff reads it: no macro at the beginning of a line, hyphens that can be
 * copied, straight quotes. */
static void add_plain(struct text *ret, const char *text)
{
	if (*text == '.' || *text == '\'')
		text_add(ret, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			text_add(ret, "\\e");
		else if (*text == '-')
			text_add(ret, "\\-");
		else if (*text == '\'')
			text_add(ret, "\\(aq");
		else if (*text == '~')
			text_add(ret, "\\(ti");
		else if (*text == '^')
			text_add(ret, "\\(ha");
		else
			text_add_n(ret, text, 1);
	}
}

static void add_line(struct text *ret, const char *macro, const char *text)
{
	text_add(ret, macro);
	add_plain(ret, text);
	text_add(ret, "\n");
}

static void add_head(struct text *ret, const char *name, const char *section,
		     const char *what)
{
	text_addf(ret,
		  ".\\\" Printed from urun's tables by 'urun help --man'.\n"
		  ".TH \"%s\" %s \"\" \"urun %s\" \"urun\"\n.SH NAME\n",
		  name, section, PACKAGE_VERSION);
	add_plain(ret, name);
	text_add(ret, " \\- ");
	add_plain(ret, what);
	text_add(ret, "\n");
}

/* ---- pieces ------------------------------------------------------------------- */

/* An item and what it means. */
struct term {
	const char *name, *text;
};

static void add_terms(struct text *ret, const struct term *terms, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text_add(ret, ".TP\n");
		add_line(ret, ".B ", terms[i].name);
		add_line(ret, "", terms[i].text);
	}
}

static void add_paragraphs(struct text *ret, const char *const *texts)
{
	for (; *texts; texts++) {
		add_line(ret, ".PP\n", *texts);
	}
}

/* "Also: --volume." What alias names mean the same. */
static void add_aliases(struct text *ret, const struct opt *opt)
{
	auto_strv struct strv names = { 0 };
	const char *before = "Also";

	if (!opt->aliases)
		return;
	strv_split(&names, opt->aliases, " ");
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.item[i];
		bool opposite = *name == '!';
		auto_free char *dashed = mem_format("--%s", name + opposite);

		if (!name[1])
			continue; /* a letter: it stands in the heading */
		text_addf(ret, "%s ", opposite && i == 0 ? "The opposite:" : before);
		add_plain(ret, dashed);
		before = ",";
	}
	if (*before == ',' || names.item[0][0] == '!')
		text_add(ret, ".\n");
}

static void add_choices(struct text *ret, const struct opt *opt)
{
	if (!opt->choices)
		return;
	add_plain(ret, opt->arg);
	text_add(ret, " is");
	for (int i = 0; opt->choices[i]; i++) {
		text_add(ret, i == 0 ? " " : opt->choices[i + 1] ? ", " : " or ");
		add_plain(ret, opt->choices[i]);
	}
	text_add(ret, ".\n");
	if (opt->bare) {
		text_add(ret, "Alone, it is ");
		add_plain(ret, opt->bare);
		text_add(ret, ".\n");
	}
}

static void add_option(struct text *ret, const struct opt *opt)
{
	auto_text struct text spelling = { 0 };

	help_spelling(opt, &spelling);
	text_add(ret, ".TP\n");
	add_line(ret, ".B ", text_get(&spelling));
	add_plain(ret, opt->help);
	text_add(ret, ".\n");
	if (opt->more)
		add_line(ret, "", opt->more);
	add_choices(ret, opt);
	add_aliases(ret, opt);
}

static void add_options(struct text *ret, const struct opt *table)
{
	const char *group = NULL;

	for (const struct opt *opt = table; opt->kind != OPT_END; opt++) {
		if (!opt_is_real(opt))
			continue;
		if (opt->group && opt->group != group)
			add_line(ret, ".SS ", opt->group);
		group = opt->group;
		add_option(ret, opt);
	}
}

/* ---- urun(1) ------------------------------------------------------------------ */

static const char *const about[] = {
	"urun runs OCI images without root: image files (squashfs, SIF) as they are, "
	"root "
	"file system folders, and OCI bundles. You stay yourself inside, with your files "
	"and your working directory; what the command changes in the image is thrown "
	"away "
	"at the end.",
	"The first form executes COMMAND in IMAGE, without its entry point. 'urun run' "
	"starts the entry point with the ARGs. IMAGE alone is 'urun run IMAGE'.",
	"Options end at IMAGE; one '--' right after it is skipped. Only the first word "
	"can "
	"be a verb, and a word with '.', '/' or ':' never is one. Options are written in "
	"full. A flag is switched off by --no-NAME or --NAME=no. urun-run(1) has the "
	"options.",
	NULL,
};

static const char *const image_names[] = {
	"A name that begins with '/', '.' or '~', ends like an image file (.sqsh "
	".squashfs "
	".sqfs .sif .simg .img .tar), or has a '/' and exists, is a path. What it is, "
	"its "
	"content tells, not its suffix. Any other name is looked up in your store, then "
	"in "
	"the site's.",
	NULL,
};

static const struct term exit_statuses[] = {
	{ "0 to 124", "The command's own." },
	{ "125", "urun failed, and said why." },
	{ "126", "The command can't be executed." },
	{ "127", "The command was not found." },
	{ "128+N", "The command was ended by signal N." },
};

static const struct term variables[] = {
	{ "URUN_NAME",
	  "A value for the option --name: URUN_READ_ONLY=yes. A list has one "
	  "item on each line." },
	{ "URUNENV_X, APPTAINERENV_X, SINGULARITYENV_X", "Set X inside." },
	{ "APPTAINER_BIND", "More binds, separated by commas." },
	{ "container, URUN_IMAGE", "Set inside: 'urun', and the image's name." },
};

static const struct term files[] = {
	{ "/etc/urun/urun.conf, /etc/urun/conf.d/*.conf",
	  "The site's values and locks." },
	{ "~/.config/urun/urun.conf", "Yours; below XDG_CONFIG_HOME if that is set." },
	{ "~/.local/share/urun", "What must last: --data-dir." },
};

static void add_verb_list(struct text *ret)
{
	auto_text struct text reserved = { 0 };

	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!verb->run)
			continue;
		text_addf(ret, ".TP\n.BR urun\\-%s (1)\n", verb->name);
		add_plain(ret, verb->help);
		text_add(ret, ".\n");
	}
	help_reserved(&reserved);
	text_add(ret, ".PP\nReserved, and not built yet: ");
	add_plain(ret, text_get(&reserved));
	text_add(ret, ".\n");
}

static void page_urun(struct text *ret)
{
	add_head(ret, "urun", "1", "run OCI images without root");
	text_add(ret, ".SH SYNOPSIS\n");
	add_line(ret, "", "urun [OPTION]... IMAGE COMMAND [ARG]...");
	add_line(ret, ".br\n", "urun run [OPTION]... IMAGE [ARG]...");
	add_line(ret, ".br\n", "urun VERB [OPTION]... [WORD]...");
	text_add(ret, ".SH DESCRIPTION\n");
	add_paragraphs(ret, about);
	text_add(ret, ".SH IMAGES\n");
	add_paragraphs(ret, image_names);
	text_add(ret, ".SH VERBS\n");
	add_verb_list(ret);
	text_add(ret, ".SH EXIT STATUS\n");
	add_terms(ret, exit_statuses, ARRAY_SIZE(exit_statuses));
	text_add(ret, ".SH ENVIRONMENT\n");
	add_terms(ret, variables, ARRAY_SIZE(variables));
	text_add(ret, ".SH FILES\n");
	add_terms(ret, files, ARRAY_SIZE(files));
	text_add(ret, ".SH SEE ALSO\n.BR urun\\-run (1),\n.BR urun.conf (5)\n");
}

/* ---- urun-VERB(1) ------------------------------------------------------------- */

static void page_verb(const struct verb *verb, struct text *ret)
{
	auto_free char *name = mem_format("urun-%s", verb->name);
	auto_free char *synopsis = mem_format("urun %s %s", verb->name, verb->args);

	add_head(ret, name, "1", verb->help);
	text_add(ret, ".SH SYNOPSIS\n");
	add_line(ret, "", synopsis);
	text_add(ret, ".SH DESCRIPTION\n");
	add_plain(ret, verb->help);
	text_add(ret, ".\n");
	if (verb->more)
		add_line(ret, "", verb->more);
	if (verb->opts && verb->opts->kind != OPT_END) {
		text_add(ret, ".SH OPTIONS\n");
		add_options(ret, verb->opts);
	}
	if (strcmp(verb->name, "run") == 0) {
		text_add(ret, ".SH OPTIONS\n");
		add_options(ret, run_opts);
	} else if (verb->words != WORDS_OWN) {
		text_add(ret, ".PP\nAll options of\n.BR urun\\-run (1)\nmay be given.\n");
	}
	text_add(ret, ".SH SEE ALSO\n.BR urun (1),\n.BR urun.conf (5)\n");
}

/* ---- urun.conf(5) ------------------------------------------------------------- */

static const char *const about_files[] = {
	"Each line is 'NAME = VALUE', NAME being an option of urun-run(1) in its long "
	"form "
	"without dashes. A flag alone means yes. What follows a '#' at the beginning of "
	"a "
	"word is a comment; a value in double quotes keeps its blanks and its '#'. $NAME "
	"and ${NAME} stand for environment variables, '$$' for '$'.",
	"The last value wins; lists add up, and 'NAME =' clears. The order is "
	"/etc/urun/urun.conf, /etc/urun/conf.d/*.conf by name, ~/.config/urun/urun.conf, "
	"variables URUN_NAME, the command line. Each copy of urun, wherever it is "
	"installed, reads /etc/urun.",
	"A bind whose variable is not set, or whose source is missing, is skipped; any "
	"other line with an unset variable is left out with a warning. So is an unknown "
	"NAME. A wrong value is an error.",
	NULL,
};

static const struct term sections[] = {
	{ "[profile NAME]", "What follows counts with --profile NAME only." },
	{ "[image GLOB]",
	  "What follows counts for images whose full name matches GLOB: the path of a "
	  "file "
	  "without links, or the name as it was typed. '*' matches '/', too." },
};

static const char *const about_locks[] = {
	"'lock = NAME NAME...' in the site's files fixes the values these files give: "
	"later "
	"sources may say the same value again, and anything else is an error that names "
	"file and line. A locked list can't be added to. Lines before the first section "
	"lock always, lines of a section with it. A lock guides honest users; it is no "
	"security boundary, since anyone can run another copy of urun.",
	NULL,
};

static const char example[] = ".EX\n"
			      "# /etc/urun/urun.conf\n"
			      "data\\-dir = /local/$USER/urun\n"
			      "bind = /scratch\n"
			      "bind = $PROJECT:/project\n"
			      "lock = data\\-dir\n"
			      "\n"
			      "[profile untrusted]\n"
			      "isolate\n"
			      "read\\-only\n"
			      "\n"
			      "[image /apps/*.sif]\n"
			      "clean\\-env\n"
			      ".EE\n";

static void page_conf(struct text *ret)
{
	add_head(ret, "urun.conf", "5", "values for urun's options");
	text_add(ret, ".SH DESCRIPTION\n");
	add_paragraphs(ret, about_files);
	text_add(ret, ".SH SECTIONS\nLines before the first section always count.\n");
	add_terms(ret, sections, ARRAY_SIZE(sections));
	text_add(ret, ".SH LOCKS\n");
	add_paragraphs(ret, about_locks);
	text_add(ret, ".SH EXAMPLE\n");
	text_add(ret, example);
	text_add(ret, ".SH SEE ALSO\n.BR urun (1),\n.BR urun\\-run (1),\n"
		      ".BR urun\\-config (1)\n");
}

int man_page(const char *name, struct text *ret)
{
	if (strcmp(name, "urun.1") == 0) {
		page_urun(ret);
		return 0;
	}
	if (strcmp(name, "urun.conf.5") == 0) {
		page_conf(ret);
		return 0;
	}
	for (const struct verb *verb = verbs; verb->name; verb++) {
		auto_free char *page = mem_format("urun-%s.1", verb->name);

		if (verb->run && strcmp(page, name) == 0) {
			page_verb(verb, ret);
			return 0;
		}
	}
	return refuse(ENOENT, "help: there is no page '%s'", name);
}
