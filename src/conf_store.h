// SPDX-License-Identifier: Apache-2.0
/* conf_store.h - the parts of conf.c: one load, and storing values that may be locked */
#ifndef URUN_CONF_STORE_H
#define URUN_CONF_STORE_H

#include "conf.h"
#include "conf_file.h"

struct conf {
	struct conf_file *files;
	size_t n_files;
	struct conf_origin *origins; /* one for each of run_opts */
	size_t n_origins;
	struct strv names; /* of variables, for sources */
	struct strv warnings;
};

/* One load. */
struct conf_loading {
	struct conf *conf;
	struct settings *settings;
	const struct conf_places *places;
	const char *image; /* as typed; NULL: none */
	char *image_path;  /* the full name, once it was needed */
};

/* Store one value. What is locked may be said again, but not changed: -EPERM. */
int conf_store(struct conf_loading *loading, const struct opt *opt, const char *value,
	       const struct setting_source *source);
struct conf_origin *conf_origin_of(const struct conf *conf, const struct opt *opt);

/* The option of a file's or a variable's name: the long ones only. NULL: none. */
const struct opt *conf_option(const char *name, bool *ret_opposite);
bool conf_is_profile(const char *name);

/* Lines are read twice: at first "lock" and "profile" at the top of a file, which decide
 * what other lines mean. */
int conf_apply_first(struct conf_loading *loading, const struct conf_file *file);
int conf_apply_rest(struct conf_loading *loading, const struct conf_file *file);

/* -ENOENT with a sentence: a profile that was asked for is in no file. */
int conf_check_profiles(const struct conf_loading *loading);

/* Variables: URUN_PROFILE, or all others. */
int conf_apply_variables(struct conf_loading *loading, bool profile);

#endif
