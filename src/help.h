// SPDX-License-Identifier: Apache-2.0
/* help.h - help, printed from the tables of verbs and options */
#ifndef URUN_HELP_H
#define URUN_HELP_H

#include "base/strv.h"
#include "verbs.h"

/* What urun is, its verbs, and the options needed most. */
void help_overview(struct text *ret);

/* One verb with all its options. */
void help_verb(const struct verb *verb, struct text *ret);

/* Verbs that are reserved and not built, separated by spaces. */
void help_reserved(struct text *ret);

/* "-v, -B, --bind SRC[:DST[:OPT,...]]", "--root[=MODE]". */
void help_spelling(const struct opt *opt, struct text *ret);

/* Does the verb take the options of a run, and is its page where they are listed? */
bool help_lists_run(const struct verb *verb);

/* Add text in lines of at most width, each after indent spaces, with a newline at the
 * end. The first line goes on where ret ends, which must be at column indent. */
void help_wrap(struct text *ret, const char *text, size_t indent, size_t width);

#endif
