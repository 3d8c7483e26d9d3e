// SPDX-License-Identifier: Apache-2.0
/* lost.h - which files are lost with a layer that is thrown away; private to runtime
 *
 * Both functions allocate nothing: they run in init. */
#ifndef URUN_RUNTIME_LOST_H
#define URUN_RUNTIME_LOST_H

#include <stddef.h>
#include <stdint.h>

/* Mark what urun itself put into the layer: it is no loss. 0, or -1 with errno. */
int lost_stamp(int dir_fd, const char *name);

/* Count the files in a layer's upper folder that urun did not put there, outside /tmp,
 * /var and /run. One of them goes to example, "" when there is none. */
uint64_t lost_count(int upper_fd, char *example, size_t example_size);

#endif
