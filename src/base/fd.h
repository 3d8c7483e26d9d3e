// SPDX-License-Identifier: Apache-2.0
/* fd.h - descriptors that close at the end of a scope, and passing them on */
#ifndef URUN_BASE_FD_H
#define URUN_BASE_FD_H

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static inline void fd_release(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* nothing was written through it that could be lost */
}

static inline void file_release(FILE **file)
{
	if (*file)
		(void)fclose(*file); /* writers close by hand and check */
}

static inline void dir_release(DIR **dir)
{
	if (*dir)
		(void)closedir(*dir); /* reading only */
}

#define auto_close __attribute__((cleanup(fd_release)))
#define auto_file __attribute__((cleanup(file_release)))
#define auto_dir __attribute__((cleanup(dir_release)))

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Write all of it; continues after interruptions and short writes.
 * 0 or -errno, without a sentence. */
int fd_write_all(int fd, const void *data, size_t len);

/* Fill the buffer at offset; fewer bytes only at the end of the file.
 * Number of bytes or -errno, without a sentence. */
ssize_t fd_read_at(int fd, void *data, size_t len, off_t offset);

/* A connected pair of close-on-exec SOCK_SEQPACKET sockets: messages keep their
 * borders, and a peer's death reads as end of file. */
int socket_pair(int ret_pair[2]);

#define SOCKET_FDS_MAX 4 /* descriptors in one message: no protocol here needs more */

/* One message with up to SOCKET_FDS_MAX descriptors (borrowed). */
int socket_send(int sock_fd, const void *data, size_t len, const int *fds, size_t n_fds);

/* Waits for one message. Number of bytes, 0 at the end, or -errno. A message longer
 * than len is -EMSGSIZE. fds that did not come are -1; more than n_fds are closed. The
 * caller owns what came. */
ssize_t socket_receive(int sock_fd, void *data, size_t len, int *ret_fds, size_t n_fds);

#endif
