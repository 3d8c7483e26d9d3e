// SPDX-License-Identifier: Apache-2.0
/* confine.h - what the image server gives up before it reads an image */
#ifndef URUN_STORAGE_CONFINE_H
#define URUN_STORAGE_CONFINE_H

/* From here on: no new privileges, not dumpable, no path can be opened, no program
 * executed, no socket made; only reading, writing and mapping of what is open, and
 * threads. A kernel without Landlock or seccomp gives less, which is said at debug. */
void confine_self(void);

/* The same, but files, folders and links can be made below folder_fd, and nowhere else
 * where the kernel has Landlock. Up to open_files descriptors. */
void confine_to_folder(int folder_fd, unsigned int open_files);

#endif
