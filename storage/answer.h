// SPDX-License-Identifier: Apache-2.0
/* answer.h - the image server's side of the conversation */
#ifndef URUN_STORAGE_ANSWER_H
#define URUN_STORAGE_ANSWER_H

#include "storage/prefetch.h"
#include "storage/tree.h"

/* What the conversation led to. */
struct answered {
	struct squash *squash;
	struct tree *tree;
	struct prefetch *prefetch; /* NULL: none */
	unsigned int threads;	   /* to serve it with */
	int fuse_fd;
};

/* Confine this process and talk on sock_fd about the image in image_fd (both borrowed)
 * until the FUSE descriptor has come: 0. -EPIPE: urun needs no server, or is gone. -errno
 * with a sentence, which urun has been told. cpus: how many threads make sense. */
int answer_all(int sock_fd, int image_fd, unsigned int cpus, struct answered *ret);
void answered_done(struct answered *answered); /* all but fuse_fd */

/* One query, by itself: for tests. */
void answer_query(struct squash *squash, struct image_query *query);

#endif
