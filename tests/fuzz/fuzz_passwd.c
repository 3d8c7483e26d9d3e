// SPDX-License-Identifier: Apache-2.0
/* fuzz_passwd.c - the image's /etc/passwd and /etc/group */
#include "base/mem.h"
#include "passwd.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_free char *text = mem_text_n((const char *)data, len);
	struct passwd_entry entry;
	const char *at = text;

	while (passwd_next(&at, &entry))
		(void)passwd_has_member(&entry, "ann");
	(void)passwd_by_name(text, "ann", &entry);
	free(passwd_with(text, "ann:x:1000:1000:Ann:/home/ann:/bin/sh"));
	return 0;
}
