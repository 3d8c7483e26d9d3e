// SPDX-License-Identifier: Apache-2.0
/* layer.h - which writable layer lies on the root; private to runtime */
#ifndef URUN_RUNTIME_LAYER_H
#define URUN_RUNTIME_LAYER_H

#include <stdbool.h>

struct spec;
struct container_io;

enum layer_way {
	LAYER_WAY_NONE,		/* the lower tree is the root */
	LAYER_WAY_OVERLAY,	/* the kernel's overlayfs */
	LAYER_WAY_FUSE,		/* fuse-overlayfs */
};

struct layer_plan {
	enum layer_way way;
	char *tmpfs_options;	/* of the scratch tmpfs, with its size */
	char *folder;		/* host folder with upper/ and work/; NULL: in the tmpfs */
	bool folder_is_lower;	/* its upper/ is shown only; changes go to the tmpfs */
	bool is_thrown_away;	/* count what is lost */
	char *options;		/* of the overlay; paths are relative to the scratch */
	int lock_fd;		/* held by supervisor and init; -1: none */
	char *removed_after;	/* a private folder of this start's; NULL: none */
};

int layer_plan_make(const struct spec *spec, const struct container_io *io,
		    struct layer_plan *ret);

/* Removes the private folder, if there is one. */
void layer_plan_done(struct layer_plan *plan);

#endif
