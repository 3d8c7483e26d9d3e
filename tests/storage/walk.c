// SPDX-License-Identifier: Apache-2.0
/* walk.c - visit all of an image in this process */
#include <string.h>

#include "base/error.h"
#include "storage/answer.h"
#include "tests/storage/walk.h"

#define NODES_MAX 5000
#define BYTES_MAX (32u << 20)
#define DEPTH_MAX 64

struct walk {
	struct squash *squash;
	struct tree *tree;
	struct walked *result;
};

static void add(struct walk *walk, const void *data, size_t len)
{
	const char *at = data;

	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t word = 0;

		memcpy(&word, at + i, len - i < sizeof(word) ? len - i : sizeof(word));
		walk->result->sum = (walk->result->sum ^ word) * 0x100000001b3u;
	}
}

static void note(struct walk *walk, int r)
{
	walk->result->errors += r < 0;
}

static void visit_content(struct walk *walk, const struct tree_node *node)
{
	struct squash_pieces pieces;
	uint64_t at = 0, place;
	int r = 0;

	while (r == 0 && at < node->inode.size && walk->result->bytes < BYTES_MAX) {
		r = tree_read(walk->tree, node, at, SQUASH_READ_MAX, &pieces);
		if (r < 0)
			break;
		for (size_t i = 0; i < pieces.count; i++)
			add(walk, pieces.piece[i].iov_base, pieces.piece[i].iov_len);
		at += pieces.bytes;
		walk->result->bytes += pieces.bytes;
		tree_release(walk->tree, &pieces);
		tree_read_ahead(walk->tree);
	}
	note(walk, r);
	/* The last byte alone, and what is not there. */
	if (node->inode.size &&
	    tree_read(walk->tree, node, node->inode.size - 1, 2, &pieces) == 0)
		tree_release(walk->tree, &pieces);
	if (tree_read(walk->tree, node, node->inode.size, 1, &pieces) == 0)
		tree_release(walk->tree, &pieces);
	(void)tree_seek(walk->tree, node, 0, true, &place); /* may be none */
	(void)tree_seek(walk->tree, node, at / 2, false, &place);
}

static void visit_xattrs(struct walk *walk, const struct tree_node *node)
{
	auto_text struct text names = { 0 };

	note(walk, tree_list_xattrs(walk->tree, node, &names));
	for (size_t at = 0; at < names.len; at += strlen(names.data + at) + 1) {
		auto_text struct text value = { 0 };

		note(walk, tree_get_xattr(walk->tree, node, names.data + at, &value));
		add(walk, names.data + at, strlen(names.data + at));
		add(walk, text_get(&value), value.len);
	}
}

static void visit_node(struct walk *walk, const struct tree_node *node, int depth);

static void visit_entry(struct walk *walk, const struct tree_node *folder,
			const struct tree_entry *entry, int depth)
{
	struct tree_node node, found;
	int r = tree_node(walk->tree, entry->id, &node);

	add(walk, entry->name, strlen(entry->name));
	note(walk, r);
	note(walk, tree_lookup(walk->tree, folder, entry->name, &found));
	if (r == 0 && depth < DEPTH_MAX)
		visit_node(walk, &node, depth + 1);
}

static void visit_entries(struct walk *walk, const struct tree_node *folder, int depth)
{
	struct tree_list list, again;
	struct tree_entry entry, next;
	struct tree_node none;
	unsigned int count = 0;
	int r = tree_list_open(walk->tree, folder, 0, &list);

	while (r == 0 && (r = tree_list_next(walk->tree, &list, &entry)) == 1) {
		r = 0;
		/* Now and then: begin at a cookie instead of going on. */
		if (count++ % 32 == 0 &&
		    tree_list_open(walk->tree, folder, entry.cookie, &again) == 0)
			(void)tree_list_next(walk->tree, &again, &next);
		if (entry.id && walk->result->nodes < NODES_MAX)
			visit_entry(walk, folder, &entry, depth);
	}
	note(walk, r);
	(void)tree_lookup(walk->tree, folder, "no such name", &none);
}

static void visit_node(struct walk *walk, const struct tree_node *node, int depth)
{
	char target[PATH_MAX];
	struct stat st;

	walk->result->nodes++;
	tree_stat(walk->tree, node, &st);
	add(walk, &st.st_mode, sizeof(st.st_mode));
	add(walk, &st.st_size, sizeof(st.st_size));
	visit_xattrs(walk, node);
	if (S_ISDIR(st.st_mode))
		visit_entries(walk, node, depth);
	else if (S_ISREG(st.st_mode))
		visit_content(walk, node);
	else if (S_ISLNK(st.st_mode))
		note(walk, tree_readlink(walk->tree, node, target));
}

/* What the plan asks: through links, and for a file's beginning. */
static void visit_by_path(struct walk *walk)
{
	static const char *const paths[] = {
		"/", "/link/../file", "/folder/deep/file", "/loop", "/up/up/up", "/file/x"
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct image_query query = { .path = paths[i], .read_bytes = 4096 };

		answer_query(walk->squash, &query);
		image_query_done(&query);
	}
}

void walk_image(int fd, struct walked *ret)
{
	struct squash_options options = { .fd = fd, .cache_bytes = 4 << 20 };
	struct image_point points[] = { { "/folder/new/point", true },
					{ "/link/x", false } };
	struct image_serving how = { .owners = OWNERS_IMAGE,
				     .points = points,
				     .n_points = 2 };
	struct walk walk = { .result = ret };
	struct tree_node root;

	*ret = (struct walked){ .sum = 0xcbf29ce484222325u };
	if (squash_open(&options, &walk.squash) < 0)
		return;
	ret->is_opened = true;
	tree_make(walk.squash, &how, &walk.tree);
	if (tree_node(walk.tree, TREE_ROOT, &root) == 0)
		visit_node(&walk, &root, 0);
	visit_by_path(&walk);
	tree_free(walk.tree);
	squash_free(walk.squash);
}
