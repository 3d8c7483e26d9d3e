// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/tap.h"

static struct json *read_text(const char *text)
{
	struct json *value = NULL;

	return json_read("test", text, strlen(text), &value) < 0 ? NULL : value;
}

static void absence_has_nothing(void)
{
	uint64_t n = 7;

	ok(json_kind_of(NULL) == JSON_ABSENT);
	ok(json_get(json_get(NULL, "a"), "b") == NULL);
	ok(json_text_of(NULL) == NULL);
	ok(json_number_of(NULL) == 0);
	ok(!json_is_whole(NULL) && !json_true_of(NULL));
	ok(!json_unsigned_of(NULL, &n) && n == 7);
	ok(json_count_of(NULL) == 0);
	ok(json_item(NULL, 0) == NULL);
	json_drop(NULL);
}

static void kinds_and_values(void)
{
	auto_json struct json *v = read_text(
		"{\"a\": [1, -2.5, \"x\", true, null, {}], \"b\": false}");
	const struct json *a = json_get(v, "a");

	ok(json_kind_of(v) == JSON_MAP && json_count_of(v) == 2);
	ok(json_kind_of(a) == JSON_LIST && json_count_of(a) == 6);
	ok(json_is_whole(json_item(a, 0)) && json_number_of(json_item(a, 0)) == 1);
	ok(json_kind_of(json_item(a, 1)) == JSON_NUMBER &&
	   !json_is_whole(json_item(a, 1)));
	ok_text(json_text_of(json_item(a, 2)), "x");
	ok(json_true_of(json_item(a, 3)));
	ok(json_kind_of(json_item(a, 4)) == JSON_NULL_);
	ok(json_kind_of(json_item(a, 5)) == JSON_MAP);
	ok(json_item(a, 6) == NULL);
	ok(json_kind_of(json_get(v, "b")) == JSON_BOOL &&
	   !json_true_of(json_get(v, "b")));
}

static void members_come_in_the_order_of_the_text(void)
{
	auto_json struct json *v = read_text("{\"z\": 1, \"a\": 2, \"m\": 3}");
	const struct json *value;
	void *at = NULL;
	const char *key;
	char keys[8] = "";

	while (json_next(v, &at, &key, &value))
		strcat(keys, key);
	ok_text(keys, "zam");
}

static void bad_texts_are_refused_with_a_line(void)
{
	auto_free char *deep = mem_alloc(5000);

	ok(!read_text("{\n\"a\": }"));
	ok(strstr(last_error.text, "parse 'test': line 2: ") == last_error.text);
	ok(!read_text("{\"a\": 1, \"a\": 2}"));
	ok(!read_text("\"a\\u0000b\""));
	ok(!read_text("\"\xff\""));
	ok(!read_text("{} {}"));
	ok(!read_text(""));
	ok(!read_text("18446744073709551616"));
	memset(deep, '[', 4999);
	ok(!read_text(deep));
}

static void numbers_up_to_2_to_the_64(void)
{
	static const char text[] = "{\"a\":[18446744073709551615,9223372036854775808,"
				   "9223372036854775807,-9223372036854775808],"
				   "\"18446744073709551615\":\"18446744073709551615\"}";
	auto_json struct json *v = read_text(text);
	const struct json *a = json_get(v, "a");
	auto_free char *printed = v ? json_print(v, false) : NULL;
	uint64_t n = 0;

	ok_text(printed, text);
	ok(json_unsigned_of(json_item(a, 0), &n) && n == UINT64_MAX);
	ok(json_kind_of(json_item(a, 0)) == JSON_NUMBER &&
	   json_is_whole(json_item(a, 0)));
	ok(json_text_of(json_item(a, 0)) == NULL);
	ok(json_unsigned_of(json_item(a, 1), &n) && n == (uint64_t)1 << 63);
	ok(json_unsigned_of(json_item(a, 2), &n) && n == LLONG_MAX);
	n = 7;
	ok(!json_unsigned_of(json_item(a, 3), &n) && n == 7);
	ok(json_kind_of(json_get(v, "18446744073709551615")) == JSON_TEXT);
}

static void large_numbers_are_only_seen_outside_texts(void)
{
	static const char text[] =
		"[\"a\\\"18446744073709551615\\\\\",\"\xef\xbf\xbfx\"]";
	auto_json struct json *v = read_text(text);
	auto_free char *printed = v ? json_print(v, false) : NULL;
	auto_json struct json *real = read_text("[1.18446744073709551615, 1e1]");

	ok_text(printed, text);
	ok(json_kind_of(json_item(real, 0)) == JSON_NUMBER);
}

static void made_values_print(void)
{
	auto_json struct json *map = json_new_map();
	struct json *list = json_new_list();
	auto_free char *line = NULL, *lines = NULL;

	json_append(list, json_new_number(-3));
	json_append(list, json_new_unsigned(UINT64_MAX));
	json_append(list, json_new_unsigned(5));
	json_append(list, json_new_bool(true));
	json_put(map, "list", list);
	json_put(map, "text", json_new_text("a\"b"));
	line = json_print(map, false);
	ok_text(line, "{\"list\":[-3,18446744073709551615,5,true],\"text\":\"a\\\"b\"}");
	lines = json_print(map, true);
	ok(strchr(lines, '\n') && lines[strlen(lines) - 1] == '\n');
}

static void bytes_that_are_no_utf8_are_replaced(void)
{
	auto_json struct json *v = json_new_text("a\xff"
						 "b\xc3\xa9\xe2\x82");

	ok_text(json_text_of(v), "a\xef\xbf\xbd"
				 "b\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
}

static void copies_are_deep(void)
{
	struct json *v = read_text("{\"a\": [1]}");
	auto_json struct json *copy = json_copy_of(v);

	json_drop(v);
	ok(json_number_of(json_item(json_get(copy, "a"), 0)) == 1);
}

int main(void)
{
	RUN(absence_has_nothing);
	RUN(kinds_and_values);
	RUN(members_come_in_the_order_of_the_text);
	RUN(bad_texts_are_refused_with_a_line);
	RUN(numbers_up_to_2_to_the_64);
	RUN(large_numbers_are_only_seen_outside_texts);
	RUN(made_values_print);
	RUN(bytes_that_are_no_utf8_are_replaced);
	RUN(copies_are_deep);
	return tap_end();
}
