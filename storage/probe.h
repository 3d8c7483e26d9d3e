// SPDX-License-Identifier: Apache-2.0
/* probe.h - what a file is, by its first bytes; private to storage
 *
 * All of it reads hostile bytes from buffers, so that fuzzers can call it. */
#ifndef URUN_STORAGE_PROBE_H
#define URUN_STORAGE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROBE_BYTES 2048 /* ends behind the last magic we know, ext's at 1080 */

/* What the first bytes of a file look like. */
enum probe_kind {
	PROBE_UNKNOWN,
	PROBE_SQUASHFS,
	PROBE_SIF,
	PROBE_TAR,     /* plain, or compressed as tars are */
	PROBE_EXT,     /* ext2, 3 or 4: Singularity's images before SIF */
	PROBE_PROGRAM, /* ELF */
	PROBE_SCRIPT,  /* "#!" */
	PROBE_JSON,
};

enum probe_kind probe_bytes(const unsigned char *data, size_t len);

#define SQUASHFS_SUPER_BYTES 96

/* A squashfs superblock at data, of a file that has room_bytes from there on.
 * -EINVAL with a sentence: damaged, truncated or of a version we can't read. */
int squashfs_check(const unsigned char *data, size_t len, uint64_t room_bytes,
		   uint64_t *ret_size_bytes);

/* The number of its compressor; data was checked. */
unsigned int squashfs_codec(const unsigned char *data);

#define SIF_HEADER_BYTES 128
#define SIF_DESCRIPTORS_MAX_BYTES (585 * 4096) /* Apptainer writes 48 of 585 bytes */

/* Where the descriptors of a SIF file of file_bytes are. -EINVAL with a sentence. */
struct sif_header {
	uint64_t descriptors_offset, descriptors_bytes;
	const char *arch; /* as Go calls it, "amd64"; NULL: unknown */
};
int sif_header_read(const unsigned char *data, size_t len, uint64_t file_bytes,
		    struct sif_header *ret);

/* The partition with the root file system. -EINVAL: there is none that is a
 * squashfs inside file_bytes; with a sentence. */
struct sif_partition {
	uint64_t offset, size;
	const char *arch; /* NULL: not said */
};
int sif_partition_find(const unsigned char *descriptors, size_t len, uint64_t file_bytes,
		       struct sif_partition *ret);

#endif
