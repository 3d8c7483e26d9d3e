// SPDX-License-Identifier: Apache-2.0
/* copyup.c - filling a tmpfs with what lay below it */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/copyup.h"

#define DEPTH_MAX \
	64 /* of an image's folders below one that is copied: hostile beyond \
	    */
#define CHUNK (1 << 20) /* of one sendfile(), so that a signal is not late */

/* What getdents64(2) gives. */
struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static int copy_below(int from_fd, int to_fd, int depth);

static void copy_owner(int to_fd, const char *name, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	/* An owner without an id here can't be given; the file is ours then. */
	(void)fchownat(to_fd, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
	(void)utimensat(to_fd, name, times, AT_SYMLINK_NOFOLLOW); /* cosmetic */
}

static int copy_file(int from_fd, int to_fd, const char *name, const struct stat *st)
{
	auto_close int in = openat(from_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	auto_close int out = -1;
	ssize_t n;

	if (in < 0)
		return errno == EACCES ? 0 : -1;
	out = openat(to_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return -1;
	do {
		n = sendfile(out, in, NULL, CHUNK);
	} while (n > 0);
	return n < 0 ? -1 : fchmod(out, st->st_mode & 07777);
}

static int copy_link(int from_fd, int to_fd, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from_fd, name, target, sizeof(target) - 1);

	if (n < 0)
		return -1;
	target[n] = '\0';
	return symlinkat(target, to_fd, name);
}

static int copy_subfolder(int from_fd, int to_fd, const char *name, const struct stat *st,
			  int depth)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	auto_close int in = openat(from_fd, name, flags);
	auto_close int out = -1;

	if (mkdirat(to_fd, name, 0700) < 0)
		return -1;
	out = openat(to_fd, name, flags);
	if (out < 0)
		return -1;
	if (in >= 0 && copy_below(in, out, depth + 1) < 0)
		return -1;
	return fchmod(out, st->st_mode & 07777);
}

/* Devices, sockets and pipes are left out: the first can't be made, the others are of no
 * use without their process. */
static int copy_entry(int from_fd, int to_fd, const char *name, int depth)
{
	struct stat st;
	int r = 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (fstatat(from_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (S_ISREG(st.st_mode))
		r = copy_file(from_fd, to_fd, name, &st);
	else if (S_ISDIR(st.st_mode))
		r = copy_subfolder(from_fd, to_fd, name, &st, depth);
	else if (S_ISLNK(st.st_mode))
		r = copy_link(from_fd, to_fd, name);
	if (r == 0)
		copy_owner(to_fd, name, &st);
	return r;
}

static int copy_below(int from_fd, int to_fd, int depth)
{
	_Alignas(struct entry) char buffer[2048];
	long n;

	if (depth > DEPTH_MAX) {
		errno = ELOOP;
		return -1;
	}
	while ((n = syscall(SYS_getdents64, from_fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *entry = (const struct entry *)(buffer + at);

			if (copy_entry(from_fd, to_fd, entry->name, depth) < 0)
				return -1;
			at += entry->reclen;
		}
	}
	return (int)n;
}

int copyup_folder(int from_fd, int to_fd)
{
	return copy_below(from_fd, to_fd, 0);
}
