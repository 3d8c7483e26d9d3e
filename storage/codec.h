// SPDX-License-Identifier: Apache-2.0
/* codec.h - decompressing one block */
#ifndef URUN_STORAGE_CODEC_H
#define URUN_STORAGE_CODEC_H

#include <stdbool.h>
#include <stddef.h>

/* A codec is the number a squashfs superblock gives it. */
bool codec_is_known(unsigned int codec);    /* can libsquashfuse here decompress it? */
const char *codec_name(unsigned int codec); /* "zstd"; "unknown" */

/* Decompress in into out, which has room for *len bytes; *len becomes what came. 0 or
 * -EIO. Several threads may do so at once. */
int codec_decompress(unsigned int codec, const void *in, size_t in_len, void *out,
		     size_t *len);

#endif
