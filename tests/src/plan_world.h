// SPDX-License-Identifier: Apache-2.0
/* plan_world.h - a made-up caller and image for the planners' tests
 *
 * The image is a folder of the test's scratch folder; the caller is ann, 1000:1000. */
#ifndef URUN_TESTS_PLAN_WORLD_H
#define URUN_TESTS_PLAN_WORLD_H

#include "planning.h"

struct world {
	struct settings settings;
	struct plan_host host;
	struct strv args;
	struct plan plan;
	struct planning planning;
	const char *layer_folder; /* of the host's files; NULL: none is kept */
	char scratch[64];	  /* the host's files: host/, the image's: image/ */
};

void world_make(struct world *world);
void world_done(struct world *world);

/* Write below the scratch folder: "image/etc/passwd". Folders are made. */
void world_file(struct world *world, const char *path, const char *text);
void world_folder(struct world *world, const char *path);
char *world_path(const struct world *world, const char *path); /* the caller frees */

void world_set(struct world *world, const char *option, const char *value);
void world_args(struct world *world, const char *words);

/* Run all planners. */
int world_plan(struct world *world, enum plan_verb verb);

const struct spec_mount *world_mount(const struct world *world, const char *destination);
const char *world_env(const struct world *world, const char *name);
const struct spec_file *world_made(const struct world *world, const char *path);
bool world_has_note(const struct world *world, const char *part);

#endif
