// SPDX-License-Identifier: Apache-2.0
/* rootfs.h - the new root: an image or a folder, and a writable layer on it; private
 *
 * In the child a scratch tmpfs is attached on top of "/" of the new mount namespace:
 *
 *	scratch/lower	the image server's mount, or the folder
 *	scratch/upper	what is written, scratch/work with it; or
 *	scratch/layer	a folder of the host with upper/ and work/ in it
 *	scratch/files	generated files to bind, where nothing can be written
 *	scratch/root	the overlay; without one, the root is scratch/lower
 *
 * pivot_root() takes it off the namespace again; it lives on as long as the overlay. */
#ifndef URUN_RUNTIME_ROOTFS_H
#define URUN_RUNTIME_ROOTFS_H

#include <stdbool.h>

#include "runtime/layer.h"

struct start_plan;
struct spec;
struct container_io;

/* What the steps leave for later ones. */
struct rootfs_state {
	int scratch_fd, root_fd;
	int upper_fd;	     /* what a thrown-away layer holds; -1: none */
	bool is_layered;     /* the root is an overlay */
	bool has_late_files; /* which are written when it is */
};

struct rootfs_plan {
	const char *folder; /* ROOT_FOLDER; NULL: an image */
	int image_fd;	    /* where the FUSE descriptor goes */
	char *fuse_options; /* of the image and of fuse-overlayfs: all but "fd=N" */
	struct layer_plan layer;
	struct rootfs_state now;
};

int rootfs_plan_make(const struct spec *spec, const struct container_io *io,
		     struct rootfs_plan *ret);
void rootfs_plan_done(struct rootfs_plan *plan, const struct spec *spec);

/* Steps of the child, in this order: 0, or -1 with errno. */
int rootfs_make_scratch(struct start_plan *plan);
int rootfs_mount_lower(struct start_plan *plan);
int rootfs_write_files(struct start_plan *plan);
int rootfs_list_image(struct start_plan *plan); /* so that names are known; never fails */
int rootfs_mount_layer(struct start_plan *plan);
int rootfs_write_late_files(struct start_plan *plan);
int rootfs_bind_files(struct start_plan *plan); /* after the mounts of the spec */
int rootfs_enter(struct start_plan *plan);
int rootfs_make_read_only(struct start_plan *plan);

#endif
