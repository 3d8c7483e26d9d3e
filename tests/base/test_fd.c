// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "tests/tap.h"

static void descriptors_close_at_the_end(void)
{
	int kept = -1, number = -1;

	{
		auto_close int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		auto_close int other = dup(fd);

		number = fd;
		kept = take_fd(&other);
		ok(other == -1);
	}
	ok(fcntl(number, F_GETFD) < 0);
	ok(fcntl(kept, F_GETFD) >= 0);
	(void)close(kept); /* was never written to */
}

/* More than a pipe holds, so that writes come up short. */
static void all_is_written(void)
{
	static char data[300000];
	int pipe_fds[2], status;
	size_t sum = 0;
	ssize_t n;
	pid_t pid;

	ok(pipe(pipe_fds) == 0);
	pid = fork();
	if (pid == 0) {
		(void)close(pipe_fds[0]); /* the reader's */
		_exit(fd_write_all(pipe_fds[1], data, sizeof(data)) < 0);
	}
	(void)close(pipe_fds[1]); /* the writer's */
	while ((n = read(pipe_fds[0], data, 1000)) > 0)
		sum += (size_t)n;
	(void)close(pipe_fds[0]); /* read */
	ok(waitpid(pid, &status, 0) == pid && status == 0);
	ok(sum == sizeof(data));
	ok(fd_write_all(-1, "x", 1) == -EBADF);
	ok(fd_write_all(-1, "x", 0) == 0);
}

static void reads_at_an_offset(void)
{
	auto_file FILE *file = tmpfile();
	char data[8] = "";

	ok(fd_write_all(fileno(file), "0123456789", 10) == 0);
	ok(fd_read_at(fileno(file), data, 4, 3) == 4 && memcmp(data, "3456", 4) == 0);
	ok(fd_read_at(fileno(file), data, 8, 7) == 3);
	ok(fd_read_at(fileno(file), data, 8, 100) == 0);
	ok(fd_read_at(-1, data, 8, 0) == -EBADF);
}

static bool same_file(int a, int b)
{
	struct stat one, other;

	return fstat(a, &one) == 0 && fstat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static void messages_keep_their_borders(void)
{
	int pair[2], none[1];
	char data[10];

	ok(socket_pair(pair) == 0);
	ok(fcntl(pair[0], F_GETFD) == FD_CLOEXEC &&
	   fcntl(pair[1], F_GETFD) == FD_CLOEXEC);
	ok(socket_send(pair[0], "ab", 2, NULL, 0) == 0);
	ok(socket_send(pair[0], "cde", 3, NULL, 0) == 0);
	ok(socket_receive(pair[1], data, sizeof(data), none, 1) == 2 && none[0] == -1);
	ok(socket_receive(pair[1], data, sizeof(data), NULL, 0) == 3);
	ok(socket_send(pair[0], "0123456789x", 11, NULL, 0) == 0);
	ok(socket_receive(pair[1], data, sizeof(data), NULL, 0) == -EMSGSIZE);
	(void)close(pair[0]); /* the end, for the other */
	ok(socket_receive(pair[1], data, sizeof(data), NULL, 0) == 0);
	ok(socket_send(pair[1], "x", 1, NULL, 0) == -EPIPE);
	(void)close(pair[1]); /* done */
}

static void descriptors_come_along(void)
{
	auto_close int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	auto_close int zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	int send[2] = { null_fd, zero_fd }, got[3], pair[2];
	char data;

	ok(socket_pair(pair) == 0);
	ok(socket_send(pair[0], "F", 1, send, 2) == 0);
	ok(socket_receive(pair[1], &data, 1, got, 3) == 1);
	ok(got[0] >= 0 && got[1] >= 0 && got[2] == -1);
	ok(same_file(got[0], null_fd) && same_file(got[1], zero_fd));
	ok(fcntl(got[0], F_GETFD) == FD_CLOEXEC);
	fd_release(&got[0]);
	fd_release(&got[1]);
	ok(socket_send(pair[0], "F", 1, send, SOCKET_FDS_MAX + 1) == -EINVAL);
	fd_release(&pair[0]);
	fd_release(&pair[1]);
}

/* The lowest free number: what was not asked for must not stay open. */
static int next_number(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)close(fd); /* only its number matters */
	return fd;
}

static void descriptors_not_asked_for_are_closed(void)
{
	auto_close int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int send[3] = { null_fd, null_fd, null_fd }, got[1], pair[2], before;
	char data;

	ok(socket_pair(pair) == 0);
	before = next_number();
	ok(socket_send(pair[0], "F", 1, send, 3) == 0);
	ok(socket_receive(pair[1], &data, 1, got, 1) == 1);
	ok(got[0] == before);
	fd_release(&got[0]);
	ok(next_number() == before);
	ok(socket_send(pair[0], "toolong", 7, send, 3) == 0);
	got[0] = 7;
	ok(socket_receive(pair[1], &data, 1, got, 1) == -EMSGSIZE && got[0] == -1);
	ok(next_number() == before);
	fd_release(&pair[0]);
	fd_release(&pair[1]);
}

int main(void)
{
	RUN(descriptors_close_at_the_end);
	RUN(all_is_written);
	RUN(reads_at_an_offset);
	RUN(messages_keep_their_borders);
	RUN(descriptors_come_along);
	RUN(descriptors_not_asked_for_are_closed);
	return tap_end();
}
