// SPDX-License-Identifier: Apache-2.0
/* conf.h - values from config files, variables and the command line
 *
 * In this order, the last value wins: the site's files, the user's file, variables
 * URUN_OPTION, the command line. A list adds up. What the site locks, no later source
 * changes (design, section 4). */
#ifndef URUN_CONF_H
#define URUN_CONF_H

#include "options.h"
#include "settings.h"

#define CONF_SITE_DIR "/etc/urun" /* for every copy of urun, wherever it is installed */

struct conf;

/* Where to look. Tests give their own; the variables of a user never move the site's. */
struct conf_places {
	const char *site_dir;	/* holds urun.conf and conf.d/ */
	const char *user_file;	/* NULL: none */
	char *const *variables; /* as environ */
};

/* Fill settings, which settings_init() made, from all sources. uses is borrowed as long
 * as settings and conf live; image is the name that [image GLOB] sections match, or
 * NULL. -EINVAL, -ENOTSUP: a value is wrong; -EPERM: it is locked; -ENOENT: no such
 * profile; each with a sentence that names file and line. */
int conf_load(struct settings *settings, const struct opt_uses *uses, const char *image,
	      struct conf **ret);
int conf_load_from(const struct conf_places *places, struct settings *settings,
		   const struct opt_uses *uses, const char *image, struct conf **ret);
void conf_free(struct conf *conf); /* accepts NULL */

/* What is odd but tolerated, for log_warn(): unknown options, each with file and line. */
const struct strv *conf_warnings(const struct conf *conf);

/* Where the value of an option of run_opts is from, and what locks it. A kind of
 * SOURCE_DEFAULT: nothing does. */
struct conf_origin {
	struct setting_source value, lock;
};
const struct conf_origin *conf_origin(const struct conf *conf, const struct opt *opt);

#endif
