// SPDX-License-Identifier: Apache-2.0
/* test_unpack.c - with a helper that says what it was asked and writes one file */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "storage/storage.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-unpack-XXXXXX";
static char *data_dir, *helper_dir;

static void write_helper(const char *script)
{
	auto_free char *path = path_join(helper_dir, "urun-fs");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	ok(fd >= 0 && fd_write_all(fd, script, strlen(script)) == 0);
	(void)close(fd);
}

static void write_good_helper(void)
{
	write_helper("#!/bin/sh\necho \"$*\" >>\"${0%/*}/ran\"\n"
		     "cat <&4 >/proc/self/fd/3/content\n");
}

static char *read_text(const char *dir, const char *name)
{
	auto_free char *path = path_join(dir, name);
	char *data = NULL;
	size_t len;

	return file_read_in(AT_FDCWD, path, 4096, &data, &len) == 0 ? data : NULL;
}

/* A fresh data folder and log, and an image with this content. */
static struct image set_up(const char *content)
{
	struct image image = {
		.name = (char *)"app.sqsh", .offset = 4096, .size = 8192, .codec = 6
	};

	(void)chdir("/");
	(void)file_remove_tree(AT_FDCWD, data_dir); /* nothing there is fine */
	(void)file_remove_tree(AT_FDCWD, helper_dir);
	ok(mkdir(helper_dir, 0700) == 0);
	write_good_helper();
	image.path = path_join(scratch, "app.sqsh");
	(void)unlink(image.path); /* nothing there is fine */
	image.fd = open(image.path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	ok(image.fd >= 0 && fd_write_all(image.fd, content, strlen(content)) == 0);
	ok(lseek(image.fd, 0, SEEK_SET) == 0);
	return image;
}

static void tear_down(struct image *image)
{
	(void)close(image->fd);
	free(image->path);
}

/* How many names lie in the folder of unpacked images? */
static int count_unpacked(void)
{
	auto_free char *folder = path_join(data_dir, "unpacked");
	auto_dir DIR *dir = opendir(folder);
	int count = 0;

	while (dir && readdir(dir))
		count++;
	return count - 2; /* . and .. */
}

static void unpacks_once_and_reuses(void)
{
	auto_free char *first = NULL, *second = NULL, *content = NULL, *ran = NULL;
	struct image image = set_up("hello");

	ok(image_unpack(&image, helper_dir, data_dir, &first) == 0);
	ok(image_unpack(&image, helper_dir, data_dir, &second) == 0);
	ok_text(second, first);
	content = read_text(first, "content");
	ok_text(content, "hello");
	ran = read_text(helper_dir, "ran");
	ok_text(ran, "--unpack 4096 8192 6\n");
	tear_down(&image);
}

static void changed_file_is_another_image(void)
{
	auto_free char *first = NULL, *second = NULL;
	struct image image = set_up("hello");

	ok(image_unpack(&image, helper_dir, data_dir, &first) == 0);
	ok(pwrite(image.fd, "longer than before", 18, 0) == 18);
	ok(image_unpack(&image, helper_dir, data_dir, &second) == 0);
	ok(strcmp(first, second) != 0);
	ok(count_unpacked() == 2);
	tear_down(&image);
}

static void says_why_and_leaves_nothing(void)
{
	char *folder = NULL;
	struct image image = set_up("hello");

	write_helper("#!/bin/sh\necho left >/proc/self/fd/3/left\n"
		     "echo \"write '/x': No space left on device\" >&2\nexit 28\n");
	ok(image_unpack(&image, helper_dir, data_dir, &folder) == -ENOSPC);
	ok(folder == NULL);
	ok_text(last_error.text,
		"unpack 'app.sqsh': write '/x': No space left on device");
	ok(count_unpacked() == 0);
	tear_down(&image);
}

static void starts_again_after_a_killed_one(void)
{
	auto_free char *folder = NULL, *left = NULL, *content = NULL;
	struct image image = set_up("hello");

	/* It kills who waits for it, after a part of the work. */
	write_helper("#!/bin/sh\necho left >/proc/self/fd/3/left\nkill -9 $PPID\n");
	if (fork() == 0) {
		(void)image_unpack(&image, helper_dir, data_dir, &folder);
		_exit(0);
	}
	ok(wait(NULL) > 0);
	ok(count_unpacked() == 1);
	write_good_helper();
	ok(image_unpack(&image, helper_dir, data_dir, &folder) == 0);
	ok(count_unpacked() == 1);
	left = read_text(folder, "left");
	content = read_text(folder, "content");
	ok(left == NULL);
	ok_text(content, "hello");
	tear_down(&image);
}

static int unpack(const struct image *image)
{
	auto_free char *folder = NULL;

	return image_unpack(image, helper_dir, data_dir, &folder);
}

static void removes_what_a_killed_one_left_of_another(void)
{
	auto_free char *dead = path_join(data_dir, "unpacked/other.part");
	auto_free char *lock = path_join(dead, "lock"), *root = path_join(dead, "root");
	struct image image = set_up("hello");
	auto_close int lock_fd = -1;

	ok(unpack(&image) == 0);
	ok(mkdir(dead, 0700) == 0 && mkdir(root, 0700) == 0);
	lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ok(lock_fd >= 0 && flock(lock_fd, LOCK_EX) == 0);
	ok(pwrite(image.fd, "another", 7, 0) == 7);
	ok(unpack(&image) == 0);
	ok(access(dead, F_OK) == 0); /* somebody is at it */
	ok(flock(lock_fd, LOCK_UN) == 0);
	ok(pwrite(image.fd, "a third image", 13, 0) == 13);
	ok(unpack(&image) == 0);
	ok(access(dead, F_OK) < 0);
	tear_down(&image);
}

static void many_at_once_do_it_once(void)
{
	auto_free char *folder = NULL, *ran = NULL;
	struct image image = set_up("hello");
	int status, failures = 0;

	for (int i = 0; i < 8; i++)
		if (fork() == 0)
			_exit(image_unpack(&image, helper_dir, data_dir, &folder) != 0);
	for (int i = 0; i < 8; i++)
		failures += wait(&status) < 0 || status != 0;
	ok(failures == 0);
	ok(count_unpacked() == 1);
	ran = read_text(helper_dir, "ran");
	ok_text(ran, "--unpack 4096 8192 6\n");
	tear_down(&image);
}

static void shared_places_have_a_folder_of_ours(void)
{
	auto_free char *expected = mem_format("/tmp/urun-%u-unpacked/", geteuid());
	char *folder = NULL;
	struct image image = set_up("hello");

	needs(NEED_NOT_ROOT);
	ok(image_unpack(&image, helper_dir, "/tmp", &folder) == 0);
	ok(text_starts(folder, expected));
	*strrchr(folder, '/') = '\0'; /* the image's, with its lock */
	ok(file_remove_tree(AT_FDCWD, folder) == 0);
	free(folder);
	tear_down(&image);
}

static void refuses_a_folder_that_others_can_write(void)
{
	auto_free char *unpacked = path_join(data_dir, "unpacked");
	char *folder = NULL;
	struct image image = set_up("hello");

	ok(mkdir(data_dir, 0755) == 0 && mkdir(unpacked, 0700) == 0);
	ok(chmod(unpacked, 0777) == 0);
	ok(image_unpack(&image, helper_dir, data_dir, &folder) == -EPERM);
	ok(strstr(last_error.text, "others can write there") != NULL);
	ok(chmod(unpacked, 0700) == 0 && rmdir(unpacked) == 0);
	ok(symlink("/tmp", unpacked) == 0);
	ok(image_unpack(&image, helper_dir, data_dir, &folder) < 0);
	ok(folder == NULL);
	tear_down(&image);
}

int main(void)
{
	if (!mkdtemp(scratch))
		return 1;
	log_set_level(LOG_QUIET);
	data_dir = path_join(scratch, "data");
	helper_dir = path_join(scratch, "helpers");
	RUN(unpacks_once_and_reuses);
	RUN(changed_file_is_another_image);
	RUN(says_why_and_leaves_nothing);
	RUN(starts_again_after_a_killed_one);
	RUN(removes_what_a_killed_one_left_of_another);
	RUN(many_at_once_do_it_once);
	RUN(shared_places_have_a_folder_of_ours);
	RUN(refuses_a_folder_that_others_can_write);
	(void)file_remove_tree(AT_FDCWD, scratch); /* the host cleans /tmp, too */
	free(data_dir);
	free(helper_dir);
	return tap_end();
}
