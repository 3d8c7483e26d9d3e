// SPDX-License-Identifier: Apache-2.0
/* layer.c - which writable layer lies on the root */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/layer.h"
#include "runtime/runtime.h"

int layer_plan_make(const struct spec *spec, const struct container_io *io,
		    struct layer_plan *ret)
{
	struct layer_plan plan = { .way = LAYER_WAY_NONE, .lock_fd = -1 };

	(void)io;
	plan.tmpfs_options = mem_text("mode=0755");
	if (spec->urun.layer == LAYER_TMPFS) {
		plan.way = LAYER_WAY_OVERLAY;
		plan.is_thrown_away = true;
		plan.options = mem_format(
			"lowerdir=lower,upperdir=upper,workdir=work%s",
			spec->ns[NS_USER].wanted ? ",userxattr" : "");
	}
	*ret = plan;
	return 0;
}

void layer_plan_done(struct layer_plan *plan)
{
	free(plan->tmpfs_options);
	free(plan->folder);
	free(plan->options);
	free(plan->removed_after);
	*plan = (struct layer_plan){ .lock_fd = -1 };
}
