// SPDX-License-Identifier: Apache-2.0
/* plan_world.c - a made-up caller and image */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "options.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

char *world_path(const struct world *world, const char *path)
{
	return path_join(world->scratch, path);
}

void world_folder(struct world *world, const char *path)
{
	auto_close int scratch_fd = open(world->scratch,
					 O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int fd = file_make_folders_in(scratch_fd, path);

	ok(fd >= 0);
}

void world_file(struct world *world, const char *path, const char *text)
{
	auto_free char *full = world_path(world, path);
	auto_free char *dir = mem_text_n(path, (size_t)(strrchr(path, '/') - path));
	auto_close int fd = -1;

	world_folder(world, dir);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ok(fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0);
}

void world_make(struct world *world)
{
	auto_free char *root = NULL;

	*world = (struct world){ .scratch = "/tmp/urun-test-plan-XXXXXX" };
	if (!mkdtemp(world->scratch))
		abort();
	settings_init(&world->settings);
	world_folder(world, "image/tmp");
	world_file(world, "host/etc/passwd", "ann:x:1000:1000:Ann:/home/ann:/bin/zsh\n");
	root = world_path(world, "host");
	world->host = (struct plan_host){ .uid = 1000,
					  .gid = 1000,
					  .root = take_ptr(&root) };
	env_set(&world->host.env, "USER", "ann");
}

void world_set(struct world *world, const char *option, const char *value)
{
	struct setting_source source = { .kind = SOURCE_COMMAND_LINE, .name = option };
	bool opposite;
	const struct opt *opt = opt_find(run_opts, option, &opposite);

	ok(opt && opt_set(opt, &world->settings, value, &source) == 0);
}

void world_args(struct world *world, const char *words)
{
	strv_split(&world->args, words, " ");
}

int world_plan(struct world *world, enum plan_verb verb)
{
	auto_free char *image = world_path(world, "image");
	struct image_tree_options options = { 0 };
	struct planning *p = &world->planning;

	world->plan.spec = mem_alloc(sizeof(*world->plan.spec));
	if (world->layer_folder) {
		world->plan.spec->urun.layer = LAYER_FOLDER;
		world->plan.spec->urun.layer_folder = mem_text(world->layer_folder);
	}
	ok(image_open(image, &world->plan.image) == 0);
	ok(image_tree_open(world->plan.image, &options, &world->plan.tree) == 0);
	*p = (struct planning){ .settings = &world->settings,
				.host = &world->host,
				.verb = verb,
				.args = &world->args,
				.plan = &world->plan,
				.spec = world->plan.spec };
	return planning_decide(p);
}

void world_done(struct world *world)
{
	free((char *)world->host.root);
	planning_done(&world->planning);
	plan_host_done(&world->host);
	strv_done(&world->args);
	settings_done(&world->settings);
	plan_done(&world->plan);
	(void)file_remove_tree(AT_FDCWD, world->scratch); /* a leftover hurts nobody */
}

const struct spec_mount *world_mount(const struct world *world, const char *destination)
{
	const struct spec *spec = world->plan.spec;

	for (size_t i = spec->n_mounts; i-- > 0;)
		if (strcmp(spec->mounts[i].destination, destination) == 0)
			return &spec->mounts[i];
	return NULL;
}

const char *world_env(const struct world *world, const char *name)
{
	return env_get(&world->plan.spec->process.env, name);
}

const struct spec_file *world_made(const struct world *world, const char *path)
{
	const struct spec_urun *urun = &world->plan.spec->urun;

	for (size_t i = 0; i < urun->n_files; i++)
		if (strcmp(urun->files[i].path, path) == 0)
			return &urun->files[i];
	return NULL;
}

bool world_has_note(const struct world *world, const char *part)
{
	for (size_t i = 0; i < world->plan.n_notes; i++)
		if (strstr(world->plan.notes[i].text, part))
			return true;
	return false;
}
