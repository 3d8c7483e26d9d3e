// SPDX-License-Identifier: Apache-2.0
/* json.c - JSON values by jansson
 *
 * How it works: jansson's integers end at 2^63 - 1, those of the OCI specifications at
 * 2^64 - 1 ("unlimited" is 18446744073709551615). The larger ones travel through the
 * library as texts that begin with BIG_MARK, and are bare digits outside of it.
 */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
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

#define BIG_MARK "\xef\xbf\xbf" /* U+FFFF, which no text has: Unicode reserves it */
#define BIG_DIGITS 19		/* 2^63 - 1 and 2^64 - 1 have 19 and 20 */

/* The length of the text that begins at data, both quotes included. */
static size_t quoted_len(const char *data, size_t len)
{
	size_t at = 1;

	while (at < len && data[at] != '"')
		at += data[at] == '\\' ? 2 : 1;
	return at < len ? at + 1 : len;
}

/* Is this run of digits a whole number between 2^63 and 2^64? */
static bool is_big(const char *digits, size_t len, const char *before, char after)
{
	char number[BIG_DIGITS + 2];

	if (len < BIG_DIGITS || len > BIG_DIGITS + 1 || digits[0] == '0')
		return false;
	if (strchr("-+.eE", *before) || (after && strchr(".eE", after)))
		return false;
	memcpy(number, digits, len);
	number[len] = '\0';
	errno = 0;
	return strtoull(number, NULL, 10) > LLONG_MAX && errno == 0;
}

/* Put the mark before the numbers that need it; out stays empty when there is none. */
static void mark_big(const char *data, size_t len, struct text *marked)
{
	size_t done = 0, run;

	for (size_t at = 0; at < len; at += run) {
		if (data[at] == '"') {
			run = quoted_len(data + at, len - at);
			continue;
		}
		for (run = 0; at + run < len && isdigit((unsigned char)data[at + run]);)
			run++;
		if (is_big(data + at, run, at ? data + at - 1 : " ",
			   at + run < len ? data[at + run] : '\0')) {
			text_add_n(marked, data + done, at - done);
			text_addf(marked, "\"" BIG_MARK "%.*s\"", (int)run, data + at);
			done = at + run;
		}
		run += run == 0;
	}
	if (done)
		text_add_n(marked, data + done, len - done);
}

/* The digits of such a text, which ends at the first other byte; 0: it is none. */
static size_t marked_len(const char *text)
{
	size_t run = 0;

	if (text_starts(text, BIG_MARK))
		run = strspn(text + strlen(BIG_MARK), "0123456789");
	return run >= BIG_DIGITS && run <= BIG_DIGITS + 1 ? run : 0;
}

/* The other way, in what the library printed. */
static void unmark_big(char *printed)
{
	const char *end = printed + strlen(printed);
	char *from = printed, *to = printed;

	while (from < end) {
		size_t run = *from == '"' ? quoted_len(from, (size_t)(end - from)) : 1;
		size_t digits = *from == '"' ? marked_len(from + 1) : 0;
		size_t head = 1 + strlen(BIG_MARK);

		if (digits && head + digits + 1 == run)
			memmove(to, from + head, digits);
		else
			memmove(to, from, digits = run);
		to += digits;
		from += run;
	}
	*to = '\0';
}

static const char *big_digits(const struct json *value)
{
	const char *text = json_string_value(in(value));
	size_t digits = text ? marked_len(text) : 0;

	return digits && !text[strlen(BIG_MARK) + digits] ? text + strlen(BIG_MARK)
							  : NULL;
}

int json_read(const char *name, const char *data, size_t len, struct json **ret)
{
	auto_text struct text marked = { 0 };
	json_error_t error;
	json_t *value;

	mark_big(data, len, &marked);
	value = json_loadb(marked.len ? marked.data : data, marked.len ? marked.len : len,
			   JSON_REJECT_DUPLICATES, &error);
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
		return big_digits(value) ? JSON_NUMBER : JSON_TEXT;
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
	return big_digits(value) ? NULL : json_string_value(in(value));
}

long long json_number_of(const struct json *value)
{
	return json_integer_value(in(value));
}

bool json_is_whole(const struct json *value)
{
	return json_is_integer(in(value)) || big_digits(value);
}

bool json_unsigned_of(const struct json *value, uint64_t *ret)
{
	const char *digits = big_digits(value);

	if (digits)
		*ret = strtoull(digits, NULL, 10); /* is_big() has looked */
	else if (json_is_integer(in(value)) && json_number_of(value) >= 0)
		*ret = (uint64_t)json_number_of(value);
	else
		return false;
	return true;
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

struct json *json_new_unsigned(uint64_t number)
{
	auto_free char *marked = NULL;

	if (number <= LLONG_MAX)
		return json_new_number((long long)number);
	marked = mem_format(BIG_MARK "%llu", (unsigned long long)number);
	return out(json_string(marked));
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
	unmark_big(text);
	return mem_format("%s%s", text, indented ? "\n" : "");
}
