// SPDX-License-Identifier: Apache-2.0
/* verbs.h - the first words of a command line (design, section 9) */
#ifndef URUN_VERBS_H
#define URUN_VERBS_H

#include <stdbool.h>

#include "commands.h"

enum verb_words {
	WORDS_OWN,     /* all words after the verb; the verb parses its options itself */
	WORDS_IMAGE,   /* the options of a run, then IMAGE and what follows it */
	WORDS_COMMAND, /* the options of a run, then a command of the host */
};

struct verb {
	const char *name;
	const char *group; /* "run", "containers", "images", "machine" */
	command *run;	   /* NULL: reserved */
	enum verb_words words;
	bool needs_word;	/* at least one: IMAGE */
	bool needs_nothing;	/* works even with config files that don't */
	const struct opt *opts; /* its own; NULL: none */
	const char *args;	/* "[OPTION]... IMAGE [ARG]..." */
	const char *help;	/* one line, without a full stop */
	const char *more;	/* paragraphs for the man page; NULL: none */
};

extern const struct verb verbs[];	/* ends with a NULL name */
extern const char *const verb_groups[]; /* in the order of help; ends with NULL */

/* NULL: no verb. A word with '.', '/' or ':' never is one. */
const struct verb *verb_find(const char *word);

/* The verb nearest to word, built or not; NULL: none is near. */
const char *verb_nearest(const char *word);

#endif
