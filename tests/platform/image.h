// SPDX-License-Identifier: Apache-2.0
/* image.h - facts about a FUSE mount that is served from outside of its namespaces */
#ifndef URUN_TESTS_PLATFORM_IMAGE_H
#define URUN_TESTS_PLATFORM_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Does fact hold in user and mount namespaces where /tmp/image is runtime/trialfs.h's
 * tree, served from outside of them, and the fact's process has no copy of the
 * descriptor? */
bool holds_with_image(bool (*fact)(void));

/* Who looked a name up last then, as the kernel told the server. */
uint32_t image_last_uid(void);

#endif
