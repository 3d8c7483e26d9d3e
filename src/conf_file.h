// SPDX-License-Identifier: Apache-2.0
/* conf_file.h - the text of one config file, as lines
 *
 * NAME = VALUE, NAME, [profile NAME], [image GLOB]; what follows '#' at the beginning of
 * a word is a comment; a value in double quotes keeps its blanks and its '#'. */
#ifndef URUN_CONF_FILE_H
#define URUN_CONF_FILE_H

#include <stddef.h>

#include "base/strv.h"
#include "options.h"

#define CONF_FILE_MAX (1 << 20) /* bytes: thousands of lines, as no site has */

enum conf_section { SECTION_TOP, SECTION_PROFILE, SECTION_IMAGE, SECTION_OTHER };

struct conf_line {
	unsigned int number; /* from 1 */
	enum conf_section section;
	const char *section_name; /* "NAME" of [profile NAME]; "" at the top */
	const char *name;
	const char *value; /* NULL: without '='. Variables are not expanded yet */
};

struct conf_file {
	char *path;
	enum source_kind kind; /* SOURCE_SITE or SOURCE_USER */
	char *text;	       /* the lines point into it */
	struct conf_line *lines;
	size_t count;
	struct strv profiles; /* the names of [profile NAME] */
};

/* Cut text of len bytes, which must end in a NUL beyond len, into lines; owns it from
 * then on. -EINVAL with a sentence: a NUL byte, a broken section header. Unknown kinds
 * of sections are added to warnings. */
int conf_file_parse(const char *path, enum source_kind kind, char *text, size_t len,
		    struct strv *warnings, struct conf_file *ret);

/* Read and parse. -ENOENT without a sentence: no such file. */
int conf_file_read(const char *path, enum source_kind kind, struct strv *warnings,
		   struct conf_file *ret);
void conf_file_done(struct conf_file *file);

/* Put the values of variables (as environ) in place of $NAME and ${NAME}; "$$" is "$".
 * -ENOENT: *ret_missing (caller frees) is not set; -EINVAL: "${" without end. Sets no
 * sentence. */
int conf_expand(const char *text, char *const *variables, char **ret, char **ret_missing);

#endif
