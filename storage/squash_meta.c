// SPDX-License-Identifier: Apache-2.0
/* squash_meta.c - blocks of an image, decompressed into the caches, and its tables */
#include <errno.h>

#include "base/fd.h"
#include "base/mem.h"
#include "storage/codec.h"
#include "storage/squash_meta.h"

#define META_HEAD_BYTES 2
#define META_STORED 0x8000u  /* in a metadata block's header: not compressed */
#define META_WORD UINT32_MAX /* the cache key's word: no data block has it */

/* Pointers of one table: 8 MiB of them stand for 2^29 fragments, 2^45 bytes of tails. */
#define TABLE_BLOCKS_MAX (1u << 20)

int squash_pread(const struct squash *squash, uint64_t pos, void *data, size_t len)
{
	ssize_t n;

	if (pos > squash->bytes || len > squash->bytes - pos)
		return -EIO;
	n = fd_read_at(squash->fd, data, len, (off_t)(squash->offset + pos));
	return n == (ssize_t)len ? 0 : -EIO;
}

/* ---- buffers for what is still compressed ---------------------------- */

static char *buffer_take(struct squash *squash)
{
	char *buffer = NULL;

	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	if (squash->n_spare)
		buffer = squash->spare[--squash->n_spare];
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
	return buffer ? buffer
		      : malloc(squash->block_size + META_HEAD_BYTES + META_BYTES);
}

static void buffer_give(struct squash *squash, char *buffer)
{
	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	if (squash->n_spare < SPARE_BUFFERS) {
		squash->spare[squash->n_spare++] = buffer;
		buffer = NULL;
	}
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
	free(buffer);
}

/* ---- metadata -------------------------------------------------------- */

/* The header tells how long a block is; it is read together with as much as may follow,
 * into packed. */
static int meta_fill(struct squash *squash, uint64_t pos, char *packed,
		     struct cache_block *block)
{
	size_t room = META_HEAD_BYTES + META_BYTES, len;
	int r;

	if (pos > squash->bytes || squash->bytes - pos < META_HEAD_BYTES)
		return -EIO;
	if (room > squash->bytes - pos)
		room = squash->bytes - pos;
	r = squash_pread(squash, pos, packed, room);
	if (r < 0)
		return r;
	len = le16(packed) & ~META_STORED;
	if (len == 0 || len > room - META_HEAD_BYTES)
		return -EIO;
	block->next = pos + META_HEAD_BYTES + len;
	block->len = META_BYTES;
	if (!(le16(packed) & META_STORED))
		r = codec_decompress(squash->codec, packed + META_HEAD_BYTES, len,
				     block->data, &block->len);
	else
		memcpy(block->data, packed + META_HEAD_BYTES, block->len = len);
	/* An empty block would let a reader go on without getting anything. */
	return r == 0 && block->len == 0 ? -EIO : r;
}

static int meta_load(void *context, const struct cache_key *key,
		     struct cache_block *block)
{
	struct squash *squash = context;
	char *packed;
	int r;

	if (squash->before_slow)
		squash->before_slow();
	packed = buffer_take(squash);
	if (!packed)
		return -ENOMEM;
	r = meta_fill(squash, key->pos, packed, block);
	buffer_give(squash, packed);
	return r;
}

int squash_meta_read(struct squash *squash, struct squash_pos *pos, void *data,
		     size_t len)
{
	while (len > 0) {
		struct cache_block *block;
		size_t take = 0;
		int r = cache_hold(squash->meta,
				   (struct cache_key){ pos->block, META_WORD }, meta_load,
				   squash, &block);

		if (r < 0)
			return r;
		if (pos->offset > block->len) {
			r = -EIO;
		} else {
			take = block->len - pos->offset;
			take = take < len ? take : len;
			if (data) {
				memcpy(data, block->data + pos->offset, take);
				data = (char *)data + take;
			}
			len -= take;
			pos->offset += (uint32_t)take;
			if (pos->offset == block->len)
				*pos = (struct squash_pos){ block->next, 0 };
		}
		cache_release(squash->meta, block, false);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The header says how long a block is, so none needs to be decompressed. All but the
 * last of a table are full, else the image is damaged and what is found there is, too. */
int squash_meta_skip(struct squash *squash, struct squash_pos *pos, uint64_t len)
{
	uint64_t offset = pos->offset + len;

	while (offset >= META_BYTES) {
		unsigned char head[2];
		int r = squash_pread(squash, pos->block, head, sizeof(head));

		if (r < 0)
			return r;
		pos->block += sizeof(head) + (le16(head) & ~META_STORED);
		offset -= META_BYTES;
	}
	pos->offset = (uint32_t)offset;
	return 0;
}

/* ---- bookmarks ------------------------------------------------------- */

static struct squash_bookmark *bookmark_of(struct squash *squash, uint64_t ref)
{
	return &squash->bookmarks[(ref ^ ref >> 16) % BOOKMARKS];
}

bool squash_mark_get(struct squash *squash, uint64_t ref, uint64_t place,
		     struct squash_bookmark *ret)
{
	const struct squash_bookmark *mark = bookmark_of(squash, ref);
	bool found;

	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	found = mark->ref == ref && mark->place && mark->place <= place;
	if (found)
		*ret = *mark;
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
	return found;
}

void squash_mark_set(struct squash *squash, const struct squash_bookmark *mark)
{
	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	*bookmark_of(squash, mark->ref) = *mark;
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
}

/* ---- data ------------------------------------------------------------ */

static int data_load(void *context, const struct cache_key *key,
		     struct cache_block *block)
{
	struct squash *squash = context;
	size_t len = key->word & ~BLOCK_STORED;
	char *packed;
	int r;

	if (len == 0 || len > squash->block_size) /* one that would grow is stored */
		return -EIO;
	if (squash->before_slow)
		squash->before_slow();
	if (key->word & BLOCK_STORED) {
		block->len = len;
		return squash_pread(squash, key->pos, block->data, len);
	}
	packed = buffer_take(squash);
	if (!packed)
		return -ENOMEM;
	block->len = squash->block_size;
	r = squash_pread(squash, key->pos, packed, len);
	if (r == 0)
		r = codec_decompress(squash->codec, packed, len, block->data,
				     &block->len);
	buffer_give(squash, packed);
	return r;
}

int squash_block_hold(struct squash *squash, uint64_t pos, uint32_t word,
		      struct cache_block **ret)
{
	return cache_hold(squash->data, (struct cache_key){ pos, word }, data_load,
			  squash, ret);
}

/* ---- tables ---------------------------------------------------------- */

int squash_table_load(struct squash *squash, uint64_t pos, uint64_t count,
		      uint32_t entry_bytes, struct squash_table *ret)
{
	uint64_t blocks = (count * entry_bytes + META_BYTES - 1) / META_BYTES;
	auto_free uint64_t *pointers = NULL;
	int r;

	*ret = (struct squash_table){ .entry_bytes = entry_bytes };
	if (count == 0)
		return 0;
	if (blocks > TABLE_BLOCKS_MAX || pos > squash->bytes ||
	    blocks * sizeof(*pointers) > squash->bytes - pos)
		return -EINVAL;
	pointers = mem_array(blocks, sizeof(*pointers));
	r = squash_pread(squash, pos, pointers, blocks * sizeof(*pointers));
	if (r < 0)
		return r;
	for (uint64_t i = 0; i < blocks; i++)
		pointers[i] = le64toh(pointers[i]);
	ret->blocks = take_ptr(&pointers);
	ret->count = count;
	return 0;
}

void squash_table_done(struct squash_table *table)
{
	free(table->blocks);
	*table = (struct squash_table){ 0 };
}

int squash_table_get(struct squash *squash, const struct squash_table *table,
		     uint64_t index, void *ret_entry)
{
	uint64_t byte = index * table->entry_bytes;
	struct squash_pos pos;

	if (index >= table->count)
		return -EIO;
	pos.block = table->blocks[byte / META_BYTES];
	pos.offset = (uint32_t)(byte % META_BYTES);
	return squash_meta_read(squash, &pos, ret_entry, table->entry_bytes);
}
