// SPDX-License-Identifier: Apache-2.0
/* image.c - what an image is, found out by its content */
#include <unistd.h>

#include "base/mem.h"
#include "storage/storage.h"

void image_free(struct image *image)
{
	if (!image)
		return;
	free(image->name);
	free(image->path);
	free(image->arch);
	if (image->fd >= 0)
		(void)close(image->fd); /* reading only */
	free(image);
}
