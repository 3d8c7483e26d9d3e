// SPDX-License-Identifier: Apache-2.0
/* walk.h - visit all of an image in this process, as the kernel would through FUSE */
#ifndef URUN_TESTS_WALK_H
#define URUN_TESTS_WALK_H

#include <stdbool.h>
#include <stdint.h>

struct walked {
	bool is_opened;	     /* false: the image as a whole was refused */
	unsigned int nodes;  /* visited */
	unsigned int errors; /* of them, or of their content */
	uint64_t bytes;	     /* read */
	uint64_t sum;	     /* of names, attributes and content */
};

/* Everything that a mount can be asked about the image in fd: listings, attributes, names
 * that are there and not, links, content, holes, attributes. Ends at limits that no image
 * of a test needs, since a damaged one can have folders in each other. */
void walk_image(int fd, struct walked *ret);

#endif
