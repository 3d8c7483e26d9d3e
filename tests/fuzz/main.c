// SPDX-License-Identifier: Apache-2.0
/* main.c - what drives a fuzzer without libFuzzer: seeds, and changed seeds
 *
 * Usage: fuzz_x [-m COUNT] FILE...
 * Each FILE is tried as it is, and in COUNT changed forms, the same in each run: bytes
 * flipped, cut out, doubled, or taken from another place.
 *
 * For libFuzzer proper, in a build folder of its own:
 *	configure CC=clang CPPFLAGS=-DWITH_LIBFUZZER CFLAGS='-g -O1
 *-fsanitize=fuzzer-no-link' \
 *		--enable-sanitizers=address,undefined
 *	make && make tests/fuzz/fuzz_x LDFLAGS=-fsanitize=fuzzer
 *	tests/fuzz/fuzz_x -max_len=65536 FOLDER ../tests/fuzz/seeds/x
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#ifndef WITH_LIBFUZZER

#define SEED_MAX (1 << 20) /* bytes: seeds lie in the repository */
#define CHANGES_MAX 4	   /* in one form: more would only be refused at once */

/* xorshift: good enough to choose places, and the same everywhere. */
static uint32_t random_state = 2463534242U;

static size_t random_below(size_t bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return bound ? random_state % bound : 0;
}

/* Change data of len bytes, in a buffer of SEED_MAX; gives the new length. */
static size_t change(uint8_t *data, size_t len)
{
	size_t at = random_below(len), to = random_below(len),
	       count = random_below(16) + 1;

	if (!len)
		return 0;
	if (count > len - at)
		count = len - at;
	switch (random_below(4)) {
	case 0:
		data[at] ^= (uint8_t)(1U << random_below(8));
		return len;
	case 1:
		data[at] = (uint8_t)random_below(256);
		return len;
	case 2:
		memmove(data + at, data + at + count, len - at - count);
		return len - count;
	default:
		if (len + count > SEED_MAX)
			return len;
		memmove(data + to + count, data + to, len - to);
		memmove(data + to, data + at, count);
		return len + count;
	}
}

/* In a block of its own size, so that a sanitizer sees a read behind its end. */
static void try_bytes(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len); /* always 0 */
	free(copy);
}

static int try_file(const char *path, long changed_forms)
{
	static uint8_t seed[SEED_MAX], form[SEED_MAX];
	FILE *file = fopen(path, "rb");
	size_t len, form_len;

	if (!file) {
		perror(path);
		return 1;
	}
	len = fread(seed, 1, sizeof(seed), file);
	(void)fclose(file); /* reading only */
	try_bytes(seed, len);
	for (long i = 0; i < changed_forms; i++) {
		memcpy(form, seed, len);
		form_len = len;
		for (size_t n = random_below(CHANGES_MAX) + 1; n > 0; n--)
			form_len = change(form, form_len);
		try_bytes(form, form_len);
	}
	return 0;
}

int main(int argc, char **argv)
{
	long changed_forms = 0;
	int first = 1, failed = 0;

	if (argc > 2 && strcmp(argv[1], "-m") == 0) {
		changed_forms = strtol(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		failed |= try_file(argv[i], changed_forms);
	return failed;
}

#endif
