// SPDX-License-Identifier: Apache-2.0
/* fields.c - structs from and to JSON by tables */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/fields.h"

/* Lists: a pointer and the count right behind it. */
struct list {
	char *item;
	size_t count;
};

size_t field_enter(struct field_path *path, const char *name)
{
	size_t length = strlen(path->text);

	/* A path that is cut still tells enough. */
	(void)snprintf(path->text + length, FIELD_PATH_MAX - length, "%s%s",
		       length ? "." : "", name);
	return length;
}

size_t field_enter_item(struct field_path *path, size_t at)
{
	size_t length = strlen(path->text);

	(void)snprintf(path->text + length, FIELD_PATH_MAX - length, "[%zu]",
		       at); /* too */
	return length;
}

void field_leave(struct field_path *path, size_t length)
{
	path->text[length] = '\0';
}

int field_refuse(const struct field_path *path, const char *not_what)
{
	return refuse(EINVAL, "'%s' is not %s", path->text, not_what);
}

int field_read(struct field_path *path, const struct field *field,
	       const struct json *value, void *place)
{
	const struct field_type *type = field->type;

	if (type->read)
		return type->read(path, field, value, place);
	return type->take(value, place) ? 0 : field_refuse(path, type->is);
}

struct json *field_write(const struct field *field, const void *place)
{
	const struct field_type *type = field->type;

	return type->write ? type->write(field, place) : type->give(place);
}

static bool is_given(const struct json *value)
{
	enum json_kind kind = json_kind_of(value);

	return kind != JSON_ABSENT && kind != JSON_NULL_;
}

int fields_read(struct field_path *path, const struct field *fields,
		const struct json *map, void *base)
{
	if (json_kind_of(map) != JSON_MAP)
		return field_refuse(path, "a map");
	for (const struct field *f = fields; f->name; f++) {
		const struct json *value = json_get(map, f->name);
		size_t length = field_enter(path, f->name);
		int r = 0;

		if (is_given(value))
			r = field_read(path, f, value, (char *)base + f->at);
		else if (f->required)
			r = refuse(EINVAL, "'%s' is missing", path->text);
		if (r < 0)
			return r;
		field_leave(path, length);
	}
	return 0;
}

struct json *fields_write(const struct field *fields, const void *base)
{
	struct json *map = json_new_map();

	for (const struct field *f = fields; f->name; f++) {
		struct json *value = field_write(f, (const char *)base + f->at);

		if (value)
			json_put(map, f->name, value);
	}
	return map;
}

static bool take_text(const struct json *value, void *place)
{
	char **to = place;

	if (!json_text_of(value))
		return false;
	free(*to);
	*to = mem_text(json_text_of(value));
	return true;
}

static struct json *give_text(const void *place)
{
	const char *text = *(char *const *)place;

	return text ? json_new_text(text) : NULL;
}

const struct field_type FIELD_TEXT = { .is = "a text",
				       .take = take_text,
				       .give = give_text };

static bool take_texts(const struct json *value, void *place)
{
	for (size_t i = 0; i < json_count_of(value); i++) {
		const char *text = json_text_of(json_item(value, i));

		if (!text)
			return false;
		strv_add(place, text);
	}
	return json_kind_of(value) == JSON_LIST;
}

static struct json *give_texts(const void *place)
{
	const struct strv *texts = place;
	struct json *list;

	if (texts->count == 0)
		return NULL;
	list = json_new_list();
	for (size_t i = 0; i < texts->count; i++)
		json_append(list, json_new_text(texts->item[i]));
	return list;
}

const struct field_type FIELD_TEXTS = { .is = "a list of texts",
					.take = take_texts,
					.give = give_texts };

static bool take_bool(const struct json *value, void *place)
{
	*(bool *)place = json_true_of(value);
	return json_kind_of(value) == JSON_BOOL;
}

static struct json *give_bool(const void *place)
{
	return *(const bool *)place ? json_new_bool(true) : NULL;
}

const struct field_type FIELD_BOOL = { .is = "true or false",
				       .take = take_bool,
				       .give = give_bool };

static bool take_u32(const struct json *value, void *place)
{
	uint64_t number;

	if (!json_unsigned_of(value, &number) || number > UINT32_MAX)
		return false;
	*(uint32_t *)place = (uint32_t)number;
	return true;
}

static struct json *give_u32(const void *place)
{
	return json_new_number(*(const uint32_t *)place);
}

const struct field_type FIELD_U32 = { .is = "a whole number from 0 to 2^32 - 1",
				      .take = take_u32,
				      .give = give_u32 };

static bool take_u64(const struct json *value, void *place)
{
	return json_unsigned_of(value, place);
}

static struct json *give_u64(const void *place)
{
	return json_new_unsigned(*(const uint64_t *)place);
}

const struct field_type FIELD_U64 = { .is = "a whole number from 0 to 2^64 - 1",
				      .take = take_u64,
				      .give = give_u64 };

static int read_map(struct field_path *path, const struct field *field,
		    const struct json *value, void *place)
{
	return fields_read(path, field->members, value, place);
}

static struct json *write_map(const struct field *field, const void *place)
{
	struct json *map = fields_write(field->members, place);

	if (json_count_of(map))
		return map;
	json_drop(map);
	return NULL;
}

const struct field_type FIELD_MAP = { .read = read_map, .write = write_map };

static int read_list(struct field_path *path, const struct field *field,
		     const struct json *value, void *place)
{
	struct list *list = place;

	if (json_kind_of(value) != JSON_LIST)
		return field_refuse(path, "a list");
	for (size_t i = 0; i < json_count_of(value); i++) {
		size_t length = field_enter_item(path, i);
		int r;

		list->item = mem_room(list->item, list->count++, field->item_bytes);
		r = fields_read(path, field->members, json_item(value, i),
				list->item + (list->count - 1) * field->item_bytes);
		if (r < 0)
			return r;
		field_leave(path, length);
	}
	return 0;
}

static struct json *write_list(const struct field *field, const void *place)
{
	const struct list *from = place;
	struct json *list;

	if (from->count == 0)
		return NULL;
	list = json_new_list();
	for (size_t i = 0; i < from->count; i++)
		json_append(list, fields_write(field->members,
					       from->item + i * field->item_bytes));
	return list;
}

const struct field_type FIELD_LIST = { .read = read_list, .write = write_list };

static bool take_u32s(const struct json *value, void *place)
{
	struct list *list = place;
	uint32_t number;

	for (size_t i = 0; i < json_count_of(value); i++) {
		if (!take_u32(json_item(value, i), &number))
			return false;
		list->item = mem_room(list->item, list->count, sizeof(number));
		((uint32_t *)(void *)list->item)[list->count++] = number;
	}
	return json_kind_of(value) == JSON_LIST;
}

static struct json *give_u32s(const void *place)
{
	const struct list *from = place;
	struct json *list;

	if (from->count == 0)
		return NULL;
	list = json_new_list();
	for (size_t i = 0; i < from->count; i++)
		json_append(list, give_u32(from->item + i * sizeof(uint32_t)));
	return list;
}

const struct field_type FIELD_U32S = { .is = "a list of whole numbers from 0 to 2^32 - 1",
				       .take = take_u32s,
				       .give = give_u32s };

static bool asks_for_nothing(const struct json *value);

static bool members_ask_for_nothing(const struct json *map)
{
	const struct json *value;
	void *at = NULL;
	const char *name;

	while (json_next(map, &at, &name, &value))
		if (!asks_for_nothing(value))
			return false;
	return true;
}

/* "", 0, false, null, [] and maps of these: there is nothing to honour. */
static bool asks_for_nothing(const struct json *value)
{
	switch (json_kind_of(value)) {
	case JSON_TEXT:
		return *json_text_of(value) == '\0';
	case JSON_BOOL:
		return !json_true_of(value);
	case JSON_NUMBER:
		return json_is_whole(value) && json_number_of(value) == 0;
	case JSON_MAP:
		return members_ask_for_nothing(value);
	default:
		return json_count_of(value) == 0;
	}
}

static int read_refused(struct field_path *path, const struct field *field,
			const struct json *value, void *place)
{
	(void)field; /* its name is in the path, */
	(void)place; /* and it has no place */
	if (asks_for_nothing(value))
		return 0;
	return refuse(ENOTSUP, "'%s' is not supported", path->text);
}

static struct json *give_nothing(const void *place)
{
	(void)place; /* there is none */
	return NULL;
}

const struct field_type FIELD_REFUSED = { .read = read_refused, .give = give_nothing };
