// SPDX-License-Identifier: Apache-2.0
/* plan.h - from settings and an image to a specification
 *
 * The one place where runtime, storage, net and hpc meet. Each plan_*() edits the
 * spec; plan_make() calls them in the order in which they depend on each other. */
#ifndef URUN_PLAN_H
#define URUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "runtime/runtime.h"
#include "settings.h"
#include "storage/storage.h"

/* How the command line names what to run (design, section 9). */
enum plan_verb {
	PLAN_EXEC,  /* urun IMAGE COMMAND: without the entry point */
	PLAN_RUN,   /* urun run IMAGE [ARG], urun IMAGE */
	PLAN_SHELL, /* urun shell IMAGE */
};

/* A sentence for "urun explain": what was decided, and why. */
struct plan_note {
	const char *topic; /* "identity", "files", "environment", "isolation", ... */
	char *text;
};

struct plan {
	struct spec *spec;
	struct image *image;
	struct image_tree *tree; /* NULL once it is unpacked */
	struct image_config config;
	struct strv env_kept, env_dropped; /* names, for explain */
	struct plan_note *notes;
	size_t n_notes;
	char *runtime_dir; /* design, section 3 */
};

/* Plan the run of image with args. On success the image server has been told what to
 * show, if there is one, and io (see runtime.h) is ready for container_create(). Without
 * ret_io nothing is made, unpacked or served: the plan is for looking at. */
int plan_make(const struct settings *settings, enum plan_verb verb, const char *image,
	      const struct strv *args, struct plan **ret, struct container_io *ret_io);
void plan_free(struct plan *plan);
void plan_done(struct plan *plan); /* the content only */

/* The same for "IMAGE [COMMAND [ARG]...]", for looking at it only. */
int plan_from_words(const struct settings *settings, const struct strv *words,
		    struct plan **ret);

/* Remember why, for explain. */
void plan_note(struct plan *plan, const char *topic, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
