// SPDX-License-Identifier: Apache-2.0
/* fields.h - structs from and to JSON by tables; private to runtime
 *
 * A table lists the members of a JSON map: name, type, and where in the struct the
 * value lives. The same table reads and writes, so that both ways agree. */
#ifndef URUN_RUNTIME_FIELDS_H
#define URUN_RUNTIME_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

#define FIELD_PATH_MAX 256 /* "linux.seccomp.syscalls[123].args[4].op" is a long one */

/* Where a reader stands, for sentences. */
struct field_path {
	char text[FIELD_PATH_MAX];
};

struct field;

/* How a kind of value is read and written; place is the struct's address plus the
 * field's offset. Most need but take and give. */
struct field_type {
	const char *is; /* "a text", for "'x' is not a text" */
	bool (*take)(const struct json *value, void *place); /* false: it is not */
	struct json *(*give)(const void *place); /* NULL: says nothing, left out */

	/* Instead of these, for what looks into the value and says what is wrong there:
	 */
	int (*read)(struct field_path *path, const struct field *field,
		    const struct json *value, void *place);
	struct json *(*write)(const struct field *field, const void *place);
};

struct field {
	const char *name; /* NULL ends a table */
	const struct field_type *type;
	size_t at;		     /* offset of the place */
	bool required;		     /* its absence is an error */
	const struct field *members; /* FIELD_MAP, FIELD_LIST: the table inside */
	size_t item_bytes;	     /* FIELD_LIST: of one item */
};

#define AT_WHOLE .at = 0 /* the type finds its place in the whole struct */
#define FIELDS_END           \
	{                    \
		.name = NULL \
	}

/* Read the members of map into the struct at base. Members the table lacks and null
 * are ignored. On failure what was read stays, to be freed by the struct's owner.
 * -EINVAL, -ENOTSUP with a sentence that has the path. */
int fields_read(struct field_path *path, const struct field *fields,
		const struct json *map, void *base);
struct json *fields_write(const struct field *fields, const void *base);

/* One value of a type, for types made of others. */
int field_read(struct field_path *path, const struct field *field,
	       const struct json *value, void *place);
struct json *field_write(const struct field *field, const void *place);

/* "'process.args' is not a list of texts": not_what is "a list of texts". -EINVAL. */
int field_refuse(const struct field_path *path, const char *not_what);

/* Go into a member or an item, and back out to where length says. */
size_t field_enter(struct field_path *path, const char *name);
size_t field_enter_item(struct field_path *path, size_t at);
void field_leave(struct field_path *path, size_t length);

/* Types for places of this kind: */
extern const struct field_type FIELD_TEXT;  /* char *; written unless NULL */
extern const struct field_type FIELD_TEXTS; /* struct strv; unless empty */
extern const struct field_type FIELD_BOOL;  /* bool; unless false */
extern const struct field_type FIELD_U32;   /* uint32_t */
extern const struct field_type FIELD_U64;   /* uint64_t */
extern const struct field_type FIELD_U32S;  /* uint32_t *, size_t count; unless none */
extern const struct field_type FIELD_MAP;   /* a struct with members; unless empty */
extern const struct field_type FIELD_LIST;  /* struct *, size_t count; unless none */
/* Nowhere: a member that the specification has and this version can't honour. Refused
 * with -ENOTSUP when it asks for something. */
extern const struct field_type FIELD_REFUSED;

#endif
