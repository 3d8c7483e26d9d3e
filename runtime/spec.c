// SPDX-License-Identifier: Apache-2.0
/* spec.c - the specification of a container in memory */
#include "base/mem.h"
#include "runtime/runtime.h"

void id_maps_done(struct id_maps *maps)
{
	free(maps->item);
	*maps = (struct id_maps){ 0 };
}
