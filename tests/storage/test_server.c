// SPDX-License-Identifier: Apache-2.0
/* test_server.c - looking into folders and files, and servers that don't work */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/storage.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-server-XXXXXX";
static const char *build;

/* A tree with links of every kind, and the same as an image. */
static void make_scratch(void)
{
	static const char script[] =
		"mkdir -p root/etc root/empty root/a/b && cd root &&"
		"echo content >etc/file && printf 'a\\0b' >etc/binary &&"
		"ln -s /etc/file absolute && ln -s ../../../etc/file a/b/above &&"
		"ln -s loop loop && ln -s /nowhere dangling && ln -s a/b/../../etc chain "
		"&&"
		"chmod 640 etc/file && cd .. &&"
		"if command -v mksquashfs; then mksquashfs root image -quiet -no-progress"
		" -force-uid 12 -force-gid 34; fi &&"
		"mkdir bad && printf '#!/bin/sh\\nexec echo nonsense >&3\\n' "
		">bad/urun-fs &&"
		"mkdir gone && printf '#!/bin/sh\\n' >gone/urun-fs && chmod 755 "
		"*/urun-fs";
	auto_free char *command = NULL;

	if (!mkdtemp(scratch))
		return;
	command = mem_format("cd %s && { %s; } >log 2>&1", scratch, script);
	ok(system(command) == 0);
}

static int open_kind(enum image_kind kind, const char *name, const char *helper_dir,
		     struct image_tree **ret)
{
	auto_free char *path = path_join(scratch, name);
	auto_close int fd = open(path,
				 O_CLOEXEC | (kind == IMAGE_FOLDER ? O_PATH : O_RDONLY));
	struct image image = { .kind = kind,
			       .name = path,
			       .path = path,
			       .fd = fd,
			       .codec = 1 /* gzip, mksquashfs's own choice */ };
	struct image_tree_options options = { .helper_dir = helper_dir };

	return fd < 0 ? -errno : image_tree_open(&image, &options, ret);
}

static void look_at_all(struct image_tree *tree)
{
	struct image_query q[] = {
		{ .path = "/etc/file", .read_bytes = 100 },
		{ .path = "/absolute", .read_bytes = 4 },
		{ .path = "/a/b/above", .read_bytes = 100 },
		{ .path = "/../../etc/binary", .read_bytes = 100 },
		{ .path = "/empty" },
		{ .path = "/chain" },
		{ .path = "/loop" },
		{ .path = "/dangling" },
		{ .path = "/none/x" },
		{ .path = "/etc/file/x" },
		{ .path = "/a", .read_bytes = 5 },
	};

	if (!ok(image_tree_look(tree, q, ARRAY_SIZE(q)) == 0))
		return;
	ok(q[0].error == 0 && q[0].mode == (S_IFREG | 0640) && q[0].size == 8);
	ok_text(q[0].data, "content\n");
	ok(q[1].len == 4);
	ok_text(q[1].data, "cont");
	ok_text(q[2].data, "content\n");
	ok(q[3].len == 3 && memcmp(q[3].data, "a\0b", 4) == 0);
	ok(q[4].error == 0 && S_ISDIR(q[4].mode) && q[4].is_empty);
	ok(q[5].error == 0 && S_ISDIR(q[5].mode) && !q[5].is_empty);
	ok(q[6].error == -ELOOP && q[7].error == -ENOENT && q[8].error == -ENOENT);
	ok(q[9].error == -ENOTDIR);
	ok(q[10].error == 0 && !q[10].data);
	for (size_t i = 0; i < ARRAY_SIZE(q); i++)
		image_query_done(&q[i]);
}

static void looks_into_a_folder(void)
{
	struct image_tree *tree = NULL;

	ok(open_kind(IMAGE_FOLDER, "root", build, &tree) == 0);
	if (tree)
		look_at_all(tree);
	image_tree_free(tree);
}

static bool has_image(void)
{
	auto_free char *path = path_join(scratch, "image");

	return access(path, R_OK) == 0;
}

static void looks_into_a_file(void)
{
	struct image_query root = { .path = "/" };
	struct image_tree *tree = NULL;

	if (!has_image())
		return;
	ok(open_kind(IMAGE_SQUASHFS, "image", build, &tree) == 0);
	if (!tree)
		return;
	look_at_all(tree);
	look_at_all(tree); /* as often as one likes */
	ok(image_tree_look(tree, &root, 1) == 0);
	ok(root.uid == 12 && root.gid == 34);
	image_tree_free(tree);
}

static void many_questions_are_answered_at_once(void)
{
	enum { COUNT = 5000 };
	auto_free struct image_query *q = mem_array(COUNT, sizeof(*q));
	struct image_tree *tree = NULL;
	size_t good = 0;

	if (!has_image())
		return;
	ok(open_kind(IMAGE_SQUASHFS, "image", build, &tree) == 0);
	for (size_t i = 0; i < COUNT; i++)
		q[i] = (struct image_query){ .path = "/etc/file", .read_bytes = 1000 };
	ok(image_tree_look(tree, q, COUNT) == 0);
	for (size_t i = 0; i < COUNT; i++) {
		good += q[i].error == 0 && q[i].data && q[i].len == 8;
		image_query_done(&q[i]);
	}
	ok(good == COUNT);
	image_tree_free(tree);
}

/* What looking at "/" of this says, with this server. */
static void ok_look_fails(enum image_kind kind, const char *name, const char *helper_dir,
			  int error, const char *text)
{
	struct image_query q = { .path = "/" };
	struct image_tree *tree = NULL;
	int r;

	error_clear();
	r = open_kind(kind, name, helper_dir, &tree);
	if (r == 0)
		r = image_tree_look(tree, &q, 1);
	ok(r == error);
	ok(strstr(last_error.text, text));
	image_tree_free(tree);
}

static void bad_images_have_a_sentence(void)
{
	auto_free char *command = NULL;

	if (!has_image())
		return;
	command = mem_format("cd %s && head -c 200 image >short && echo no >text &&"
			     "head -c 50 image >tiny",
			     scratch);
	ok(system(command) == 0);
	ok_look_fails(IMAGE_SQUASHFS, "short", build, -EINVAL, "cut short");
	ok_look_fails(IMAGE_SQUASHFS, "text", build, -EINVAL, "too short");
	ok_look_fails(IMAGE_SQUASHFS, "tiny", build, -EINVAL, "too short");
	ok_look_fails(IMAGE_SQUASHFS, "log", build, -EINVAL, "read image");
}

static void bad_servers_have_a_sentence(void)
{
	auto_free char *bad = path_join(scratch, "bad"),
		       *gone = path_join(scratch, "gone");

	ok_look_fails(IMAGE_SQUASHFS, "log", "/no/such/folder", -ENOENT, "urun-fs");
	ok_look_fails(IMAGE_SQUASHFS, "log", bad, -EPROTO, "image server");
	ok_look_fails(IMAGE_SQUASHFS, "log", gone, -EPIPE, "image server");
}

static void layouts_are_not_trees(void)
{
	ok_look_fails(IMAGE_LAYOUT, "log", build, -ENOTSUP, "converted");
	ok_look_fails(IMAGE_ARCHIVE, "log", build, -ENOTSUP, "converted");
}

static void folders_are_not_served(void)
{
	struct image_serving how = { 0 };
	struct image_tree *tree = NULL;
	pid_t pid;
	int fd;

	ok(open_kind(IMAGE_FOLDER, "root", build, &tree) == 0);
	ok(image_tree_serve(tree, &how, &fd, &pid) == -EINVAL);
	image_tree_free(tree);
}

static void nothing_stays_open(void)
{
	auto_close int next_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ok(next_fd == 3); /* as in the beginning */
}

int main(void)
{
	build = getenv("URUN_BUILD") ? getenv("URUN_BUILD") : ".";
	for (int fd = 3; fd < 64; fd++)
		(void)close(fd); /* the harness's, if any */
	make_scratch();
	RUN(looks_into_a_folder);
	RUN(looks_into_a_file);
	RUN(many_questions_are_answered_at_once);
	RUN(bad_images_have_a_sentence);
	RUN(bad_servers_have_a_sentence);
	RUN(layouts_are_not_trees);
	RUN(folders_are_not_served);
	RUN(nothing_stays_open);
	(void)file_remove_tree(AT_FDCWD, scratch); /* only ours is in it */
	return tap_end();
}
