// SPDX-License-Identifier: Apache-2.0
/* attach_old.c - binding and remounting by mount(2)
 *
 * Where an old kernel or an outer sandbox has no open_tree, move_mount or mount_setattr:
 * binds on /proc/self/fd/N, and a remount of each mount that /proc/self/mountinfo lists
 * at the target or below it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "runtime/attach.h"

/* Flags that a more privileged namespace set must be given again. */
static unsigned long present_flags(const char *path)
{
	static const struct {
		unsigned long st, ms;
	} table[] = {
		{ ST_RDONLY, MS_RDONLY },     { ST_NOSUID, MS_NOSUID },
		{ ST_NODEV, MS_NODEV },	      { ST_NOEXEC, MS_NOEXEC },
		{ ST_NOATIME, MS_NOATIME },   { ST_NODIRATIME, MS_NODIRATIME },
		{ ST_RELATIME, MS_RELATIME },
	};
	struct statvfs st;
	unsigned long flags = 0;

	if (statvfs(path, &st) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (st.f_flag & table[i].st)
			flags |= table[i].ms;
	return flags;
}

/* path is a directory's "." or leads to the top of what is mounted there. */
static int remount(const char *path, uint64_t set, uint64_t clear)
{
	unsigned long flags = (present_flags(path) & ~attach_flags_of(clear)) |
			      attach_flags_of(set);

	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}

/* mountinfo writes blanks and backslashes as \ooo. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 +
				       (from[3] - '0'));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* The fifth field of a line of mountinfo, if it is top or below. */
static const char *mount_point_below(char *line, const char *top)
{
	size_t len = strlen(top);
	char *at = line;

	for (int field = 0; field < 4; field++) {
		at = strchr(at, ' ');
		if (!at)
			return NULL;
		at++;
	}
	at[strcspn(at, " ")] = '\0';
	unescape(at);
	if (strncmp(at, top, len) != 0 || (at[len] && at[len] != '/'))
		return NULL;
	return at;
}

/* The new root lies on top of "/", where only ".." of the root leads (see rootfs.c); once
 * it is entered, that is the root itself. */
static int outer_path(const char *path, char ret[PATH_MAX])
{
	if (snprintf(ret, PATH_MAX, "/..%s", path) < PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int remount_point(const char *point, uint64_t set, uint64_t clear)
{
	char path[PATH_MAX];

	if (outer_path(point, path) < 0)
		return -1;
	/* Covered by another mount it is out of reach for everyone. */
	return remount(path, set, clear) < 0 && errno != EINVAL && errno != ENOENT ? -1
										   : 0;
}

/* Remount each mount at or below top, which is a path. */
static int remount_all(const char *top, uint64_t set, uint64_t clear)
{
	auto_close int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	char buffer[4 * PATH_MAX]; /* a line has two paths, escaped at worst */
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buffer + len, sizeof(buffer) - 1 - len)) > 0) {
		char *line = buffer, *end;

		len += (size_t)n;
		buffer[len] = '\0';
		while ((end = strchr(line, '\n'))) {
			const char *point;

			*end = '\0';
			point = mount_point_below(line, top);
			if (point && remount_point(point, set, clear) < 0)
				return -1;
			line = end + 1;
		}
		len -= (size_t)(line - buffer);
		memmove(buffer, line, len);
	}
	return (int)n;
}

/* Where fd is, as we see it. */
static int path_of(int fd, char ret[PATH_MAX])
{
	char link[FD_PATH_MAX];
	ssize_t n;

	fd_path(fd, link);
	n = readlink(link, ret, PATH_MAX - 1);
	if (n < 0)
		return -1;
	ret[n] = '\0';
	return 0;
}

/* The mount at fd alone. By "." where that can be: a root without /proc has no links. */
static int remount_one(int fd, uint64_t set, uint64_t clear)
{
	char link[FD_PATH_MAX];

	if (fchdir(fd) == 0)
		return remount(".", set, clear);
	fd_path(fd, link);
	return remount(link, set, clear);
}

int attach_old_change(int fd, const struct attach_attr *attr)
{
	char path[PATH_MAX];

	if (attr->all_set || attr->all_clear) {
		if (path_of(fd, path) < 0 ||
		    remount_all(path, attr->all_set, attr->all_clear) < 0)
			return -1;
	}
	if (!attr->set && !attr->clear)
		return 0;
	return remount_one(fd, attr->set, attr->clear);
}

static int bind(int from_fd, int to_fd, bool recursive)
{
	char from[FD_PATH_MAX], to[FD_PATH_MAX];

	fd_path(from_fd, from);
	fd_path(to_fd, to);
	if (mount(from, to, NULL, MS_BIND | (recursive ? MS_REC : 0), NULL) == 0)
		return 0;
	/* Mounts of a more privileged namespace can't be left out. */
	if (errno != EINVAL || recursive)
		return -1;
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL);
}

/* What is bound lies on top of target_fd, where only its path leads. */
int attach_old_bind(const struct attach *tree, int target_fd,
		    const struct attach_attr *attr)
{
	char path[PATH_MAX], outer[PATH_MAX];
	auto_close int top_fd = -1;

	if (bind(tree->fd, target_fd, tree->recursive) < 0)
		return -1;
	if (!attr->set && !attr->clear && !attr->all_set && !attr->all_clear)
		return 0;
	if (path_of(target_fd, path) < 0 || outer_path(path, outer) < 0)
		return -1;
	top_fd = open(outer, O_PATH | O_CLOEXEC);
	return top_fd < 0 ? -1 : attach_old_change(top_fd, attr);
}
