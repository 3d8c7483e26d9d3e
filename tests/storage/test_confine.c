// SPDX-License-Identifier: Apache-2.0
/* test_confine.c - what is left to a process that reads hostile images */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "storage/confine.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-confine-XXXXXX";
static int folder_fd;

/* How the child ends that confines itself and then does this. */
static int status_of(int (*deed)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(deed());
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)
		       ? WEXITSTATUS(status)
		       : -1;
}

static int serve(void)
{
	char byte;
	int image_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	confine_self();
	if (pread(image_fd, &byte, 1, 0) != 1)
		return 1;
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
		return 2;
	if (openat(folder_fd, "new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
		return 3;
	if (socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
		return 4;
	return fork() >= 0 ? 5 : 0;
}

static void server_can_only_read_what_is_open(void)
{
	ok(status_of(serve) == 0);
}

static int unpack(void)
{
	int fd;

	confine_to_folder(folder_fd, 32);
	fd = openat(folder_fd, "file", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || fchmod(fd, 0755) < 0)
		return 1;
	if (mkdirat(folder_fd, "below", 0700) < 0 ||
	    symlinkat("/", folder_fd, "link") < 0 ||
	    linkat(folder_fd, "file", folder_fd, "again", 0) < 0)
		return 2;
	if (unlinkat(folder_fd, "file", 0) == 0)
		return 3;
	if (socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
		return 4;
	return fork() >= 0 ? 5 : 0;
}

static void unpacker_can_make_files_in_its_folder(void)
{
	ok(status_of(unpack) == 0);
}

static int escape(void)
{
	confine_to_folder(folder_fd, 32);
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
		return 1;
	if (openat(folder_fd, "../escaped", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
		return 2;
	return mkdirat(folder_fd, "../escaped", 0700) == 0 ? 3 : 0;
}

static void unpacker_cannot_leave_its_folder(void)
{
	needs(NEED_LANDLOCK);
	ok(status_of(escape) == 0);
}

int main(void)
{
	if (!mkdtemp(scratch))
		return 1;
	folder_fd = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifndef __SANITIZE_ADDRESS__ /* nothing is confined then */
	RUN(server_can_only_read_what_is_open);
	RUN(unpacker_can_make_files_in_its_folder);
	RUN(unpacker_cannot_leave_its_folder);
#else
	(void)server_can_only_read_what_is_open;
	(void)unpacker_can_make_files_in_its_folder;
	(void)unpacker_cannot_leave_its_folder;
#endif
	(void)file_remove_tree(AT_FDCWD, scratch); /* the host cleans /tmp, too */
	return tap_end();
}
