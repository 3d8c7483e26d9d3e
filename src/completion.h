// SPDX-License-Identifier: Apache-2.0
/* completion.h - what shells offer, printed from the tables of verbs and options */
#ifndef URUN_COMPLETION_H
#define URUN_COMPLETION_H

#include "base/strv.h"
#include "verbs.h"

void completion_bash(struct text *ret);
void completion_zsh(struct text *ret);
void completion_fish(struct text *ret);

/* What may stand for the value of an option. */
enum value_kind {
	VALUE_WORDS, /* opt->choices */
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_VARIABLE, /* a name of the environment */
	VALUE_ANY,
};
enum value_kind completion_kind(const struct opt *opt);

/* The dashed names of an option: "-v", "--bind", "--volume". Aliases that mean the
 * opposite are left out. */
void completion_names(const struct opt *opt, struct strv *ret);

/* Real options of a table, from after opt (NULL: the first); NULL at the end. */
const struct opt *completion_next(const struct opt *table, const struct opt *opt);

#define COMPLETION_IMAGES "sqsh squashfs sqfs sif simg img tar" /* design, section 5 */

#endif
