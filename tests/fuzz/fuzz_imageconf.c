// SPDX-License-Identifier: Apache-2.0
/* fuzz_imageconf.c - the configuration of an image */
#include "storage/storage.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct image_config config;

	if (image_config_read((const char *)data, len, &config) == 0)
		image_config_done(&config);
	return 0;
}
