// SPDX-License-Identifier: Apache-2.0
/* fuzz_probe.c - the first bytes of an image file: squashfs, SIF, ELF */
#include "machine.h"
#include "storage/probe.h"
#include "tests/fuzz/fuzz.h"

#define FILE_BYTES (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sif_header header;
	struct sif_partition part;
	uint64_t size;

	(void)probe_bytes(data, len);
	(void)squashfs_check(data, len, FILE_BYTES, &size);
	(void)machine_of_elf((const char *)data, len);
	if (sif_header_read(data, len, FILE_BYTES, &header) == 0 &&
	    len > SIF_HEADER_BYTES)
		(void)sif_partition_find(data + SIF_HEADER_BYTES, len - SIF_HEADER_BYTES,
					 FILE_BYTES, &part);
	return 0;
}
