// SPDX-License-Identifier: Apache-2.0
/* sync.c - messages between supervisor, init and command */
#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "runtime/sync.h"

int sync_send(int fd, const struct sync_message *message, int pass_fd)
{
	return socket_send(fd, message, sizeof(*message), &pass_fd, pass_fd >= 0);
}

int sync_send_kind(int fd, enum sync_kind kind)
{
	struct sync_message message = { .kind = (int32_t)kind };

	return sync_send(fd, &message, -1);
}

int sync_receive(int fd, struct sync_message *ret, int *ret_fd)
{
	struct sync_message message;
	int came_fd = -1;
	ssize_t n = socket_receive(fd, &message, sizeof(message), &came_fd, 1);

	/* A peer that died with our message unread reads as a reset. */
	if (n == -ECONNRESET)
		n = 0;
	if (n > 0 && n != sizeof(message))
		n = -EPROTO;
	if (n <= 0 || !ret_fd) {
		fd_release(&came_fd);
		came_fd = -1;
	}
	if (n <= 0)
		return (int)n;
	message.text[sizeof(message.text) - 1] = '\0';
	*ret = message;
	if (ret_fd)
		*ret_fd = came_fd;
	return 1;
}

int sync_expect(int fd, enum sync_kind kind)
{
	struct sync_message message;
	int r = sync_receive(fd, &message, NULL);

	if (r < 0)
		return r;
	if (r == 0)
		return -EPIPE;
	return message.kind == (int32_t)kind ? 0 : -EPROTO;
}
