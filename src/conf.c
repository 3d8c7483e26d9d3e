// SPDX-License-Identifier: Apache-2.0
/* conf.c - values from config files, variables and the command line
 *
 * How it works: all files are read first. A first pass collects profiles and the site's
 * locks, which decide what later lines mean; the second one stores values, source by
 * source. Each value goes through conf_store(), which knows the locks.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "conf_store.h"

#define CONF_FILES_MAX 256 /* in conf.d: a site with more has lost the overview */

/* ---- files ------------------------------------------------------------------- */

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

/* ---- the command line, and all ----------------------------------------------- */

static int apply_uses(struct conf_loading *loading, const struct opt_uses *uses,
		      bool profile)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < uses->count; i++) {
		const struct opt_use *use = &uses->item[i];
		struct setting_source source = { SOURCE_COMMAND_LINE, use->as, 0 };

		if (conf_is_profile(use->opt->name) == profile)
			r = conf_store(loading, use->opt, use->value, &source);
	}
	return r;
}

static int apply_all(struct conf_loading *loading, const struct opt_uses *uses)
{
	struct conf *conf = loading->conf;
	int r = 0;

	for (size_t i = 0; r == 0 && i < conf->n_files; i++)
		r = conf_apply_first(loading, &conf->files[i]);
	if (r == 0)
		r = conf_apply_variables(loading, true);
	if (r == 0)
		r = apply_uses(loading, uses, true);
	if (r == 0)
		r = conf_check_profiles(loading);
	for (size_t i = 0; r == 0 && i < conf->n_files; i++)
		r = conf_apply_rest(loading, &conf->files[i]);
	if (r == 0)
		r = conf_apply_variables(loading, false);
	if (r == 0)
		r = apply_uses(loading, uses, false);
	return r;
}

int conf_load_from(const struct conf_places *places, struct settings *settings,
		   const struct opt_uses *uses, const char *image, struct conf **ret)
{
	struct conf_loading loading = { .settings = settings,
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
