// SPDX-License-Identifier: Apache-2.0
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "storage/probe.h"
#include "tests/tap.h"

#define FILE_BYTES 1000000

static void put64(unsigned char *at, uint64_t value)
{
	value = htole64(value);
	memcpy(at, &value, sizeof(value));
}

static void put32(unsigned char *at, uint32_t value)
{
	value = htole32(value);
	memcpy(at, &value, sizeof(value));
}

static void make_super(unsigned char super[SQUASHFS_SUPER_BYTES], uint64_t used)
{
	memset(super, 0, SQUASHFS_SUPER_BYTES);
	memcpy(super, "hsqs", 4);
	put32(super + 12, 131072);
	super[22] = 17;
	super[28] = 4;
	put64(super + 40, used);
}

static void accepts_a_whole_squashfs(void)
{
	unsigned char super[SQUASHFS_SUPER_BYTES];
	uint64_t size = 0;

	make_super(super, 5000);
	ok(probe_bytes(super, sizeof(super)) == PROBE_SQUASHFS);
	ok(squashfs_check(super, sizeof(super), 8192, &size) == 0);
	ok(size == 5000);
}

static void refuses_damaged_superblocks(void)
{
	unsigned char super[SQUASHFS_SUPER_BYTES];
	uint64_t size = 7;

	make_super(super, 5000);
	ok(squashfs_check(super, sizeof(super), 4096, &size) == -EINVAL);
	ok(strstr(last_error.text, "truncated"));
	ok(squashfs_check(super, sizeof(super) - 1, 8192, &size) == -EINVAL);
	super[28] = 3;
	ok(squashfs_check(super, sizeof(super), 8192, &size) == -EINVAL);
	ok(strstr(last_error.text, "version 3"));
	make_super(super, 5000);
	super[22] = 40;
	ok(squashfs_check(super, sizeof(super), 8192, &size) == -EINVAL);
	make_super(super, 10);
	ok(squashfs_check(super, sizeof(super), 8192, &size) == -EINVAL);
	ok(size == 7);
}

static void make_sif(unsigned char header[SIF_HEADER_BYTES], uint64_t offset,
		     uint64_t bytes)
{
	memset(header, 0, SIF_HEADER_BYTES);
	memcpy(header, "#!/usr/bin/env run-singularity\n", 31);
	memcpy(header + 32, "SIF_MAGIC", 10);
	memcpy(header + 45, "04", 3);
	put64(header + 96, offset);
	put64(header + 104, bytes);
}

static void make_partition(unsigned char entry[585], uint32_t fs, uint32_t part)
{
	memset(entry, 0, 585);
	put32(entry, 0x4004);
	entry[4] = 1;
	put64(entry + 17, 40960);
	put64(entry + 25, 8192);
	put32(entry + 201, fs);
	put32(entry + 205, part);
	memcpy(entry + 209, "02", 3);
}

static void finds_the_table_of_a_sif(void)
{
	unsigned char header[SIF_HEADER_BYTES];
	struct sif_header found = { 0 };

	make_sif(header, 4096, 585 * 3);
	ok(probe_bytes(header, sizeof(header)) == PROBE_SIF);
	ok(sif_header_read(header, sizeof(header), FILE_BYTES, &found) == 0);
	ok(found.descriptors_offset == 4096 && found.descriptors_bytes == 585 * 3);
	ok_text(found.arch, "arm64");
}

static void refuses_tables_out_of_the_file(void)
{
	unsigned char header[SIF_HEADER_BYTES];
	struct sif_header found;

	make_sif(header, UINT64_MAX - 100, 585);
	ok(sif_header_read(header, sizeof(header), FILE_BYTES, &found) == -EINVAL);
	make_sif(header, 4096, UINT64_MAX);
	ok(sif_header_read(header, sizeof(header), FILE_BYTES, &found) == -EINVAL);
	make_sif(header, FILE_BYTES, 585);
	ok(sif_header_read(header, sizeof(header), FILE_BYTES, &found) == -EINVAL);
	ok(sif_header_read(header, 100, FILE_BYTES, &found) == -EINVAL);
}

static void prefers_the_primary_partition(void)
{
	unsigned char table[3 * 585];
	struct sif_partition part = { 0 };

	make_partition(table, 1, 4); /* an overlay */
	make_partition(table + 585, 1, 1);
	make_partition(table + 2 * 585, 1, 2);
	put64(table + 2 * 585 + 17, 500000);
	ok(sif_partition_find(table, sizeof(table), FILE_BYTES, &part) == 0);
	ok(part.offset == 500000 && part.size == 8192);
	ok_text(part.arch, "amd64");
}

static void refuses_what_it_cannot_serve(void)
{
	unsigned char entry[585];
	struct sif_partition part = { .offset = 7 };

	make_partition(entry, 5, 2);
	ok(sif_partition_find(entry, sizeof(entry), FILE_BYTES, &part) == -EINVAL);
	ok(strstr(last_error.text, "encrypted"));
	make_partition(entry, 2, 2);
	ok(sif_partition_find(entry, sizeof(entry), FILE_BYTES, &part) == -EINVAL);
	make_partition(entry, 1, 2);
	put64(entry + 25, FILE_BYTES);
	ok(sif_partition_find(entry, sizeof(entry), FILE_BYTES, &part) == -EINVAL);
	ok(strstr(last_error.text, "truncated"));
	entry[4] = 0;
	ok(sif_partition_find(entry, sizeof(entry), FILE_BYTES, &part) == -EINVAL);
	ok(sif_partition_find(entry, 100, FILE_BYTES, &part) == -EINVAL);
	ok(part.offset == 7);
}

int main(void)
{
	RUN(accepts_a_whole_squashfs);
	RUN(refuses_damaged_superblocks);
	RUN(finds_the_table_of_a_sif);
	RUN(refuses_tables_out_of_the_file);
	RUN(prefers_the_primary_partition);
	RUN(refuses_what_it_cannot_serve);
	return tap_end();
}
