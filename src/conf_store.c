// SPDX-License-Identifier: Apache-2.0
/* conf_store.c - storing values that the site may have locked */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "conf_store.h"

struct conf_origin *conf_origin_of(const struct conf *conf, const struct opt *opt)
{
	for (size_t i = 0; i < conf->n_origins; i++)
		if (opt == &run_opts[i])
			return &conf->origins[i];
	return NULL;
}

const struct conf_origin *conf_origin(const struct conf *conf, const struct opt *opt)
{
	return conf_origin_of(conf, opt);
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

int conf_store(struct conf_loading *loading, const struct opt *opt, const char *value,
	       const struct setting_source *source)
{
	struct conf_origin *origin = conf_origin_of(loading->conf, opt);
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

const struct opt *conf_option(const char *name, bool *ret_opposite)
{
	return name[0] && name[1] ? opt_find(run_opts, name, ret_opposite) : NULL;
}
