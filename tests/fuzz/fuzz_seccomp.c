// SPDX-License-Identifier: Apache-2.0
/* fuzz_seccomp.c - files of seccomp profiles: reading, compiling, writing */
#include "base/json.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_json struct json *json = NULL, *written = NULL;
	struct seccomp_programs programs;
	struct spec spec = { 0 };

	if (json_read("profile", (const char *)data, len, &json) < 0 ||
	    seccomp_from_json(json, 1, &spec.seccomp) < 0)
		return 0;
	written = seccomp_to_json(spec.seccomp);
	if (seccomp_compile(&spec, &programs) == 0)
		seccomp_programs_done(&programs);
	seccomp_free(spec.seccomp);
	return 0;
}
