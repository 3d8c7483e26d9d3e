// SPDX-License-Identifier: Apache-2.0
/* file_make.c - making folders and files where they are missing
 *
 * For use between clone and exec: nothing here allocates. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/file_walk.h"

/* Split path into an open parent and the last name, which points into path. */
static int open_parent_in(int root_fd, char *path, const char **ret_name)
{
	char *slash = strrchr(path, '/');
	int fd;

	if (!slash) {
		*ret_name = path;
		return file_open_in(root_fd, ".", O_PATH | O_DIRECTORY, 0);
	}
	*ret_name = slash + 1;
	if (slash == path)
		return file_open_in(root_fd, "/", O_PATH | O_DIRECTORY, 0);
	*slash = '\0';
	fd = file_open_in(root_fd, path, O_PATH | O_DIRECTORY, 0);
	*slash = '/';
	return fd;
}

/* Where a link that leads to nothing wants its target: a path inside the root. */
static int dangling_target(int parent_fd, const char *path, const char *name,
			   char ret[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(parent_fd, name, target, sizeof(target) - 1);
	int len;

	if (n < 0)
		return errno == EINVAL ? -EEXIST : -errno;
	target[n] = '\0';
	if (target[0] == '/')
		len = snprintf(ret, PATH_MAX, "%s", target);
	else
		len = snprintf(ret, PATH_MAX, "%.*s%s", (int)(name - path), path, target);
	return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int make_folders(int root_fd, const char *path, int links);

/* One folder whose parents exist. */
static int make_folder(int root_fd, char *path, int links)
{
	auto_close int parent_fd = -1;
	char target[PATH_MAX];
	const char *name;
	int r = file_open_in(root_fd, path, O_PATH | O_DIRECTORY, 0);

	if (r >= 0)
		(void)close(r); /* O_PATH: nothing to lose */
	if (r != -ENOENT)
		return r < 0 ? r : 0;
	parent_fd = open_parent_in(root_fd, path, &name);
	if (parent_fd < 0)
		return parent_fd;
	if (mkdirat(parent_fd, name, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (links >= FILE_LINKS_MAX)
		return -ELOOP;
	r = dangling_target(parent_fd, path, name, target);
	if (r < 0)
		return r == -EEXIST ? 0 : r; /* somebody else was faster */
	return make_folders(root_fd, target, links + 1);
}

static int make_folders(int root_fd, const char *path, int links)
{
	char part[PATH_MAX];
	int r = 0;

	if (snprintf(part, sizeof(part), "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	/* Each parent is resolved inside the root, so links in the tree are honoured. */
	for (char *end = part + strspn(part, "/"); *end && r == 0;) {
		char kept;

		end += strcspn(end, "/");
		kept = *end;
		*end = '\0';
		r = make_folder(root_fd, part, links);
		*end = kept;
		end += strspn(end, "/");
	}
	return r;
}

int file_make_folders_in(int root_fd, const char *path)
{
	int fd = file_open_in(root_fd, path, O_PATH | O_DIRECTORY, 0);
	int r;

	if (fd != -ENOENT)
		return fd;
	r = make_folders(root_fd, path, 0);
	return r < 0 ? r : file_open_in(root_fd, path, O_PATH | O_DIRECTORY, 0);
}

static int make_empty(int root_fd, const char *path, int links)
{
	auto_close int parent_fd = -1, fd = -1;
	char part[PATH_MAX], target[PATH_MAX];
	const char *name;
	int r;

	fd = file_open_in(root_fd, path, O_PATH, 0);
	if (fd >= 0)
		return 0;
	if (fd != -ENOENT)
		return fd;
	if (snprintf(part, sizeof(part), "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	parent_fd = open_parent_in(root_fd, part, &name);
	if (parent_fd == -ENOENT) {
		char above[PATH_MAX];

		(void)snprintf(above, sizeof(above), "%.*s", (int)(name - part),
			       part); /* fits */
		parent_fd = file_make_folders_in(root_fd, above);
	}
	if (parent_fd < 0)
		return parent_fd;
	fd = openat(parent_fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW,
		    0644);
	if (fd >= 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (links >= FILE_LINKS_MAX)
		return -ELOOP;
	r = dangling_target(parent_fd, part, name, target);
	if (r < 0)
		return r == -EEXIST ? 0 : r; /* somebody else was faster */
	return make_empty(root_fd, target, links + 1);
}

int file_make_empty_in(int root_fd, const char *path)
{
	return make_empty(root_fd, path, 0);
}
