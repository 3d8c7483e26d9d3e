// SPDX-License-Identifier: Apache-2.0
/* extract.h - the tree of a squashfs image as files in a folder */
#ifndef URUN_STORAGE_EXTRACT_H
#define URUN_STORAGE_EXTRACT_H

#include <stdint.h>

struct squash;

/* No real file system shrinks more than a thousandfold; a bomb of zeros does. Holes
 * don't count. The allowance is for small images of sparse or zeroed files. */
#define EXTRACT_RATIO_MAX 1000
#define EXTRACT_ALLOWANCE (1ULL << 30)

/* Ten times the largest image seen; folders that contain each other have no end. */
#define EXTRACT_NAMES_MAX (16 << 20)

/* An open descriptor for each level. */
#define EXTRACT_DEPTH_MAX 256

/* Write everything in the image below the empty folder. It belongs to the caller: owners,
 * xattrs, set-id bits, device nodes and sockets are left out, and folders can be written
 * by their owner, so that the tree can be removed. Modification times are kept. Hard
 * links stay hard links. -EFBIG: beyond the limits above. On failure the sentence names
 * the path in the image, and the folder has a part of it. */
int extract_tree(struct squash *squash, int folder_fd);

/* The program "urun-fs --unpack OFFSET SIZE": the folder is descriptor 3, the image 4.
 * Confines itself first. The exit status is an errno; the sentence is on standard error.
 */
int extract_main(int argc, char **argv);

#endif
