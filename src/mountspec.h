// SPDX-License-Identifier: Apache-2.0
/* mountspec.h - what --bind, --mount, --tmpfs and --device say */
#ifndef URUN_MOUNTSPEC_H
#define URUN_MOUNTSPEC_H

#include <stdbool.h>

struct mount_words {
	char *type;	   /* "bind" or "tmpfs" */
	char *source;	   /* as written; NULL: none */
	char *destination; /* absolute, without ".." */
	char *options;	   /* comma-separated, for struct spec_mount */
	bool optional;	   /* a missing source is skipped */
};

/* "SRC[:DST[:OPT,...]]": -EINVAL with a sentence; -ENOTSUP: the name of a volume. */
int mount_words_from_bind(const char *text, struct mount_words *ret);

/* "type=bind,source=SRC,target=DST[,readonly]", as docker and podman have it. */
int mount_words_from_mount(const char *text, struct mount_words *ret);

/* "DST[:OPT,...]" */
int mount_words_from_tmpfs(const char *text, struct mount_words *ret);

/* "HOST[:INSIDE[:rwm]]"; destination is INSIDE, else HOST. Options are empty. */
int mount_words_from_device(const char *text, struct mount_words *ret);

void mount_words_done(struct mount_words *words);

#endif
