// SPDX-License-Identifier: Apache-2.0
/* attach.h - showing a tree at another place, by descriptor; private to runtime
 *
 * All of it runs between clone and exec: nothing is allocated, and what fails returns
 * -1 with errno. */
#ifndef URUN_RUNTIME_ATTACH_H
#define URUN_RUNTIME_ATTACH_H

#include <stdbool.h>
#include <stdint.h>

/* Properties of a mount: MOUNT_ATTR_*. */
struct attach_attr {
	uint64_t set, clear;	     /* of the mount itself */
	uint64_t all_set, all_clear; /* of those below it, too */
};

/* MS_* as MOUNT_ATTR_*, and back. */
uint64_t attach_attr_of(unsigned long ms_flags);
unsigned long attach_flags_of(uint64_t attr);

/* What is to be shown elsewhere. */
struct attach {
	int fd;
	bool is_copy;	/* of the mounts; else the original place, where the kernel or a
			 * sandbox has no open_tree */
	bool recursive; /* with what is mounted below it */
};

#define ATTACH_NONE      \
	{                \
		.fd = -1 \
	}

/* Take the tree (dir_fd, path); path "" is dir_fd itself. Release with attach_done(). */
int attach_open(int dir_fd, const char *path, bool recursive, struct attach *ret);
void attach_done(struct attach *tree);
#define auto_attach __attribute__((cleanup(attach_done)))

/* Show it on target_fd, with these properties. */
int attach_to(const struct attach *tree, int target_fd, const struct attach_attr *attr);

/* Change what is mounted at fd. Before mount_setattr (5.12): by remounting. */
int attach_change(int fd, const struct attach_attr *attr);

/* ---- attach_old.c: without the calls of 5.2 and 5.12 ------------------------ */

int attach_old_bind(const struct attach *tree, int target_fd,
		    const struct attach_attr *attr);
int attach_old_change(int fd, const struct attach_attr *attr);

#endif
