// SPDX-License-Identifier: Apache-2.0
/* strv.h - a growing, NULL-terminated list of strings, and a growing text */
#ifndef URUN_BASE_STRV_H
#define URUN_BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct is an empty list; .item is then NULL, see strv_items(). */
struct strv {
	char **item; /* count strings and a NULL */
	size_t count;
};

void strv_add(struct strv *v, const char *text); /* copies */
void strv_take(struct strv *v, char *text);	 /* owns text from now on */
void strv_addf(struct strv *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strv_add_all(struct strv *v, const struct strv *more); /* copies each */
void strv_remove(struct strv *v, size_t at);
void strv_done(struct strv *v);
char **strv_items(const struct strv *v); /* never NULL; borrowed */
bool strv_has(const struct strv *v, const char *text);

/* Split at each of the characters in separators; empty pieces are kept out. */
void strv_split(struct strv *v, const char *text, const char *separators);

#define auto_strv __attribute__((cleanup(strv_done)))

/* Environment lists, "NAME=VALUE" each. */
const char *env_get(const struct strv *env, const char *name);	     /* NULL: not set */
void env_set(struct strv *env, const char *name, const char *value); /* replaces */
void env_put(struct strv *env, const char *assignment); /* "NAME=VALUE", replaces */
void env_unset(struct strv *env, const char *name);

/* A zeroed struct is an empty text. */
struct text {
	char *data; /* NUL-terminated once something was added; NULL before */
	size_t len, room;
};

void text_add(struct text *t, const char *more);
void text_add_n(struct text *t, const char *more, size_t len);
void text_addf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *text_get(const struct text *t); /* never NULL; borrowed */
char *text_take(struct text *t); /* never NULL; caller frees; t is empty then */
void text_done(struct text *t);

#define auto_text __attribute__((cleanup(text_done)))

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* The whole of text as a number in [min, max]: decimal, 0x or 0 prefixes as
 * strtoll knows them when base is 0. -EINVAL, -ERANGE; sets no text. */
int text_to_number(const char *text, int base, long long min, long long max,
		   long long *ret);

#endif
