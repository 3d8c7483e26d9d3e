// SPDX-License-Identifier: Apache-2.0
/* layer.h - which writable layer lies on the root; private to runtime */
#ifndef URUN_RUNTIME_LAYER_H
#define URUN_RUNTIME_LAYER_H

#include <stdbool.h>
#include <stdint.h>

struct spec;
struct container_io;

enum layer_way {
	LAYER_WAY_NONE,	   /* the lower tree is the root */
	LAYER_WAY_OVERLAY, /* the kernel's overlayfs */
	LAYER_WAY_FUSE,	   /* fuse-overlayfs */
};

struct layer_plan {
	enum layer_way way;
	char *tmpfs_options;  /* of the scratch tmpfs, with its size */
	char *folder;	      /* host folder with upper/ and work/; NULL: in the tmpfs */
	bool folder_is_lower; /* its upper/ is shown only; changes go to the tmpfs */
	bool is_thrown_away;  /* count what is lost */
	bool is_optional;     /* only for mount points: without it they must be there */
	bool root_is_read_only; /* asked for, or nothing else is possible */
	char *options;		/* of the overlay; paths are relative to the scratch */
	int lock_fd;		/* held by supervisor and init; -1: none */
	bool is_private;	/* folder is this start's own, removed at the end */
};

/* Choose. Says in one warning when the changes that were asked for are not possible. */
int layer_plan_make(const struct spec *spec, const struct container_io *io,
		    struct layer_plan *ret);

/* Removes the private folder, if there is one. */
void layer_plan_done(struct layer_plan *plan, const struct spec *spec);

/* ---- layer_memory.c: what is known of this machine -------------------------- */

/* layer_trial(dir), unless runtime_dir (NULL: none) remembers its verdict for this kernel
 * and the file system of dir. dir NULL: tmpfs. 0, or -errno with a sentence. */
int layer_verdict(const char *runtime_dir, const char *dir);

/* ---- layer_size.c ----------------------------------------------------------- */

/* The bound of a layer in memory: half of what this process may still use. */
uint64_t layer_default_bytes(void);

/* ---- layer_folder.c: folders of the host that hold a layer ------------------ */

/* Make upper/ and work/ in dir, and lock it, for one writer or many readers. -EBUSY names
 * who uses it. */
int layer_folder_open(const char *dir, bool shared, int *ret_lock_fd);

/* A new private folder below dir, locked. Removes what killed starts left there. */
int layer_folder_new(const struct spec *spec, const char *dir, char **ret_path,
		     int *ret_lock_fd);

/* Remove a private folder; what belongs to mapped ids, from inside such a mapping. */
void layer_folder_remove(const struct spec *spec, const char *path);

#endif
