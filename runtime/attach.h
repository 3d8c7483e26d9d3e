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

/* MS_* as MOUNT_ATTR_*. */
uint64_t attach_attr_of(unsigned long ms_flags);

/* A copy of the tree (dir_fd, path), with what is mounted below it if recursive; path ""
 * is dir_fd itself. Kernels and sandboxes without open_tree give a descriptor of the
 * original; attach_tree() then binds that. */
int attach_open(int dir_fd, const char *path, bool recursive);

/* Show the tree of tree_fd (from attach_open) on target_fd. */
int attach_tree(int tree_fd, int target_fd, bool recursive,
		const struct attach_attr *attr);

/* Change what is mounted at fd. ENOSYS before 5.12: by remounting. */
int attach_change(int fd, const struct attach_attr *attr);

#endif
