// SPDX-License-Identifier: Apache-2.0
/* layer_fuse.h - fuse-overlayfs, where the kernel's overlayfs can't be used; private
 *
 * It serves a mount that init makes, from a process of the supervisor's: not in the
 * container's PID namespace, where it would be seen, and in a copy of its mount namespace
 * that lacks the mount it serves, which would else live for ever. */
#ifndef URUN_RUNTIME_LAYER_FUSE_H
#define URUN_RUNTIME_LAYER_FUSE_H

#include <stdbool.h>
#include <sys/types.h>

struct layer_server {
	pid_t pid;	/* 0: none */
	int control_fd; /* to it until it executes the program; -1: none */
};

struct start_plan;

/* Is the program there, and /dev/fuse? */
bool layer_fuse_is_possible(void);

/* A step of the child: have scratch/root served. 0, or -1 with errno. */
int layer_fuse_mount(struct start_plan *plan);

/* The supervisor: have a process in the namespaces of init_fd (a pidfd), before the mount
 * is made, and let it execute the program on fuse_fd after that. */
int layer_fuse_serve(const struct start_plan *plan, int init_fd, int fuse_fd,
		     struct layer_server *ret);
int layer_fuse_execute(struct layer_server *server);

/* End it, should it not have noticed that its mount is gone. */
void layer_fuse_end(struct layer_server *server);

#endif
