// SPDX-License-Identifier: Apache-2.0
/* path.h - following a path inside a squashfs image */
#ifndef URUN_STORAGE_PATH_H
#define URUN_STORAGE_PATH_H

#include <limits.h>

#include "storage/squash.h"

struct path_end {
	struct squash_inode inode; /* what the path leads to, or the last folder of it
				    * that exists */
	char missing[PATH_MAX];	   /* what is not there below that: "x/y"; "": found */
	char reached[PATH_MAX];	   /* the path without links to inode; "": the root */
};

/* Follow path from the root, links included; ".." stops at the root. 0 even when
 * something is missing; -ENOTDIR, -ELOOP (more than 40 links), -ENAMETOOLONG, -EIO. */
int path_follow(struct squash *squash, const char *path, struct path_end *ret);

/* Entries that are no part of the image for whoever looks: devices 0:0, which overlay
 * file systems use as "deleted" marks. */
bool path_is_hidden(const struct squash_inode *inode);

#endif
