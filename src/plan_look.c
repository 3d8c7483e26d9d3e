// SPDX-License-Identifier: Apache-2.0
/* plan_look.c - questions to the image's tree, answered together */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "planning.h"

static struct image_query *find(const struct looks *looks, const char *path)
{
	for (size_t i = 0; i < looks->count; i++)
		if (strcmp(looks->item[i].path, path) == 0)
			return &looks->item[i];
	return NULL;
}

void look_ask(struct looks *looks, const char *path, size_t read_bytes)
{
	struct image_query *query = find(looks, path);

	if (query) {
		if (query->read_bytes < read_bytes)
			query->read_bytes = read_bytes;
		return;
	}
	looks->item = mem_grow(looks->item, looks->count + 1, sizeof(*looks->item));
	looks->item[looks->count++] = (struct image_query){
		.path = mem_text(path),
		.read_bytes = read_bytes,
		.error = -ENOENT,
	};
}

int looks_answer(struct looks *looks, struct image_tree *tree)
{
	size_t first = looks->answered;

	looks->answered = looks->count;
	if (first == looks->count)
		return 0;
	return image_tree_look(tree, looks->item + first, looks->count - first);
}

void looks_done(struct looks *looks)
{
	for (size_t i = 0; i < looks->count; i++) {
		free((char *)looks->item[i].path);
		image_query_done(&looks->item[i]);
	}
	free(looks->item);
	*looks = (struct looks){ 0 };
}

const struct image_query *look_at(const struct looks *looks, const char *path)
{
	static const struct image_query nothing = { .error = -ENOENT };
	const struct image_query *query = find(looks, path);

	return query ? query : &nothing;
}

bool look_has(const struct looks *looks, const char *path)
{
	return look_at(looks, path)->error == 0;
}

bool look_is_folder(const struct looks *looks, const char *path)
{
	const struct image_query *query = look_at(looks, path);

	return query->error == 0 && S_ISDIR(query->mode);
}

const char *look_text(const struct looks *looks, const char *path)
{
	const struct image_query *query = look_at(looks, path);

	return query->error == 0 ? query->data : NULL;
}
