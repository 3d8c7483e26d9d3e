// SPDX-License-Identifier: Apache-2.0
/* conf_variables.c - options from the environment */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "conf_store.h"

/* "URUN_READ_ONLY" is "read-only". */
static char *option_name(const char *variable, size_t len)
{
	char *name = mem_text_n(variable, len);

	for (char *at = name; *at; at++)
		*at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
	return name;
}

/* A list's variable holds one item on each line. */
static int assign_lines(struct conf_loading *loading, const struct opt *opt,
			const char *value, const struct setting_source *source)
{
	auto_strv struct strv items = { 0 };
	int r = 0;

	strv_split(&items, value, "\n");
	if (!items.count)
		return conf_store(loading, opt, "", source);
	for (size_t i = 0; r == 0 && i < items.count; i++)
		r = conf_store(loading, opt, items.item[i], source);
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

static int apply_variable(struct conf_loading *loading, const char *variable,
			  bool profile)
{
	size_t prefix = strlen("URUN_"), len = strcspn(variable, "=");
	auto_free char *option = option_name(variable + prefix, len - prefix);
	auto_free char *name = mem_text_n(variable, len);
	bool opposite = false;
	const struct opt *opt = conf_option(option, &opposite);
	struct setting_source source = { .kind = SOURCE_VARIABLE, .name = name };
	const char *value = variable + len + 1;

	if (!opt && !profile)
		warn_of_variable(loading->conf, name, option);
	if (!opt || !opt_is_real(opt) || conf_is_profile(opt->name) != profile)
		return 0;
	strv_take(&loading->conf->names, take_ptr(&name)); /* lives as long as origins */
	if (opt->kind == OPT_LIST)
		return assign_lines(loading, opt, value, &source);
	return conf_store(loading, opt, *value ? opt_value(opt, value, opposite) : "",
			  &source);
}

/* APPTAINER_BIND: "SRC[:DST[:OPT]]", separated by commas; so are the OPTs. */
static int apply_apptainer_bind(struct conf_loading *loading, const char *value)
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
		r = conf_store(loading, opt, text_get(&bind), &source);
	}
	return r;
}

int conf_apply_variables(struct conf_loading *loading, bool profile)
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
