// SPDX-License-Identifier: Apache-2.0
/* warm.h - decompressing early what a start is about to read */
#ifndef URUN_STORAGE_WARM_H
#define URUN_STORAGE_WARM_H

#include <limits.h>
#include <stddef.h>

#include "storage/squash.h"

struct warm;

/* Begin, in a thread of its own, to fill squash's cache with the program named command,
 * its loader and the C library. Borrows squash until warm_end(). NULL: nothing to do, or
 * no thread to be had, which only makes the start slower. */
struct warm *warm_begin(struct squash *squash, const char *command);

/* Stop it, at the next block, and wait for that. Accepts NULL. */
void warm_end(struct warm *warm);

/* What executes a program that begins with head: the loader of an ELF file of this
 * machine's word size, or what follows "#!". false: nothing does, or it can't be told. */
bool warm_interpreter(const char *head, size_t len, char ret[PATH_MAX]);

#endif
