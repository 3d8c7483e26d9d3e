// SPDX-License-Identifier: Apache-2.0
/* fuzz_mountspec.c - --bind, --mount, --tmpfs and --device, one a line */
#include "base/mem.h"
#include "base/strv.h"
#include "mountspec.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int (*const readers[])(const char *, struct mount_words *) = {
		mount_words_from_bind,
		mount_words_from_mount,
		mount_words_from_tmpfs,
		mount_words_from_device,
	};
	auto_free char *text = mem_text_n((const char *)data, len);
	auto_strv struct strv lines = { 0 };

	strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(readers); k++) {
			struct mount_words words;

			if (readers[k](lines.item[i], &words) == 0)
				mount_words_done(&words);
		}
	return 0;
}
