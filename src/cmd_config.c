// SPDX-License-Identifier: Apache-2.0
/* cmd_config.c - urun config: which options are in effect, and from where */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "conf.h"

static const char *const kind_names[] = {
	[SOURCE_DEFAULT] = "default",
	[SOURCE_SITE] = "site",
	[SOURCE_USER] = "user",
	[SOURCE_VARIABLE] = "variable",
	[SOURCE_COMMAND_LINE] = "command line",
};

/* The values of one option, a list's or a single one. */
struct values {
	const struct opt *opt;
	const struct conf_origin *origin;
	const struct setting_list *list; /* NULL: no list */
	char *text;			 /* NULL: not set */
};

static void values_get(const struct settings *settings, const struct opt *opt,
		       struct values *ret)
{
	*ret = (struct values){ .opt = opt, .origin = conf_origin(settings->conf, opt) };
	if (opt->kind == OPT_LIST)
		ret->list = (const struct setting_list *)((const char *)settings +
							  opt->at);
	else
		ret->text = opt_show(opt, settings);
}

/* ---- as a config file --------------------------------------------------------- */

static bool needs_quotes(const char *value)
{
	size_t len = strlen(value);

	return !len || strchr(value, '#') || strchr(" \t\"", value[0]) ||
	       strchr(" \t", value[len - 1]);
}

/* NAME = VALUE, so that a config file would give this value. */
static void print_value(const char *name, const char *value)
{
	const char *quote = needs_quotes(value) ? "\"" : "";

	printf("%s = %s", name, quote);
	for (; *value; value++)
		printf("%s%c", *value == '$' ? "$" : "", *value);
	printf("%s", quote);
}

static void print_source(const char *before, const struct setting_source *source)
{
	if (source->kind == SOURCE_DEFAULT)
		return;
	printf("%s%s", before, source->name);
	if (source->line)
		printf(":%u", source->line);
}

static void print_line(const struct settings *settings, const struct values *values,
		       const char *text, const struct setting_source *source)
{
	print_value(values->opt->name, text);
	if (settings->show_origin) {
		print_source("\t# ", source);
		print_source(", locked by ", &values->origin->lock);
	}
	printf("\n");
}

static void print_values(const struct settings *settings, const struct values *values)
{
	for (size_t i = 0; values->list && i < values->list->count; i++)
		print_line(settings, values, values->list->item[i].text,
			   &values->list->item[i].source);
	if (values->text) {
		print_line(settings, values, values->text, &values->origin->value);
	} else if (settings->show_origin && values->origin->lock.line &&
		   !(values->list && values->list->count)) {
		printf("# %s is not set", values->opt->name);
		print_source(", locked by ", &values->origin->lock);
		printf("\n");
	}
}

/* ---- as JSON ------------------------------------------------------------------ */

static struct json *json_source(const struct setting_source *source)
{
	struct json *map = json_new_map();

	json_put(map, "kind", json_new_text(kind_names[source->kind]));
	if (source->name)
		json_put(map, "name", json_new_text(source->name));
	if (source->line)
		json_put(map, "line", json_new_number(source->line));
	return map;
}

static void add_entry(struct json *list, const struct values *values, const char *text,
		      const struct setting_source *source)
{
	struct json *entry = json_new_map();

	json_put(entry, "name", json_new_text(values->opt->name));
	if (text)
		json_put(entry, "value", json_new_text(text));
	json_put(entry, "source", json_source(source));
	if (values->origin->lock.line)
		json_put(entry, "lock", json_source(&values->origin->lock));
	json_append(list, entry);
}

static void add_values(struct json *list, const struct values *values)
{
	const struct setting_source none = { .kind = SOURCE_DEFAULT };
	bool any = values->text || (values->list && values->list->count);

	for (size_t i = 0; values->list && i < values->list->count; i++)
		add_entry(list, values, values->list->item[i].text,
			  &values->list->item[i].source);
	if (values->text)
		add_entry(list, values, values->text, &values->origin->value);
	if (!any && values->origin->lock.line)
		add_entry(list, values, NULL, &none);
}

int cmd_config(const struct settings *settings, const struct strv *words, int *ret_status)
{
	auto_json struct json *list = json_new_list();
	auto_free char *text = NULL;

	(void)words; /* IMAGE did its work when the files were read */
	for (const struct opt *opt = run_opts; opt->kind != OPT_END; opt++) {
		struct values values;

		if (!opt_is_real(opt))
			continue;
		values_get(settings, opt, &values);
		if (settings->json)
			add_values(list, &values);
		else
			print_values(settings, &values);
		mem_release_ptr(&values.text);
	}
	if (settings->json) {
		text = json_print(list, true);
		(void)fputs(text, stdout); /* main.c checks the stream */
	}
	*ret_status = 0;
	return 0;
}
