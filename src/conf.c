// SPDX-License-Identifier: Apache-2.0
/* conf.c - values from config files, variables and the command line
 *
 * How it works: all files are read first. A first pass collects profiles and the site's
 * locks, which decide what later lines mean; the second one stores values, source by
 * source. Each value goes through assign(), which knows the locks.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "conf.h"
#include "conf_file.h"

#define CONF_FILES_MAX 256 /* in conf.d: a site with more has lost the overview */

struct conf {
	struct conf_file *files;
	size_t n_files;
	struct conf_origin *origins; /* one for each of run_opts */
	size_t n_origins;
	struct strv names; /* of variables, for sources */
	struct strv warnings;
};

/* One load. */
struct loading {
	struct conf *conf;
	struct settings *settings;
	const struct conf_places *places;
	const char *image; /* as typed; NULL: none */
	char *image_path;  /* the full name, once it was needed */
};

/* ---- files -------------------------------------------------------------------- */

static int add_file(struct conf *conf, const char *path, enum source_kind kind)
{
	struct conf_file file;
	int r = conf_file_read(path, kind, &conf->warnings, &file);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	conf->files = mem_grow(conf->files, conf->n_files + 1, sizeof(*conf->files));
	conf->files[conf->n_files++] = file;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_folder(struct conf *conf, const char *path)
{
	auto_dir DIR *dir = opendir(path);
	auto_strv struct strv names = { 0 };
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : fail(errno, "read folder '%s'", path);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && text_ends(entry->d_name, ".conf"))
			strv_add(&names, entry->d_name);
	if (names.count > CONF_FILES_MAX)
		return refuse(E2BIG, "read folder '%s': more than %d files", path,
			      CONF_FILES_MAX);
	qsort(strv_items(&names), names.count, sizeof(char *), compare_names);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		auto_free char *file = path_join(path, names.item[i]);

		r = add_file(conf, file, SOURCE_SITE);
	}
	return r;
}

static int add_all_files(struct conf *conf, const struct conf_places *places)
{
	auto_free char *file = path_join(places->site_dir, "urun.conf");
	auto_free char *folder = path_join(places->site_dir, "conf.d");
	int r = add_file(conf, file, SOURCE_SITE);

	if (r == 0)
		r = add_folder(conf, folder);
	if (r == 0 && places->user_file)
		r = add_file(conf, places->user_file, SOURCE_USER);
	return r;
}

/* ---- values and locks --------------------------------------------------------- */

static struct conf_origin *origin_of(const struct conf *conf, const struct opt *opt)
{
	for (size_t i = 0; i < conf->n_origins; i++)
		if (opt == &run_opts[i])
			return &conf->origins[i];
	return NULL;
}

const struct conf_origin *conf_origin(const struct conf *conf, const struct opt *opt)
{
	return origin_of(conf, opt);
}

static int refuse_locked(const struct opt *opt, const struct setting_source *source,
			 const struct setting_source *lock)
{
	auto_free char *where = NULL;

	if (source->line)
		where = mem_format("%s:%u: ", source->name, source->line);
	else if (source->kind == SOURCE_VARIABLE)
		where = mem_format("variable '%s': ", source->name);
	(void)refuse(EPERM, "%schange '%s': locked by %s:%u", where ? where : "",
		     opt->name, lock->name, lock->line);
	return hint(-EPERM, "'urun config --show-origin' shows what the site locks");
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Store one value. What is locked may be said again, but not changed. */
static int assign(struct loading *loading, const struct opt *opt, const char *value,
		  const struct setting_source *source)
{
	struct conf_origin *origin = origin_of(loading->conf, opt);
	bool locked = origin && origin->lock.line && source->kind != SOURCE_SITE;
	auto_free char *before = NULL, *after = NULL;
	int r;

	if (locked && opt->kind == OPT_LIST)
		return refuse_locked(opt, source, &origin->lock);
	if (locked)
		before = opt_show(opt, loading->settings);
	r = opt_set(opt, loading->settings, value, source);
	if (r < 0 || !origin)
		return r;
	if (locked)
		after = opt_show(opt, loading->settings);
	if (locked && !is_same(before, after))
		return refuse_locked(opt, source, &origin->lock);
	if (!locked)
		origin->value = *source;
	return 0;
}

/* The option of a file's or a variable's name: the long ones only. */
static const struct opt *option_called(const char *name, bool *ret_opposite)
{
	return name[0] && name[1] ? opt_find(run_opts, name, ret_opposite) : NULL;
}

/* ---- lines of files ----------------------------------------------------------- */

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
		const struct opt *opt = option_called(names.item[i], &opposite);
		struct conf_line named = { .number = line->number,
					   .name = names.item[i] };

		if (opt)
			origin_of(conf, opt)->lock = source_of(file, line);
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
static int assign_line(struct loading *loading, const struct conf_file *file,
		       const struct conf_line *line, const struct opt *opt, bool opposite)
{
	struct setting_source source = source_of(file, line);
	auto_free char *value = NULL, *missing = NULL, *problem = NULL;
	int r;

	if (!line->value)
		return assign(loading, opt, opt_value(opt, NULL, opposite), &source);
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
	return assign(loading, opt, *value ? opt_value(opt, value, opposite) : "",
		      &source);
}

static int apply_line(struct loading *loading, const struct conf_file *file,
		      const struct conf_line *line)
{
	bool opposite = false;
	const struct opt *opt = option_called(line->name, &opposite);

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

/* ---- sections ----------------------------------------------------------------- */

static bool uses_profile(const struct settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->profiles.count; i++)
		if (strcmp(settings->profiles.item[i].text, name) == 0)
			return true;
	return false;
}

/* The full name: of a file its path without links, of another image what was typed. */
static const char *image_name(struct loading *loading)
{
	if (!loading->image_path)
		loading->image_path = realpath(loading->image, NULL);
	if (!loading->image_path)
		loading->image_path = mem_text(loading->image);
	return loading->image_path;
}

static bool line_counts(struct loading *loading, const struct conf_line *line)
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

static bool is_profile(const char *name)
{
	return strcmp(name, "profile") == 0;
}

/* The first pass: what decides how other lines are read. */
static int apply_first(struct loading *loading, const struct conf_file *file)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->count; i++) {
		const struct conf_line *line = &file->lines[i];

		if (line->section != SECTION_TOP)
			continue;
		if (is_lock(line->name))
			add_locks(loading->conf, file, line);
		else if (is_profile(line->name))
			r = apply_line(loading, file, line);
	}
	return r;
}

/* The second pass: all other lines. */
static int apply_rest(struct loading *loading, const struct conf_file *file)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->count; i++) {
		const struct conf_line *line = &file->lines[i];
		bool at_top = line->section == SECTION_TOP;

		if (!line_counts(loading, line) ||
		    (at_top && (is_lock(line->name) || is_profile(line->name))))
			continue;
		if (is_lock(line->name))
			add_locks(loading->conf, file, line);
		else if (is_profile(line->name))
			warn_of_line(loading->conf, file, line,
				     "counts before the first section only");
		else
			r = apply_line(loading, file, line);
	}
	return r;
}

/* A profile that was asked for must be somewhere, if only empty. */
static int check_profiles(const struct loading *loading)
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

/* ---- variables ---------------------------------------------------------------- */

/* "URUN_READ_ONLY" is "read-only". */
static char *option_name(const char *variable, size_t len)
{
	char *name = mem_text_n(variable, len);

	for (char *at = name; *at; at++)
		*at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
	return name;
}

/* A list's variable holds one item on each line. */
static int assign_lines(struct loading *loading, const struct opt *opt, const char *value,
			const struct setting_source *source)
{
	auto_strv struct strv items = { 0 };
	int r = 0;

	strv_split(&items, value, "\n");
	if (!items.count)
		return assign(loading, opt, "", source);
	for (size_t i = 0; r == 0 && i < items.count; i++)
		r = assign(loading, opt, items.item[i], source);
	return r;
}

/* A slip of the fingers is told; other programs' URUN_SOMETHING is not. */
static void warn_of_variable(struct conf *conf, const char *name, const char *option)
{
	const char *nearest = opts_nearest(run_opts, option);
	auto_free char *upper = mem_text(nearest);

	if (!upper)
		return;
	for (char *at = upper; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	strv_addf(&conf->warnings,
		  "variable '%s' is no option (did you mean 'URUN_%s'?), ignoring", name,
		  upper);
}

static int apply_variable(struct loading *loading, const char *variable, bool profile)
{
	size_t prefix = strlen("URUN_"), len = strcspn(variable, "=");
	auto_free char *option = option_name(variable + prefix, len - prefix);
	auto_free char *name = mem_text_n(variable, len);
	bool opposite = false;
	const struct opt *opt = option_called(option, &opposite);
	struct setting_source source = { .kind = SOURCE_VARIABLE, .name = name };
	const char *value = variable + len + 1;

	if (!opt && !profile)
		warn_of_variable(loading->conf, name, option);
	if (!opt || !opt_is_real(opt) || is_profile(opt->name) != profile)
		return 0;
	strv_take(&loading->conf->names, take_ptr(&name)); /* lives as long as origins */
	if (opt->kind == OPT_LIST)
		return assign_lines(loading, opt, value, &source);
	return assign(loading, opt, *value ? opt_value(opt, value, opposite) : "",
		      &source);
}

/* APPTAINER_BIND: "SRC[:DST[:OPT]]", separated by commas; so are the OPTs. */
static int apply_apptainer_bind(struct loading *loading, const char *value)
{
	struct setting_source source = { .kind = SOURCE_VARIABLE,
					 .name = "APPTAINER_BIND" };
	auto_strv struct strv pieces = { 0 };
	bool opposite;
	const struct opt *opt = opt_find(run_opts, "bind", &opposite);
	int r = 0;

	strv_split(&pieces, value, ",");
	for (size_t i = 0; r == 0 && i < pieces.count;) {
		auto_text struct text bind = { 0 };

		text_add(&bind, pieces.item[i++]);
		while (i < pieces.count && !strpbrk(pieces.item[i], "/.~:"))
			text_addf(&bind, ",%s", pieces.item[i++]);
		r = assign(loading, opt, text_get(&bind), &source);
	}
	return r;
}

static int apply_variables(struct loading *loading, bool profile)
{
	int r = 0;

	for (char *const *at = loading->places->variables; r == 0 && *at; at++) {
		if (text_starts(*at, "URUN_") && strchr(*at, '='))
			r = apply_variable(loading, *at, profile);
		else if (!profile && text_starts(*at, "APPTAINER_BIND="))
			r = apply_apptainer_bind(loading, strchr(*at, '=') + 1);
	}
	return r;
}

/* ---- the command line, and all ------------------------------------------------ */

static int apply_uses(struct loading *loading, const struct opt_uses *uses, bool profile)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < uses->count; i++) {
		const struct opt_use *use = &uses->item[i];
		struct setting_source source = { SOURCE_COMMAND_LINE, use->as, 0 };

		if (is_profile(use->opt->name) == profile)
			r = assign(loading, use->opt, use->value, &source);
	}
	return r;
}

static int apply_all(struct loading *loading, const struct opt_uses *uses)
{
	struct conf *conf = loading->conf;
	int r = 0;

	for (size_t i = 0; r == 0 && i < conf->n_files; i++)
		r = apply_first(loading, &conf->files[i]);
	if (r == 0)
		r = apply_variables(loading, true);
	if (r == 0)
		r = apply_uses(loading, uses, true);
	if (r == 0)
		r = check_profiles(loading);
	for (size_t i = 0; r == 0 && i < conf->n_files; i++)
		r = apply_rest(loading, &conf->files[i]);
	if (r == 0)
		r = apply_variables(loading, false);
	if (r == 0)
		r = apply_uses(loading, uses, false);
	return r;
}

int conf_load_from(const struct conf_places *places, struct settings *settings,
		   const struct opt_uses *uses, const char *image, struct conf **ret)
{
	struct loading loading = { .settings = settings,
				   .places = places,
				   .image = image };
	struct conf *conf = mem_alloc(sizeof(*conf));
	int r;

	while (run_opts[conf->n_origins].kind != OPT_END)
		conf->n_origins++;
	conf->origins = mem_array(conf->n_origins, sizeof(*conf->origins));
	loading.conf = conf;
	r = add_all_files(conf, places);
	if (r == 0)
		r = apply_all(&loading, uses);
	mem_release_ptr(&loading.image_path);
	if (r < 0)
		conf_free(conf);
	else
		*ret = conf;
	return r;
}

/* ~/.config/urun/urun.conf, or where XDG_CONFIG_HOME says; NULL without a home. */
static char *user_file(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	/* A relative one is to be ignored, says the XDG specification. */
	if (config && config[0] == '/')
		return path_join(config, "urun/urun.conf");
	return home && home[0] == '/' ? path_join(home, ".config/urun/urun.conf") : NULL;
}

int conf_load(struct settings *settings, const struct opt_uses *uses, const char *image,
	      struct conf **ret)
{
	auto_free char *file = user_file();
	struct conf_places places = { CONF_SITE_DIR, file, environ };

	return conf_load_from(&places, settings, uses, image, ret);
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	for (size_t i = 0; i < conf->n_files; i++)
		conf_file_done(&conf->files[i]);
	free(conf->files);
	free(conf->origins);
	strv_done(&conf->names);
	strv_done(&conf->warnings);
	free(conf);
}

const struct strv *conf_warnings(const struct conf *conf)
{
	return &conf->warnings;
}
