// SPDX-License-Identifier: Apache-2.0
/* file.c - files below a directory descriptor */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/file_walk.h"
#include "base/mem.h"

static int openat2_in_root(int root_fd, const char *path, int flags, mode_t mode,
			   uint64_t resolve)
{
	bool makes_new = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
	struct open_how how = {
		.flags = (unsigned int)flags | O_CLOEXEC,
		.mode = makes_new ? mode : 0, /* else refused */
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd, tries = 16;

	/* EAGAIN: something was renamed meanwhile and ".." could not be proved safe. */
	do {
		fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	} while (fd < 0 && errno == EAGAIN && --tries > 0);
	return fd < 0 ? -errno : fd;
}

/* Before 5.6, where an outer container's filter forbids it, and where something on the
 * way is renamed again and again. */
static bool must_walk(int r)
{
	return r == -ENOSYS || r == -EPERM || r == -EAGAIN;
}

int file_open_in(int root_fd, const char *path, int flags, mode_t mode)
{
	int fd = openat2_in_root(root_fd, path, flags, mode, 0);

	return must_walk(fd) ? file_walk_in(root_fd, path, flags, mode) : fd;
}

bool file_leaves_mount(int root_fd, const char *path)
{
	int r = openat2_in_root(root_fd, path, O_PATH, 0, RESOLVE_NO_XDEV);

	if (must_walk(r))
		r = file_walk_in_mount(root_fd, path);
	if (r >= 0)
		(void)close(r); /* O_PATH: nothing to lose */
	return r == -EXDEV;
}

/* Up to the end of the file; room is a guess of its size. */
static int read_whole(int fd, size_t room, size_t limit_bytes, char **ret_data,
		      size_t *ret_len)
{
	auto_free char *data = mem_alloc(room + 1);
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, data + len, room - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (len > limit_bytes)
			return -EFBIG;
		if (len == room) {
			room *= 2;
			data = mem_grow(data, room + 1, 1);
		}
	}
	data[len] = '\0';
	*ret_data = take_ptr(&data);
	if (ret_len)
		*ret_len = len;
	return 0;
}

int file_read_in(int root_fd, const char *path, size_t limit_bytes, char **ret_data,
		 size_t *ret_len)
{
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	auto_close int fd = -1;
	struct stat st;

	if (root_fd == AT_FDCWD)
		fd = open(path, flags);
	else
		fd = file_open_in(root_fd, path, flags, 0);
	if (fd < 0)
		return root_fd == AT_FDCWD ? -errno : fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uintmax_t)st.st_size > limit_bytes)
		return -EFBIG;
	/* One byte more finds the end at once; files of /proc say 0. */
	return read_whole(fd, st.st_size ? (size_t)st.st_size + 1 : 4096, limit_bytes,
			  ret_data, ret_len);
}

char *path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	while (len > 0 && dir[len - 1] == '/')
		len--;
	return mem_format("%.*s/%s", (int)len, dir, name + strspn(name, "/"));
}

void fd_path(int fd, char ret_path[FD_PATH_MAX])
{
	(void)snprintf(ret_path, FD_PATH_MAX, "/proc/self/fd/%d", fd); /* fits */
}
