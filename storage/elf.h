// SPDX-License-Identifier: Apache-2.0
/* elf.h - what is loaded together with a program of an image */
#ifndef URUN_STORAGE_ELF_H
#define URUN_STORAGE_ELF_H

#include <limits.h>

#include "base/strv.h"
#include "storage/squash.h"

struct elf_needs {
	char interpreter[PATH_MAX]; /* of a script, too; "": none is named */
	struct strv libraries;	    /* their names, without folders */
};

/* Look at a regular file. 0; -ENOEXEC: neither a program of this machine's kind nor a
 * script; -EIO. The caller frees what came, also after an error. */
int elf_needs(struct squash *squash, const struct squash_inode *file,
	      struct elf_needs *ret);
void elf_needs_done(struct elf_needs *needs);

#endif
