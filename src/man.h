// SPDX-License-Identifier: Apache-2.0
/* man.h - manual pages, printed from the tables of verbs and options */
#ifndef URUN_MAN_H
#define URUN_MAN_H

#include "base/strv.h"

/* name: "urun.1", "urun-VERB.1", "urun.conf.5". -ENOENT with a sentence: no such page. */
int man_page(const char *name, struct text *ret);

#endif
