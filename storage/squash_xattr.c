// SPDX-License-Identifier: Apache-2.0
/* squash_xattr.c - extended attributes in a squashfs image
 *
 * An inode's number leads through a table to a list of names and values. A value that
 * several lists share is stored once: the others have a reference to it.
 */
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "storage/squash_meta.h"

#define ID_BYTES 16	       /* an entry of the table */
#define HEAD_BYTES 16	       /* before the table's pointers */
#define VALUE_ELSEWHERE 0x100u /* in an attribute's type */
#define LIST_MAX 9362	       /* names like "user.x" in the kernel's 64 KiB */

static const char *const prefixes[] = { "user.", "trusted.", "security." };

int squash_xattr_load(struct squash *squash, uint64_t pos)
{
	unsigned char head[HEAD_BYTES];
	int r = squash_pread(squash, pos, head, sizeof(head));

	if (r < 0)
		return r;
	squash->xattr_start = le64(head);
	return squash_table_load(squash, pos + sizeof(head), le32(head + 8), ID_BYTES,
				 &squash->xattrs);
}

static struct squash_pos pos_of(const struct squash *squash, uint64_t ref)
{
	return (struct squash_pos){ squash->xattr_start + (ref >> 16), ref & 0xffff };
}

int squash_xattr_open(struct squash *squash, const struct squash_inode *inode,
		      struct squash_xattr *ret)
{
	unsigned char raw[ID_BYTES];
	int r;

	*ret = (struct squash_xattr){ 0 };
	if (inode->xattr == SQUASH_NO_XATTR || squash->xattrs.count == 0)
		return 0;
	r = squash_table_get(squash, &squash->xattrs, inode->xattr, raw);
	if (r < 0)
		return r;
	if (le32(raw + 8) > LIST_MAX)
		return -EIO;
	ret->pos = pos_of(squash, le64(raw));
	ret->left = le32(raw + 8);
	return 0;
}

/* Where the value is, and how long. Moves pos behind what is stored here. */
static int value_find(struct squash *squash, struct squash_xattr *xattr,
		      bool is_elsewhere)
{
	unsigned char raw[8];
	uint32_t len;
	int r = squash_meta_read(squash, &xattr->pos, raw, 4);

	if (r < 0)
		return r;
	len = le32(raw);
	if (len > SQUASH_XATTR_VALUE_MAX)
		return -EIO;
	xattr->value = xattr->pos;
	xattr->value_len = len;
	if (!is_elsewhere)
		return squash_meta_read(squash, &xattr->pos, NULL, len);
	if (len != sizeof(raw))
		return -EIO;
	r = squash_meta_read(squash, &xattr->pos, raw, sizeof(raw));
	if (r < 0)
		return r;
	xattr->value = pos_of(squash, le64(raw));
	r = squash_meta_read(squash, &xattr->value, raw, 4);
	if (r < 0)
		return r;
	xattr->value_len = le32(raw);
	return xattr->value_len > SQUASH_XATTR_VALUE_MAX ? -EIO : 0;
}

int squash_xattr_next(struct squash *squash, struct squash_xattr *xattr)
{
	char name[SQUASH_NAME_MAX + 1];
	unsigned char raw[4];
	unsigned int kind;
	size_t len;
	int r;

	if (xattr->left == 0)
		return 0;
	xattr->left--;
	r = squash_meta_read(squash, &xattr->pos, raw, sizeof(raw));
	if (r < 0)
		return r;
	kind = le16(raw) & ~VALUE_ELSEWHERE;
	len = le16(raw + 2);
	if (kind >= ARRAY_SIZE(prefixes) || len == 0 ||
	    len + strlen(prefixes[kind]) > SQUASH_NAME_MAX)
		return -EIO;
	r = squash_meta_read(squash, &xattr->pos, name, len);
	if (r < 0)
		return r;
	if (memchr(name, '\0', len))
		return -EIO;
	name[len] = '\0';
	(void)snprintf(xattr->name, sizeof(xattr->name), "%s%.*s", prefixes[kind],
		       (int)len, name); /* it fits: checked above */
	r = value_find(squash, xattr, le16(raw) & VALUE_ELSEWHERE);
	return r < 0 ? r : 1;
}

int squash_xattr_value(struct squash *squash, const struct squash_xattr *xattr, void *ret)
{
	struct squash_pos pos = xattr->value;

	return squash_meta_read(squash, &pos, ret, xattr->value_len);
}
