// SPDX-License-Identifier: Apache-2.0
/* image.c - facts about a FUSE mount that is served from outside of its namespaces */
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/trialfs.h"
#include "tests/platform/image.h"
#include "tests/platform/sandbox.h"

static uint32_t last_uid;
static int handover_fd = -1;
static bool (*mounted_fact)(void);

static bool mount_and_try(void)
{
	auto_close int fuse_fd = -1;

	must(mkdir("/tmp/image", 0755) == 0);
	fuse_fd = trialfs_mount("/tmp/image");
	must(fuse_fd >= 0);
	must(socket_send(handover_fd, "F", 1, &fuse_fd, 1) == 0);
	fd_release(&fuse_fd);
	fuse_fd = -1;
	(void)close(handover_fd); /* the server waits for its end only if we die early */
	return mounted_fact();
}

static bool be_namespaces(void)
{
	return holds_in_namespaces(CLONE_NEWNS, mount_and_try);
}

bool holds_with_image(bool (*fact)(void))
{
	struct trialfs fs = { .fuse_fd = -1 };
	int pair[2];
	char byte;
	pid_t pid;
	bool served;

	must(socket_pair(pair) == 0);
	handover_fd = pair[1];
	mounted_fact = fact;
	pid = fork();
	if (pid == 0) {
		(void)close(pair[0]); /* the parent's end */
		_exit(be_namespaces() ? 0 : 1);
	}
	(void)close(pair[1]); /* so that the child's death reads as the end */
	served = socket_receive(pair[0], &byte, 1, &fs.fuse_fd, 1) == 1 &&
		 fs.fuse_fd >= 0 && trialfs_serve(&fs) == 0;
	(void)close(pair[0]); /* nothing more comes */
	fd_release(&fs.fuse_fd);
	last_uid = fs.last_uid;
	return sandbox_wait(pid) && served;
}

uint32_t image_last_uid(void)
{
	return last_uid;
}
