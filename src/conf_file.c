// SPDX-License-Identifier: Apache-2.0
/* conf_file.c - the text of one config file, as lines */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "conf_file.h"

static const char blanks[] = " \t\r\f\v";

/* Cut blanks off both ends, in place. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, blanks);
	len = strlen(text);
	while (len && strchr(blanks, text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* End the text where a comment begins: '#' first, or after a blank. */
static void cut_comment(char *text)
{
	for (char *at = strchr(text, '#'); at; at = strchr(at + 1, '#')) {
		if (at == text || strchr(blanks, at[-1])) {
			*at = '\0';
			return;
		}
	}
}

/* The value in place: what is between quotes, or up to a comment. */
static char *cut_value(char *text)
{
	char *end;

	text += strspn(text, blanks);
	if (*text == '"') {
		end = strchr(text + 1, '"');
		if (end && (!end[1] || strchr(" \t\r\f\v#", end[1]))) {
			*end = '\0';
			return text + 1;
		}
	}
	cut_comment(text);
	return trim(text);
}

/* Where in the file the parser stands. */
struct cursor {
	struct conf_file *file;
	struct strv *warnings;
	unsigned int number;
	enum conf_section section;
	const char *section_name;
};

static int parse_section(struct cursor *at, char *text)
{
	char *end = strrchr(text, ']');
	char *kind = text + 1;
	char *name;

	if (!end || end[1])
		return refuse(EINVAL, "%s:%u: read '%s': a section ends in ']'",
			      at->file->path, at->number, text);
	*end = '\0';
	kind = trim(kind);
	name = kind + strcspn(kind, blanks);
	if (*name)
		*name++ = '\0';
	name = trim(name);
	at->section_name = name;
	at->section = SECTION_OTHER;
	if (strcmp(kind, "profile") == 0)
		at->section = SECTION_PROFILE;
	else if (strcmp(kind, "image") == 0)
		at->section = SECTION_IMAGE;
	else
		strv_addf(at->warnings, "%s:%u: unknown section '[%s]', ignoring",
			  at->file->path, at->number, kind);
	if (at->section != SECTION_OTHER && !*name)
		return refuse(EINVAL, "%s:%u: read '[%s]': a name is missing",
			      at->file->path, at->number, kind);
	if (at->section == SECTION_PROFILE)
		strv_add(&at->file->profiles, name);
	return 0;
}

static void add_line(struct cursor *at, char *text)
{
	struct conf_file *file = at->file;
	char *equals = strchr(text, '=');
	struct conf_line *line;

	file->lines = mem_room(file->lines, file->count, sizeof(*file->lines));
	line = &file->lines[file->count++];
	*line = (struct conf_line){ .number = at->number,
				    .section = at->section,
				    .section_name = at->section_name };
	if (equals) {
		*equals = '\0';
		line->value = cut_value(equals + 1);
	} else {
		cut_comment(text);
	}
	line->name = trim(text);
}

static int parse_line(struct cursor *at, char *text)
{
	at->number++;
	text += strspn(text, blanks);
	if (!*text || *text == '#')
		return 0;
	if (*text != '[') {
		add_line(at, text);
		return 0;
	}
	cut_comment(text);
	return parse_section(at, trim(text));
}

int conf_file_parse(const char *path, enum source_kind kind, char *text, size_t len,
		    struct strv *warnings, struct conf_file *ret)
{
	struct conf_file file = { .path = mem_text(path), .kind = kind, .text = text };
	struct cursor at = { .file = &file, .warnings = warnings, .section_name = "" };
	char *rest = text;
	int r = 0;

	if (memchr(text, '\0', len))
		r = refuse(EINVAL, "read '%s': it holds a NUL byte", path);
	while (r == 0 && rest) {
		char *line = strsep(&rest, "\n");

		r = parse_line(&at, line);
	}
	if (r < 0)
		conf_file_done(&file);
	else
		*ret = file;
	return r;
}

int conf_file_read(const char *path, enum source_kind kind, struct strv *warnings,
		   struct conf_file *ret)
{
	size_t len;
	char *text;
	int r = file_read_in(AT_FDCWD, path, CONF_FILE_MAX, &text, &len);

	if (r == -ENOENT || r == -ENOTDIR)
		return -ENOENT;
	/* HOME may be another user's, after su; the site's rules must be known, though.
	 */
	if (r == -EACCES && kind == SOURCE_USER)
		return -ENOENT;
	if (r == -EINVAL)
		return refuse(EINVAL, "read '%s': it is no regular file", path);
	if (r < 0)
		return fail(-r, "read '%s'", path);
	return conf_file_parse(path, kind, text, len, warnings, ret);
}

void conf_file_done(struct conf_file *file)
{
	mem_release_ptr(&file->path);
	mem_release_ptr(&file->text);
	mem_release_ptr(&file->lines);
	strv_done(&file->profiles);
	*file = (struct conf_file){ 0 };
}

/* ---- variables ---------------------------------------------------------------- */

static const char *variable_of(char *const *variables, const char *name, size_t len)
{
	for (; *variables; variables++)
		if (strncmp(*variables, name, len) == 0 && (*variables)[len] == '=')
			return *variables + len + 1;
	return NULL;
}

static size_t name_length(const char *text)
{
	size_t len = 0;

	if (!isdigit((unsigned char)text[0]))
		while (isalnum((unsigned char)text[len]) || text[len] == '_')
			len++;
	return len;
}

/* One '$' at *at, which moves behind what it means. */
static int expand_one(const char **at, char *const *variables, struct text *ret,
		      char **ret_missing)
{
	bool braces = (*at)[1] == '{';
	const char *name = *at + 1 + braces;
	size_t len = name_length(name);
	const char *value;

	if ((*at)[1] == '$') {
		text_add(ret, "$");
		*at += 2;
		return 0;
	}
	if (!len && !braces) {
		text_add(ret, "$");
		*at += 1;
		return 0;
	}
	if (!len || (braces && name[len] != '}'))
		return -EINVAL;
	value = variable_of(variables, name, len);
	if (!value) {
		*ret_missing = mem_text_n(name, len);
		return -ENOENT;
	}
	text_add(ret, value);
	*at = name + len + braces;
	return 0;
}

int conf_expand(const char *text, char *const *variables, char **ret, char **ret_missing)
{
	auto_text struct text expanded = { 0 };
	int r;

	while (*text) {
		size_t len = strcspn(text, "$");

		text_add_n(&expanded, text, len);
		text += len;
		if (!*text)
			break;
		r = expand_one(&text, variables, &expanded, ret_missing);
		if (r < 0)
			return r;
	}
	*ret = text_take(&expanded);
	return 0;
}
