// SPDX-License-Identifier: Apache-2.0
/* fs_main.c - urun-fs, the image server
 *
 * Started by urun with a socket and an image (protocol.h). It answers questions about the
 * image's files, then serves the image to the kernel, and ends when the mount is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/answer.h"
#include "storage/extract.h"
#include "storage/fuse.h"
#include "storage/protocol.h"

static bool is_started_by_urun(void)
{
	int type = 0;
	socklen_t len = sizeof(type);
	struct stat st;

	return getsockopt(SERVER_SOCK_FD, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_SEQPACKET && fstat(SERVER_IMAGE_FD, &st) == 0;
}

static unsigned int cpus_allowed(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 2; /* more than 1024 CPUs: certainly several are ours */
	return (unsigned int)CPU_COUNT(&set);
}

static int serve(void)
{
	unsigned int cpus = cpus_allowed();
	struct answered answered;
	int r;

	/* Decompressors ask for and give back some 100 KiB for each block: kept at hand,
	 * and for all threads in one place. */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
	(void)mallopt(M_TRIM_THRESHOLD, 8 << 20);
	r = answer_all(SERVER_SOCK_FD, SERVER_IMAGE_FD, cpus, &answered);
	(void)close(SERVER_SOCK_FD); /* whoever waits there learns that it is over */
	if (r < 0)
		return r == -EPIPE ? 0 : r;
	r = fuse_serve(answered.tree, answered.prefetch, answered.fuse_fd,
		       answered.threads);
	answered_done(&answered);
	return r;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("urun-fs %s\n", PACKAGE_VERSION);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--unpack") == 0)
		return extract_main(argc, argv);
	if (argc != 1 || !is_started_by_urun()) {
		(void)fprintf(stderr, "urun-fs: this is urun's image server, which urun "
				      "starts by itself\n");
		return 125;
	}
	(void)fcntl(SERVER_SOCK_FD, F_SETFD, FD_CLOEXEC); /* both are open */
	(void)fcntl(SERVER_IMAGE_FD, F_SETFD, FD_CLOEXEC);
	if (chdir("/") < 0) /* else the folder urun was started in stays busy */
		return 125;
	return serve() < 0 ? 125 : 0;
}
