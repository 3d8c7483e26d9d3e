// SPDX-License-Identifier: Apache-2.0
/* passwd.h - lines of passwd and group files, the host's and the image's
 *
 * Hostile input where it is the image's: read from a buffer, bounds by the caller. */
#ifndef URUN_PASSWD_H
#define URUN_PASSWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the text. Of a group: id is its gid, group 0, home and shell empty. */
struct passwd_entry {
	const char *line; /* the whole line, without its newline */
	size_t line_len;
	const char *name;
	size_t name_len;
	uint32_t id, group;
	const char *home, *shell, *members;
	size_t home_len, shell_len, members_len;
};

/* The next line that makes sense at *at, which moves on; false at the end. */
bool passwd_next(const char **at, struct passwd_entry *ret);
bool passwd_by_id(const char *text, uint32_t id, struct passwd_entry *ret);
bool passwd_by_name(const char *text, const char *name, struct passwd_entry *ret);

/* Is name, of that length, in the comma-separated members of the group? */
bool passwd_has_member(const struct passwd_entry *group, const char *name);

/* text with line (no newline) put before the first entry of the same id or name, or in
 * its place if both are the same, else at the end. The caller frees. */
char *passwd_with(const char *text, const char *line);

#endif
