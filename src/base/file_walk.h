// SPDX-License-Identifier: Apache-2.0
/* file_walk.h - openat2(RESOLVE_IN_ROOT) without openat2; private to base */
#ifndef URUN_BASE_FILE_WALK_H
#define URUN_BASE_FILE_WALK_H

#include <sys/types.h>

#define FILE_LINKS_MAX 40 /* as the kernel's MAXSYMLINKS */

/* A descriptor or -errno, as file_open_in(). Allocates nothing. */
int file_walk_in(int root_fd, const char *path, int flags, mode_t mode);

/* The same with O_PATH, but -EXDEV where it leads over a mount (RESOLVE_NO_XDEV). */
int file_walk_in_mount(int root_fd, const char *path);

#endif
