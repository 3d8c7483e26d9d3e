// SPDX-License-Identifier: Apache-2.0
/* opt_value.c - the values of options, by kind
 *
 * How it works: one table has for each kind a reader, a writer, a clearer, and what the
 * reader would have liked, of which opt_set() makes the sentence.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "options.h"

/* ---- flags -------------------------------------------------------------------- */

int text_to_bool(const char *text, bool *ret)
{
	static const char *const names[] = { "no",  "yes", "false", "true",
					     "off", "on",  "0",	    "1" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret = i % 2;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_flag(const struct opt *opt, const char *text, void *field)
{
	(void)opt; /* all flags look alike */
	return text_to_bool(text, field);
}

static char *show_flag(const struct opt *opt, const void *field)
{
	(void)opt; /* all flags look alike */
	return *(const bool *)field ? mem_text("yes") : NULL;
}

static void clear_flag(const struct opt *opt, void *field)
{
	(void)opt; /* all flags look alike */
	*(bool *)field = false;
}

static void want_flag(const struct opt *opt, struct text *ret)
{
	(void)opt; /* all flags look alike */
	text_add(ret, "neither yes nor no");
}

/* ---- texts and lists --------------------------------------------------- */

static int read_text(const struct opt *opt, const char *text, void *field)
{
	char **kept = field;

	(void)opt; /* any text will do */
	free(*kept);
	*kept = mem_text(text);
	return 0;
}

static char *show_text(const struct opt *opt, const void *field)
{
	(void)opt; /* all texts look alike */
	return mem_text(*(char *const *)field);
}

static void clear_text(const struct opt *opt, void *field)
{
	(void)opt; /* all texts look alike */
	free(*(char **)field);
	*(char **)field = NULL;
}

void setting_list_add(struct setting_list *list, const char *text,
		      const struct setting_source *source)
{
	struct setting_item *item;

	list->item = mem_room(list->item, list->count, sizeof(*list->item));
	item = &list->item[list->count++];
	*item = (struct setting_item){ .text = mem_text(text), .source = *source };
	item->from_file = source->kind == SOURCE_SITE || source->kind == SOURCE_USER;
}

void setting_list_done(struct setting_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i].text);
	free(list->item);
	*list = (struct setting_list){ 0 };
}

static void clear_list(const struct opt *opt, void *field)
{
	(void)opt; /* all lists look alike */
	setting_list_done(field);
}

/* ---- quantities --------------------------------------------------------------- */

/* Digits with at most one point, then a unit: the value times the unit's factor. */
static int read_quantity(const char *text, double (*factor_of)(const char *unit),
			 double *ret)
{
	size_t digits = strspn(text, "0123456789.");
	double number, factor = factor_of(text + digits);
	char *end;

	if (!digits || factor < 0)
		return -EINVAL;
	number = strtod(text, &end); /* no locale is ever set, so a point it is */
	if (end != text + digits)
		return -EINVAL;
	*ret = number * factor;
	return 0;
}

/* "", "b", "k", "kb", "kib": units of 1024 all of them, as docker and podman count. */
static double size_factor(const char *unit)
{
	static const char letters[] = "kKmMgGtTpP";
	const char *at;
	double factor = 1;

	if (!*unit || strcmp(unit, "b") == 0 || strcmp(unit, "B") == 0)
		return 1;
	at = strchr(letters, *unit);
	if (!at)
		return -1;
	for (long i = 0; i <= (at - letters) / 2; i++)
		factor *= 1024;
	unit++;
	unit += *unit == 'i';
	unit += *unit == 'b' || *unit == 'B';
	return *unit ? -1 : factor;
}

static int read_size(const struct opt *opt, const char *text, void *field)
{
	double bytes;

	(void)opt; /* all sizes look alike */
	if (read_quantity(text, size_factor, &bytes) < 0 ||
	    bytes > (double)(INT64_MAX / 2))
		return -EINVAL;
	*(uint64_t *)field = (uint64_t)bytes;
	return 0;
}

static char *show_size(const struct opt *opt, const void *field)
{
	uint64_t bytes = *(const uint64_t *)field;
	const char *unit = "\0KMGTP";

	(void)opt; /* all sizes look alike */
	if (!bytes)
		return NULL;
	for (; bytes % 1024 == 0 && unit[1]; unit++)
		bytes /= 1024;
	return mem_format("%llu%.1s", (unsigned long long)bytes, unit);
}

static void clear_size(const struct opt *opt, void *field)
{
	(void)opt; /* all sizes look alike */
	*(uint64_t *)field = 0;
}

static void want_size(const struct opt *opt, struct text *ret)
{
	(void)opt; /* all sizes look alike */
	text_add(ret, "no size, such as 512M or 2G");
}

static double time_factor(const char *unit)
{
	static const struct {
		const char *name;
		double ms;
	} units[] = { { "", 1000 },   { "ms", 1 },	{ "s", 1000 },
		      { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	return -1;
}

static int read_time(const struct opt *opt, const char *text, void *field)
{
	double time_ms;

	(void)opt; /* all times look alike */
	if (read_quantity(text, time_factor, &time_ms) < 0 || time_ms > INT_MAX)
		return -EINVAL;
	*(int *)field = (int)time_ms;
	return 0;
}

static char *show_time(const struct opt *opt, const void *field)
{
	int time_ms = *(const int *)field;

	if (time_ms == opt->unset)
		return NULL;
	return time_ms % 1000 ? mem_format("%dms", time_ms)
			      : mem_format("%ds", time_ms / 1000);
}

static void want_time(const struct opt *opt, struct text *ret)
{
	(void)opt; /* all times look alike */
	text_add(ret, "no time, such as 500ms, 10s or 5m");
}

/* ---- numbers ------------------------------------------------------------------ */

static int read_in_base(const struct opt *opt, const char *text, int base, void *field)
{
	long long number;

	if (text_to_number(text, base, opt->min, opt->max, &number) < 0)
		return -EINVAL;
	*(int *)field = (int)number;
	return 0;
}

static int read_number(const struct opt *opt, const char *text, void *field)
{
	return read_in_base(opt, text, 10, field);
}

static char *show_number(const struct opt *opt, const void *field)
{
	int number = *(const int *)field;

	return number == opt->unset ? NULL : mem_format("%d", number);
}

static void clear_number(const struct opt *opt, void *field)
{
	*(int *)field = opt->unset;
}

static void want_number(const struct opt *opt, struct text *ret)
{
	text_addf(ret, "no number from %d to %d", opt->min, opt->max);
}

static int read_octal(const struct opt *opt, const char *text, void *field)
{
	return read_in_base(opt, text, 8, field);
}

static char *show_octal(const struct opt *opt, const void *field)
{
	int number = *(const int *)field;

	return number == opt->unset ? NULL : mem_format("%04o", (unsigned int)number);
}

static void want_octal(const struct opt *opt, struct text *ret)
{
	text_addf(ret, "no octal number from %o to %o", (unsigned int)opt->min,
		  (unsigned int)opt->max);
}

/* ---- choices ------------------------------------------------------------------ */

static int read_choice(const struct opt *opt, const char *text, void *field)
{
	for (int i = 0; opt->choices[i]; i++) {
		if (strcmp(opt->choices[i], text) == 0) {
			*(int *)field = i; /* an enum that counts from 0 */
			return 0;
		}
	}
	return -EINVAL;
}

static char *show_choice(const struct opt *opt, const void *field)
{
	int choice = *(const int *)field;

	return choice ? mem_text(opt->choices[choice]) : NULL;
}

static void clear_choice(const struct opt *opt, void *field)
{
	(void)opt; /* the first is the default */
	*(int *)field = 0;
}

static void want_choice(const struct opt *opt, struct text *ret)
{
	text_add(ret, "none of");
	for (int i = 0; opt->choices[i]; i++)
		text_addf(ret, "%s %s", i ? "," : "", opt->choices[i]);
}

static int read_nothing(const struct opt *opt, const char *text, void *field)
{
	int unused;

	(void)field; /* there is none */
	return opt->choices ? read_choice(opt, text, &unused) : 0;
}

/* ---- all kinds ---------------------------------------------------------------- */

/* Does list, words separated by spaces, hold text, or as "word:" the beginning of it? */
static bool is_in_list(const char *list, const char *text)
{
	while (list && *list) {
		size_t len = strcspn(list, " ");

		if (strncmp(list, text, len) == 0 && (!text[len] || list[len - 1] == ':'))
			return true;
		list += len + strspn(list + len, " ");
	}
	return false;
}

/* NULL: not for this kind. */
static const struct {
	int (*read)(const struct opt *opt, const char *text, void *field);
	char *(*show)(const struct opt *opt, const void *field);
	void (*clear)(const struct opt *opt, void *field);
	void (*want)(const struct opt *opt, struct text *ret);
} kinds[] = {
	[OPT_FLAG] = { read_flag, show_flag, clear_flag, want_flag },
	[OPT_TEXT] = { read_text, show_text, clear_text, NULL },
	[OPT_LIST] = { NULL, NULL, clear_list, NULL },
	[OPT_SIZE] = { read_size, show_size, clear_size, want_size },
	[OPT_NUMBER] = { read_number, show_number, clear_number, want_number },
	[OPT_OCTAL] = { read_octal, show_octal, clear_number, want_octal },
	[OPT_TIME] = { read_time, show_time, clear_number, want_time },
	[OPT_CHOICE] = { read_choice, show_choice, clear_choice, want_choice },
	[OPT_NOTHING] = { read_nothing, NULL, NULL, want_choice },
	[OPT_LATER] = { 0 },
	[OPT_REFUSED] = { 0 },
};

static void *field_of(const struct opt *opt, void *base)
{
	return (char *)base + opt->at;
}

/* "read option '--umask'": the beginning of a sentence about a value. */
static char *source_says(const struct opt *opt, const struct setting_source *source)
{
	switch (source->kind) {
	case SOURCE_SITE:
	case SOURCE_USER:
		return mem_format("%s:%u: read '%s'", source->name, source->line,
				  opt->name);
	case SOURCE_VARIABLE:
		return mem_format("read variable '%s'", source->name);
	default:
		if (!source->name)
			return mem_format("read option '--%s'", opt->name);
		return mem_format("read option '%s'", source->name);
	}
}

static int opt_refuse(const struct opt *opt, const struct setting_source *source)
{
	auto_free char *says = source_says(opt, source);

	if (opt->kind == OPT_LATER)
		return refuse(ENOTSUP, "%s: not built yet", says);
	(void)refuse(ENOTSUP, "%s: urun has no such thing", says);
	return hint(-ENOTSUP, "%s", opt->help);
}

static int opt_mistake(const struct opt *opt, const char *text,
		       const struct setting_source *source)
{
	auto_free char *says = source_says(opt, source);
	auto_text struct text wanted = { 0 };

	if (is_in_list(opt->later, text))
		return refuse(ENOTSUP, "%s: '%s' is not built yet", says, text);
	kinds[opt->kind].want(opt, &wanted);
	return refuse(EINVAL, "%s: '%s' is %s", says, text, text_get(&wanted));
}

int opt_set(const struct opt *opt, void *base, const char *text,
	    const struct setting_source *source)
{
	if (opt->kind == OPT_LATER || opt->kind == OPT_REFUSED)
		return opt_refuse(opt, source);
	if (!*text && !opt->keeps_empty && kinds[opt->kind].clear) {
		kinds[opt->kind].clear(opt, field_of(opt, base));
		return 0;
	}
	if (opt->kind == OPT_LIST) {
		setting_list_add(field_of(opt, base), text, source);
		return 0;
	}
	if (kinds[opt->kind].read(opt, text, field_of(opt, base)) < 0)
		return opt_mistake(opt, text, source);
	return 0;
}

char *opt_show(const struct opt *opt, const void *base)
{
	const void *field = (const char *)base + opt->at;

	return kinds[opt->kind].show ? kinds[opt->kind].show(opt, field) : NULL;
}

void opt_clear(const struct opt *opt, void *base)
{
	if (kinds[opt->kind].clear)
		kinds[opt->kind].clear(opt, field_of(opt, base));
}

void opts_init(const struct opt *table, void *base)
{
	/* Nothing is owned yet: what clearing would release must be nothing. */
	for (const struct opt *opt = table; opt->kind != OPT_END; opt++) {
		if (opt->kind == OPT_TEXT)
			*(char **)field_of(opt, base) = NULL;
		if (opt->kind == OPT_LIST)
			*(struct setting_list *)field_of(
				opt, base) = (struct setting_list){ 0 };
		opt_clear(opt, base);
	}
}

void opts_done(const struct opt *table, void *base)
{
	for (const struct opt *opt = table; opt->kind != OPT_END; opt++)
		opt_clear(opt, base);
}
