// SPDX-License-Identifier: Apache-2.0
/* file.h - files below a directory descriptor, whoever wrote the tree */
#ifndef URUN_BASE_FILE_H
#define URUN_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Open path as if root_fd were the root directory: absolute names, ".." and
 * symbolic links never lead out of it, and magic links of /proc lead nowhere.
 * flags get O_CLOEXEC. A descriptor or -errno (ELOOP: too many links), without a
 * sentence. openat2(RESOLVE_IN_ROOT), or on kernels and in
 * sandboxes without it a walk that is equally safe. */
int file_open_in(int root_fd, const char *path, int flags, mode_t mode);

/* Does the way to path lead over a mount below root_fd? Links are followed as above,
 * those that lead to nothing as far as it goes. */
bool file_leaves_mount(int root_fd, const char *path);

/* The whole of a regular file in root_fd, at most limit_bytes (-EFBIG). Waits for
 * nothing: what is no regular file is -EINVAL. The caller frees; NUL-terminated.
 * -errno, without a sentence. root_fd AT_FDCWD: plain open by the caller's rules. */
int file_read_in(int root_fd, const char *path, size_t limit_bytes, char **ret_data,
		 size_t *ret_len);

/* Make a folder and the missing ones above it, all inside root_fd, mode 0755 less
 * the umask. What exists is left alone. Returns an O_PATH descriptor of it or -errno,
 * without a sentence (-ENOTDIR: something else is there). A link that leads to nothing
 * gets its target made, inside the root. Allocates nothing: for use before an exec. */
int file_make_folders_in(int root_fd, const char *path);

/* Make an empty file, and the folders above it, if nothing is there; links and memory
 * as above. 0 or -errno, without a sentence. */
int file_make_empty_in(int root_fd, const char *path);

/* Remove everything below the folder name in dir_fd, and itself, following no link and
 * crossing no mount. Missing is success. 0 or the first -errno, without a sentence. */
int file_remove_tree(int dir_fd, const char *name);

/* "a/b/../c" and "//a" are left as they are: only the kernel knows links. This one
 * joins with exactly one slash. The caller frees. */
char *path_join(const char *dir, const char *name);

/* The path of a descriptor for interfaces that only take paths: /proc/self/fd/N. */
#define FD_PATH_MAX 32
void fd_path(int fd, char ret_path[FD_PATH_MAX]);

#endif
