// SPDX-License-Identifier: Apache-2.0
/* squash.h - reading a squashfs image, whoever made it
 *
 * Squashfs 4.0, as the kernel's Documentation/filesystems/squashfs.rst describes it. All
 * of the image is hostile: each function checks what it reads and answers -EIO where the
 * image is damaged. Every function may be called by several threads at once, and none but
 * squash_open() leaves a sentence. */
#ifndef URUN_STORAGE_SQUASH_H
#define URUN_STORAGE_SQUASH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct squash;

struct squash_options {
	int fd;			   /* borrowed until squash_free() */
	uint64_t offset;	   /* where the superblock is in the file */
	uint64_t size;		   /* bytes from there on; 0: to the end of the file */
	uint64_t cache_bytes;	   /* 0: SQUASH_CACHE_BYTES */
	unsigned int threads;	   /* how many may read at once; 0: one */
	void (*before_slow)(void); /* called before a block is read and decompressed;
				    * NULL: nothing */
};

#define SQUASH_CACHE_BYTES \
	(32 << 20)		  /* a start touches 10 MiB; more is the kernel's task */
#define SQUASH_NAME_MAX 255	  /* the kernel's NAME_MAX; the format has room for 256 */
#define SQUASH_READ_MAX (1 << 20) /* one request: FUSE has at most 256 pages */

/* Read the superblock and the id table. -EINVAL: no squashfs, or damaged; -ENOTSUP: a
 * compressor or version that is not supported here; each with its sentence. */
int squash_open(const struct squash_options *options, struct squash **ret);
void squash_free(struct squash *squash); /* accepts NULL */

struct squash_about {
	uint64_t bytes; /* of the file system, without padding */
	uint32_t block_size;
	uint32_t inodes;
	const char *compressor;
	uint32_t xattr_lists; /* different sets of attributes */
};
void squash_describe(const struct squash *squash, struct squash_about *ret);

/* ---- inodes ---------------------------------------------------------- */

/* A place in the metadata: the block's position in the image, and the byte in it. */
struct squash_pos {
	uint64_t block;
	uint32_t offset;
};

/* An inode is named by its reference: 48 bits that say where in the inode table it is. */
struct squash_inode {
	uint64_t ref;
	uint32_t number; /* as stored: names hard links, and may be 0 */
	mode_t mode;	 /* type and permissions */
	uint32_t uid, gid;
	uint32_t nlink; /* at least 1 */
	uint32_t mtime;
	uint64_t size;	       /* bytes: of a file, a link's target, a listing */
	uint64_t sparse_bytes; /* of size: in holes */
	uint32_t rdev;	       /* as the kernel encodes new device numbers */
	uint32_t xattr;	       /* SQUASH_NO_XATTR: none */
	uint32_t parent;       /* a folder's: the number of the one above */
	uint16_t index_count;  /* a folder's */
	uint64_t start;	       /* a file's first block; a folder's listing */
	uint32_t fragment, fragment_offset; /* a file's; a folder's offset in its block */
	struct squash_pos more;		    /* what follows: block sizes, target, index */
};

#define SQUASH_NO_XATTR UINT32_MAX

uint64_t squash_root(const struct squash *squash);
int squash_inode(struct squash *squash, uint64_t ref, struct squash_inode *ret);
unsigned int squash_rdev_major(uint32_t rdev);
unsigned int squash_rdev_minor(uint32_t rdev);

/* A link's target, NUL-terminated. */
int squash_readlink(struct squash *squash, const struct squash_inode *link,
		    char ret_target[PATH_MAX]);

/* ---- folders --------------------------------------------------------- */

struct squash_entry {
	char name[SQUASH_NAME_MAX + 1];
	uint64_t ref;
	uint32_t number;
	mode_t type;	 /* S_IFMT part only */
	uint64_t cookie; /* where the entry after this one is */
};

#define SQUASH_LIST_AHEAD 512 /* bytes: a dozen entries for one look into the cache */

/* A listing under way. */
struct squash_dir {
	uint64_t ref; /* the folder's */
	struct squash_pos pos;
	uint64_t at, size; /* bytes of the listing: read, all */
	uint64_t run_at;   /* where the present run of entries began */
	uint32_t run_left, run_index;
	uint32_t run_block, run_number;
	uint32_t ahead_at, ahead_len; /* what was read already, before pos: taken, all */
	unsigned char ahead[SQUASH_LIST_AHEAD];
};

/* Begin at cookie: 0, or one from an entry of the same folder. -ENOTDIR. */
int squash_dir_open(struct squash *squash, const struct squash_inode *folder,
		    uint64_t cookie, struct squash_dir *ret);

/* 1: *ret is the next entry; 0: there are no more; -EIO. "." and ".." are not stored. */
int squash_dir_next(struct squash *squash, struct squash_dir *dir,
		    struct squash_entry *ret);

/* -ENOENT, -ENOTDIR, -ENAMETOOLONG, -EIO; *ret is undefined then. */
int squash_lookup(struct squash *squash, const struct squash_inode *folder,
		  const char *name, struct squash_entry *ret);

/* ---- files ----------------------------------------------------------- */

#define SQUASH_PIECES_MAX \
	(SQUASH_READ_MAX / 4096 + 2) /* the smallest block is 4096 bytes */

/* A part of a file, in the cache's memory. */
struct squash_pieces {
	struct iovec piece[SQUASH_PIECES_MAX];
	struct cache_block *held[SQUASH_PIECES_MAX]; /* NULL: a hole */
	bool used_up[SQUASH_PIECES_MAX];
	size_t count;
	size_t bytes;
};

/* Up to len bytes (SQUASH_READ_MAX at most) from offset; fewer at the end of the file.
 * The caller releases the pieces. -EISDIR, -EINVAL: no regular file. */
int squash_read(struct squash *squash, const struct squash_inode *file, uint64_t offset,
		size_t len, struct squash_pieces *ret);
void squash_release(struct squash *squash, struct squash_pieces *pieces);

/* Can it be told what is likely to be read next? Decompressing it is for a thread that
 * has nothing better to do. */
bool squash_can_read_ahead(struct squash *squash);
void squash_read_ahead(struct squash *squash);

/* The next place at or behind offset that is a hole, or else is data; the end of the file
 * is a hole. -ENXIO: no such place. */
int squash_seek(struct squash *squash, const struct squash_inode *file, uint64_t offset,
		bool want_hole, uint64_t *ret_offset);

/* ---- extended attributes --------------------------------------------- */

#define SQUASH_XATTR_VALUE_MAX 65536 /* the kernel's XATTR_SIZE_MAX */

/* The attributes of an inode, one after the other. */
struct squash_xattr {
	char name[SQUASH_NAME_MAX + 1]; /* "security.capability" */
	uint32_t left;			/* how many follow */
	struct squash_pos pos, value;	/* of the next one; of this one's value */
	uint32_t value_len;
};

int squash_xattr_open(struct squash *squash, const struct squash_inode *inode,
		      struct squash_xattr *ret);
/* 1: the next one; 0: no more; -EIO. */
int squash_xattr_next(struct squash *squash, struct squash_xattr *xattr);
/* The value of the present one: value_len bytes. */
int squash_xattr_value(struct squash *squash, const struct squash_xattr *xattr,
		       void *ret);

#endif
