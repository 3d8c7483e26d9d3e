// SPDX-License-Identifier: Apache-2.0
/* codec.h - decompressing one block */
#ifndef URUN_STORAGE_CODEC_H
#define URUN_STORAGE_CODEC_H

#include <stdbool.h>
#include <stddef.h>

/* A codec is the number a squashfs superblock gives it. */
/* Load what decompresses it, which has to be done before files are out of reach and
 * before there are threads. false: it can't be decompressed here. */
bool codec_load(unsigned int codec);
const char *codec_name(unsigned int codec); /* "zstd"; "unknown" */

/* Decompress in, by a codec that is loaded, into out, which has room for *len bytes; *len
 * becomes what came. 0 or -EIO. Several threads may do so at once. */
int codec_decompress(unsigned int codec, const void *in, size_t in_len, void *out,
		     size_t *len);

#endif
