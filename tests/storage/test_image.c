// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/storage.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-image-XXXXXX";

static void write_file(const char *name, const void *data, size_t len)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ok(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	(void)close(fd);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static void knows_schemes(void)
{
	ok(image_name_scheme("docker://alpine") == 6);
	ok(image_name_scheme("docker:dind") == 0);
	ok(image_name_scheme("oci:layout:tag") == 3);
	ok(image_name_scheme("oci-archive:x.tar") == 11);
	ok(image_name_scheme("alpine:3") == 0);
	ok(image_name_scheme("alpine") == 0);
	ok(image_name_scheme("localhost:5000/x") == 0);
}

static void tells_paths_from_names(void)
{
	static const char *const paths[] = { "/x",     "./x",	"../x",	   ".",	   "~/x",
					     "a.sqsh", "a.sif", "b/c.img", "x.tar" };
	static const char *const names[] = {
		"alpine",	  "ubuntu:22.04",      "ghcr.io/lab/app:2",
		"docker://x.sif", "oci-archive:x.tar", ""
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		ok(image_name_is_path(paths[i]));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ok(!image_name_is_path(names[i]));
	ok(mkdir("lab", 0755) == 0 && mkdir("lab/app", 0755) == 0);
	ok(image_name_is_path("lab/app"));
	ok(!image_name_is_path("lab"));
}

static void goes_by_content(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ "<html>404</html>", "neither squashfs nor SIF" },
		{ "#!/bin/sh\n", "script" },
		{ "\177ELF....", "program" },
		{ "{}", "JSON" },
	};
	struct image *image = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		write_text("x.sqsh", cases[i].text);
		ok(image_open("x.sqsh", &image) == -ENOEXEC);
		ok(strstr(last_error.text, cases[i].says));
		ok(strstr(last_error.text, "'x.sqsh'"));
	}
	write_text("x.sqsh", "hsqs");
	ok(image_open("x.sqsh", &image) == -EINVAL);
	write_file("x.dat", "\x1f\x8b\x08", 3);
	ok(image_open("x.dat", &image) == 0 && image->kind == IMAGE_ARCHIVE);
	image_free(image);
}

static void opens_folders(void)
{
	struct image *image = NULL;
	auto_free char *path = path_join(scratch, "root");

	ok(mkdir("root", 0755) == 0);
	ok(image_open("./root", &image) == 0);
	ok(image->kind == IMAGE_FOLDER);
	ok_text(image->path, path);
	ok_text(image->name, "./root");
	image_free(image);
	write_text("root/oci-layout", "{}");
	ok(image_open("./root", &image) == 0 && image->kind == IMAGE_LAYOUT);
	image_free(image);
}

static void opens_the_root_of_a_bundle(void)
{
	struct image *image = NULL;
	struct stat st, root;

	ok(mkdir("b", 0755) == 0 && mkdir("b/rootfs", 0755) == 0);
	write_text("b/config.json", "{\"ociVersion\": \"1.0.0\", \"root\": {\"path\": "
				    "\"rootfs\"}}");
	ok(image_open("./b", &image) == 0 && image->kind == IMAGE_BUNDLE);
	ok(fstat(image->fd, &st) == 0 && stat("b/rootfs", &root) == 0);
	ok(st.st_ino == root.st_ino);
	image_free(image);
	write_text("b/config.json", "{\"ociVersion\": \"1.0.0\", \"root\": {\"path\": "
				    "\"../../../etc\"}}");
	ok(image_open("./b", &image) == -ENOENT);
	write_text("b/config.json", "{\"some\": \"other program's\"}");
	ok(image_open("./b", &image) == 0 && image->kind == IMAGE_FOLDER);
	image_free(image);
}

static void says_what_is_missing(void)
{
	struct image *image = NULL;

	ok(image_open("./none.sqsh", &image) == -ENOENT);
	ok_text(last_error.text, "open image './none.sqsh': No such file or directory");
	ok(mkfifo("fifo", 0644) == 0);
	ok(image_open("./fifo", &image) == -ENOEXEC);
	ok(image_find("alpine", "", &image) == -ENOENT);
	ok(image_find("lab", "", &image) == -ENOENT);
	ok_text(last_error.hint, "did you mean './lab'?");
	ok(image == NULL);
}

int main(void)
{
	if (!mkdtemp(scratch) || chdir(scratch) < 0)
		return 1;
	RUN(knows_schemes);
	RUN(tells_paths_from_names);
	RUN(goes_by_content);
	RUN(opens_folders);
	RUN(opens_the_root_of_a_bundle);
	RUN(says_what_is_missing);
	(void)file_remove_tree(AT_FDCWD, scratch); /* a leftover hurts nobody */
	return tap_end();
}
