// SPDX-License-Identifier: Apache-2.0
/* mount.h - the mounts of a container; private to runtime */
#ifndef URUN_RUNTIME_MOUNT_H
#define URUN_RUNTIME_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/attach.h"

struct spec;
struct start_plan;

enum mount_way {
	MOUNT_BIND, /* a tree of the host */
	MOUNT_NEW,  /* a file system of its own */
};

/* One item of spec->mounts, its options understood. */
struct mount_plan {
	enum mount_way way;
	const char *source, *target; /* borrowed from the spec */
	const char *type;	     /* MOUNT_NEW; static or borrowed */
	unsigned long flags;	     /* MOUNT_NEW: MS_* */
	char *data;		     /* MOUNT_NEW; NULL: none */
	struct attach_attr attr;
	unsigned long propagation; /* MS_*; 0: as it is */
	bool recursive, optional, tmpcopyup;
	const char *instead; /* host path bound when the kernel refuses; NULL: none */
};

/* All of spec->mounts. The array is the caller's: mount_plans_free(). */
int mount_plans_make(const struct spec *spec, bool own_pids, struct mount_plan **ret,
		     size_t *ret_count);
void mount_plans_free(struct mount_plan *plans, size_t count);

/* Steps of the child (see child.c). */
int mount_all(struct start_plan *plan);
int mount_masks(struct start_plan *plan);
int mount_read_only_paths(struct start_plan *plan);

/* The path inside the root as a place to mount on, made if missing; but in the root's own
 * tree only: a link there may lead to what is the host's (EXDEV). A descriptor, or -1
 * with errno. */
int mount_point(int root_fd, const char *path, bool is_folder);

/* The same below the root that is being made, and also in what the spec has mounted on a
 * folder of path: there it was asked for. */
int mount_point_of(const struct start_plan *plan, const char *path, bool is_folder);

#endif
