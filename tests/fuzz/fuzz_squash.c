// SPDX-License-Identifier: Apache-2.0
/* fuzz_squash.c - any bytes as an image */
#include <sys/mman.h>

#include "base/fd.h"
#include "tests/fuzz/fuzz.h"
#include "tests/storage/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_close int fd = memfd_create("image", MFD_CLOEXEC);
	struct walked walked;

	if (fd >= 0 && fd_write_all(fd, data, len) == 0)
		walk_image(fd, &walked);
	return 0;
}
