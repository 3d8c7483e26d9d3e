// SPDX-License-Identifier: Apache-2.0
/* attach.c - showing a tree at another place
 *
 * How it works: open_tree() copies a tree of mounts that is nowhere yet, mount_setattr()
 * changes it there, and move_mount() shows it finished. Where an outer sandbox or an old
 * kernel refuses one of them, mount(2) does the same on /proc/self/fd/N, remounting each
 * mount that /proc/self/mountinfo lists below the target.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
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

static unsigned long ms_of(uint64_t attr)
{
	unsigned long ms = 0;

	for (size_t i = 0; i < N_ATTRS; i++)
		if (attr & attr_table[i].attr)
			ms |= attr_table[i].ms;
	return ms;
}

/* Refused as a whole, not because of these arguments. */
static bool is_unavailable(int err)
{
	return err == ENOSYS || err == EPERM;
}

int attach_open(int dir_fd, const char *path, bool recursive)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
	int fd = open_tree(dir_fd, path, flags | (recursive ? AT_RECURSIVE : 0));

	/* Mounts of a more privileged namespace can't be left out of a copy. */
	if (fd < 0 && errno == EINVAL && !recursive)
		fd = open_tree(dir_fd, path, flags | AT_RECURSIVE);
	if (fd >= 0 || !is_unavailable(errno))
		return fd;
	if (!*path)
		return fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
	return openat(dir_fd, path, O_PATH | O_CLOEXEC);
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

static int remount(const char *path, uint64_t set, uint64_t clear)
{
	unsigned long flags = (present_flags(path) & ~ms_of(clear)) | ms_of(set);

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

/* Call remount for each mount at or below top, which is a path. */
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
			if (point && remount(point, set, clear) < 0 && errno != EINVAL)
				return -1;
			line = end + 1;
		}
		len -= (size_t)(line - buffer);
		memmove(buffer, line, len);
	}
	return (int)n;
}

/* Without mount_setattr: what is mounted at fd, by its path as we see it. */
static int remount_at(int fd, const struct attach_attr *attr)
{
	char link[FD_PATH_MAX], path[PATH_MAX];
	ssize_t n;

	fd_path(fd, link);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return -1;
	path[n] = '\0';
	if ((attr->all_set || attr->all_clear) &&
	    remount_all(path, attr->all_set, attr->all_clear) < 0)
		return -1;
	if (attr->set || attr->clear)
		return remount(link, attr->set, attr->clear);
	return 0;
}

int attach_change(int fd, const struct attach_attr *attr)
{
	if (set_attrs(fd, attr) == 0)
		return 0;
	return errno == ENOSYS ? remount_at(fd, attr) : -1;
}

/* The old way, when tree_fd is no copy or move_mount is refused. What we bind is then on
 * top of target_fd, where only the path leads. */
static int bind_tree(int tree_fd, int target_fd, bool recursive,
		     const struct attach_attr *attr)
{
	char from[FD_PATH_MAX], to[FD_PATH_MAX], path[PATH_MAX];
	auto_close int top_fd = -1;
	ssize_t n;

	fd_path(tree_fd, from);
	fd_path(target_fd, to);
	n = readlink(to, path, sizeof(path) - 1);
	if (n < 0)
		return -1;
	path[n] = '\0';
	if (mount(from, to, NULL, MS_BIND | (recursive ? MS_REC : 0), NULL) < 0) {
		if (errno != EINVAL || recursive ||
		    mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0)
			return -1;
	}
	if (!attr->set && !attr->clear && !attr->all_set && !attr->all_clear)
		return 0;
	top_fd = open(path, O_PATH | O_CLOEXEC);
	return top_fd < 0 ? -1 : attach_change(top_fd, attr);
}

int attach_tree(int tree_fd, int target_fd, bool recursive,
		const struct attach_attr *attr)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
	bool changed = set_attrs(tree_fd, attr) == 0;

	/* EINVAL: no copy, but a place inside a mount (see attach_open). */
	if (!changed && errno != ENOSYS && errno != EINVAL)
		return -1;
	if (changed && move_mount(tree_fd, "", target_fd, "", flags) == 0)
		return 0;
	if (changed && !is_unavailable(errno) && errno != EINVAL)
		return -1;
	return bind_tree(tree_fd, target_fd, recursive, attr);
}
