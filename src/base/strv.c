// SPDX-License-Identifier: Apache-2.0
/* strv.c - lists of strings, and growing texts */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strv.h"

#define FIRST_ROOM 64 /* bytes: most texts are a line */

void strv_take(struct strv *v, char *text)
{
	/* Grow at powers of two only: count + 1 slots are in use, NULL included. */
	if (((v->count + 1) & v->count) == 0)
		v->item = mem_grow(v->item, (v->count + 1) * 2, sizeof(*v->item));
	v->item[v->count++] = text;
	v->item[v->count] = NULL;
}

void strv_add(struct strv *v, const char *text)
{
	strv_take(v, mem_text(text));
}

void strv_addf(struct strv *v, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	strv_take(v, mem_format_v(format, ap));
	va_end(ap);
}

void strv_add_all(struct strv *v, const struct strv *more)
{
	for (size_t i = 0; i < more->count; i++)
		strv_add(v, more->item[i]);
}

void strv_remove(struct strv *v, size_t at)
{
	free(v->item[at]);
	memmove(v->item + at, v->item + at + 1, (v->count - at) * sizeof(*v->item));
	v->count--;
}

void strv_done(struct strv *v)
{
	for (size_t i = 0; i < v->count; i++)
		free(v->item[i]);
	free(v->item);
	*v = (struct strv){ 0 };
}

char **strv_items(const struct strv *v)
{
	static char *none[1];

	return v->item ? v->item : none;
}

bool strv_has(const struct strv *v, const char *text)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->item[i], text) == 0)
			return true;
	return false;
}

void strv_split(struct strv *v, const char *text, const char *separators)
{
	while (*text) {
		size_t len = strcspn(text, separators);

		if (len)
			strv_take(v, mem_text_n(text, len));
		text += len;
		text += *text != '\0';
	}
}

static size_t env_find(const struct strv *env, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < env->count; i++)
		if (strncmp(env->item[i], name, len) == 0 && env->item[i][len] == '=')
			break;
	return i;
}

const char *env_get(const struct strv *env, const char *name)
{
	size_t len = strlen(name);
	size_t i = env_find(env, name, len);

	return i < env->count ? env->item[i] + len + 1 : NULL;
}

void env_set(struct strv *env, const char *name, const char *value)
{
	auto_free char *assignment = mem_format("%s=%s", name, value);

	env_put(env, assignment);
}

void env_put(struct strv *env, const char *assignment)
{
	size_t i = env_find(env, assignment, strcspn(assignment, "="));

	if (i == env->count) {
		strv_add(env, assignment);
		return;
	}
	free(env->item[i]);
	env->item[i] = mem_text(assignment);
}

void env_unset(struct strv *env, const char *name)
{
	size_t i = env_find(env, name, strlen(name));

	if (i < env->count)
		strv_remove(env, i);
}

void text_add_n(struct text *t, const char *more, size_t len)
{
	size_t room = t->room ? t->room : FIRST_ROOM;

	while (room < t->len + len + 1)
		room *= 2;
	if (room != t->room) {
		t->data = mem_grow(t->data, room, 1);
		t->room = room;
	}
	memcpy(t->data + t->len, more, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void text_add(struct text *t, const char *more)
{
	text_add_n(t, more, strlen(more));
}

void text_addf(struct text *t, const char *format, ...)
{
	auto_free char *more = NULL;
	va_list ap;

	va_start(ap, format);
	more = mem_format_v(format, ap);
	va_end(ap);
	text_add(t, more);
}

const char *text_get(const struct text *t)
{
	return t->data ? t->data : "";
}

char *text_take(struct text *t)
{
	char *data = t->data ? t->data : mem_text("");

	*t = (struct text){ 0 };
	return data;
}

void text_done(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), end = strlen(suffix);

	return len >= end && strcmp(text + len - end, suffix) == 0;
}

int text_to_number(const char *text, int base, long long min, long long max,
		   long long *ret)
{
	long long value;
	char *end;

	if (isspace((unsigned char)text[0]) || text[0] == '\0')
		return -EINVAL;
	errno = 0;
	value = strtoll(text, &end, base);
	if (*end)
		return -EINVAL;
	if (errno || value < min || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}
