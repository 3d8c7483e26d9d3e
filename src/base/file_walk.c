// SPDX-License-Identifier: Apache-2.0
/* file_walk.c - openat2(RESOLVE_IN_ROOT) without openat2
 *
 * How it works: one component after the other is opened with O_NOFOLLOW below the
 * descriptor of its folder, and links are resolved here, so a link can't be swapped
 * between check and use: each descriptor is what was checked. The folders from the root
 * down to where we stand stay open, so ".." is a step back and no look-up.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file_walk.h"

#define DEPTH_MAX 256 /* folders: each is an open descriptor meanwhile */

struct walk {
	int fds[DEPTH_MAX]; /* fds[0] is the root, borrowed */
	int depth;
	int links;
	bool stays;		 /* may not leave the root's mount */
	char todo[2 * PATH_MAX]; /* what is left of the path */
};

/* The next component, and where it stands. */
struct step {
	char name[NAME_MAX + 1];
	const char *rest;
	bool is_last;	   /* nothing but slashes behind it */
	bool wants_folder; /* a slash behind it */
};

static void walk_up(struct walk *w)
{
	if (w->depth > 0)
		(void)close(w->fds[w->depth--]); /* only opened to stand there */
}

static void walk_done(struct walk *w)
{
	while (w->depth > 0)
		walk_up(w);
}

/* Put the target of the link before what is left. */
static int walk_follow(struct walk *w, int link_fd, const char *rest)
{
	char target[PATH_MAX], todo[2 * PATH_MAX];
	ssize_t n = readlinkat(link_fd, "", target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (++w->links > FILE_LINKS_MAX)
		return -ELOOP;
	if (snprintf(todo, sizeof(todo), "%s%s", target, rest) >= (int)sizeof(todo))
		return -ENAMETOOLONG;
	if (target[0] == '/')
		walk_done(w);
	memcpy(w->todo, todo, sizeof(todo));
	return 0;
}

/* 1: there is one; 0: the path ends here. */
static int walk_next(const struct walk *w, struct step *ret)
{
	const char *at = w->todo + strspn(w->todo, "/");
	size_t len = strcspn(at, "/");

	if (!len)
		return 0;
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(ret->name, at, len);
	ret->name[len] = '\0';
	ret->rest = at + len;
	ret->wants_folder = *ret->rest == '/';
	ret->is_last = ret->rest[strspn(ret->rest, "/")] == '\0';
	return 1;
}

static bool same_mount(int fd, int other_fd)
{
	struct statx a, b;

	return statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &a) == 0 &&
	       statx(other_fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &b) == 0 &&
	       a.stx_mnt_id == b.stx_mnt_id;
}

static int walk_enter(struct walk *w, const struct step *step)
{
	auto_close int fd = -1;
	struct stat st;

	fd = openat(w->fds[w->depth], step->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return walk_follow(w, fd, step->rest);
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (w->stays && !same_mount(fd, w->fds[0]))
		return -EXDEV;
	if (w->depth + 1 >= DEPTH_MAX)
		return -ENAMETOOLONG;
	w->fds[++w->depth] = take_fd(&fd);
	memmove(w->todo, step->rest, strlen(step->rest) + 1);
	return 0;
}

/* ".", "..", and folders on the way. */
static int walk_on(struct walk *w, const struct step *step)
{
	bool is_up = strcmp(step->name, "..") == 0;

	if (!is_up && strcmp(step->name, ".") != 0)
		return walk_enter(w, step);
	if (is_up)
		walk_up(w);
	memmove(w->todo, step->rest, strlen(step->rest) + 1);
	return 0;
}

/* Open the last component: 1 and a descriptor, or 0: it is a link, now followed. */
static int walk_last(struct walk *w, const struct step *step, int flags, mode_t mode,
		     int *ret_fd)
{
	bool makes_new = flags & O_CREAT && flags & O_EXCL;
	int fd;

	if (!(flags & O_NOFOLLOW) && !makes_new) {
		auto_close int link_fd = openat(w->fds[w->depth], step->name,
						O_PATH | O_NOFOLLOW | O_CLOEXEC);
		struct stat st;

		if (link_fd >= 0 && fstat(link_fd, &st) == 0 && S_ISLNK(st.st_mode))
			return walk_follow(w, link_fd, "");
	}
	fd = openat(w->fds[w->depth], step->name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 1;
}

static bool is_on_the_way(const struct step *step)
{
	return !step->is_last || step->wants_folder || strcmp(step->name, ".") == 0 ||
	       strcmp(step->name, "..") == 0;
}

/* As walk_last(), and 1 at the end of the path, too. */
static int walk_step(struct walk *w, int flags, mode_t mode, int *ret_fd)
{
	struct step step;
	int r = walk_next(w, &step), fd;

	if (r < 0)
		return r;
	if (r && is_on_the_way(&step))
		return walk_on(w, &step);
	if (r)
		return walk_last(w, &step, flags, mode, ret_fd);
	if (flags & O_CREAT)
		return -EISDIR;
	fd = openat(w->fds[w->depth], ".", flags | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 1;
}

static int walk_all(struct walk *w, const char *path, int flags, mode_t mode)
{
	int r = 0, fd = -1;

	if (!*path)
		return -ENOENT;
	if (snprintf(w->todo, sizeof(w->todo), "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	while (r == 0)
		r = walk_step(w, flags, mode, &fd);
	walk_done(w);
	return r < 0 ? r : fd;
}

int file_walk_in(int root_fd, const char *path, int flags, mode_t mode)
{
	struct walk w = { .fds = { root_fd } };

	return walk_all(&w, path, flags, mode);
}

int file_walk_in_mount(int root_fd, const char *path)
{
	struct walk w = { .fds = { root_fd }, .stays = true };
	auto_close int fd = walk_all(&w, path, O_PATH, 0);

	if (fd >= 0 && !same_mount(fd, root_fd))
		return -EXDEV;
	return take_fd(&fd);
}
