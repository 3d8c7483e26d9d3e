// SPDX-License-Identifier: Apache-2.0
/* squash_file.c - the content of regular files in a squashfs image
 *
 * A file is blocks that lie one behind the other, with their compressed sizes in a list
 * behind the inode; a size of 0 is a hole. A tail shorter than a block may lie in a
 * fragment, a block that several files share. Where block N is, only the sum of all
 * sizes before it tells: bookmarks keep that sum for files being read.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "storage/squash_meta.h"

#define SIZES_AT_ONCE 256 /* words read in one go */
#define FRAGMENT_BYTES 16 /* a table entry */

/* Where a walk over a file's blocks stands. */
struct walk {
	const struct squash_inode *file;
	uint64_t index, count;	 /* blocks */
	uint64_t data_pos;	 /* of the block at index */
	struct squash_pos sizes; /* of its word */
};

static uint64_t block_count(const struct squash *squash, const struct squash_inode *file)
{
	uint64_t whole = file->size / squash->block_size;

	if (file->fragment == NO_FRAGMENT && file->size % squash->block_size)
		whole++;
	return whole;
}

static void walk_begin(struct squash *squash, const struct squash_inode *file,
		       uint64_t index, struct walk *ret)
{
	struct squash_bookmark mark;

	*ret = (struct walk){ .file = file,
			      .count = block_count(squash, file),
			      .data_pos = file->start,
			      .sizes = file->more };
	if (squash_mark_get(squash, file->ref, index, &mark)) {
		ret->index = mark.place;
		ret->data_pos = mark.data_pos;
		ret->sizes = mark.pos;
	}
}

static void walk_remember(struct squash *squash, const struct walk *walk)
{
	struct squash_bookmark mark = { walk->file->ref, walk->index, walk->sizes,
					walk->data_pos };

	if (walk->index >= SIZES_AT_ONCE) /* else it is found as fast again */
		squash_mark_set(squash, &mark);
}

/* The next block's size word; moves on. */
static int walk_next(struct squash *squash, struct walk *walk, uint64_t *ret_pos,
		     uint32_t *ret_word)
{
	unsigned char raw[4];
	uint32_t word;
	int r = squash_meta_read(squash, &walk->sizes, raw, sizeof(raw));

	if (r < 0)
		return r;
	word = le32(raw);
	if ((word & ~BLOCK_STORED) > squash->block_size)
		return -EIO;
	*ret_pos = walk->data_pos;
	*ret_word = word;
	walk->data_pos += word & ~BLOCK_STORED;
	walk->index++;
	return 0;
}

static int walk_to(struct squash *squash, struct walk *walk, uint64_t index)
{
	while (walk->index < index) {
		unsigned char raw[4 * SIZES_AT_ONCE];
		uint64_t n = index - walk->index;
		int r;

		if (n > SIZES_AT_ONCE)
			n = SIZES_AT_ONCE;
		r = squash_meta_read(squash, &walk->sizes, raw, 4 * n);
		if (r < 0)
			return r;
		for (uint64_t i = 0; i < n; i++) {
			uint32_t len = le32(raw + 4 * i) & ~BLOCK_STORED;

			if (len > squash->block_size)
				return -EIO;
			walk->data_pos += len;
		}
		walk->index += n;
	}
	return 0;
}

/* ---- reading --------------------------------------------------------- */

static void add_piece(struct squash_pieces *pieces, char *data, size_t len,
		      struct cache_block *held, bool used_up)
{
	size_t at = pieces->count++;

	pieces->piece[at] = (struct iovec){ data, len };
	pieces->held[at] = held;
	pieces->used_up[at] = used_up;
	pieces->bytes += len;
}

/* len bytes from skip on of the next block of walk, which stands for whole bytes. */
static int read_block(struct squash *squash, struct walk *walk, size_t whole, size_t skip,
		      size_t len, struct squash_pieces *pieces)
{
	struct cache_block *block;
	uint64_t pos;
	uint32_t word;
	int r = walk_next(squash, walk, &pos, &word);

	if (r < 0)
		return r;
	if (word == 0) {
		add_piece(pieces, squash->zeros, len, NULL, false);
		return 0;
	}
	r = squash_block_hold(squash, pos, word, &block);
	if (r < 0)
		return r;
	if (block->len != whole) {
		cache_release(squash->data, block, true);
		return -EIO;
	}
	/* Read-ahead around a page in the middle comes back for what lies before it. */
	add_piece(pieces, block->data + skip, len, block, len == whole);
	return 0;
}

static int fragment_hold(struct squash *squash, uint32_t index, struct cache_block **ret)
{
	unsigned char raw[FRAGMENT_BYTES];
	int r = squash_table_get(squash, &squash->fragments, index, raw);

	return r < 0 ? r : squash_block_hold(squash, le64(raw), le32(raw + 8), ret);
}

/* Whoever reads files in the order of the image wants the next fragment soon. */
static void fragment_note(struct squash *squash, uint32_t index)
{
	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	if (index != squash->last_fragment) {
		squash->next_fragment = index == squash->last_fragment + 1 ? index + 1
									   : NO_FRAGMENT;
		squash->last_fragment = index;
	}
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
}

static int read_fragment(struct squash *squash, const struct squash_inode *file,
			 size_t skip, size_t len, struct squash_pieces *pieces)
{
	struct cache_block *block;
	uint64_t from = (uint64_t)file->fragment_offset + skip;
	int r = fragment_hold(squash, file->fragment, &block);

	if (r < 0)
		return r;
	fragment_note(squash, file->fragment);
	if (from > block->len || len > block->len - from) {
		cache_release(squash->data, block, true);
		return -EIO;
	}
	add_piece(pieces, block->data + from, len, block, false);
	return 0;
}

bool squash_can_read_ahead(struct squash *squash)
{
	bool can;

	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	can = squash->next_fragment < squash->fragments.count;
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
	return can;
}

void squash_read_ahead(struct squash *squash)
{
	struct cache_block *block;
	uint32_t index;

	(void)pthread_mutex_lock(&squash->lock); /* not ours, so no deadlock */
	index = squash->next_fragment;
	squash->next_fragment = NO_FRAGMENT;
	(void)pthread_mutex_unlock(&squash->lock); /* ours */
	/* Behind the last one, or damaged: nobody asked for it. */
	if (index < squash->fragments.count && fragment_hold(squash, index, &block) == 0)
		cache_release(squash->data, block, false);
}

static int read_pieces(struct squash *squash, const struct squash_inode *file,
		       uint64_t offset, size_t len, struct squash_pieces *pieces)
{
	uint32_t block_size = squash->block_size;
	struct walk walk;
	int r = 0;

	walk_begin(squash, file, offset / block_size, &walk);
	if (offset / block_size < walk.count)
		r = walk_to(squash, &walk, offset / block_size);
	while (r == 0 && len > 0) {
		uint64_t begin = offset - offset % block_size;
		size_t whole = file->size - begin < block_size ? file->size - begin
							       : block_size;
		size_t skip = offset - begin;
		size_t take = whole - skip < len ? whole - skip : len;

		if (begin / block_size < walk.count)
			r = read_block(squash, &walk, whole, skip, take, pieces);
		else
			r = read_fragment(squash, file, skip, take, pieces);
		offset += take;
		len -= take;
	}
	if (r == 0)
		walk_remember(squash, &walk);
	return r;
}

int squash_read(struct squash *squash, const struct squash_inode *file, uint64_t offset,
		size_t len, struct squash_pieces *ret)
{
	int r;

	ret->count = ret->bytes = 0;
	if (S_ISDIR(file->mode))
		return -EISDIR;
	if (!S_ISREG(file->mode))
		return -EINVAL;
	if (offset >= file->size)
		return 0;
	if (len > SQUASH_READ_MAX)
		len = SQUASH_READ_MAX;
	if (len > file->size - offset)
		len = file->size - offset;
	r = read_pieces(squash, file, offset, len, ret);
	if (r < 0)
		squash_release(squash, ret);
	return r;
}

void squash_release(struct squash *squash, struct squash_pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->held[i])
			cache_release(squash->data, pieces->held[i], pieces->used_up[i]);
	pieces->count = pieces->bytes = 0;
}

/* ---- holes ----------------------------------------------------------- */

int squash_seek(struct squash *squash, const struct squash_inode *file, uint64_t offset,
		bool want_hole, uint64_t *ret_offset)
{
	uint64_t index = offset / squash->block_size;
	struct walk walk;
	int r = 0;

	if (!S_ISREG(file->mode))
		return -EINVAL;
	if (offset >= file->size)
		return -ENXIO;
	walk_begin(squash, file, index, &walk);
	if (index < walk.count)
		r = walk_to(squash, &walk, index);
	while (r == 0 && walk.index < walk.count) {
		uint64_t begin = walk.index * squash->block_size, pos;
		uint32_t word;

		r = walk_next(squash, &walk, &pos, &word);
		if (r == 0 && (word == 0) == want_hole) {
			*ret_offset = begin > offset ? begin : offset;
			return 0;
		}
	}
	if (r < 0)
		return r;
	if (want_hole) {
		*ret_offset = file->size;
		return 0;
	}
	if (file->fragment == NO_FRAGMENT)
		return -ENXIO;
	index = walk.count * squash->block_size; /* the tail is never a hole */
	*ret_offset = index > offset ? index : offset;
	return *ret_offset < file->size ? 0 : -ENXIO;
}
