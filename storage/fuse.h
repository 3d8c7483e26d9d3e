// SPDX-License-Identifier: Apache-2.0
/* fuse.h - serving a tree to the kernel over a FUSE descriptor */
#ifndef URUN_STORAGE_FUSE_H
#define URUN_STORAGE_FUSE_H

#include "storage/prefetch.h"
#include "storage/tree.h"

/* Answer requests on fuse_fd (owned from now on), with threads threads at most, until the
 * mount is gone: 0; prefetch (NULL: none) is stopped then. -errno with a sentence when it
 * can't begin. */
int fuse_serve(struct tree *tree, struct prefetch *prefetch, int fuse_fd,
	       unsigned int threads);

#endif
