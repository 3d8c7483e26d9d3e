// SPDX-License-Identifier: Apache-2.0
/* envfile.h - files with environment variables, in the four formats people have */
#ifndef URUN_ENVFILE_H
#define URUN_ENVFILE_H

#include <stddef.h>

#include "base/strv.h"

#define ENVFILE_MAX_BYTES (1 << 20) /* execve(2) takes 2 MiB of variables by default */

/* docker's --env-file: "NAME=VALUE" literally, "NAME" copies from host, "#" comments.
 * name is for the sentence. -EINVAL with file and line. */
int envfile_docker(const char *name, const char *text, const struct strv *host,
		   struct strv *ret);

/* enroot's and PAM's /etc/environment: "NAME=VALUE", quotes around VALUE removed,
 * "export " skipped. What makes no sense is skipped: the file is the image's. */
void envfile_etc(const char *text, struct strv *ret);

/* Charliecloud's /ch/environment: single quotes around VALUE removed; of VALUE's items
 * between colons, "$NAME" is replaced by what ret (or host) has, or vanishes. */
void envfile_charliecloud(const char *text, const struct strv *host, struct strv *ret);

#endif
