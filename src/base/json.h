// SPDX-License-Identifier: Apache-2.0
/* json.h - JSON values, as config.json, image configurations and --json use them
 *
 * The library behind it stays in json.c. Reading never fails on absence: a NULL value
 * has no members, no text and no number, so a chain of json_get() needs one check. */
#ifndef URUN_BASE_JSON_H
#define URUN_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum json_kind {
	JSON_ABSENT,
	JSON_NULL_,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_TEXT,
	JSON_LIST,
	JSON_MAP
};

/* Hostile input: at most 2048 levels (the library's own bound), duplicate keys
 * refused, NUL in texts refused. name is for the sentence: "parse 'NAME': line 3: ..." */
int json_read(const char *name, const char *data, size_t len, struct json **ret);
void json_drop(struct json *value); /* accepts NULL */
void json_drop_at(struct json **value);
#define auto_json __attribute__((cleanup(json_drop_at)))

enum json_kind json_kind_of(const struct json *value);
const struct json *json_get(const struct json *map, const char *key); /* NULL: absent */
const char *json_text_of(const struct json *value); /* NULL: no text; borrowed */
long long json_number_of(const struct json *value); /* 0: no whole number */
bool json_is_whole(const struct json *value);	    /* a number without fraction */
/* A whole number from 0 to UINT64_MAX; false: it is none. For the sizes and limits of
 * the OCI specifications; json_number_of() ends at LLONG_MAX. */
bool json_unsigned_of(const struct json *value, uint64_t *ret);
bool json_true_of(const struct json *value);	/* false: absent or no bool */
size_t json_count_of(const struct json *value); /* members or items */
const struct json *json_item(const struct json *list, size_t at);

/* The members of a map in the order of the text: start with *at = NULL, until false. */
bool json_next(const struct json *map, void **at, const char **ret_key,
	       const struct json **ret_value);

/* Making values. json_put() and json_append() own value from then on. */
struct json *json_new_map(void);
struct json *json_new_list(void);
struct json *json_new_text(const char *text); /* bytes that are no UTF-8 become U+FFFD */
struct json *json_new_number(long long number);
struct json *json_new_unsigned(uint64_t number);
struct json *json_new_real(double number);
struct json *json_new_bool(bool value);
struct json *json_copy_of(const struct json *value);
void json_put(struct json *map, const char *key, struct json *value);
void json_append(struct json *list, struct json *value);

/* indented: two spaces a level and a newline at the end. The caller frees. */
char *json_print(const struct json *value, bool indented);

#endif
