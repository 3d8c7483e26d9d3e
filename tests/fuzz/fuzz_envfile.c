// SPDX-License-Identifier: Apache-2.0
/* fuzz_envfile.c - files with variables, docker's, enroot's and Charliecloud's */
#include "base/mem.h"
#include "envfile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_free char *text = mem_text_n((const char *)data, len);
	auto_strv struct strv host = { 0 }, env = { 0 };

	env_set(&host, "A", "1");
	(void)envfile_docker("f", text, &host, &env);
	envfile_etc(text, &env);
	envfile_charliecloud(text, &host, &env);
	return 0;
}
