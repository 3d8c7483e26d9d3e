// SPDX-License-Identifier: Apache-2.0
/* machine.h - programs for other machines */
#ifndef URUN_MACHINE_H
#define URUN_MACHINE_H

#include <stddef.h>

#include "plan.h"

/* The machine an ELF program is for, "x86_64"; NULL: no ELF file, or an unknown one.
 * Reads the first bytes of a file, which are the image's: hostile. */
const char *machine_of_elf(const char *data, size_t len);

/* After the failure r of executing the command with ENOEXEC: say so if it, or the
 * interpreter of its script, is for another machine. Returns r. */
int machine_explain(const struct plan *plan, int r);

#endif
