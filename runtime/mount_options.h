// SPDX-License-Identifier: Apache-2.0
/* mount_options.h - what a mount's list of options asks for; private to runtime */
#ifndef URUN_RUNTIME_MOUNT_OPTIONS_H
#define URUN_RUNTIME_MOUNT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strv.h"

/* runtime-spec 1.2, config.md, "Linux mount options". */
struct mount_options {
	unsigned long set, clear;      /* MS_*, without MS_BIND, MS_REC and propagation */
	unsigned long propagation;     /* MS_SHARED, ... perhaps with MS_REC; 0: none */
	uint64_t attr_set, attr_clear; /* MOUNT_ATTR_*, for mount_setattr(AT_RECURSIVE) */
	bool is_bind;		       /* "bind" or "rbind" */
	bool is_recursive;	       /* "rbind" */
	bool tmpcopyup; /* what the image has there is copied into the tmpfs */
	char *data;	/* the rest, "size=1m,mode=700"; NULL: none */
};

/* The last of two options that exclude each other wins; set and clear are disjoint.
 * "x-..." and "comment=..." are notes for programs like mount(8) and are dropped.
 * -ENOTSUP: "idmap", "ridmap"; -E2BIG: data the kernel would cut. With a sentence. */
int mount_options_parse(const struct strv *options, struct mount_options *ret);
void mount_options_done(struct mount_options *options);

/* "rslave" is MS_SLAVE | MS_REC. NULL: no such propagation. -EINVAL, no sentence. */
const char *mount_propagation_name(unsigned long propagation);
int mount_propagation_from_name(const char *name, unsigned long *ret);

#endif
