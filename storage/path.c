// SPDX-License-Identifier: Apache-2.0
/* path.c - following a path inside a squashfs image */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "storage/path.h"

#define LINKS_MAX 40		 /* as the kernel's MAXSYMLINKS */
#define DEPTH_MAX (PATH_MAX / 2) /* folders in the longest path */

struct walk {
	struct squash *squash;
	uint64_t above[DEPTH_MAX]; /* folders from the root down to where we stand */
	int depth;
	int links;
	struct squash_inode here;
	char reached[PATH_MAX];	 /* to here, without links */
	char todo[2 * PATH_MAX]; /* what is left of the path */
};

bool path_is_hidden(const struct squash_inode *inode)
{
	return (S_ISCHR(inode->mode) || S_ISBLK(inode->mode)) && inode->rdev == 0;
}

/* Cut the next component off todo; false at the end. */
static bool next_name(struct walk *walk, char ret_name[SQUASH_NAME_MAX + 1],
		      int *ret_error)
{
	char *at = walk->todo + strspn(walk->todo, "/");
	size_t len = strcspn(at, "/");

	if (len > SQUASH_NAME_MAX)
		*ret_error = -ENAMETOOLONG;
	if (len == 0 || len > SQUASH_NAME_MAX)
		return false;
	memcpy(ret_name, at, len);
	ret_name[len] = '\0';
	memmove(walk->todo, at + len, strlen(at + len) + 1);
	return true;
}

static int go_to(struct walk *walk, int depth)
{
	for (; depth < walk->depth; walk->depth--)
		*strrchr(walk->reached, '/') = '\0';
	return squash_inode(walk->squash, walk->above[depth], &walk->here);
}

static int go_into(struct walk *walk, const char *name, const struct squash_inode *inode)
{
	size_t len = strlen(walk->reached);

	if (walk->depth + 1 >= DEPTH_MAX || len + 1 + strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	walk->reached[len] = '/';
	strcpy(walk->reached + len + 1, name); /* checked above */
	walk->above[++walk->depth] = inode->ref;
	walk->here = *inode;
	return 0;
}

/* Put a link's target before what is left. */
static int follow_link(struct walk *walk, const struct squash_inode *link)
{
	char target[PATH_MAX], todo[2 * PATH_MAX];
	int r = squash_readlink(walk->squash, link, target);

	if (r < 0)
		return r;
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (snprintf(todo, sizeof(todo), "%s/%s", target, walk->todo) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(walk->todo, todo, sizeof(todo));
	return target[0] == '/' ? go_to(walk, 0) : 0;
}

/* Go on by one name. -ENOENT: it is not there. */
static int step(struct walk *walk, const char *name)
{
	struct squash_entry entry;
	struct squash_inode inode;
	int r;

	if (!S_ISDIR(walk->here.mode))
		return -ENOTDIR;
	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0)
		return go_to(walk, walk->depth > 0 ? walk->depth - 1 : 0);
	r = squash_lookup(walk->squash, &walk->here, name, &entry);
	if (r == 0)
		r = squash_inode(walk->squash, entry.ref, &inode);
	if (r < 0)
		return r;
	if (path_is_hidden(&inode))
		return -ENOENT;
	if (S_ISLNK(inode.mode))
		return follow_link(walk, &inode);
	return go_into(walk, name, &inode);
}

int path_follow(struct squash *squash, const char *path, struct path_end *ret)
{
	struct walk walk = { .squash = squash, .above = { squash_root(squash) } };
	char name[SQUASH_NAME_MAX + 1];
	int r;

	if (snprintf(walk.todo, sizeof(walk.todo), "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	r = go_to(&walk, 0);
	ret->missing[0] = '\0';
	while (r == 0 && next_name(&walk, name, &r))
		r = step(&walk, name);
	if (r == -ENOENT) {
		if (snprintf(ret->missing, sizeof(ret->missing), "%s%s", name,
			     walk.todo) >= PATH_MAX)
			return -ENAMETOOLONG;
		r = 0;
	}
	ret->inode = walk.here;
	strcpy(ret->reached, walk.reached); /* both have PATH_MAX */
	return r;
}
