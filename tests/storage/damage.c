// SPDX-License-Identifier: Apache-2.0
/* damage.c - damage an image in every way and read all of it
 *
 *	damage IMAGE [FLIPS]
 *
 * IMAGE is at most 1 MiB. Nothing may crash, hang or leak; run it under sanitizers. Each
 * kind of damage is one test. What is damaged is the same in each run.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "tests/storage/walk.h"
#include "tests/tap.h"

#define IMAGE_MAX (1 << 20)
#define WALK_LIMIT_S 20 /* a walk takes milliseconds: longer is a hang */
#define CUT_STEP 4096
#define FLIPS_FOR_ALL 2000
#define SUPER_BYTES 96

static unsigned char *image; /* undamaged */
static size_t image_len;
static unsigned int flips = FLIPS_FOR_ALL;
static struct walked whole; /* what a walk over the undamaged image finds */
static unsigned long refused, wounded, unharmed;

static void walk_bytes(const unsigned char *data, size_t len)
{
	auto_close int fd = memfd_create("damaged", MFD_CLOEXEC);
	struct walked walked;

	if (!ok(fd >= 0 && fd_write_all(fd, data, len) == 0))
		return;
	(void)alarm(WALK_LIMIT_S); /* the default action ends us: a failure */
	walk_image(fd, &walked);
	(void)alarm(0);
	refused += !walked.is_opened;
	wounded += walked.is_opened && walked.errors;
	unharmed += walked.sum == whole.sum;
}

static void change(size_t at, const void *bytes, size_t len)
{
	auto_free unsigned char *copy = mem_alloc(image_len);

	memcpy(copy, image, image_len);
	memcpy(copy + at, bytes, len);
	walk_bytes(copy, image_len);
}

static void report(const char *what)
{
	printf("# %s: %lu refused, %lu with errors, %lu unharmed\n", what, refused,
	       wounded, unharmed);
	refused = wounded = unharmed = 0;
}

/* ---- the tests -------------------------------------------------------- */

static void undamaged_image_has_no_errors(void)
{
	walk_bytes(image, image_len);
	ok(refused == 0 && wounded == 0);
	refused = wounded = unharmed = 0;
}

static void truncated_image_is_refused(void)
{
	unsigned long cuts = 0;

	for (size_t len = 0; len + CUT_STEP < image_len; len += CUT_STEP, cuts++)
		walk_bytes(image, len);
	ok(refused == cuts);
	report("cut");
}

/* A cut image whose superblock pretends that it is whole that way. */
static void truncated_image_with_a_fitting_size_is_survived(void)
{
	for (size_t len = CUT_STEP; len + CUT_STEP < image_len; len += CUT_STEP) {
		auto_free unsigned char *copy = mem_alloc(len);
		uint64_t bytes = len;

		memcpy(copy, image, len);
		memcpy(copy + 40, &bytes, sizeof(bytes));
		walk_bytes(copy, len);
	}
	report("cut and said so");
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void flipped_bytes_are_survived(void)
{
	uint32_t random = 20241018;

	for (unsigned int i = 0; i < flips; i++) {
		size_t at = next_random(&random) % image_len;
		unsigned char byte = image[at] ^
				     (unsigned char)(next_random(&random) | 1);

		change(at, &byte, 1);
	}
	report("flipped");
}

/* The tables are at the end: half of the image's bytes are never looked at by name. */
static void flipped_bytes_of_tables_are_survived(void)
{
	uint32_t random = 118;
	uint64_t tables;

	memcpy(&tables, image + 64, sizeof(tables));
	for (unsigned int i = 0; i < flips && tables < image_len; i++) {
		size_t at = tables + next_random(&random) % (image_len - tables);
		unsigned char byte = (unsigned char)next_random(&random);

		change(at, &byte, 1);
	}
	report("flipped in tables");
}

static const uint64_t extremes[] = {
	0,	    1,		2,
	95,	    96,		0x7f,
	0x80,	    0xff,	0x7fff,
	0x8000,	    0xffff,	0x10000,
	1u << 20,   0x7fffffff, 0x80000000,
	0xfffffffe, 0xffffffff, 1ull << 40,
	INT64_MAX,  1ull << 63, UINT64_MAX - 1,
	UINT64_MAX,
};

static void extreme_superblocks_are_survived(void)
{
	for (size_t at = 0; at < SUPER_BYTES; at += 2)
		for (size_t i = 0; i < ARRAY_SIZE(extremes); i++)
			for (size_t len = 2; len <= 8 && at + len <= SUPER_BYTES;
			     len *= 2)
				change(at, &extremes[i], len);
	report("superblocks");
}

static void extreme_tables_are_survived(void)
{
	static const uint32_t values[] = { 0, 1, 0x7fff, 0x8000, 0xffff, 0xffffffff };
	uint64_t tables;
	size_t step;

	memcpy(&tables, image + 64, sizeof(tables));
	if (tables >= image_len)
		return;
	step = (image_len - tables) / (flips / 4) / 2 * 2 + 2;
	for (size_t at = tables; at + 4 < image_len; at += step)
		for (size_t i = 0; i < ARRAY_SIZE(values); i++)
			change(at, &values[i], values[i] > 0xffff ? 4 : 2);
	report("tables");
}

static int read_image(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	image = mem_alloc(IMAGE_MAX);
	n = fd < 0 ? -1 : fd_read_at(fd, image, IMAGE_MAX, 0);
	if (n < SUPER_BYTES || n == IMAGE_MAX)
		return -1;
	image_len = (size_t)n;
	walk_image(fd, &whole);
	return whole.is_opened ? 0 : -1;
}

int main(int argc, char **argv)
{
	if (argc < 2 || read_image(argv[1]) < 0) {
		printf("Bail out! damage: an image of at most 1 MiB is needed\n");
		return 1;
	}
	if (argc > 2)
		flips = (unsigned int)atoi(argv[2]);
	printf("# %zu bytes, %u nodes, %llu bytes of content\n", image_len, whole.nodes,
	       (unsigned long long)whole.bytes);
	RUN(undamaged_image_has_no_errors);
	RUN(truncated_image_is_refused);
	RUN(truncated_image_with_a_fitting_size_is_survived);
	RUN(flipped_bytes_are_survived);
	RUN(flipped_bytes_of_tables_are_survived);
	if (flips >= FLIPS_FOR_ALL) /* superblocks don't depend on the compressor */
		RUN(extreme_superblocks_are_survived);
	RUN(extreme_tables_are_survived);
	free(image);
	return tap_end();
}
