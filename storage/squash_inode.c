// SPDX-License-Identifier: Apache-2.0
/* squash_inode.c - inodes of a squashfs image and links' targets
 *
 * Each of the seven types comes in a short and a long form; the long ones have room for
 * attributes, and for what the short form's fields are too small for.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "storage/squash_meta.h"

enum {
	DIR_TYPE = 1,
	FILE_TYPE,
	LINK_TYPE,
	BLOCK_TYPE,
	CHAR_TYPE,
	FIFO_TYPE,
	SOCKET_TYPE,
	LONG_DIR_TYPE,
	LONG_FILE_TYPE,
	LONG_LINK_TYPE,
	LONG_BLOCK_TYPE,
	LONG_CHAR_TYPE,
	LONG_FIFO_TYPE,
	LONG_SOCKET_TYPE
};

#define BASE_BYTES 16	  /* what all forms begin with */
#define FORM_BYTES_MAX 40 /* the longest of the rest: LONG_FILE_TYPE */

static int parse_file(const struct squash *squash, const unsigned char *at,
		      struct squash_inode *ret)
{
	(void)squash;
	ret->start = le32(at);
	ret->fragment = le32(at + 4);
	ret->fragment_offset = le32(at + 8);
	ret->size = le32(at + 12);
	ret->nlink = 1;
	return 0;
}

static int parse_long_file(const struct squash *squash, const unsigned char *at,
			   struct squash_inode *ret)
{
	(void)squash;
	ret->start = le64(at);
	ret->size = le64(at + 8);
	ret->sparse_bytes = le64(at + 16);
	ret->nlink = le32(at + 24);
	ret->fragment = le32(at + 28);
	ret->fragment_offset = le32(at + 32);
	ret->xattr = le32(at + 36);
	if (ret->size > INT64_MAX)
		return -EIO;
	if (ret->sparse_bytes > ret->size)
		ret->sparse_bytes = ret->size;
	return 0;
}

static int parse_dir(const struct squash *squash, const unsigned char *at,
		     struct squash_inode *ret)
{
	ret->start = squash->dir_start + le32(at);
	ret->nlink = le32(at + 4);
	ret->size = le16(at + 8);
	ret->fragment_offset = le16(at + 10);
	ret->parent = le32(at + 12);
	return 0;
}

static int parse_long_dir(const struct squash *squash, const unsigned char *at,
			  struct squash_inode *ret)
{
	ret->nlink = le32(at);
	ret->size = le32(at + 4);
	ret->start = squash->dir_start + le32(at + 8);
	ret->parent = le32(at + 12);
	ret->index_count = le16(at + 16);
	ret->fragment_offset = le16(at + 18);
	ret->xattr = le32(at + 20);
	return 0;
}

static int parse_link(const struct squash *squash, const unsigned char *at,
		      struct squash_inode *ret)
{
	(void)squash;
	ret->nlink = le32(at);
	ret->size = le32(at + 4);
	return ret->size == 0 || ret->size >= PATH_MAX ? -EIO : 0;
}

static int parse_device(const struct squash *squash, const unsigned char *at,
			struct squash_inode *ret)
{
	(void)squash;
	ret->nlink = le32(at);
	ret->rdev = le32(at + 4);
	return 0;
}

static int parse_long_device(const struct squash *squash, const unsigned char *at,
			     struct squash_inode *ret)
{
	ret->xattr = le32(at + 8);
	return parse_device(squash, at, ret);
}

static int parse_pipe(const struct squash *squash, const unsigned char *at,
		      struct squash_inode *ret)
{
	(void)squash;
	ret->nlink = le32(at);
	return 0;
}

static int parse_long_pipe(const struct squash *squash, const unsigned char *at,
			   struct squash_inode *ret)
{
	ret->xattr = le32(at + 4);
	return parse_pipe(squash, at, ret);
}

static const struct form {
	mode_t type;
	size_t bytes; /* behind the base */
	int (*parse)(const struct squash *, const unsigned char *, struct squash_inode *);
} forms[] = {
	[DIR_TYPE] = { S_IFDIR, 16, parse_dir },
	[FILE_TYPE] = { S_IFREG, 16, parse_file },
	[LINK_TYPE] = { S_IFLNK, 8, parse_link },
	[BLOCK_TYPE] = { S_IFBLK, 8, parse_device },
	[CHAR_TYPE] = { S_IFCHR, 8, parse_device },
	[FIFO_TYPE] = { S_IFIFO, 4, parse_pipe },
	[SOCKET_TYPE] = { S_IFSOCK, 4, parse_pipe },
	[LONG_DIR_TYPE] = { S_IFDIR, 24, parse_long_dir },
	[LONG_FILE_TYPE] = { S_IFREG, 40, parse_long_file },
	[LONG_LINK_TYPE] = { S_IFLNK, 8, parse_link },
	[LONG_BLOCK_TYPE] = { S_IFBLK, 12, parse_long_device },
	[LONG_CHAR_TYPE] = { S_IFCHR, 12, parse_long_device },
	[LONG_FIFO_TYPE] = { S_IFIFO, 8, parse_long_pipe },
	[LONG_SOCKET_TYPE] = { S_IFSOCK, 8, parse_long_pipe },
};

static const struct form *parse_base(const struct squash *squash, const unsigned char *at,
				     struct squash_inode *ret)
{
	uint16_t type = le16(at), uid = le16(at + 4), gid = le16(at + 6);

	if (type < DIR_TYPE || type > LONG_SOCKET_TYPE || uid >= squash->n_ids ||
	    gid >= squash->n_ids)
		return NULL;
	ret->mode = forms[type].type | (le16(at + 2) & 07777);
	ret->uid = squash->ids[uid];
	ret->gid = squash->ids[gid];
	ret->mtime = le32(at + 8);
	ret->number = le32(at + 12);
	ret->xattr = SQUASH_NO_XATTR;
	return &forms[type];
}

/* A long link has its attribute's number behind the target. */
static int link_xattr(struct squash *squash, struct squash_inode *link)
{
	struct squash_pos pos = link->more;
	unsigned char raw[4];
	int r = squash_meta_read(squash, &pos, NULL, link->size);

	if (r == 0)
		r = squash_meta_read(squash, &pos, raw, sizeof(raw));
	if (r == 0)
		link->xattr = le32(raw);
	return r;
}

int squash_inode(struct squash *squash, uint64_t ref, struct squash_inode *ret)
{
	struct squash_pos pos = { squash->inode_start + (ref >> 16), ref & 0xffff };
	unsigned char raw[BASE_BYTES + FORM_BYTES_MAX];
	struct squash_inode inode = { .ref = ref };
	const struct form *form;
	int r;

	if (pos.block >= squash->dir_start)
		return -EIO;
	r = squash_meta_read(squash, &pos, raw, BASE_BYTES);
	if (r < 0)
		return r;
	form = parse_base(squash, raw, &inode);
	if (!form)
		return -EIO;
	r = squash_meta_read(squash, &pos, raw + BASE_BYTES, form->bytes);
	if (r < 0)
		return r;
	r = form->parse(squash, raw + BASE_BYTES, &inode);
	if (r < 0)
		return r;
	inode.more = pos;
	if (inode.nlink == 0) /* would look like a deleted file */
		inode.nlink = 1;
	if (form == &forms[LONG_LINK_TYPE])
		r = link_xattr(squash, &inode);
	if (r == 0)
		*ret = inode;
	return r;
}

unsigned int squash_rdev_major(uint32_t rdev)
{
	return (rdev >> 8) & 0xfff;
}

unsigned int squash_rdev_minor(uint32_t rdev)
{
	return (rdev & 0xff) | ((rdev >> 12) & 0xfff00);
}

int squash_readlink(struct squash *squash, const struct squash_inode *link,
		    char ret_target[PATH_MAX])
{
	struct squash_pos pos = link->more;
	char target[PATH_MAX];
	int r;

	if (!S_ISLNK(link->mode))
		return -EINVAL;
	r = squash_meta_read(squash, &pos, target,
			     link->size); /* parse_link() checked it */
	if (r < 0)
		return r;
	if (memchr(target, '\0', link->size))
		return -EIO;
	memcpy(ret_target, target, link->size);
	ret_target[link->size] = '\0';
	return 0;
}
