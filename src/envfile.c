// SPDX-License-Identifier: Apache-2.0
/* envfile.c - files with environment variables */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "envfile.h"

#define BLANKS " \t\r\f\v"

/* The next line of *at, without its newline; NULL at the end. The caller frees. */
static char *next_line(const char **at)
{
	const char *line = *at;
	size_t len = strcspn(line, "\n");

	if (!*line)
		return NULL;
	*at += len + (line[len] == '\n');
	if (len && line[len - 1] == '\r')
		len--;
	return mem_text_n(line, len);
}

static int docker_line(const char *name, unsigned int number, const char *line,
		       const struct strv *host, struct strv *ret)
{
	size_t len = strcspn(line, "=");

	if (len == 0)
		return refuse(EINVAL, "%s:%u: no variable name before '='", name, number);
	if (strcspn(line, BLANKS) < len)
		return hint(refuse(EINVAL, "%s:%u: blanks in the variable name '%.*s'",
				   name, number, (int)len, line),
			    "NAME=VALUE, with nothing around '=' and no quotes");
	if (line[len] == '=') {
		env_put(ret, line);
	} else {
		const char *value = env_get(host, line);

		if (value)
			env_set(ret, line, value);
	}
	return 0;
}

int envfile_docker(const char *name, const char *text, const struct strv *host,
		   struct strv *ret)
{
	unsigned int number = 0;
	int r = 0;

	if (text_starts(text, "\xef\xbb\xbf"))
		text += 3; /* Windows editors put a byte order mark there */
	while (r == 0) {
		auto_free char *line = next_line(&text);
		const char *start;

		if (!line)
			return 0;
		number++;
		start = line + strspn(line, BLANKS);
		if (*start && *start != '#')
			r = docker_line(name, number, start, host, ret);
	}
	return r;
}

static bool is_name(const char *text, size_t len)
{
	if (!len || isdigit((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("_.-", text[i]))
			return false;
	return true;
}

/* Remove one pair of any of these quotes around text. */
static void unquote(char *text, const char *quotes)
{
	size_t len = strlen(text);

	if (len >= 2 && strchr(quotes, text[0]) && text[len - 1] == text[0]) {
		memmove(text, text + 1, len - 2);
		text[len - 2] = '\0';
	}
}

/* Split "NAME=VALUE" at line; NULL: it is none. */
static char *split_value(char *line)
{
	size_t len = strcspn(line, "=");

	if (line[len] != '=' || !is_name(line, len))
		return NULL;
	line[len] = '\0';
	return line + len + 1;
}

void envfile_etc(const char *text, struct strv *ret)
{
	for (;;) {
		auto_free char *line = next_line(&text);
		char *start, *value;

		if (!line)
			return;
		start = line + strspn(line, BLANKS);
		if (text_starts(start, "export "))
			start += 7;
		value = split_value(start);
		if (!value)
			continue;
		unquote(value, "\"'");
		env_set(ret, start, value);
	}
}

/* "$A:b:$NONE" with A=x is "x:b". */
static char *expand_items(const char *value, const struct strv *host,
			  const struct strv *own)
{
	struct text out = { 0 };
	auto_strv struct strv items = { 0 };

	strv_split(&items, value, ":");
	for (size_t i = 0; i < items.count; i++) {
		const char *item = items.item[i];

		if (item[0] == '$') {
			const char *name = item + 1;

			item = env_get(own, name) ? env_get(own, name)
						  : env_get(host, name);
		}
		if (item && *item)
			text_addf(&out, "%s%s", out.len ? ":" : "", item);
	}
	return text_take(&out);
}

void envfile_charliecloud(const char *text, const struct strv *host, struct strv *ret)
{
	for (;;) {
		auto_free char *line = next_line(&text), *expanded = NULL;
		char *value;

		if (!line)
			return;
		value = split_value(line);
		if (!value)
			continue;
		unquote(value, "'");
		if (strchr(value, '$'))
			expanded = expand_items(value, host, ret);
		env_set(ret, line, expanded ? expanded : value);
	}
}
