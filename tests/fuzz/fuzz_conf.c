// SPDX-License-Identifier: Apache-2.0
/* fuzz_conf.c - config files: the lines, and the variables in their values */
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "conf_file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char *const variables[] = { (char *)"HOME=/home/x", (char *)"A=", NULL };
	auto_strv struct strv warnings = { 0 };
	struct conf_file file;

	if (len > CONF_FILE_MAX)
		return 0;
	if (conf_file_parse("x.conf", SOURCE_USER, mem_text_n((const char *)data, len),
			    len, &warnings, &file) < 0)
		return 0;
	for (size_t i = 0; i < file.count; i++) {
		auto_free char *value = NULL, *missing = NULL;

		if (file.lines[i].value)
			(void)conf_expand(file.lines[i].value, variables, &value,
					  &missing);
	}
	conf_file_done(&file);
	return 0;
}
