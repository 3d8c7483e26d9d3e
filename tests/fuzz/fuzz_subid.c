// SPDX-License-Identifier: Apache-2.0
/* fuzz_subid.c - /etc/subuid, and what getsubids prints: no id comes twice */
#include <stdlib.h>

#include "base/mem.h"
#include "runtime/subid.h"
#include "tests/fuzz/fuzz.h"

static const struct subid_owner owner = { "ann", 1000, 1000 };

static bool overlap(const struct id_map *a, const struct id_map *b)
{
	return a->outside < (uint64_t)b->outside + b->count &&
	       b->outside < (uint64_t)a->outside + a->count;
}

static void check(struct id_maps *maps)
{
	static const struct id_map own = { 0, 1000, 1 };

	for (size_t i = 0; i < maps->count; i++) {
		if (overlap(&maps->item[i], &own))
			abort(); /* our own id is mapped by itself */
		for (size_t k = 0; k < i; k++)
			if (overlap(&maps->item[i], &maps->item[k]))
				abort(); /* the kernel would refuse them */
	}
	id_maps_done(maps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_free char *text = mem_text_n((const char *)data, len);
	struct id_maps maps = { 0 };

	subid_parse_file(text, &owner, &maps);
	check(&maps);
	subid_parse_output(text, &owner, &maps);
	check(&maps);
	return 0;
}
