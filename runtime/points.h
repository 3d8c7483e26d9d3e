// SPDX-License-Identifier: Apache-2.0
/* points.h - mount points on a folder that is not ours; private to runtime
 *
 * The overlay copies a folder's owner up with it. Where that owner has no id inside, as
 * root of the host for most, nothing can be made in such a folder: EACCES. So the mount
 * points are put into the layer before it is mounted. (The image server shows them by
 * itself.) */
#ifndef URUN_RUNTIME_POINTS_H
#define URUN_RUNTIME_POINTS_H

struct start_plan;

/* A step of the child, before the layer is mounted: 0, or -1 with errno. */
int points_make(struct start_plan *plan);

#endif
