// SPDX-License-Identifier: Apache-2.0
/* cache.c - a bounded cache of decompressed blocks that several threads share
 *
 * How it works: a fixed array of slots, a hash table that finds them and a list from the
 * most to the least recently used. One lock guards all that; it is never held while a
 * block is loaded. A slot that is being loaded is in the table already, so that a second
 * thread waits instead of decompressing the same block. Held slots are not reused.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

#include "base/mem.h"
#include "storage/cache.h"

#define NONE UINT32_MAX
#define HUGE_FROM_BYTES (16u << 20)

enum slot_state { SLOT_EMPTY, SLOT_LOADING, SLOT_READY, SLOT_FAILED };

struct slot {
	struct cache_block block; /* first: a block's address is its slot's */
	struct cache_key key;
	enum slot_state state;
	int error; /* of SLOT_FAILED, -errno */
	unsigned int holders;
	uint32_t next_in_bucket;
	uint32_t newer, older;
};

struct cache {
	pthread_mutex_t lock;
	pthread_cond_t loaded;
	struct slot *slots;
	uint32_t count;
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t newest, oldest;
	char *memory;
	size_t slot_bytes, memory_bytes;
};

static uint32_t *bucket_of(struct cache *cache, const struct cache_key *key)
{
	uint64_t hash = (key->pos ^ ((uint64_t)key->word << 40)) * 0x9e3779b97f4a7c15u;

	return &cache->buckets[(hash >> 32) & cache->bucket_mask];
}

/* ---- the list by use ------------------------------------------------- */

static void list_remove(struct cache *cache, uint32_t at)
{
	struct slot *slot = &cache->slots[at];

	if (slot->newer == NONE)
		cache->newest = slot->older;
	else
		cache->slots[slot->newer].older = slot->older;
	if (slot->older == NONE)
		cache->oldest = slot->newer;
	else
		cache->slots[slot->older].newer = slot->newer;
}

static void list_add_newest(struct cache *cache, uint32_t at)
{
	struct slot *slot = &cache->slots[at];

	slot->newer = NONE;
	slot->older = cache->newest;
	if (cache->newest == NONE)
		cache->oldest = at;
	else
		cache->slots[cache->newest].newer = at;
	cache->newest = at;
}

static void list_add_oldest(struct cache *cache, uint32_t at)
{
	struct slot *slot = &cache->slots[at];

	slot->older = NONE;
	slot->newer = cache->oldest;
	if (cache->oldest == NONE)
		cache->newest = at;
	else
		cache->slots[cache->oldest].older = at;
	cache->oldest = at;
}

/* ---- making ---------------------------------------------------------- */

int cache_make(size_t slots, size_t slot_bytes, struct cache **ret)
{
	struct cache *cache = mem_alloc(sizeof(*cache));
	uint32_t buckets = 16;

	cache->slot_bytes = slot_bytes;
	cache->memory_bytes = slots * slot_bytes;
	/* Untouched pages cost nothing, and a slot is reused while its lines are warm. */
	cache->memory = mmap(NULL, cache->memory_bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (cache->memory == MAP_FAILED) {
		free(cache);
		return -errno;
	}
	/* One fault then brings 2 MiB instead of 4 KiB; a small cache could double. */
	if (cache->memory_bytes >= HUGE_FROM_BYTES)
		(void)madvise(cache->memory, cache->memory_bytes, MADV_HUGEPAGE);
	while (buckets < 2 * slots)
		buckets *= 2;
	cache->buckets = mem_array(buckets, sizeof(*cache->buckets));
	cache->bucket_mask = buckets - 1;
	for (uint32_t i = 0; i < buckets; i++)
		cache->buckets[i] = NONE;
	cache->count = (uint32_t)slots;
	cache->slots = mem_array(slots, sizeof(*cache->slots));
	cache->newest = cache->oldest = NONE;
	for (uint32_t i = 0; i < cache->count; i++) {
		cache->slots[i].block.data = cache->memory + i * slot_bytes;
		list_add_oldest(cache, i);
	}
	(void)pthread_mutex_init(&cache->lock, NULL);  /* cannot fail on Linux */
	(void)pthread_cond_init(&cache->loaded, NULL); /* cannot fail on Linux */
	*ret = cache;
	return 0;
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	(void)pthread_cond_destroy(&cache->loaded);	  /* nobody waits */
	(void)pthread_mutex_destroy(&cache->lock);	  /* nobody holds it */
	(void)munmap(cache->memory, cache->memory_bytes); /* our own mapping */
	free(cache->slots);
	free(cache->buckets);
	free(cache);
}

/* ---- finding and loading --------------------------------------------- */

static struct slot *slot_find(struct cache *cache, const struct cache_key *key)
{
	uint32_t at = *bucket_of(cache, key);

	while (at != NONE) {
		struct slot *slot = &cache->slots[at];

		if (slot->key.pos == key->pos && slot->key.word == key->word)
			return slot;
		at = slot->next_in_bucket;
	}
	return NULL;
}

static void slot_forget(struct cache *cache, struct slot *slot)
{
	uint32_t at = (uint32_t)(slot - cache->slots);
	uint32_t *link = bucket_of(cache, &slot->key);

	while (*link != at)
		link = &cache->slots[*link].next_in_bucket;
	*link = slot->next_in_bucket;
}

/* The slot unused for longest, entered for key. NULL: all are held. */
static struct slot *slot_claim(struct cache *cache, const struct cache_key *key)
{
	uint32_t at = cache->oldest;
	struct slot *slot;
	uint32_t *bucket;

	while (at != NONE && cache->slots[at].holders)
		at = cache->slots[at].newer;
	if (at == NONE)
		return NULL;
	slot = &cache->slots[at];
	if (slot->state == SLOT_READY)
		slot_forget(cache, slot);
	bucket = bucket_of(cache, key);
	slot->key = *key;
	slot->next_in_bucket = *bucket;
	*bucket = at;
	slot->state = SLOT_LOADING;
	return slot;
}

static void slot_touch(struct cache *cache, struct slot *slot)
{
	uint32_t at = (uint32_t)(slot - cache->slots);

	if (cache->newest == at)
		return;
	list_remove(cache, at);
	list_add_newest(cache, at);
}

/* What lies behind a block's end is as bad as memory behind an allocation's. */
static void guard_rest(struct cache *cache, const struct cache_block *block)
{
#ifdef __SANITIZE_ADDRESS__
	__asan_unpoison_memory_region(block->data, cache->slot_bytes);
	__asan_poison_memory_region(block->data + block->len,
				    cache->slot_bytes - block->len);
#else
	(void)cache;
	(void)block;
#endif
}

/* Called with the lock, which is given up while the block is loaded. */
static void slot_load(struct cache *cache, struct slot *slot, cache_load load,
		      void *context)
{
	int r;

	(void)pthread_mutex_unlock(&cache->lock); /* ours */
	slot->block.len = cache->slot_bytes;
	guard_rest(cache, &slot->block);
	r = load(context, &slot->key, &slot->block);
	guard_rest(cache, &slot->block);
	(void)pthread_mutex_lock(&cache->lock); /* not ours, so no deadlock */
	slot->error = r;
	slot->state = r < 0 ? SLOT_FAILED : SLOT_READY;
	if (r < 0)
		slot_forget(cache, slot); /* the next one who asks tries again */
	(void)pthread_cond_broadcast(&cache->loaded); /* cannot fail */
}

static int slot_drop(struct slot *slot)
{
	int error = slot->error;

	if (--slot->holders == 0)
		slot->state = SLOT_EMPTY;
	return error;
}

int cache_hold(struct cache *cache, struct cache_key key, cache_load load, void *context,
	       struct cache_block **ret)
{
	struct slot *slot;
	bool is_new;
	int r = 0;

	(void)pthread_mutex_lock(&cache->lock); /* not ours, so no deadlock */
	slot = slot_find(cache, &key);
	is_new = !slot;
	if (is_new)
		slot = slot_claim(cache, &key);
	if (slot) {
		slot->holders++;
		slot_touch(cache, slot);
		if (is_new)
			slot_load(cache, slot, load, context);
		while (slot->state == SLOT_LOADING)
			(void)pthread_cond_wait(&cache->loaded, &cache->lock);
		if (slot->state == SLOT_FAILED)
			r = slot_drop(slot);
	} else {
		r = -ENOBUFS;
	}
	(void)pthread_mutex_unlock(&cache->lock); /* ours */
	if (r == 0)
		*ret = &slot->block;
	return r;
}

void cache_release(struct cache *cache, struct cache_block *block, int used_up)
{
	struct slot *slot = (struct slot *)block;

	(void)pthread_mutex_lock(&cache->lock); /* not ours, so no deadlock */
	slot->holders--;
	if (used_up && slot->holders == 0) {
		uint32_t at = (uint32_t)(slot - cache->slots);

		list_remove(cache, at);
		list_add_oldest(cache, at);
	}
	(void)pthread_mutex_unlock(&cache->lock); /* ours */
}
