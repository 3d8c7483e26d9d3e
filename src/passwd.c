// SPDX-License-Identifier: Apache-2.0
/* passwd.c - lines of passwd and group files */
#include <string.h>

#include "base/mem.h"
#include "base/strv.h"
#include "passwd.h"

#define FIELDS 7 /* passwd(5); group(5) has four */

struct field {
	const char *text;
	size_t len;
};

static size_t split_line(const char *line, size_t len, struct field fields[FIELDS])
{
	size_t n = 0;
	const char *end = line + len;

	for (;;) {
		const char *colon = memchr(line, ':', (size_t)(end - line));
		const char *stop = colon ? colon : end;

		fields[n++] = (struct field){ line, (size_t)(stop - line) };
		if (!colon || n == FIELDS)
			return n;
		line = colon + 1;
	}
}

static bool read_id(const struct field *field, uint32_t *ret)
{
	uint64_t value = 0;

	if (!field->len || field->len > 10)
		return false;
	for (size_t i = 0; i < field->len; i++) {
		if (field->text[i] < '0' || field->text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(field->text[i] - '0');
	}
	if (value >= UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool read_line(const char *line, size_t len, struct passwd_entry *ret)
{
	struct field fields[FIELDS];
	size_t n = split_line(line, len, fields);

	*ret = (struct passwd_entry){ .line = line, .line_len = len };
	if (n < 3 || !fields[0].len || !read_id(&fields[2], &ret->id))
		return false;
	ret->name = fields[0].text;
	ret->name_len = fields[0].len;
	if (n == 4) {
		ret->members = fields[3].text;
		ret->members_len = fields[3].len;
	}
	if (n == FIELDS) {
		if (!read_id(&fields[3], &ret->group))
			return false;
		ret->home = fields[5].text;
		ret->home_len = fields[5].len;
		ret->shell = fields[6].text;
		ret->shell_len = fields[6].len;
	}
	return true;
}

bool passwd_next(const char **at, struct passwd_entry *ret)
{
	while (**at) {
		const char *line = *at;
		size_t len = strcspn(line, "\n");

		*at += len + (line[len] == '\n');
		if (line[0] != '#' && read_line(line, len, ret))
			return true;
	}
	return false;
}

bool passwd_by_id(const char *text, uint32_t id, struct passwd_entry *ret)
{
	struct passwd_entry entry;

	while (passwd_next(&text, &entry))
		if (entry.id == id) {
			*ret = entry;
			return true;
		}
	return false;
}

bool passwd_by_name(const char *text, const char *name, struct passwd_entry *ret)
{
	struct passwd_entry entry;
	size_t len = strlen(name);

	while (passwd_next(&text, &entry))
		if (entry.name_len == len && memcmp(entry.name, name, len) == 0) {
			*ret = entry;
			return true;
		}
	return false;
}

bool passwd_has_member(const struct passwd_entry *group, const char *name)
{
	const char *at = group->members, *end;
	size_t len = strlen(name);

	if (!at)
		return false;
	for (end = at + group->members_len; at < end; at++) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;

		if ((size_t)(stop - at) == len && memcmp(at, name, len) == 0)
			return true;
		at = stop;
	}
	return false;
}

static bool has_name_of(const struct passwd_entry *a, const struct passwd_entry *b)
{
	return a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0;
}

char *passwd_with(const char *text, const char *line)
{
	struct passwd_entry mine, entry;
	struct text out = { 0 };
	const char *at = text, *before = text + strlen(text), *after = before;

	if (read_line(line, strlen(line), &mine))
		while (passwd_next(&at, &entry))
			if (entry.id == mine.id || has_name_of(&mine, &entry)) {
				bool is_same = entry.id == mine.id &&
					       has_name_of(&mine, &entry);

				before = entry.line;
				after = is_same ? at : before;
				break;
			}
	text_add_n(&out, text, (size_t)(before - text));
	if (out.len && out.data[out.len - 1] != '\n')
		text_add(&out, "\n");
	text_addf(&out, "%s\n%s", line, after);
	return text_take(&out);
}
