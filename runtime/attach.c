// SPDX-License-Identifier: Apache-2.0
/* attach.c - showing a tree at another place
 *
 * How it works: open_tree() copies a tree of mounts that is nowhere yet, mount_setattr()
 * changes it there, and move_mount() shows it finished.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include "base/fd.h"
#include "runtime/attach.h"

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256 /* linux/mount.h, which can't be included beside libc's */
#endif

static const struct {
	unsigned long ms;
	uint64_t attr;
} attr_table[] = {
	{ MS_RDONLY, MOUNT_ATTR_RDONLY },
	{ MS_NOSUID, MOUNT_ATTR_NOSUID },
	{ MS_NODEV, MOUNT_ATTR_NODEV },
	{ MS_NOEXEC, MOUNT_ATTR_NOEXEC },
	{ MS_NODIRATIME, MOUNT_ATTR_NODIRATIME },
	{ MS_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW },
	{ MS_NOATIME, MOUNT_ATTR_NOATIME },
	{ MS_STRICTATIME, MOUNT_ATTR_STRICTATIME },
};

#define N_ATTRS (sizeof(attr_table) / sizeof(attr_table[0]))

uint64_t attach_attr_of(unsigned long ms_flags)
{
	uint64_t attr = 0;

	for (size_t i = 0; i < N_ATTRS; i++)
		if (ms_flags & attr_table[i].ms)
			attr |= attr_table[i].attr;
	return attr;
}

unsigned long attach_flags_of(uint64_t attr)
{
	unsigned long ms = 0;

	for (size_t i = 0; i < N_ATTRS; i++)
		if (attr & attr_table[i].attr)
			ms |= attr_table[i].ms;
	return ms;
}

int attach_open(int dir_fd, const char *path, bool recursive, struct attach *ret)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
	struct attach tree = { .is_copy = true, .recursive = recursive };

	tree.fd = open_tree(dir_fd, path, flags | (recursive ? AT_RECURSIVE : 0));
	/* Mounts of a more privileged namespace can't be left out of a copy. */
	if (tree.fd < 0 && errno == EINVAL && !recursive) {
		tree.recursive = true;
		tree.fd = open_tree(dir_fd, path, flags | AT_RECURSIVE);
	}
	if (tree.fd < 0 && (errno == ENOSYS || errno == EPERM)) {
		tree.is_copy = false;
		tree.fd = *path ? openat(dir_fd, path, O_PATH | O_CLOEXEC)
				: fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
	}
	if (tree.fd < 0)
		return -1;
	*ret = tree;
	return 0;
}

void attach_done(struct attach *tree)
{
	fd_release(&tree->fd);
	tree->fd = -1;
}

static int set_attr(int fd, unsigned int flags, uint64_t set, uint64_t clear)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear };

	if (!set && !clear)
		return 0;
	/* The kinds of atime are one field, cleared as a whole or not at all. */
	if ((set | clear) & MOUNT_ATTR__ATIME)
		attr.attr_clr |= MOUNT_ATTR__ATIME;
	return mount_setattr(fd, "", AT_EMPTY_PATH | flags, &attr, sizeof(attr));
}

static int set_attrs(int fd, const struct attach_attr *attr)
{
	if (set_attr(fd, AT_RECURSIVE, attr->all_set, attr->all_clear) < 0)
		return -1;
	return set_attr(fd, 0, attr->set, attr->clear);
}

int attach_change(int fd, const struct attach_attr *attr)
{
	if (set_attrs(fd, attr) == 0)
		return 0;
	return errno == ENOSYS ? attach_old_change(fd, attr) : -1;
}

int attach_to(const struct attach *tree, int target_fd, const struct attach_attr *attr)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;

	if (!tree->is_copy)
		return attach_old_bind(tree, target_fd, attr);
	if (set_attrs(tree->fd, attr) < 0)
		return errno == ENOSYS ? attach_old_bind(tree, target_fd, attr) : -1;
	if (move_mount(tree->fd, "", target_fd, "", flags) == 0)
		return 0;
	return errno == ENOSYS ? attach_old_bind(tree, target_fd, attr) : -1;
}
