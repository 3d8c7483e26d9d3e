// SPDX-License-Identifier: Apache-2.0
/* file_remove.c - removing a tree, whoever wrote it
 *
 * Each folder is opened by name without following links, checked through its descriptor
 * and emptied through it. What lies too deep is moved up to the top first, so no tree is
 * too deep to be removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"

#define DEPTH_MAX 64 /* folders below each other: each is an open descriptor */
#define ROUNDS_MAX \
	4096 /* of moving up, DEPTH_MAX levels each: no file system goes deeper */

struct removal {
	int top_fd;
	dev_t dev;
	unsigned int moved; /* folders that were moved up to the top */
	int first_error;
};

static void remember(struct removal *removal, int r)
{
	if (r < 0 && removal->first_error == 0)
		removal->first_error = r;
}

static bool is_mount(int fd)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH, 0, &stx) == 0 &&
	       stx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* Open a folder of any mode: overlay's work folder has 0000. */
static int open_folder(int dir_fd, const char *name, struct stat *ret)
{
	auto_close int path_fd = -1;
	char path[FD_PATH_MAX];
	int fd;

	path_fd = openat(dir_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (path_fd < 0 || fstat(path_fd, ret) < 0)
		return -errno;
	if (is_mount(path_fd))
		return -EXDEV; /* not ours to empty */
	fd_path(path_fd, path);
	if ((ret->st_mode & 0700) != 0700)
		(void)chmod(path, 0700); /* the open below tells */
	fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* What is in the way of the new name goes in this round, and we come again. */
static int move_up(struct removal *removal, int dir_fd, const char *name)
{
	char new_name[32];

	(void)snprintf(new_name, sizeof(new_name), ".deep-%u",
		       removal->moved++); /* fits */
	if (renameat(dir_fd, name, removal->top_fd, new_name) == 0 ||
	    errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return 0;
	return -errno;
}

static int remove_entry(struct removal *removal, int dir_fd, const char *name, int depth);

static void remove_below(struct removal *removal, int fd, int depth)
{
	auto_dir DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		remember(removal, -errno);
		(void)close(fd); /* was ours */
		return;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remember(removal,
				 remove_entry(removal, dirfd(dir), entry->d_name, depth));
}

/* That it is not empty has another reason, which was remembered. */
static int remove_empty(int dir_fd, const char *name)
{
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT ||
	    errno == ENOTEMPTY || errno == EEXIST)
		return 0;
	return -errno;
}

static int remove_folder(struct removal *removal, int dir_fd, const char *name, int depth)
{
	auto_close int fd = -1;
	struct stat st;
	int r;

	fd = open_folder(dir_fd, name, &st);
	if (fd < 0)
		return fd;
	if (st.st_dev != removal->dev)
		return -EXDEV;
	if (depth >= DEPTH_MAX) {
		r = unlinkat(dir_fd, name, AT_REMOVEDIR);
		return r == 0 ? 0 : move_up(removal, dir_fd, name);
	}
	remove_below(removal, take_fd(&fd), depth + 1);
	return remove_empty(dir_fd, name);
}

static int remove_entry(struct removal *removal, int dir_fd, const char *name, int depth)
{
	int r;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	r = remove_folder(removal, dir_fd, name, depth);
	return r == -ENOTDIR ? -EPERM : r; /* a file that may not be removed */
}

int file_remove_tree(int dir_fd, const char *name)
{
	struct removal removal = { .top_fd = -1 };
	unsigned int moved;
	struct stat st;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	removal.top_fd = open_folder(dir_fd, name, &st);
	if (removal.top_fd < 0)
		return removal.top_fd;
	removal.dev = st.st_dev;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		int fd = openat(removal.top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		moved = removal.moved;
		if (fd < 0)
			remember(&removal, -errno);
		else
			remove_below(&removal, fd, 1);
		if (moved == removal.moved)
			break;
	}
	(void)close(removal.top_fd); /* only stood there */
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		remember(&removal, -errno);
	return removal.first_error;
}
