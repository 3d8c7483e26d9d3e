// SPDX-License-Identifier: Apache-2.0
/* lost.c - which files are lost with a layer that is thrown away
 *
 * How it works: the upper folder of an overlay holds just what was changed. Files that
 * urun made have a time of modification that nobody else writes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/lost.h"

#define DEPTH_MAX 64  /* folders below each other: deeper ones are not counted */
#define PATH_SIZE 512 /* an example longer than this is cut */

/* 2001-09-09, with nanoseconds that no clock of that second is likely to have given. */
static const struct timespec stamp = { .tv_sec = 1000000000, .tv_nsec = 123456789 };

int lost_stamp(int dir_fd, const char *name)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, stamp };

	return utimensat(dir_fd, name, times, AT_SYMLINK_NOFOLLOW);
}

struct count {
	uint64_t files;
	char path[PATH_SIZE]; /* where the walk is */
	char *example;
	size_t example_size;
};

/* What getdents64(2) gives. */
struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static bool is_skipped(int depth, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	if (strncmp(name, ".wh.", 4) == 0) /* fuse-overlayfs's whiteouts are files */
		return true;
	return depth == 0 && (strcmp(name, "tmp") == 0 || strcmp(name, "var") == 0 ||
			      strcmp(name, "run") == 0);
}

/* A device node in an upper folder is a whiteout: something was removed. */
static void count_file(struct count *count, int dir_fd, const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISCHR(st.st_mode))
		return;
	if (st.st_mtim.tv_sec == stamp.tv_sec && st.st_mtim.tv_nsec == stamp.tv_nsec)
		return;
	if (!count->files++)
		(void)snprintf(count->example, count->example_size, "%s/%s", count->path,
			       name); /* a cut example is one still */
}

static void count_folder(struct count *count, int dir_fd, int depth);

static void count_entry(struct count *count, int dir_fd, const struct entry *entry,
			int depth)
{
	size_t len = strlen(count->path);
	int fd;

	if (is_skipped(depth, entry->name))
		return;
	if (entry->type != DT_DIR) {
		count_file(count, dir_fd, entry->name);
		return;
	}
	if (depth + 1 >= DEPTH_MAX)
		return;
	fd = openat(dir_fd, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)snprintf(count->path + len, sizeof(count->path) - len, "/%s",
		       entry->name); /* a cut path is an example still */
	count_folder(count, fd, depth + 1);
	count->path[len] = '\0';
	(void)close(fd); /* reading only */
}

static void count_folder(struct count *count, int dir_fd, int depth)
{
	_Alignas(struct entry) char buffer[2048];
	long n;

	while ((n = syscall(SYS_getdents64, dir_fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *entry = (const struct entry *)(buffer + at);

			count_entry(count, dir_fd, entry, depth);
			at += entry->reclen;
		}
	}
}

uint64_t lost_count(int upper_fd, char *example, size_t example_size)
{
	struct count count = { .example = example, .example_size = example_size };

	example[0] = '\0';
	count_folder(&count, upper_fd, 0);
	return count.files;
}
