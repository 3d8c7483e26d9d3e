// SPDX-License-Identifier: Apache-2.0
#include "base/mem.h"
#include "base/nearest.h"
#include "tests/tap.h"

static const char *nearest_to(const char *typed)
{
	static const char *const words[] = { "read-only", "overlay", "overlay-size",
					     "pull",	  "push",    "ps" };
	struct nearest nearest;

	nearest_start(&nearest, typed);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		nearest_offer(&nearest, words[i]);
	return nearest.word;
}

static void a_slip_is_found(void)
{
	ok_text(nearest_to("readonly"), "read-only");
	ok_text(nearest_to("pul"), "pull");
	ok_text(nearest_to("overlya"), "overlay");
}

static void nothing_near_is_nothing(void)
{
	ok(nearest_to("completely-different") == NULL);
	ok(nearest_to("") == NULL);
}

int main(void)
{
	RUN(a_slip_is_found);
	RUN(nothing_near_is_nothing);
	return tap_end();
}
