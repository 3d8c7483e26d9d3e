// SPDX-License-Identifier: Apache-2.0
/* base64.c - bytes as text */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/mem.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t len)
{
	const unsigned char *in = data;
	char *text = mem_alloc((len + 2) / 3 * 4 + 1);
	char *out = text;

	for (size_t at = 0; at < len; at += 3) {
		size_t n = len - at < 3 ? len - at : 3;
		uint32_t group = (uint32_t)in[at] << 16;

		group |= n > 1 ? (uint32_t)in[at + 1] << 8 : 0;
		group |= n > 2 ? (uint32_t)in[at + 2] : 0;
		for (size_t i = 0; i < 4; i++)
			*out++ = i <= n ? digits[group >> (18 - 6 * i) & 63] : '=';
	}
	return text;
}

/* Four characters to the bytes they stand for; 0: they stand for nothing. */
static size_t decode_group(const char *text, char out[3])
{
	size_t n = 0;
	uint32_t group = 0;

	while (n < 4 && text[n] != '=') {
		const char *digit = memchr(digits, text[n], sizeof(digits) - 1);

		if (!digit)
			return 0;
		group |= (uint32_t)(digit - digits) << (18 - 6 * n++);
	}
	if (n < 2 || (n == 2 && text[3] != '='))
		return 0;
	out[0] = (char)(group >> 16);
	out[1] = (char)(group >> 8);
	out[2] = (char)group;
	return n - 1;
}

int base64_decode(const char *text, char **ret_data, size_t *ret_len)
{
	size_t text_len = strlen(text), len = 0, n = 3;
	auto_free char *data = mem_alloc(text_len / 4 * 3 + 1);

	if (text_len % 4)
		return -EINVAL;
	for (size_t at = 0; at < text_len; at += 4) {
		char group[3];

		if (n < 3) /* padding is at the end only */
			return -EINVAL;
		n = decode_group(text + at, group);
		if (!n)
			return -EINVAL;
		memcpy(data + len, group, n);
		len += n;
	}
	*ret_data = take_ptr(&data);
	*ret_len = len;
	return 0;
}
