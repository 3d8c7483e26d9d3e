// SPDX-License-Identifier: Apache-2.0
/* tree.c - what a mounted image shows
 *
 * How it works: an image's inode is named by its reference, so nothing needs to be
 * remembered about what the kernel has looked up. Mount points that the image lacks are
 * entries of a table, which is never changed after tree_make().
 */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/mem.h"
#include "storage/path.h"
#include "storage/tree.h"
#include "storage/view.h"

#define POINT_ID (1ull << 62) /* in an id: a mount point's index follows */
#define IMAGE_ID 2	      /* added to references, which may be 0 */
#define POINTS_MAX 262144     /* folders above the points included */
#define BUCKETS 1024
#define XATTR_LISTS_LOOKED_AT 256 /* each attribute of an image is there but once */

/* Cookies of a listing: ".", "..", the image's entries, the points. */
#define COOKIE_DOTS 2
#define COOKIE_POINTS (1ull << 61) /* the image's are below 2^42 */

struct tree_point {
	uint64_t parent; /* id of the folder it is in */
	char *name;
	bool is_folder;
	uint32_t next_in_bucket;
};

struct tree {
	struct squash *squash;
	struct view view;
	uint32_t n_inodes;
	struct tree_point *points;
	uint32_t n_points;
	uint32_t buckets[BUCKETS]; /* index + 1; 0: none */
	uint32_t mtime;		   /* of the root: what points show */
	bool has_xattrs;
};

/* ---- mount points ---------------------------------------------------- */

static uint32_t *point_bucket(struct tree *tree, uint64_t parent, const char *name,
			      size_t len)
{
	uint32_t hash = (uint32_t)(parent * 0x9e3779b1u);

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)name[i];
	return &tree->buckets[hash % BUCKETS];
}

static struct tree_point *point_find(struct tree *tree, uint64_t parent, const char *name,
				     size_t len)
{
	uint32_t at = *point_bucket(tree, parent, name, len);

	while (at) {
		struct tree_point *point = &tree->points[at - 1];

		if (point->parent == parent && strncmp(point->name, name, len) == 0 &&
		    point->name[len] == '\0')
			return point;
		at = point->next_in_bucket;
	}
	return NULL;
}

static uint64_t point_id(const struct tree *tree, const struct tree_point *point)
{
	return POINT_ID | (uint64_t)(point - tree->points);
}

static struct tree_point *point_add(struct tree *tree, uint64_t parent, const char *name,
				    size_t len, bool is_folder)
{
	uint32_t *bucket = point_bucket(tree, parent, name, len);
	struct tree_point *point;

	if (tree->n_points >= POINTS_MAX)
		return NULL;
	if ((tree->n_points & (tree->n_points - 1)) == 0)
		tree->points = mem_grow(tree->points,
					tree->n_points ? 2u * tree->n_points : 1,
					sizeof(*tree->points));
	point = &tree->points[tree->n_points++];
	*point = (struct tree_point){ parent, mem_text_n(name, len), is_folder, *bucket };
	*bucket = tree->n_points;
	return point;
}

/* Add what is missing of a path below the folder with the given id. */
static void points_add(struct tree *tree, uint64_t parent, const char *missing,
		       bool is_folder)
{
	const char *at = missing + strspn(missing, "/");

	while (*at) {
		size_t len = strcspn(at, "/");
		const char *next = at + len + strspn(at + len, "/");
		struct tree_point *point;

		if (len > SQUASH_NAME_MAX || (len == 2 && memcmp(at, "..", 2) == 0))
			return; /* the kernel says -ENOENT there, too */
		if (len != 1 || *at != '.') {
			point = point_find(tree, parent, at, len);
			if (!point)
				point = point_add(tree, parent, at, len,
						  is_folder || *next);
			if (!point || (*next && !point->is_folder))
				return;
			parent = point_id(tree, point);
		}
		at = next;
	}
}

/* ---- making ---------------------------------------------------------- */

/* The id of an inode of the image. */
static uint64_t tree_id(const struct tree *tree, uint64_t ref)
{
	return ref == squash_root(tree->squash) ? TREE_ROOT : ref + IMAGE_ID;
}

/* Most images have a few file capabilities, which most views hide: then the kernel need
 * not ask for each file. */
static bool any_xattr_is_shown(struct tree *tree, uint32_t lists)
{
	struct squash_xattr xattr;

	if (lists > XATTR_LISTS_LOOKED_AT)
		return true;
	for (uint32_t i = 0; i < lists; i++) {
		struct squash_inode inode = { .xattr = i };
		int r = squash_xattr_open(tree->squash, &inode, &xattr);

		while (r >= 0 && (r = squash_xattr_next(tree->squash, &xattr)) == 1)
			if (view_shows_xattr(&tree->view, xattr.name))
				return true;
		if (r < 0)
			return true; /* damaged: an error where it is asked for */
	}
	return false;
}

void tree_make(struct squash *squash, const struct image_serving *how, struct tree **ret)
{
	struct tree *tree = mem_alloc(sizeof(*tree));
	struct squash_about about;
	struct path_end end;

	squash_describe(squash, &about);
	tree->squash = squash;
	tree->view = (struct view){ how->owners, how->view_uid, how->view_gid };
	tree->n_inodes = about.inodes;
	tree->has_xattrs = any_xattr_is_shown(tree, about.xattr_lists);
	if (path_follow(squash, "/", &end) == 0)
		tree->mtime = end.inode.mtime;
	for (size_t i = 0; i < how->n_points; i++)
		if (path_follow(squash, how->points[i].path, &end) == 0 && end.missing[0])
			points_add(tree, tree_id(tree, end.inode.ref), end.missing,
				   how->points[i].is_folder);
	*ret = tree;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	for (uint32_t i = 0; i < tree->n_points; i++)
		free(tree->points[i].name);
	free(tree->points);
	free(tree);
}

/* ---- nodes ----------------------------------------------------------- */

int tree_node(struct tree *tree, uint64_t id, struct tree_node *ret)
{
	uint64_t ref;

	*ret = (struct tree_node){ .id = id };
	if (id & POINT_ID) {
		if ((id & ~POINT_ID) >= tree->n_points)
			return -ENOENT;
		ret->point = &tree->points[id & ~POINT_ID];
		ret->inode.mode = ret->point->is_folder ? S_IFDIR | 0755 : S_IFREG | 0644;
		ret->inode.nlink = ret->point->is_folder ? 2 : 1;
		ret->inode.mtime = tree->mtime;
		ret->inode.xattr = SQUASH_NO_XATTR;
		return 0;
	}
	if (id == 0)
		return -ENOENT;
	ref = id == TREE_ROOT ? squash_root(tree->squash) : id - IMAGE_ID;
	return squash_inode(tree->squash, ref, &ret->inode);
}

int tree_lookup(struct tree *tree, const struct tree_node *folder, const char *name,
		struct tree_node *ret)
{
	const struct tree_point *point;
	struct squash_entry entry;
	int r = folder->point ? -ENOENT
			      : squash_lookup(tree->squash, &folder->inode, name, &entry);

	if (r == 0) {
		r = tree_node(tree, tree_id(tree, entry.ref), ret);
		if (r == 0 && path_is_hidden(&ret->inode))
			r = -ENOENT;
	}
	if (r != -ENOENT || !tree->n_points)
		return r;
	point = point_find(tree, folder->id, name, strlen(name));
	return point ? tree_node(tree, point_id(tree, point), ret) : -ENOENT;
}

static uint64_t node_number(const struct tree *tree, const struct tree_node *node)
{
	if (node->point) /* behind the image's, which mksquashfs counts from 1 */
		return (uint64_t)tree->n_inodes + 2 + (node->id & ~POINT_ID);
	return node->inode.number ? node->inode.number : (uint64_t)tree->n_inodes + 1;
}

/* How many folders were added to one. Its link count says so to tree walkers. */
static uint32_t folders_added(const struct tree *tree, uint64_t id)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < tree->n_points; i++)
		count += tree->points[i].parent == id && tree->points[i].is_folder;
	return count;
}

void tree_stat(struct tree *tree, const struct tree_node *node, struct stat *ret)
{
	const struct squash_inode *inode = &node->inode;
	struct squash_about about;

	squash_describe(tree->squash, &about);
	*ret = (struct stat){
		.st_ino = node_number(tree, node),
		.st_mode = inode->mode,
		.st_nlink = inode->nlink,
		.st_uid = view_uid(&tree->view, inode->uid),
		.st_gid = view_gid(&tree->view, inode->gid),
		.st_rdev = makedev(squash_rdev_major(inode->rdev),
				   squash_rdev_minor(inode->rdev)),
		.st_size = (off_t)inode->size,
		.st_blksize = about.block_size,
		.st_blocks = (blkcnt_t)((inode->size - inode->sparse_bytes + 511) / 512),
		.st_atime = inode->mtime,
		.st_mtime = inode->mtime,
		.st_ctime = inode->mtime,
	};
	if (S_ISDIR(inode->mode) && tree->n_points)
		ret->st_nlink += folders_added(tree, node->id);
}

int tree_readlink(struct tree *tree, const struct tree_node *node, char ret[PATH_MAX])
{
	return node->point ? -EINVAL : squash_readlink(tree->squash, &node->inode, ret);
}

int tree_read(struct tree *tree, const struct tree_node *node, uint64_t offset,
	      size_t len, struct squash_pieces *ret)
{
	return squash_read(tree->squash, &node->inode, offset, len, ret);
}

void tree_release(struct tree *tree, struct squash_pieces *pieces)
{
	squash_release(tree->squash, pieces);
}

bool tree_can_read_ahead(struct tree *tree)
{
	return squash_can_read_ahead(tree->squash);
}

void tree_read_ahead(struct tree *tree)
{
	squash_read_ahead(tree->squash);
}

int tree_seek(struct tree *tree, const struct tree_node *node, uint64_t offset,
	      bool want_hole, uint64_t *ret_offset)
{
	return squash_seek(tree->squash, &node->inode, offset, want_hole, ret_offset);
}

void tree_statvfs(struct tree *tree, struct squash_about *ret)
{
	squash_describe(tree->squash, ret);
}

/* ---- listing --------------------------------------------------------- */

int tree_list_open(struct tree *tree, const struct tree_node *folder, uint64_t cookie,
		   struct tree_list *ret)
{
	(void)tree;
	if (!S_ISDIR(folder->inode.mode))
		return -ENOTDIR;
	*ret = (struct tree_list){ .folder = *folder, .cookie = cookie };
	return 0;
}

static int next_dot(struct tree *tree, struct tree_list *list, struct tree_entry *ret)
{
	bool is_parent = list->cookie == 1;

	strcpy(ret->name, is_parent ? ".." : ".");
	ret->id = 0;
	ret->number = node_number(tree, &list->folder);
	if (is_parent && list->folder.inode.parent)
		ret->number = list->folder.inode.parent;
	ret->type = S_IFDIR;
	ret->cookie = ++list->cookie;
	return 1;
}

/* Is it one of the devices that nobody is to see? */
static bool entry_is_hidden(struct tree *tree, const struct squash_entry *entry)
{
	struct squash_inode inode;

	return (entry->type == S_IFCHR || entry->type == S_IFBLK) &&
	       squash_inode(tree->squash, entry->ref, &inode) == 0 &&
	       path_is_hidden(&inode);
}

static int next_of_image(struct tree *tree, struct tree_list *list,
			 struct tree_entry *ret)
{
	struct squash_entry entry;
	int r = 0;

	if (list->folder.point)
		return 0;
	if (!list->dir_is_open)
		r = squash_dir_open(tree->squash, &list->folder.inode,
				    list->cookie - COOKIE_DOTS, &list->dir);
	if (r < 0)
		return r;
	list->dir_is_open = true;
	do {
		r = squash_dir_next(tree->squash, &list->dir, &entry);
	} while (r == 1 && entry_is_hidden(tree, &entry));
	if (r <= 0)
		return r;
	memcpy(ret->name, entry.name, sizeof(ret->name));
	ret->id = tree_id(tree, entry.ref);
	ret->number = entry.number ? entry.number : (uint64_t)tree->n_inodes + 1;
	ret->type = entry.type;
	ret->cookie = list->cookie = entry.cookie + COOKIE_DOTS;
	return 1;
}

static int next_point(struct tree *tree, struct tree_list *list, struct tree_entry *ret)
{
	uint64_t at = list->cookie - COOKIE_POINTS;

	for (; at < tree->n_points; at++) {
		const struct tree_point *point = &tree->points[at];

		if (point->parent != list->folder.id)
			continue;
		strcpy(ret->name, point->name); /* point_add() was given no longer one */
		ret->id = point_id(tree, point);
		ret->number = (uint64_t)tree->n_inodes + 2 + at;
		ret->type = point->is_folder ? S_IFDIR : S_IFREG;
		ret->cookie = list->cookie = COOKIE_POINTS + at + 1;
		return 1;
	}
	return 0;
}

int tree_list_next(struct tree *tree, struct tree_list *list, struct tree_entry *ret)
{
	if (list->cookie < COOKIE_DOTS)
		return next_dot(tree, list, ret);
	if (list->cookie < COOKIE_POINTS) {
		int r = next_of_image(tree, list, ret);

		if (r != 0)
			return r;
		list->cookie = COOKIE_POINTS;
	}
	return next_point(tree, list, ret);
}

/* ---- extended attributes --------------------------------------------- */

bool tree_has_xattrs(struct tree *tree)
{
	return tree->has_xattrs;
}

int tree_list_xattrs(struct tree *tree, const struct tree_node *node, struct text *ret)
{
	struct squash_xattr xattr;
	int r = squash_xattr_open(tree->squash, &node->inode, &xattr);

	while (r == 0 && (r = squash_xattr_next(tree->squash, &xattr)) == 1) {
		if (view_shows_xattr(&tree->view, xattr.name))
			text_add_n(ret, xattr.name, strlen(xattr.name) + 1);
		r = 0;
		if (xattr.left == 0)
			break;
	}
	return r;
}

int tree_get_xattr(struct tree *tree, const struct tree_node *node, const char *name,
		   struct text *ret)
{
	char value[SQUASH_XATTR_VALUE_MAX];
	struct squash_xattr xattr;
	int r;

	if (!view_shows_xattr(&tree->view, name))
		return -ENODATA;
	r = squash_xattr_open(tree->squash, &node->inode, &xattr);
	while (r == 0 && (r = squash_xattr_next(tree->squash, &xattr)) == 1) {
		r = 0;
		if (strcmp(xattr.name, name) != 0)
			continue;
		r = squash_xattr_value(tree->squash, &xattr, value);
		if (r == 0)
			text_add_n(ret, value, xattr.value_len);
		view_translate_xattr(name, ret);
		return r;
	}
	return r < 0 ? r : -ENODATA;
}
