// SPDX-License-Identifier: Apache-2.0
/* mountinfo.c - the lines of /proc/PID/mountinfo */
#include <string.h>

#include "base/mountinfo.h"

#define FIELDS_BEFORE_POINT 4

/* Blanks and backslashes are written as \ooo. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 +
				       (from[3] - '0'));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* Ends the field at *at, and moves on behind it. "" at the end of the line. */
static char *take_field(char **at)
{
	char *field = *at;

	*at += strcspn(field, " ");
	if (**at)
		*(*at)++ = '\0';
	return field;
}

bool mountinfo_next(char **at, struct mountinfo *ret)
{
	char *line = *at, *point;

	if (!*line)
		return false;
	*at += strcspn(line, "\n");
	if (**at)
		*(*at)++ = '\0';
	for (int i = 0; i < FIELDS_BEFORE_POINT; i++)
		(void)take_field(&line); /* ids, device and root */
	point = take_field(&line);
	unescape(point);
	ret->point = point;
	ret->options = take_field(&line);
	return true;
}
