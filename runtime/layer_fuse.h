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

struct start_plan;

/* Is the program there, and /dev/fuse? */
bool layer_fuse_is_possible(void);

/* A step of the child: have scratch/root served. 0, or -1 with errno. */
int layer_fuse_mount(struct start_plan *plan);

/* The supervisor: start the program on fuse_fd in the namespaces of init_fd (a pidfd). */
int layer_fuse_serve(const struct start_plan *plan, int init_fd, int fuse_fd,
		     pid_t *ret_pid);

#endif
