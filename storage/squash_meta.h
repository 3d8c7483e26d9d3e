// SPDX-License-Identifier: Apache-2.0
/* squash_meta.h - what the files squash*.c share: the image, and reading its blocks */
#ifndef URUN_STORAGE_SQUASH_META_H
#define URUN_STORAGE_SQUASH_META_H

#include <endian.h>
#include <pthread.h>
#include <string.h>

#include "storage/cache.h"
#include "storage/squash.h"

#define META_BYTES 8192		/* a metadata block, decompressed */
#define BLOCK_LOG_MIN 12	/* the format's bounds of a data block: 4 KiB ... */
#define BLOCK_LOG_MAX 20	/* ... to 1 MiB */
#define BLOCK_STORED (1u << 24) /* in a data block's size word: not compressed */
#define NO_FRAGMENT UINT32_MAX
#define NO_TABLE UINT64_MAX

/* A table whose entries lie in metadata blocks, found through a list of pointers. */
struct squash_table {
	uint64_t *blocks; /* pointers, checked; NULL: an empty table */
	uint64_t count;	  /* entries */
	uint32_t entry_bytes;
};

/* Where a file or a folder was last read, so that going on needs no walk from its start.
 */
struct squash_bookmark {
	uint64_t ref;
	uint64_t place;	       /* a file's block, a listing's byte; 0: not in use */
	struct squash_pos pos; /* of its size word, of the run that begins there */
	uint64_t data_pos;     /* a file's: of the block */
};

#define BOOKMARKS 64	 /* large files and folders being read at one time */
#define SPARE_BUFFERS 16 /* threads that read at one time; more allocate */

struct squash {
	int fd;
	uint64_t offset; /* of the superblock in the file */
	uint64_t bytes;	 /* everything lies below; checked against the file */
	uint32_t block_size;
	uint32_t inodes;
	unsigned int codec;
	uint64_t root;
	uint64_t inode_start, dir_start, xattr_start;
	struct squash_table fragments, xattrs;
	uint32_t *ids;
	uint32_t n_ids;
	struct cache *meta, *data;
	char *zeros; /* block_size bytes: what a hole reads as */
	void (*before_slow)(void);

	pthread_mutex_t lock; /* of what follows */
	struct squash_bookmark bookmarks[BOOKMARKS];
	uint32_t last_fragment;	    /* that was read */
	uint32_t next_fragment;	    /* likely to be read next; NO_FRAGMENT: can't tell */
	char *spare[SPARE_BUFFERS]; /* for compressed blocks */
	unsigned int n_spare;
};

static inline uint16_t le16(const void *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return le16toh(value);
}

static inline uint32_t le32(const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static inline uint64_t le64(const void *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

/* len bytes at pos of the image, all of them. 0 or -EIO. */
int squash_pread(const struct squash *squash, uint64_t pos, void *data, size_t len);

/* Read len bytes of metadata and move pos behind them. data NULL: only move. */
int squash_meta_read(struct squash *squash, struct squash_pos *pos, void *data,
		     size_t len);

/* Move pos forward in a table of metadata blocks, whole blocks at a time. */
int squash_meta_skip(struct squash *squash, struct squash_pos *pos, uint64_t len);

/* The bookmark of an inode at or before place; false: there is none. */
bool squash_mark_get(struct squash *squash, uint64_t ref, uint64_t place,
		     struct squash_bookmark *ret);
void squash_mark_set(struct squash *squash, const struct squash_bookmark *mark);

/* The data block at pos with the given size word, held in squash->data. */
int squash_block_hold(struct squash *squash, uint64_t pos, uint32_t word,
		      struct cache_block **ret);

/* Load the pointers of a table at pos, count entries of entry_bytes. 0, -EIO, -EINVAL. */
int squash_table_load(struct squash *squash, uint64_t pos, uint64_t count,
		      uint32_t entry_bytes, struct squash_table *ret);
void squash_table_done(struct squash_table *table);
int squash_table_get(struct squash *squash, const struct squash_table *table,
		     uint64_t index, void *ret_entry);

/* The xattr id table, whose header is at pos. */
int squash_xattr_load(struct squash *squash, uint64_t pos);

#endif
