// SPDX-License-Identifier: Apache-2.0
/* prefetch.h - decompressing what a start will read before it is asked for
 *
 * While urun makes namespaces, the image server has nothing to do, and then the command,
 * its loader and its libraries are wanted at once. A thread of its own reads them into
 * the cache meanwhile. */
#ifndef URUN_STORAGE_PREFETCH_H
#define URUN_STORAGE_PREFETCH_H

#include <stdint.h>

#include "storage/squash.h"

struct prefetch;

/* Begin for a command as it was typed: a path, or a name that is in one of the usual
 * folders; "": a shell. It ends early when others take more time than it has and
 * patience_us on top. NULL: without a thread there is none, which is no failure. */
struct prefetch *prefetch_begin(struct squash *squash, const char *command,
				uint64_t patience_us);

#define PREFETCH_PATIENCE_US 500 /* a few waits for blocks that others decompress */

/* How much of the file with inode reference ref has been read. */
uint64_t prefetch_bytes(struct prefetch *prefetch, uint64_t ref);

/* Nothing is read any more when this returns. Accepts NULL. */
void prefetch_stop(struct prefetch *prefetch);
void prefetch_free(struct prefetch *prefetch); /* stops it first */

#endif
