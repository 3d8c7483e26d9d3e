// SPDX-License-Identifier: Apache-2.0
/* fuzz_spec.c - config.json: reading, writing, and reading what was written */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/mount_options.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "tests/fuzz/fuzz.h"

static void try_parts(const struct spec *spec)
{
	struct seccomp_programs programs;
	struct mount_options options;

	for (size_t i = 0; i < spec->n_mounts; i++)
		if (mount_options_parse(&spec->mounts[i].options, &options) == 0)
			mount_options_done(&options);
	if (seccomp_compile(spec, &programs) == 0)
		seccomp_programs_done(&programs);
}

static void comes_back(const struct spec *spec)
{
	auto_json struct json *first = spec_to_json(spec), *second = NULL;
	auto_free char *first_text = json_print(first, false), *second_text = NULL;
	struct spec *again = NULL;

	if (spec_from_json(first, &again) < 0)
		abort(); /* what is written can be read */
	second = spec_to_json(again);
	second_text = json_print(second, false);
	if (strcmp(first_text, second_text) != 0)
		abort(); /* and is the same */
	spec_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_json struct json *json = NULL;
	struct spec *spec = NULL;

	log_set_level(LOG_QUIET);
	if (json_read("config.json", (const char *)data, len, &json) < 0 ||
	    spec_from_json(json, &spec) < 0)
		return 0;
	try_parts(spec);
	comes_back(spec);
	spec_free(spec);
	return 0;
}
