// SPDX-License-Identifier: Apache-2.0
/* test_cache.c - blocks are loaded once, kept while held, and bounded */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "storage/cache.h"
#include "tests/tap.h"

#define SLOT_BYTES 64

static atomic_int loads;
static atomic_int waiting; /* threads that are about to ask for the block */

static int load_pos(void *context, const struct cache_key *key, struct cache_block *block)
{
	(void)context;
	loads++;
	memcpy(block->data, &key->pos, sizeof(key->pos));
	block->len = sizeof(key->pos);
	block->next = key->pos + 1;
	return 0;
}

static int load_error(void *context, const struct cache_key *key,
		      struct cache_block *block)
{
	(void)context;
	(void)key;
	(void)block;
	loads++;
	return -EIO;
}

static struct cache *make(size_t slots)
{
	struct cache *cache = NULL;

	ok(cache_make(slots, SLOT_BYTES, &cache) == 0);
	loads = 0;
	return cache;
}

static struct cache_block *hold(struct cache *cache, uint64_t pos)
{
	struct cache_block *block = NULL;

	ok(cache_hold(cache, (struct cache_key){ pos, 0 }, load_pos, NULL, &block) == 0);
	return block;
}

static void touch(struct cache *cache, uint64_t pos)
{
	cache_release(cache, hold(cache, pos), false);
}

static void loads_a_block_once(void)
{
	struct cache *cache = make(4);
	struct cache_block *block = hold(cache, 7);
	uint64_t pos;

	memcpy(&pos, block->data, sizeof(pos));
	ok(pos == 7 && block->len == sizeof(pos) && block->next == 8);
	cache_release(cache, block, false);
	touch(cache, 7);
	ok(loads == 1);
	cache_free(cache);
}

static void keys_differ_in_their_words(void)
{
	struct cache *cache = make(4);
	struct cache_block *one, *other;

	ok(cache_hold(cache, (struct cache_key){ 1, 1 }, load_pos, NULL, &one) == 0);
	ok(cache_hold(cache, (struct cache_key){ 1, 2 }, load_pos, NULL, &other) == 0);
	ok(one != other && loads == 2);
	cache_release(cache, one, false);
	cache_release(cache, other, false);
	cache_free(cache);
}

static void drops_what_was_unused_for_longest(void)
{
	struct cache *cache = make(3);

	touch(cache, 1);
	touch(cache, 2);
	touch(cache, 3);
	touch(cache, 1);
	touch(cache, 4); /* in the place of 2 */
	ok(loads == 4);
	touch(cache, 1);
	touch(cache, 3);
	ok(loads == 4);
	touch(cache, 2);
	ok(loads == 5);
	cache_free(cache);
}

static void drops_what_is_used_up_first(void)
{
	struct cache *cache = make(2);

	touch(cache, 1);
	cache_release(cache, hold(cache, 2), true);
	touch(cache, 3);
	touch(cache, 1);
	ok(loads == 3);
	cache_free(cache);
}

static void keeps_what_is_held(void)
{
	struct cache *cache = make(2);
	struct cache_block *one = hold(cache, 1), *two = hold(cache, 2), *none = NULL;
	uint64_t pos;

	ok(cache_hold(cache, (struct cache_key){ 3, 0 }, load_pos, NULL, &none) ==
	   -ENOBUFS);
	ok(!none);
	memcpy(&pos, one->data, sizeof(pos));
	ok(pos == 1);
	cache_release(cache, one, false);
	touch(cache, 3);
	memcpy(&pos, two->data, sizeof(pos));
	ok(pos == 2);
	cache_release(cache, two, false);
	cache_free(cache);
}

static void failure_is_not_remembered(void)
{
	struct cache *cache = make(2);
	struct cache_block *block = NULL;

	for (int i = 0; i < 5; i++)
		ok(cache_hold(cache, (struct cache_key){ 1, 0 }, load_error, NULL,
			      &block) == -EIO);
	ok(loads == 5 && !block);
	touch(cache, 1);
	cache_free(cache);
}

#define THREADS 8

/* The block is ready only once all the others want it, too. */
static int load_late(void *context, const struct cache_key *key,
		     struct cache_block *block)
{
	while (waiting < THREADS)
		;
	return load_pos(context, key, block);
}

static void *want_it(void *cache)
{
	struct cache_block *block = NULL;

	waiting++;
	if (cache_hold(cache, (struct cache_key){ 9, 0 }, load_late, NULL, &block) == 0)
		cache_release(cache, block, false);
	return block;
}

static void many_threads_load_a_block_once(void)
{
	struct cache *cache = make(4);
	pthread_t threads[THREADS];
	void *block;

	waiting = 0;
	for (int i = 0; i < THREADS; i++)
		ok(pthread_create(&threads[i], NULL, want_it, cache) == 0);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], &block); /* ours, and joinable */
		ok(block != NULL);
	}
	ok(loads == 1);
	cache_free(cache);
}

static void *churn(void *cache)
{
	unsigned int random = (unsigned int)(uintptr_t)&random;
	uintptr_t bad = 0;

	for (int i = 0; i < 20000; i++) {
		struct cache_block *block;
		uint64_t pos, want;

		random = random * 1103515245 + 12345;
		want = random >> 16 & 63;
		if (cache_hold(cache, (struct cache_key){ want, 0 }, load_pos, NULL,
			       &block) < 0) {
			bad++;
			continue;
		}
		memcpy(&pos, block->data, sizeof(pos));
		bad += pos != want;
		cache_release(cache, block, i % 3 == 0);
	}
	return (void *)bad;
}

static void many_threads_never_see_anothers_block(void)
{
	struct cache *cache = make(THREADS + 2);
	pthread_t threads[THREADS];
	void *bad;

	for (int i = 0; i < THREADS; i++)
		ok(pthread_create(&threads[i], NULL, churn, cache) == 0);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], &bad); /* ours, and joinable */
		ok(!bad);
	}
	cache_free(cache);
}

int main(void)
{
	RUN(loads_a_block_once);
	RUN(keys_differ_in_their_words);
	RUN(drops_what_was_unused_for_longest);
	RUN(drops_what_is_used_up_first);
	RUN(keeps_what_is_held);
	RUN(failure_is_not_remembered);
	RUN(many_threads_load_a_block_once);
	RUN(many_threads_never_see_anothers_block);
	return tap_end();
}
