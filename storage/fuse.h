// SPDX-License-Identifier: Apache-2.0
/* fuse.h - serving a tree to the kernel over a FUSE descriptor */
#ifndef URUN_STORAGE_FUSE_H
#define URUN_STORAGE_FUSE_H

#include "storage/tree.h"

/* Answer requests on fuse_fd (owned from now on), with threads threads at most, until the
 * mount is gone: 0. -errno with a sentence when it can't begin. */
int fuse_serve(struct tree *tree, int fuse_fd, unsigned int threads);

#endif
