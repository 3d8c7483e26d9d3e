// SPDX-License-Identifier: Apache-2.0
/* extract_main.c - urun-fs --unpack */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/strv.h"
#include "storage/codec.h"
#include "storage/confine.h"
#include "storage/extract.h"
#include "storage/squash.h"

#define FOLDER_FD 3
#define IMAGE_FD 4

static int parse_place(char **argv, struct squash_options *ret, unsigned int *ret_codec)
{
	long long offset, size, codec;

	if (text_to_number(argv[2], 10, 0, INT64_MAX, &offset) < 0 ||
	    text_to_number(argv[3], 10, 0, INT64_MAX, &size) < 0 ||
	    text_to_number(argv[4], 10, 0, UINT16_MAX, &codec) < 0)
		return refuse(EINVAL, "understand the place of the image");
	ret->offset = (uint64_t)offset;
	ret->size = (uint64_t)size;
	*ret_codec = (unsigned int)codec;
	return 0;
}

static int extract_image(int argc, char **argv)
{
	struct squash_options options = { .fd = IMAGE_FD };
	struct squash *squash = NULL;
	unsigned int codec = 0;
	int r;

	if (argc != 5)
		return refuse(EINVAL,
			      "urun-fs --unpack takes an offset, a size and a codec");
	r = parse_place(argv, &options, &codec);
	if (r < 0)
		return r;
	(void)codec_load(codec); /* if it can't be, squash_open() says so */
	/* Beyond the folders on the way: standard ones, ours, and the file being made. */
	confine_to_folder(FOLDER_FD, EXTRACT_DEPTH_MAX + 16);
	r = squash_open(&options, &squash);
	if (r < 0)
		return r;
	r = extract_tree(squash, FOLDER_FD);
	squash_free(squash);
	return r;
}

int extract_main(int argc, char **argv)
{
	int r = extract_image(argc, argv);

	if (r < 0)
		fprintf(stderr, "%s\n", last_error.text); /* urun names the image */
	return -r;
}
