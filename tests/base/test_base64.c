// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/mem.h"
#include "tests/tap.h"

static void the_examples_of_the_rfc(void)
{
	static const char *const pairs[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		auto_free char *text = base64_encode(pairs[i][0], strlen(pairs[i][0]));
		auto_free char *data = NULL;
		size_t len = 99;

		ok_text(text, pairs[i][1]);
		ok(base64_decode(pairs[i][1], &data, &len) == 0);
		ok_text(data, pairs[i][0]);
		ok(len == strlen(pairs[i][0]));
	}
}

static void all_bytes_come_back(void)
{
	unsigned char bytes[256];
	auto_free char *text = NULL, *data = NULL;
	size_t len;

	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	text = base64_encode(bytes, sizeof(bytes));
	ok(base64_decode(text, &data, &len) == 0 && len == sizeof(bytes));
	ok(memcmp(data, bytes, sizeof(bytes)) == 0);
}

static void what_is_no_base64_is_refused(void)
{
	static const char *const bad[] = { "Zg",     "Zg=",  "Z===", "====", "Zg==Zg==",
					   "Zm9v\n", "Zm9%", "Z=g=", "Zg=v", "Zm9vZ" };
	char *data = (char *)bad;
	size_t len = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(base64_decode(bad[i], &data, &len) == -EINVAL);
	ok(data == (const char *)bad && len == 7);
}

int main(void)
{
	RUN(the_examples_of_the_rfc);
	RUN(all_bytes_come_back);
	RUN(what_is_no_base64_is_refused);
	return tap_end();
}
