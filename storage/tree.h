// SPDX-License-Identifier: Apache-2.0
/* tree.h - what a mounted image shows: the image, its owners as wished, and mount points
 * that the image lacks */
#ifndef URUN_STORAGE_TREE_H
#define URUN_STORAGE_TREE_H

#include <sys/stat.h>

#include "base/strv.h"
#include "storage/squash.h"
#include "storage/storage.h"

struct tree;

/* Borrows squash. Points that can't be shown (something else is in their way) are left
 * out: whoever mounts there meets the reason. */
void tree_make(struct squash *squash, const struct image_serving *how, struct tree **ret);
void tree_free(struct tree *tree); /* accepts NULL */

#define TREE_ROOT 1 /* the root's id, as FUSE has it */

struct tree_point;

struct tree_node {
	uint64_t id; /* never 0, and the same as long as the tree lives */
	const struct tree_point *point; /* NULL: it is in the image */
	struct squash_inode inode;
};

/* All of these: 0 or -errno without a sentence. */
int tree_node(struct tree *tree, uint64_t id, struct tree_node *ret);
int tree_lookup(struct tree *tree, const struct tree_node *folder, const char *name,
		struct tree_node *ret);
void tree_stat(struct tree *tree, const struct tree_node *node, struct stat *ret);
int tree_readlink(struct tree *tree, const struct tree_node *node, char ret[PATH_MAX]);
int tree_read(struct tree *tree, const struct tree_node *node, uint64_t offset,
	      size_t len, struct squash_pieces *ret);
void tree_release(struct tree *tree, struct squash_pieces *pieces);
bool tree_can_read_ahead(struct tree *tree); /* as squash_can_read_ahead() */
void tree_read_ahead(struct tree *tree);     /* as squash_read_ahead() */
int tree_seek(struct tree *tree, const struct tree_node *node, uint64_t offset,
	      bool want_hole, uint64_t *ret_offset);
void tree_statvfs(struct tree *tree, struct squash_about *ret);

/* ---- listing --------------------------------------------------------- */

struct tree_entry {
	char name[SQUASH_NAME_MAX + 1];
	uint64_t id;	 /* 0: "." and ".." */
	uint64_t number; /* the inode's */
	mode_t type;
	uint64_t cookie; /* to begin behind it */
};

struct tree_list {
	struct tree_node folder;
	struct squash_dir dir;
	uint64_t cookie; /* where we are */
	bool dir_is_open;
};

int tree_list_open(struct tree *tree, const struct tree_node *folder, uint64_t cookie,
		   struct tree_list *ret);
/* 1: an entry; 0: the end; -EIO. */
int tree_list_next(struct tree *tree, struct tree_list *list, struct tree_entry *ret);

/* ---- extended attributes --------------------------------------------- */

bool tree_has_xattrs(struct tree *tree); /* false: not one can be seen anywhere */

/* Names, each with its NUL. */
int tree_list_xattrs(struct tree *tree, const struct tree_node *node, struct text *ret);
/* -ENODATA: there is none, or it is hidden. */
int tree_get_xattr(struct tree *tree, const struct tree_node *node, const char *name,
		   struct text *ret);

#endif
