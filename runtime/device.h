// SPDX-License-Identifier: Apache-2.0
/* device.h - device nodes of a container; private to runtime */
#ifndef URUN_RUNTIME_DEVICE_H
#define URUN_RUNTIME_DEVICE_H

#include <stdbool.h>

struct start_plan;

/* A step of the child: spec->devices, and where /dev is a file system of the container's
 * own also what each container must have (runtime-spec: "Default Devices",
 * "Dev symbolic links"). 0, or -1 with errno. */
int device_make_all(struct start_plan *plan);

/* Is /dev a file system of the container's own? */
bool device_has_own_dev(const struct start_plan *plan);

#endif
