// SPDX-License-Identifier: Apache-2.0
/* trialfs.h - a FUSE server of a few fixed files, in the kernel's own protocol
 *
 * Stands for an image where something is to be tried on one: a writable layer here, what
 * kernels do in tests/platform. The tree:
 *
 *	folder/file	"hello", of the user
 *	script		mode 0755, of the user
 *	foreign		of uid 12345, which no map of ours has
 *	gone		a character device 0:0
 *	zero		answered with inode number 0 */
#ifndef URUN_RUNTIME_TRIALFS_H
#define URUN_RUNTIME_TRIALFS_H

#include <stdbool.h>
#include <stdint.h>

#define TRIALFS_FOREIGN_UID 12345

struct trialfs {
	int fuse_fd;	   /* borrowed */
	uint32_t last_uid; /* who looked a name up last, as the kernel says */
};

/* In a user and mount namespace: open /dev/fuse and mount it on the existing folder path.
 * The caller owns the descriptor. -errno, without a sentence. */
int trialfs_mount(const char *path);

/* Answer one request. 1, 0 when the mount is gone, -errno. */
int trialfs_answer_one(struct trialfs *fs);

/* Answer requests until the mount is gone (0) or something fails (-errno). */
int trialfs_serve(struct trialfs *fs);

#endif
