// SPDX-License-Identifier: Apache-2.0
/* squash_dir.c - listing folders of a squashfs image and looking names up
 *
 * A listing is runs of up to 256 entries, each behind a header that names the metadata
 * block and the first number of the run's inodes. A cookie names an entry by where its
 * run begins and its index in it, so that going on needs to pass over one run at most.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "storage/squash_meta.h"

#define RUN_MAX 256 /* entries, by the format */
#define RUN_HEAD_BYTES 12
#define ENTRY_BYTES 8
#define INDEX_BYTES 12
#define COOKIE_SHIFT 9 /* bits for the index in a run */
#define EMPTY_BYTES 3  /* a folder's size counts 3 bytes that aren't stored */

static const mode_t entry_types[] = { 0,       S_IFDIR, S_IFREG, S_IFLNK,
				      S_IFBLK, S_IFCHR, S_IFIFO, S_IFSOCK };

static int dir_begin(const struct squash_inode *folder, struct squash_dir *ret)
{
	if (!S_ISDIR(folder->mode))
		return -ENOTDIR;
	*ret = (struct squash_dir){
		.ref = folder->ref,
		.pos = { folder->start, folder->fragment_offset },
		.size = folder->size > EMPTY_BYTES ? folder->size - EMPTY_BYTES : 0,
	};
	return 0;
}

/* Read what follows of the listing: as much as there is room for, at least len bytes. */
static int refill(struct squash *squash, struct squash_dir *dir, size_t len)
{
	uint64_t left = dir->size - dir->at;
	size_t room = left < sizeof(dir->ahead) ? left : sizeof(dir->ahead);
	struct squash_bookmark mark = { dir->ref, dir->at, dir->pos, 0 };
	int r = squash_meta_read(squash, &dir->pos, dir->ahead, room);

	if (r < 0) { /* damaged further on: what is asked for may be good */
		dir->pos = mark.pos;
		room = room < len ? room : len;
		r = squash_meta_read(squash, &dir->pos, dir->ahead, room);
	}
	if (r < 0)
		return r;
	if (dir->at >= META_BYTES) /* else it is found as fast again */
		squash_mark_set(squash, &mark);
	dir->ahead_at = 0;
	dir->ahead_len = (uint32_t)room;
	return 0;
}

/* data NULL: pass over it. */
static int read_part(struct squash *squash, struct squash_dir *dir, void *data,
		     size_t len)
{
	if (len > dir->size - dir->at)
		return -EIO;
	while (len > 0) {
		size_t take = dir->ahead_len - dir->ahead_at;

		if (take == 0) {
			int r = refill(squash, dir, len);

			if (r < 0)
				return r;
			continue;
		}
		take = take < len ? take : len;
		if (data) {
			memcpy(data, dir->ahead + dir->ahead_at, take);
			data = (char *)data + take;
		}
		dir->ahead_at += (uint32_t)take;
		dir->at += take;
		len -= take;
	}
	return 0;
}

static int run_begin(struct squash *squash, struct squash_dir *dir)
{
	unsigned char head[RUN_HEAD_BYTES];
	uint64_t at = dir->at;
	int r = read_part(squash, dir, head, sizeof(head));

	if (r < 0)
		return r;
	if (le32(head) >= RUN_MAX)
		return -EIO;
	dir->run_at = at;
	dir->run_left = le32(head) + 1;
	dir->run_index = 0;
	dir->run_block = le32(head + 4);
	dir->run_number = le32(head + 8);
	return 0;
}

static bool name_is_good(const char *name, size_t len)
{
	return !memchr(name, '/', len) && !memchr(name, '\0', len) &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static uint64_t cookie_of(const struct squash_dir *dir)
{
	/* 0 is the beginning, so cookies begin with 1. */
	return dir->run_left ? (dir->run_at << COOKIE_SHIFT) + dir->run_index + 1
			     : (dir->at << COOKIE_SHIFT) + 1;
}

/* All of the next entry but its name, which follows with *ret_len bytes. 1, 0 or -EIO. */
static int entry_begin(struct squash *squash, struct squash_dir *dir,
		       struct squash_entry *ret, size_t *ret_len)
{
	unsigned char raw[ENTRY_BYTES];
	uint16_t type;
	int r = 0;

	if (dir->run_left == 0 && dir->at == dir->size)
		return 0;
	if (dir->run_left == 0)
		r = run_begin(squash, dir);
	if (r == 0)
		r = read_part(squash, dir, raw, sizeof(raw));
	if (r < 0)
		return r;
	type = le16(raw + 4);
	*ret_len = le16(raw + 6) + 1u;
	if (type == 0 || type >= ARRAY_SIZE(entry_types) || *ret_len > SQUASH_NAME_MAX)
		return -EIO;
	ret->ref = (uint64_t)dir->run_block << 16 | le16(raw);
	ret->number = dir->run_number + (uint32_t)(int16_t)le16(raw + 2);
	ret->type = entry_types[type];
	dir->run_left--;
	dir->run_index++;
	return 1;
}

int squash_dir_next(struct squash *squash, struct squash_dir *dir,
		    struct squash_entry *ret)
{
	size_t len = 0;
	int r = entry_begin(squash, dir, ret, &len);

	if (r <= 0)
		return r;
	r = read_part(squash, dir, ret->name, len);
	if (r < 0)
		return r;
	ret->name[len] = '\0';
	ret->cookie = cookie_of(dir);
	return name_is_good(ret->name, len) ? 1 : -EIO;
}

/* Go to the run of entries that begins with byte at of the listing. */
static int dir_skip(struct squash *squash, struct squash_dir *dir, uint64_t at)
{
	struct squash_bookmark mark;

	if (at > dir->size)
		return -EINVAL;
	if (squash_mark_get(squash, dir->ref, at, &mark)) {
		dir->at = mark.place;
		dir->pos = mark.pos;
	}
	at -= dir->at;
	dir->at += at;
	return squash_meta_skip(squash, &dir->pos, at);
}

int squash_dir_open(struct squash *squash, const struct squash_inode *folder,
		    uint64_t cookie, struct squash_dir *ret)
{
	uint64_t index = cookie ? (cookie - 1) & ((1u << COOKIE_SHIFT) - 1) : 0;
	struct squash_entry entry;
	struct squash_dir dir;
	int r = dir_begin(folder, &dir);

	if (r == 0 && cookie)
		r = dir_skip(squash, &dir, (cookie - 1) >> COOKIE_SHIFT);
	for (uint64_t i = 0; r == 0 && i < index; i++) {
		r = squash_dir_next(squash, &dir, &entry);
		r = r == 1 ? 0 : -EIO;
	}
	if (r == 0)
		*ret = dir;
	return r;
}

/* Large folders have an index of some runs' first names: begin with the last run that
 * can hold name. */
static int index_find(struct squash *squash, const struct squash_inode *folder,
		      const char *name, struct squash_dir *dir)
{
	struct squash_pos pos = folder->more;

	for (uint16_t i = 0; i < folder->index_count; i++) {
		unsigned char raw[INDEX_BYTES];
		char first[SQUASH_NAME_MAX + 1];
		size_t len;
		int r = squash_meta_read(squash, &pos, raw, sizeof(raw));

		if (r < 0)
			return r;
		len = (size_t)le32(raw + 8) + 1;
		if (len > SQUASH_NAME_MAX || le32(raw) > dir->size)
			return -EIO;
		r = squash_meta_read(squash, &pos, first, len);
		if (r < 0)
			return r;
		first[len] = '\0';
		if (strcmp(first, name) > 0)
			break;
		dir->at = le32(raw);
		dir->pos.block = squash->dir_start + le32(raw + 4);
		dir->pos.offset = (uint32_t)((folder->fragment_offset + dir->at) %
					     META_BYTES);
	}
	return 0;
}

int squash_lookup(struct squash *squash, const struct squash_inode *folder,
		  const char *name, struct squash_entry *ret)
{
	size_t wanted = strlen(name), len = 0;
	struct squash_dir dir;
	int r = dir_begin(folder, &dir);

	if (r < 0)
		return r;
	if (wanted > SQUASH_NAME_MAX)
		return -ENAMETOOLONG;
	r = index_find(squash, folder, name, &dir);
	if (r < 0)
		return r;
	while ((r = entry_begin(squash, &dir, ret, &len)) == 1) {
		r = read_part(squash, &dir, len == wanted ? ret->name : NULL, len);
		if (r < 0)
			return r;
		if (len != wanted || memcmp(ret->name, name, len) != 0)
			continue;
		ret->name[len] = '\0';
		ret->cookie = cookie_of(&dir);
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}
