// SPDX-License-Identifier: Apache-2.0
/* conf_lines.c - what the lines of config files do, and which of them count */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "conf_store.h"

/* ---- lines ------------------------------------------------------------------- */

static struct setting_source source_of(const struct conf_file *file,
				       const struct conf_line *line)
{
	return (struct setting_source){ file->kind, file->path, line->number };
}

static void warn_of_line(struct conf *conf, const struct conf_file *file,
			 const struct conf_line *line, const char *problem)
{
	strv_addf(&conf->warnings, "%s:%u: '%s' %s, ignoring", file->path, line->number,
		  line->name, problem);
}

static void warn_of_unknown(struct conf *conf, const struct conf_file *file,
			    const struct conf_line *line)
{
	const char *nearest = opts_nearest(run_opts, line->name);
	auto_free char *problem = nearest ? mem_format(
						    "is no option (did you mean '%s'?)",
						    nearest)
					  : mem_text("is no option");

	warn_of_line(conf, file, line, problem);
}

static void add_locks(struct conf *conf, const struct conf_file *file,
		      const struct conf_line *line)
{
	auto_strv struct strv names = { 0 };
	bool opposite;

	if (file->kind != SOURCE_SITE) {
		warn_of_line(conf, file, line, "counts in the site's files only");
		return;
	}
	strv_split(&names, line->value ? line->value : "", " \t,");
	for (size_t i = 0; i < names.count; i++) {
		const struct opt *opt = conf_option(names.item[i], &opposite);
		struct conf_line named = { .number = line->number,
					   .name = names.item[i] };

		if (opt)
			conf_origin_of(conf, opt)->lock = source_of(file, line);
		else
			warn_of_unknown(conf, file, &named);
	}
}

/* Lists of places: a line that names an unset variable is no mistake there, since not
 * every machine has every place. */
static bool may_lack(const struct opt *opt)
{
	return strcmp(opt->name, "bind") == 0 || strcmp(opt->name, "mount") == 0 ||
	       strcmp(opt->name, "device") == 0;
}

/* Expand and store the value of a line. */
static int assign_line(struct conf_loading *loading, const struct conf_file *file,
		       const struct conf_line *line, const struct opt *opt, bool opposite)
{
	struct setting_source source = source_of(file, line);
	auto_free char *value = NULL, *missing = NULL, *problem = NULL;
	int r;

	if (!line->value)
		return conf_store(loading, opt, opt_value(opt, NULL, opposite), &source);
	r = conf_expand(line->value, loading->places->variables, &value, &missing);
	if (r == -EINVAL)
		return refuse(EINVAL, "%s:%u: read '%s': '${' without a name and '}'",
			      file->path, line->number, line->value);
	if (r == -ENOENT && may_lack(opt))
		return 0;
	if (r == -ENOENT) {
		problem = mem_format("needs the variable '%s', which is not set",
				     missing);
		warn_of_line(loading->conf, file, line, problem);
		return 0;
	}
	return conf_store(loading, opt, *value ? opt_value(opt, value, opposite) : "",
			  &source);
}

static int apply_line(struct conf_loading *loading, const struct conf_file *file,
		      const struct conf_line *line)
{
	bool opposite = false;
	const struct opt *opt = conf_option(line->name, &opposite);

	if (!opt)
		warn_of_unknown(loading->conf, file, line);
	else if (opt->kind == OPT_LATER)
		warn_of_line(loading->conf, file, line, "is not built yet");
	else if (!opt_is_real(opt))
		warn_of_line(loading->conf, file, line, "has no effect");
	else if (!line->value && opt_has_value(opt))
		warn_of_line(loading->conf, file, line, "has no value");
	else
		return assign_line(loading, file, line, opt, opposite);
	return 0;
}

/* ---- sections ---------------------------------------------------------------- */

static bool uses_profile(const struct settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->profiles.count; i++)
		if (strcmp(settings->profiles.item[i].text, name) == 0)
			return true;
	return false;
}

/* The full name: of a file its path without links, of another image what was typed. */
static const char *image_name(struct conf_loading *loading)
{
	if (!loading->image_path)
		loading->image_path = realpath(loading->image, NULL);
	if (!loading->image_path)
		loading->image_path = mem_text(loading->image);
	return loading->image_path;
}

static bool line_counts(struct conf_loading *loading, const struct conf_line *line)
{
	switch (line->section) {
	case SECTION_TOP:
		return true;
	case SECTION_PROFILE:
		return uses_profile(loading->settings, line->section_name);
	case SECTION_IMAGE:
		return loading->image &&
		       fnmatch(line->section_name, image_name(loading), 0) == 0;
	default:
		return false;
	}
}

static bool is_lock(const char *name)
{
	return strcmp(name, "lock") == 0;
}

bool conf_is_profile(const char *name)
{
	return strcmp(name, "profile") == 0;
}

int conf_apply_first(struct conf_loading *loading, const struct conf_file *file)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->count; i++) {
		const struct conf_line *line = &file->lines[i];

		if (line->section != SECTION_TOP)
			continue;
		if (is_lock(line->name))
			add_locks(loading->conf, file, line);
		else if (conf_is_profile(line->name))
			r = apply_line(loading, file, line);
	}
	return r;
}

int conf_apply_rest(struct conf_loading *loading, const struct conf_file *file)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->count; i++) {
		const struct conf_line *line = &file->lines[i];
		bool at_top = line->section == SECTION_TOP;

		if (!line_counts(loading, line) ||
		    (at_top && (is_lock(line->name) || conf_is_profile(line->name))))
			continue;
		if (is_lock(line->name))
			add_locks(loading->conf, file, line);
		else if (conf_is_profile(line->name))
			warn_of_line(loading->conf, file, line,
				     "counts before the first section only");
		else
			r = apply_line(loading, file, line);
	}
	return r;
}

/* A profile that was asked for must be somewhere, if only empty. */
int conf_check_profiles(const struct conf_loading *loading)
{
	const struct setting_list *profiles = &loading->settings->profiles;
	auto_strv struct strv known = { 0 };
	auto_text struct text names = { 0 };

	if (!profiles->count)
		return 0;
	for (size_t i = 0; i < loading->conf->n_files; i++)
		strv_add_all(&known, &loading->conf->files[i].profiles);
	for (size_t i = 0; i < known.count; i++)
		text_addf(&names, " %s", known.item[i]);
	for (size_t i = 0; i < profiles->count; i++) {
		const char *name = profiles->item[i].text;

		if (strv_has(&known, name))
			continue;
		(void)refuse(ENOENT, "use profile '%s': no config file has it", name);
		if (known.count)
			return hint(-ENOENT, "there are:%s", text_get(&names));
		return hint(-ENOENT,
			    "a profile is a section '[profile %s]' of a config file",
			    name);
	}
	return 0;
}
