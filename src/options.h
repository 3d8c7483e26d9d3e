// SPDX-License-Identifier: Apache-2.0
/* options.h - a command's options as a table
 *
 * One table reads the command line, config files and variables, and prints help, man
 * pages and completions. The values go into a struct of the command's own, at the
 * offsets that the table gives. */
#ifndef URUN_OPTIONS_H
#define URUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"

/* What is said, and the type of the field that keeps it. */
enum opt_kind {
	OPT_END,
	OPT_FLAG,    /* bool; also --no-NAME, --NAME=no */
	OPT_TEXT,    /* char *, owned; "" clears, unless .keeps_empty */
	OPT_LIST,    /* struct setting_list; each use adds, "" clears */
	OPT_SIZE,    /* uint64_t, bytes: "64", "10M", "1.5GiB"; units of 1024 */
	OPT_NUMBER,  /* int in [.min, .max] */
	OPT_OCTAL,   /* int in [.min, .max], written in octal */
	OPT_TIME,    /* int, milliseconds: "10", "10s", "500ms", "5m", "2h" */
	OPT_CHOICE,  /* an enum: the place in .choices */
	OPT_NOTHING, /* accepted, and so by default: no field */
	OPT_LATER,   /* reserved: "not built yet" */
	OPT_REFUSED, /* what urun hasn't: .help names its own way */
};

struct opt {
	enum opt_kind kind;
	char letter;	     /* 0: none */
	const char *name;    /* without dashes */
	const char *arg;     /* "DIR"; NULL: no value. Completion goes by this word */
	size_t at;	     /* offset of the field: AT(field) */
	const char *help;    /* one line, without a full stop */
	const char *more;    /* whole sentences for the man page; NULL: none */
	const char *aliases; /* names separated by spaces; one character: a letter;
			      * "!name": the opposite of this flag */
	const char *const *choices; /* NULL at the end */
	const char *later; /* values that are "not built yet", separated by spaces */
	const char *bare;  /* the value of "--NAME" alone; others only by "=" */
	const char *group; /* heading in help */
	int min, max;
	int unset;	  /* of OPT_NUMBER, OPT_OCTAL and OPT_TIME: "not given" */
	bool keeps_empty; /* "" is a value */
	bool often;	  /* shown in the overview of help */
};

/* A table starts with: #define AT(field) AT_OF(struct x, field) */
#define AT_OF(type, field) .at = offsetof(type, field)

/* ---- values and where they come from -------------------------------------------- */

enum source_kind {
	SOURCE_DEFAULT,
	SOURCE_SITE,
	SOURCE_USER,
	SOURCE_VARIABLE,
	SOURCE_COMMAND_LINE
};

struct setting_source {
	enum source_kind kind;
	const char *name;  /* file, variable or option as typed; borrowed, see below */
	unsigned int line; /* in a file, from 1 */
};

/* One value of a list and where it came from: on the command line a missing bind source
 * is an error, in a file it is skipped. */
struct setting_item {
	char *text;
	bool from_file;
	struct setting_source source; /* its name lives as long as the struct conf */
};

struct setting_list {
	struct setting_item *item;
	size_t count;
};

void setting_list_add(struct setting_list *list, const char *text,
		      const struct setting_source *source);
void setting_list_done(struct setting_list *list);

/* Put the value that text says into the field of opt in base. The sentence names source.
 * -EINVAL: no such value; the field is as it was. -ENOTSUP: refused, or not built yet. */
int opt_set(const struct opt *opt, void *base, const char *text,
	    const struct setting_source *source);

/* The value as opt_set() takes it; NULL: not set. Not for lists. The caller frees. */
char *opt_show(const struct opt *opt, const void *base);

/* Release the value: "not given". */
void opt_clear(const struct opt *opt, void *base);

/* "not given" for every option of the table. opts_done() frees first. */
void opts_init(const struct opt *table, void *base);
void opts_done(const struct opt *table, void *base);

/* ---- reading a command line ------------------------------------------------------- */

/* One option of a command line: borrows from argv and from the table. */
struct opt_use {
	const struct opt *opt;
	const char *as;	   /* "--no-read-only", "-e": for sentences */
	const char *value; /* what opt_set() takes */
};

struct opt_uses {
	struct opt_use *item;
	size_t count;
	bool help;	   /* --help was seen, or -h where it is no option's letter */
	struct strv names; /* owns the .as */
	struct strv words; /* what is no option; copies */
};

enum opts_order {
	OPTS_FIRST,    /* options end at the first word; one "--" right after it is
			* skipped (design, section 9) */
	OPTS_ANYWHERE, /* options end at "--" */
};

/* Read args (NULL at the end) by up to two tables; the second may be NULL. -EINVAL with
 * a sentence: unknown option (the hint says "did you mean"), missing value. */
int opts_read(const struct opt *table, const struct opt *more, char *const *args,
	      enum opts_order order, struct opt_uses *ret);
void opt_uses_done(struct opt_uses *uses);

/* For a verb with options of its own: read words by table into base, options anywhere.
 * ret_words gets the rest, which the caller frees. Begins with opts_init(); on failure
 * base is as after opts_done(). */
int opts_parse(const struct opt *table, void *base, const struct strv *words,
	       struct strv *ret_words);

/* ---- looking into tables ----------------------------------------------------------- */

/* The option that name (without dashes, or a letter) means. *ret_opposite: it is a
 * negation, "no-read-only". NULL: none. */
const struct opt *opt_find(const struct opt *table, const char *name, bool *ret_opposite);

/* What opt_set() takes when opt was found with opposite, and given with value or, NULL,
 * without one: "yes" or .bare. The opposite of a wrong value is that value. Borrowed. */
const char *opt_value(const struct opt *opt, const char *value, bool opposite);

bool opt_has_value(const struct opt *opt); /* takes the next word as its value */
bool opt_is_real(const struct opt *opt);   /* does something: shown in help */

/* The name nearest to what was typed; NULL: none is near. */
const char *opts_nearest(const struct opt *table, const char *name);

/* "yes", "no", "true", "false", "on", "off", "1", "0". -EINVAL without a sentence. */
int text_to_bool(const char *text, bool *ret);

#endif
