// SPDX-License-Identifier: Apache-2.0
/* json.c - JSON values by jansson */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/strv.h"

static json_t *in(const struct json *value)
{
	return (json_t *)value;
}

static struct json *out(json_t *value)
{
	if (!value)
		abort(); /* memory: jansson has no other reason for the calls below */
	return (struct json *)value;
}

int json_read(const char *name, const char *data, size_t len, struct json **ret)
{
	json_error_t error;
	json_t *value;

	value = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
	if (!value)
		return refuse(EINVAL, "parse '%s': line %d: %s", name, error.line,
			      error.text);
	*ret = out(value);
	return 0;
}

void json_drop(struct json *value)
{
	json_decref(in(value));
}

void json_drop_at(struct json **value)
{
	json_drop(*value);
}

enum json_kind json_kind_of(const struct json *value)
{
	if (!value)
		return JSON_ABSENT;
	switch (json_typeof(in(value))) {
	case JSON_OBJECT:
		return JSON_MAP;
	case JSON_ARRAY:
		return JSON_LIST;
	case JSON_STRING:
		return JSON_TEXT;
	case JSON_INTEGER:
	case JSON_REAL:
		return JSON_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_BOOL;
	default:
		return JSON_NULL_;
	}
}

const struct json *json_get(const struct json *map, const char *key)
{
	return (const struct json *)json_object_get(in(map), key);
}

const char *json_text_of(const struct json *value)
{
	return json_string_value(in(value));
}

long long json_number_of(const struct json *value)
{
	return json_integer_value(in(value));
}

bool json_is_whole(const struct json *value)
{
	return json_is_integer(in(value));
}

bool json_true_of(const struct json *value)
{
	return json_is_true(in(value));
}

size_t json_count_of(const struct json *value)
{
	return json_is_object(in(value)) ? json_object_size(in(value))
					 : json_array_size(in(value));
}

const struct json *json_item(const struct json *list, size_t at)
{
	return (const struct json *)json_array_get(in(list), at);
}

bool json_next(const struct json *map, void **at, const char **ret_key,
	       const struct json **ret_value)
{
	*at = *at ? json_object_iter_next(in(map), *at) : json_object_iter(in(map));
	if (!*at)
		return false;
	*ret_key = json_object_iter_key(*at);
	*ret_value = (const struct json *)json_object_iter_value(*at);
	return true;
}

struct json *json_new_map(void)
{
	return out(json_object());
}

struct json *json_new_list(void)
{
	return out(json_array());
}

/* Keep valid UTF-8 sequences, one U+FFFD for each other byte. */
static json_t *text_repaired(const char *text)
{
	auto_text struct text good = { 0 };

	while (*text) {
		size_t len = strlen(text) < 4 ? strlen(text) : 4;
		json_t *piece = NULL;

		for (; len > 0 && !piece; len--)
			piece = json_stringn(text, len);
		text_add(&good, piece ? json_string_value(piece) : "\xef\xbf\xbd");
		text += piece ? json_string_length(piece) : 1;
		json_decref(piece);
	}
	return json_string(text_get(&good));
}

struct json *json_new_text(const char *text)
{
	json_t *value = json_string(text);

	return out(value ? value : text_repaired(text));
}

struct json *json_new_number(long long number)
{
	return out(json_integer(number));
}

struct json *json_new_real(double number)
{
	return out(json_real(number));
}

struct json *json_new_bool(bool value)
{
	return out(json_boolean(value));
}

struct json *json_copy_of(const struct json *value)
{
	return out(json_deep_copy(in(value)));
}

void json_put(struct json *map, const char *key, struct json *value)
{
	if (json_object_set_new_nocheck(in(map), key, in(value)) < 0)
		abort(); /* memory, or a map that is none: a bug of ours */
}

void json_append(struct json *list, struct json *value)
{
	if (json_array_append_new(in(list), in(value)) < 0)
		abort(); /* memory, or a list that is none: a bug of ours */
}

char *json_print(const struct json *value, bool indented)
{
	size_t flags = JSON_ENCODE_ANY | (indented ? JSON_INDENT(2) : JSON_COMPACT);
	auto_free char *text = json_dumps(in(value), flags);

	if (!text)
		abort(); /* memory: every value came through this file */
	return mem_format("%s%s", text, indented ? "\n" : "");
}
