// SPDX-License-Identifier: Apache-2.0
/* cache.h - a bounded cache of decompressed blocks that several threads share */
#ifndef URUN_STORAGE_CACHE_H
#define URUN_STORAGE_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

/* Where a block lies in the image, and how it is to be read there. A damaged image may
 * name one place in two ways, so both count. */
struct cache_key {
	uint64_t pos;
	uint32_t word;
};

struct cache_block {
	char *data; /* room for slot_bytes */
	size_t len;
	uint64_t next; /* for the loader's use: where the following block begins */
};

/* Fill block: data, len, next. 0 or -errno, which whoever waits for the block gets. */
typedef int (*cache_load)(void *context, const struct cache_key *key,
			  struct cache_block *block);

/* slots blocks of up to slot_bytes each. Memory is taken when a slot is first used. */
int cache_make(size_t slots, size_t slot_bytes, struct cache **ret);
void cache_free(struct cache *cache); /* accepts NULL; nothing may be held */

/* The block of key, loaded by load if it isn't there: once, however many threads ask for
 * it. Held until cache_release(). -ENOBUFS: all slots are held. */
int cache_hold(struct cache *cache, struct cache_key key, cache_load load, void *context,
	       struct cache_block **ret);

/* used_up: nobody is likely to want it again (the kernel keeps its pages). */
void cache_release(struct cache *cache, struct cache_block *block, int used_up);

#endif
