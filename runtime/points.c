// SPDX-License-Identifier: Apache-2.0
/* points.c - mount points on a folder that is not ours */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/file.h"
#include "runtime/lost.h"
#include "runtime/points.h"
#include "runtime/start.h"

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Where the walk stands in both trees. */
struct walk {
	int lower_fd; /* -1: from here on it has nothing */
	int upper_fd;
};

static void walk_done(struct walk *walk)
{
	fd_release(&walk->lower_fd);
	fd_release(&walk->upper_fd);
}

static void step_to(int *fd, int next_fd)
{
	fd_release(fd);
	*fd = next_fd;
}

/* 1: gone on. 0: a link or no folder, so it is left to the overlay. -1 with errno. */
static int walk_enter(struct walk *walk, const char *name)
{
	mode_t mode = 0755;
	struct stat st;
	int fd;

	if (walk->lower_fd >= 0) {
		bool has = fstatat(walk->lower_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

		if (has && !S_ISDIR(st.st_mode))
			return 0;
		if (has)
			mode = st.st_mode & 07777;
		fd = has ? openat(walk->lower_fd, name, O_PATH | FOLDER) : -1;
		step_to(&walk->lower_fd, fd);
	}
	if (mkdirat(walk->upper_fd, name, 0700) == 0) {
		if (fchmodat(walk->upper_fd, name, mode, 0) < 0)
			return -1;
	} else if (errno != EEXIST) {
		return -1;
	}
	fd = openat(walk->upper_fd, name, FOLDER);
	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP ? 0 : -1;
	step_to(&walk->upper_fd, fd);
	return 1;
}

static int make_empty(struct walk *walk, const char *name)
{
	auto_close int fd = openat(walk->upper_fd, name,
				   O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : lost_stamp(walk->upper_fd, name);
}

static int walk_to(struct walk *walk, const char *target, bool is_folder)
{
	const char *at = target + strspn(target, "/");

	while (*at) {
		size_t len = strcspn(at, "/");
		const char *next = at + len + strspn(at + len, "/");
		char name[NAME_MAX + 1];
		int r;

		if (len > NAME_MAX || (len == 2 && memcmp(at, "..", 2) == 0))
			return 0;
		memcpy(name, at, len);
		name[len] = '\0';
		if (!*next && !is_folder)
			return make_empty(walk, name);
		r = walk_enter(walk, name);
		if (r <= 0)
			return r;
		at = next;
	}
	return 0;
}

static int make_point(int lower_fd, int upper_fd, const char *target, bool is_folder)
{
	struct walk walk = { -1, -1 };
	int r = file_open_in(lower_fd, target, O_PATH, 0);

	if (r >= 0)
		(void)close(r); /* O_PATH */
	if (r != -ENOENT)
		return 0; /* it is there, or the overlay's own error says more */
	walk.lower_fd = openat(lower_fd, ".", O_PATH | FOLDER);
	walk.upper_fd = openat(upper_fd, ".", FOLDER);
	r = walk.lower_fd < 0 || walk.upper_fd < 0 ? -1
						   : walk_to(&walk, target, is_folder);
	walk_done(&walk);
	return r;
}

static bool is_folder(const struct mount_plan *m)
{
	struct stat st;

	return m->way != MOUNT_BIND || stat(m->source, &st) < 0 || S_ISDIR(st.st_mode);
}

int points_make(struct start_plan *plan)
{
	const struct rootfs_plan *root = &plan->root;
	auto_close int lower_fd = -1;

	if (!root->folder || root->layer.way == LAYER_WAY_NONE)
		return 0;
	lower_fd = openat(root->now.scratch_fd, "lower", O_PATH | FOLDER);
	if (lower_fd < 0)
		return -1;
	for (size_t i = 0; i < plan->n_mounts; i++) {
		const struct mount_plan *m = &plan->mounts[i];

		plan->now.at = i;
		if (make_point(lower_fd, root->now.upper_fd, m->target, is_folder(m)) < 0)
			return -1;
	}
	return 0;
}
