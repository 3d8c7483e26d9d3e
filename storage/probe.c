// SPDX-License-Identifier: Apache-2.0
/* probe.c - squashfs, SIF and what else people take for images, by their bytes
 *
 * SIF: a header of 128 bytes, then a table of descriptors of 585 bytes, each about one
 * data object; all little-endian and packed (github.com/apptainer/sif, sif.go). */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "storage/probe.h"

/* squashfs superblock, format 4.0 */
#define SUPER_BLOCK_SIZE 12
#define SUPER_COMPRESSION 20
#define SUPER_BLOCK_LOG 22
#define SUPER_MAJOR 28
#define SUPER_BYTES_USED 40

/* SIF header and descriptor */
#define SIF_MAGIC_AT 32
#define SIF_ARCH_AT 45
#define SIF_TABLE_OFFSET 96
#define SIF_TABLE_BYTES 104
#define SIF_ENTRY_BYTES 585
#define SIF_ENTRY_USED 4
#define SIF_ENTRY_FILE_OFFSET 17
#define SIF_ENTRY_FILE_BYTES 25
#define SIF_ENTRY_EXTRA 201
#define SIF_PARTITION 0x4004
#define SIF_FS_SQUASHFS 1
#define SIF_FS_ENCRYPTED 5
#define SIF_PART_SYSTEM 1
#define SIF_PART_PRIMARY 2

static uint16_t le16_at(const unsigned char *data, size_t at)
{
	uint16_t value;

	memcpy(&value, data + at, sizeof(value));
	return le16toh(value);
}

static uint32_t le32_at(const unsigned char *data, size_t at)
{
	uint32_t value;

	memcpy(&value, data + at, sizeof(value));
	return le32toh(value);
}

static uint64_t le64_at(const unsigned char *data, size_t at)
{
	uint64_t value;

	memcpy(&value, data + at, sizeof(value));
	return le64toh(value);
}

static const struct {
	size_t at;
	const char *bytes;
	size_t len;
	enum probe_kind kind;
} magics[] = {
	{ 0, "hsqs", 4, PROBE_SQUASHFS },
	{ SIF_MAGIC_AT, "SIF_MAGIC", 10, PROBE_SIF },
	{ 257, "ustar", 5, PROBE_TAR },
	{ 0, "\x1f\x8b", 2, PROBE_TAR },	 /* gzip */
	{ 0, "\x28\xb5\x2f\xfd", 4, PROBE_TAR }, /* zstd */
	{ 0,
	  "\xfd"
	  "7zXZ",
	  5, PROBE_TAR },
	{ 0, "BZh", 3, PROBE_TAR },
	{ 1080, "\x53\xef", 2, PROBE_EXT },
	{ 0,
	  "\x7f"
	  "ELF",
	  4, PROBE_PROGRAM },
	{ 0, "#!", 2, PROBE_SCRIPT },
	{ 0, "{", 1, PROBE_JSON },
};

enum probe_kind probe_bytes(const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
		if (magics[i].at + magics[i].len <= len &&
		    memcmp(data + magics[i].at, magics[i].bytes, magics[i].len) == 0)
			return magics[i].kind;
	return PROBE_UNKNOWN;
}

int squashfs_check(const unsigned char *data, size_t len, uint64_t room_bytes,
		   uint64_t *ret_size_bytes)
{
	unsigned int block_log;
	uint64_t used;

	if (len < SQUASHFS_SUPER_BYTES || memcmp(data, "hsqs", 4) != 0)
		return refuse(EINVAL, "no squashfs superblock");
	if (le16_at(data, SUPER_MAJOR) != 4)
		return refuse(EINVAL, "squashfs version %u, only 4 can be read",
			      le16_at(data, SUPER_MAJOR));
	block_log = le16_at(data, SUPER_BLOCK_LOG);
	if (block_log < 12 || block_log > 20 ||
	    le32_at(data, SUPER_BLOCK_SIZE) != UINT32_C(1) << block_log)
		return refuse(EINVAL, "damaged squashfs: impossible block size");
	used = le64_at(data, SUPER_BYTES_USED);
	if (used < SQUASHFS_SUPER_BYTES)
		return refuse(EINVAL, "damaged squashfs: impossible size");
	if (used > room_bytes)
		return hint(
			refuse(EINVAL, "truncated squashfs: %llu of %llu bytes are there",
			       (unsigned long long)room_bytes, (unsigned long long)used),
			"copy the file again");
	*ret_size_bytes = used;
	return 0;
}

unsigned int squashfs_codec(const unsigned char *data)
{
	return le16_at(data, SUPER_COMPRESSION);
}

/* The names of Go, as SIF numbers them ("02" is amd64). */
static const char *sif_arch(const unsigned char *code)
{
	static const char *const names[] = { NULL,     "386",	 "amd64",    "arm",
					     "arm64",  "ppc64",	 "ppc64le",  "mips",
					     "mipsle", "mips64", "mips64le", "s390x",
					     "riscv64" };
	size_t number;

	if (code[0] < '0' || code[0] > '9' || code[1] < '0' || code[1] > '9')
		return NULL;
	number = (size_t)(code[0] - '0') * 10 + (size_t)(code[1] - '0');
	return number < ARRAY_SIZE(names) ? names[number] : NULL;
}

int sif_header_read(const unsigned char *data, size_t len, uint64_t file_bytes,
		    struct sif_header *ret)
{
	uint64_t offset, bytes;

	if (len < SIF_HEADER_BYTES || memcmp(data + SIF_MAGIC_AT, "SIF_MAGIC", 10) != 0)
		return refuse(EINVAL, "no SIF header");
	offset = le64_at(data, SIF_TABLE_OFFSET);
	bytes = le64_at(data, SIF_TABLE_BYTES);
	if (bytes > SIF_DESCRIPTORS_MAX_BYTES)
		return refuse(EINVAL, "damaged SIF: impossible table of descriptors");
	if (offset > file_bytes || bytes > file_bytes - offset)
		return hint(refuse(EINVAL,
				   "truncated or damaged SIF: its table of descriptors "
				   "is behind its end"),
			    "copy the file again");
	*ret = (struct sif_header){ .descriptors_offset = offset,
				    .descriptors_bytes = bytes,
				    .arch = sif_arch(data + SIF_ARCH_AT) };
	return 0;
}

/* Is this the descriptor of a root file system? */
static bool is_system_partition(const unsigned char *entry)
{
	uint32_t part = le32_at(entry, SIF_ENTRY_EXTRA + 4);

	return le32_at(entry, 0) == SIF_PARTITION && entry[SIF_ENTRY_USED] &&
	       (part == SIF_PART_SYSTEM || part == SIF_PART_PRIMARY);
}

static int partition_read(const unsigned char *entry, uint64_t file_bytes,
			  struct sif_partition *ret)
{
	uint32_t file_system = le32_at(entry, SIF_ENTRY_EXTRA);
	uint64_t offset = le64_at(entry, SIF_ENTRY_FILE_OFFSET);
	uint64_t size = le64_at(entry, SIF_ENTRY_FILE_BYTES);

	if (file_system == SIF_FS_ENCRYPTED)
		return refuse(EINVAL, "the SIF is encrypted, which urun can't read");
	if (file_system != SIF_FS_SQUASHFS)
		return refuse(EINVAL, "the SIF's root file system is no squashfs");
	if (offset > file_bytes || size > file_bytes - offset)
		return hint(refuse(EINVAL,
				   "truncated SIF: its root file system is behind "
				   "its end"),
			    "copy the file again");
	*ret = (struct sif_partition){ .offset = offset,
				       .size = size,
				       .arch = sif_arch(entry + SIF_ENTRY_EXTRA + 8) };
	return 0;
}

int sif_partition_find(const unsigned char *descriptors, size_t len, uint64_t file_bytes,
		       struct sif_partition *ret)
{
	const unsigned char *found = NULL;

	for (size_t at = 0; at + SIF_ENTRY_BYTES <= len; at += SIF_ENTRY_BYTES) {
		const unsigned char *entry = descriptors + at;

		if (!is_system_partition(entry))
			continue;
		if (!found || le32_at(entry, SIF_ENTRY_EXTRA + 4) == SIF_PART_PRIMARY)
			found = entry;
	}
	if (!found)
		return refuse(EINVAL, "the SIF has no root file system");
	return partition_read(found, file_bytes, ret);
}
