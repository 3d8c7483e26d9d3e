// SPDX-License-Identifier: Apache-2.0
/* squash.c - opening a squashfs image: its superblock, limits and caches */
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "storage/codec.h"
#include "storage/squash_meta.h"

#define SUPER_BYTES 96
#define SUPER_CODEC_AT 20
#define SUPER_MAGIC 0x73717368u	   /* "hsqs" */
#define META_CACHE_BYTES (4 << 20) /* all metadata of an image of 60,000 files */

/* The superblock, in the order of the format. */
struct super {
	uint32_t magic, inodes, block_size, fragments;
	uint16_t codec, block_log, flags, n_ids, major, minor;
	uint64_t root, bytes;
	uint64_t id_table, xattr_table, inode_table, dir_table, fragment_table;
};

static void super_parse(const unsigned char *at, struct super *ret)
{
	ret->magic = le32(at);
	ret->inodes = le32(at + 4);
	ret->block_size = le32(at + 12);
	ret->fragments = le32(at + 16);
	ret->codec = le16(at + SUPER_CODEC_AT);
	ret->block_log = le16(at + 22);
	ret->flags = le16(at + 24);
	ret->n_ids = le16(at + 26);
	ret->major = le16(at + 28);
	ret->minor = le16(at + 30);
	ret->root = le64(at + 32);
	ret->bytes = le64(at + 40);
	ret->id_table = le64(at + 48);
	ret->xattr_table = le64(at + 56);
	ret->inode_table = le64(at + 64);
	ret->dir_table = le64(at + 72);
	ret->fragment_table = le64(at + 80);
}

static int super_check(const struct super *super, uint64_t available)
{
	if (super->magic != SUPER_MAGIC)
		return refuse(EINVAL, "this is no squashfs image");
	if (super->major != 4 || super->minor != 0)
		return refuse(ENOTSUP,
			      "squashfs version %u.%u is not supported, only 4.0",
			      super->major, super->minor);
	if (super->block_log < BLOCK_LOG_MIN || super->block_log > BLOCK_LOG_MAX ||
	    super->block_size != 1u << super->block_log)
		return refuse(EINVAL, "its block size is damaged");
	if (super->bytes > available)
		return refuse(
			EINVAL, "the image is cut short: %llu of %llu bytes are there",
			(unsigned long long)available, (unsigned long long)super->bytes);
	if (super->inode_table < SUPER_BYTES || super->dir_table < super->inode_table ||
	    super->bytes < super->dir_table || super->n_ids == 0)
		return refuse(EINVAL, "its superblock is damaged");
	if (!codec_load(super->codec))
		return refuse(ENOTSUP,
			      "its compression (%s, number %u) is not supported here",
			      codec_name(super->codec), super->codec);
	return 0;
}

static int super_read(const struct squash_options *options, struct super *ret)
{
	unsigned char raw[SUPER_BYTES];
	uint64_t available;
	struct stat st;
	ssize_t n;

	if (fstat(options->fd, &st) < 0)
		return fail(errno, "look at the image file");
	if (st.st_size < 0 || (uint64_t)st.st_size < options->offset ||
	    options->offset > INT64_MAX / 2)
		return refuse(EINVAL, "the file ends before the image begins");
	available = (uint64_t)st.st_size - options->offset;
	if (options->size && options->size < available)
		available = options->size;
	if (available < SUPER_BYTES)
		return refuse(EINVAL, "the file is too short for an image");
	n = fd_read_at(options->fd, raw, sizeof(raw), (off_t)options->offset);
	if (n != sizeof(raw))
		return fail(n < 0 ? (int)-n : EIO, "read the superblock");
	super_parse(raw, ret);
	return super_check(ret, available);
}

/* Ids are needed with each inode, and there are few: they are read at once. */
static int ids_read(struct squash *squash, const struct super *super)
{
	struct squash_table table;
	struct squash_pos pos;
	int r = squash_table_load(squash, super->id_table, super->n_ids, sizeof(uint32_t),
				  &table);

	if (r < 0)
		return r;
	squash->n_ids = super->n_ids;
	squash->ids = mem_array(squash->n_ids, sizeof(*squash->ids));
	pos = (struct squash_pos){ table.blocks[0], 0 };
	squash_table_done(&table);
	/* Blocks of a table lie one behind the other. */
	r = squash_meta_read(squash, &pos, squash->ids,
			     squash->n_ids * sizeof(*squash->ids));
	for (uint32_t i = 0; r == 0 && i < squash->n_ids; i++)
		squash->ids[i] = le32toh(squash->ids[i]);
	return r;
}

static int caches_make(struct squash *squash, const struct squash_options *options)
{
	uint64_t bytes = options->cache_bytes ? options->cache_bytes : SQUASH_CACHE_BYTES;
	unsigned int threads = options->threads ? options->threads : 1;
	/* Each thread may hold the blocks of one request, and has to get them all. */
	uint64_t least = threads * (SQUASH_READ_MAX / squash->block_size + 3);
	uint64_t slots = bytes / squash->block_size;
	int r;

	if (slots < least)
		slots = least;
	if (slots > UINT32_MAX / 4)
		slots = UINT32_MAX / 4;
	r = cache_make(META_CACHE_BYTES / META_BYTES, META_BYTES, &squash->meta);
	if (r == 0)
		r = cache_make(slots, squash->block_size, &squash->data);
	if (r < 0)
		return r;
	squash->zeros = mmap(NULL, squash->block_size, PROT_READ,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (squash->zeros == MAP_FAILED) {
		squash->zeros = NULL;
		return -errno;
	}
	return 0;
}

static int tables_read(struct squash *squash, const struct super *super)
{
	struct squash_inode root;
	int r = ids_read(squash, super);

	if (r < 0)
		return wrap(-EINVAL, "its table of owners is damaged");
	if (super->fragment_table != NO_TABLE)
		r = squash_table_load(squash, super->fragment_table, super->fragments, 16,
				      &squash->fragments);
	if (r < 0)
		return refuse(EINVAL, "its table of fragments is damaged");
	if (super->xattr_table != NO_TABLE)
		r = squash_xattr_load(squash, super->xattr_table);
	if (r < 0)
		return refuse(EINVAL, "its table of attributes is damaged");
	r = squash_inode(squash, squash->root, &root);
	if (r < 0 || !S_ISDIR(root.mode))
		return refuse(EINVAL, "its root folder is damaged");
	return 0;
}

int squash_open(const struct squash_options *options, struct squash **ret)
{
	struct squash *squash;
	struct super super = { 0 };
	int r = super_read(options, &super);

	if (r < 0)
		return r;
	squash = mem_alloc(sizeof(*squash));
	squash->fd = options->fd;
	squash->offset = options->offset;
	squash->bytes = super.bytes;
	squash->block_size = super.block_size;
	squash->inodes = super.inodes;
	squash->codec = super.codec;
	squash->root = super.root;
	squash->inode_start = super.inode_table;
	squash->dir_start = super.dir_table;
	squash->before_slow = options->before_slow;
	squash->last_fragment = squash->next_fragment = NO_FRAGMENT;
	(void)pthread_mutex_init(&squash->lock, NULL); /* cannot fail on Linux */
	r = caches_make(squash, options);
	if (r < 0)
		(void)fail(-r, "make the cache");
	else
		r = tables_read(squash, &super);
	if (r < 0) {
		squash_free(squash);
		return r;
	}
	*ret = squash;
	return 0;
}

void squash_free(struct squash *squash)
{
	if (!squash)
		return;
	cache_free(squash->meta);
	cache_free(squash->data);
	if (squash->zeros)
		(void)munmap(squash->zeros, squash->block_size); /* our own mapping */
	for (unsigned int i = 0; i < squash->n_spare; i++)
		free(squash->spare[i]);
	squash_table_done(&squash->fragments);
	squash_table_done(&squash->xattrs);
	(void)pthread_mutex_destroy(&squash->lock); /* nobody holds it */
	free(squash->ids);
	free(squash);
}

void squash_describe(const struct squash *squash, struct squash_about *ret)
{
	ret->bytes = squash->bytes;
	ret->block_size = squash->block_size;
	ret->inodes = squash->inodes;
	ret->compressor = codec_name(squash->codec);
	ret->xattr_lists = (uint32_t)squash->xattrs.count;
}

uint64_t squash_root(const struct squash *squash)
{
	return squash->root;
}
