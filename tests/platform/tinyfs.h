// SPDX-License-Identifier: Apache-2.0
/* tinyfs.h - a FUSE server of a few fixed files, in the kernel's own protocol
 *
 * What urun-fs does through libfuse is tried here without it, so that a failure is the
 * kernel's. The tree:
 *
 *	folder/file	"hello", of the user
 *	script		mode 0755, of the user
 *	foreign		of uid 12345, which no map of ours has
 *	gone		a character device 0:0
 *	zero		answered with inode number 0 */
#ifndef URUN_TESTS_PLATFORM_TINYFS_H
#define URUN_TESTS_PLATFORM_TINYFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define TINYFS_FOREIGN_UID 12345

/* Answer requests until the mount is gone (true) or something fails. */
bool tinyfs_serve(int fuse_fd);

/* Answer one request. 1, 0 when the mount is gone, -errno. */
int tinyfs_answer_one(int fuse_fd);

/* The uid in the last LOOKUP's header. */
uint32_t tinyfs_last_uid(void);

/* In a user and mount namespace: open /dev/fuse and mount it at path. The caller owns
 * the descriptor. -1: errno tells. */
int tinyfs_mount(const char *path);

/* Does fact hold in user and mount namespaces where /tmp/image is this file system,
 * served from outside of them, and the fact's process has no copy of the descriptor? */
bool holds_with_tinyfs(bool (*fact)(void));

#endif
