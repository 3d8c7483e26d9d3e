// SPDX-License-Identifier: Apache-2.0
/* file.c - files below a directory descriptor
 *
 * How it works: openat2(RESOLVE_IN_ROOT) where the kernel has it (5.6) and lets us
 * (outer containers' seccomp profiles answer ENOSYS or EPERM). Else the walk in
 * walk_in() opens one component after the other with O_NOFOLLOW and resolves links
 * by itself, so a link can't be swapped between check and use: each descriptor is
 * what was checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"

#define LINKS_MAX 40	/* as the kernel's MAXSYMLINKS */
#define DEPTH_MAX 256	/* folders below each other that file_remove_tree() enters */

static int openat2_in_root(int root_fd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned int)flags | O_CLOEXEC,
		.mode = flags & (O_CREAT | __O_TMPFILE) ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd, tries = 16;

	/* EAGAIN: something was renamed meanwhile and ".." could not be proved safe. */
	do {
		fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	} while (fd < 0 && errno == EAGAIN && --tries > 0);
	return fd < 0 ? -errno : fd;
}

/* The state of a walk: the folders from the root down to where we stand. */
struct walk {
	int fds[DEPTH_MAX];
	int depth;		/* fds[0] is the root, borrowed */
	int links;
	char todo[2 * PATH_MAX];/* what is left of the path */
};

static void walk_done(struct walk *w)
{
	while (w->depth > 0)
		(void)close(w->fds[w->depth--]);
}

/* Put the target of the link in fd before what is left. */
static int walk_follow(struct walk *w, int link_fd, const char *rest)
{
	char target[PATH_MAX], todo[2 * PATH_MAX];
	ssize_t n = readlinkat(link_fd, "", target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	if (snprintf(todo, sizeof(todo), "%s/%s", target, rest) >= (int)sizeof(todo))
		return -ENAMETOOLONG;
	if (target[0] == '/')
		walk_done(w);
	memcpy(w->todo, todo, sizeof(todo));
	return 0;
}

/* Take the next component from todo; false at the end. */
static bool walk_next(struct walk *w, char name[NAME_MAX + 1], const char **ret_rest)
{
	const char *at = w->todo + strspn(w->todo, "/");
	size_t len = strcspn(at, "/");

	if (!len || len > NAME_MAX)
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	*ret_rest = at + len;
	return true;
}

/* Enter one component that is not the last. */
static int walk_enter(struct walk *w, const char *name, const char *rest)
{
	struct stat st;
	auto_close int fd = -1;

	if (strcmp(name, "..") == 0) {
		if (w->depth > 0)
			(void)close(w->fds[w->depth--]);
	} else if (strcmp(name, ".") != 0) {
		fd = openat(w->fds[w->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode))
			return walk_follow(w, fd, rest);
		if (!S_ISDIR(st.st_mode))
			return -ENOTDIR;
		if (w->depth + 1 >= DEPTH_MAX)
			return -ENAMETOOLONG;
		w->fds[++w->depth] = take_fd(&fd);
	}
	memmove(w->todo, rest, strlen(rest) + 1);
	return 0;
}

/* Open the last component: a link is followed unless the caller forbids it. */
static int walk_last(struct walk *w, const char *name, int flags, mode_t mode)
{
	struct stat st;
	auto_close int fd = -1;
	int opened;

	fd = openat(w->fds[w->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode) &&
	    !(flags & O_NOFOLLOW)) {
		int r = walk_follow(w, fd, "");

		return r < 0 ? r : -EAGAIN;
	}
	opened = openat(w->fds[w->depth], name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	return opened < 0 ? -errno : opened;
}

static int walk_in(int root_fd, const char *path, int flags, mode_t mode)
{
	struct walk w = { .fds = { root_fd } };
	char name[NAME_MAX + 1];
	const char *rest;
	int r = 0;

	if (snprintf(w.todo, sizeof(w.todo), "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	while (r == 0 && walk_next(&w, name, &rest)) {
		bool last = rest[strspn(rest, "/")] == '\0';

		if (!last || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			r = walk_enter(&w, name, rest);
		else
			r = walk_last(&w, name, flags, mode);
		if (r == -EAGAIN)
			r = 0;
		else if (last && r != 0)
			goto out;
	}
	if (r == 0) {
		r = openat(w.fds[w.depth], ".", flags & ~O_CREAT & ~O_EXCL, 0);
		r = r < 0 ? -errno : r;
		if (r >= 0)
			(void)fcntl(r, F_SETFD, FD_CLOEXEC); /* cannot fail on our own fd */
	}
out:
	walk_done(&w);
	return r;
}

int file_open_in(int root_fd, const char *path, int flags, mode_t mode)
{
	int fd = openat2_in_root(root_fd, path, flags, mode);

	if (fd == -ENOSYS || fd == -EPERM)
		return walk_in(root_fd, path, flags, mode);
	return fd;
}

int file_read_in(int root_fd, const char *path, size_t limit_bytes, char **ret_data,
		 size_t *ret_len)
{
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	auto_close int fd = -1;
	auto_free char *data = NULL;
	struct stat st;
	size_t len = 0, room;

	fd = root_fd == AT_FDCWD ? open(path, flags) : file_open_in(root_fd, path, flags, 0);
	if (fd < 0)
		return root_fd == AT_FDCWD ? -errno : fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	room = st.st_size > 0 ? (size_t)st.st_size : 4096; /* files of /proc say 0 */
	if (st.st_size > 0 && (uintmax_t)st.st_size > limit_bytes)
		return -EFBIG;
	for (;;) {
		ssize_t n;

		data = mem_grow(data, room + 1, 1);
		n = read(fd, data + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (n == 0)
			break;
		if (len > limit_bytes)
			return -EFBIG;
		if (len == room)
			room *= 2;
	}
	data[len] = '\0';
	*ret_data = take_ptr(&data);
	if (ret_len)
		*ret_len = len;
	return 0;
}

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
	if (links >= LINKS_MAX)
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

		(void)snprintf(above, sizeof(above), "%.*s", (int)(name - part), part); /* fits */
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
	if (links >= LINKS_MAX)
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

static int remove_entry(int dir_fd, const char *name, dev_t dev, int depth);

static int remove_below(int dir_fd, dev_t dev, int depth)
{
	auto_dir DIR *dir = fdopendir(dir_fd);
	struct dirent *entry;
	int first = 0;

	if (!dir) {
		(void)close(dir_fd); /* was ours */
		return -errno;
	}
	while ((entry = readdir(dir))) {
		int r;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		r = remove_entry(dirfd(dir), entry->d_name, dev, depth);
		if (r < 0 && !first)
			first = r;
	}
	return first;
}

static int remove_entry(int dir_fd, const char *name, dev_t dev, int depth)
{
	struct stat st;
	int fd, r, below = 0;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth >= DEPTH_MAX)
		return -ELOOP;
	/* A mode without rwx (overlay's work folder has 0000) would keep us out. */
	(void)fchmodat(dir_fd, name, 0700, 0); /* the open below tells */
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || st.st_dev != dev) {
		(void)close(fd); /* a mount: not ours to empty */
		return -EXDEV;
	}
	below = remove_below(fd, dev, depth + 1);
	r = unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
	return below < 0 ? below : r;
}

int file_remove_tree(int dir_fd, const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	return remove_entry(dir_fd, name, st.st_dev, 0);
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
