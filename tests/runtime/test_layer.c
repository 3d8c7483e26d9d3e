// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/layer.h"
#include "tests/runtime/box.h"
#include "tests/tap.h"

static char layer_path[256], runtime_path[256];

static struct spec *layered(const char *script, enum layer_kind kind)
{
	struct spec *spec = box_spec(script);

	spec->urun.layer = kind;
	if (kind == LAYER_FOLDER)
		spec->urun.layer_folder = mem_text(layer_path);
	return spec;
}

static void expect(struct spec *spec, const char *output)
{
	struct box_result result = box_run(spec);

	ok_text(last_error.text, "");
	ok(result.error == 0);
	ok_text(result.output, output);
	box_result_done(&result);
}

static const char *const changes =
	"echo changed > /etc/motd && rm -r /data && mkdir /data && ls /data && "
	"echo new > /bin/new && mv /bin/new /bin/ls && chmod 700 /bin/ls && cat "
	"/etc/motd /bin/ls";

static void changes_are_thrown_away(void)
{
	needs(NEED_USERNS | NEED_OVERLAY);
	expect(layered(changes, LAYER_TMPFS), "changed\nnew\n");
	expect(box_spec("ls /etc /data"), "/data:\nsub\n\n/etc:\n");
}

static void counts_what_is_lost(void)
{
	struct spec *spec = layered(
		"touch /etc/a /etc/b /tmp/c /var/d /run/e; rm -r /data; "
		"chmod 600 /etc/given",
		LAYER_TMPFS);
	struct box_result result;

	needs(NEED_USERNS | NEED_OVERLAY);
	spec_add_file(spec, "/etc/given", "x", 1, 0644);
	result = box_run(spec);
	ok(result.lost_files == 2);
	ok(result.lost_example && strncmp(result.lost_example, "/etc/", 5) == 0);
	box_result_done(&result);
}

static void is_bounded(void)
{
	struct spec *spec = layered(
		"head -c 3000000 /dev/zero > /etc/big 2>/dev/null; echo $?", LAYER_TMPFS);

	needs(NEED_USERNS | NEED_OVERLAY);
	spec->urun.layer_bytes = 1 << 20;
	expect(spec, "1\n");
}

static void folder_keeps_changes(void)
{
	needs(NEED_USERNS | NEED_OVERLAY);
	expect(layered(changes, LAYER_FOLDER), "changed\nnew\n");
	expect(layered("cat /etc/motd; cat /bin/ls; echo /data/*", LAYER_FOLDER),
	       "changed\nnew\n/data/*\n");
}

static void shared_folder_is_left_alone(void)
{
	struct spec *spec = layered("echo more >> /etc/motd; cat /etc/motd; echo /data/*",
				    LAYER_FOLDER);

	needs(NEED_USERNS | NEED_OVERLAY);
	spec->urun.layer_shared = true;
	expect(spec, "changed\nmore\n/data/*\n");
	expect(layered("cat /etc/motd", LAYER_FOLDER), "changed\n");
}

static void folder_in_use_names_the_user(void)
{
	struct spec *spec = layered("true", LAYER_FOLDER);
	auto_close int lock_fd = -1;
	struct box_result result;
	char want[64];

	needs(NEED_USERNS | NEED_OVERLAY);
	ok(layer_folder_open(layer_path, false, &lock_fd) == 0);
	result = box_run(spec);
	ok(result.error == -EBUSY);
	(void)snprintf(want, sizeof(want), "': process %d on ", (int)getpid());
	ok(strstr(last_error.text, want));
	box_result_done(&result);
}

static void read_only_folder_gets_its_mount_points(void)
{
	struct spec *spec = box_spec("ls /new/place; cat /etc/hello; touch /x");

	needs(NEED_USERNS | NEED_OVERLAY);
	spec->root_readonly = true;
	spec_add_mount(spec, "/new/place", "tmpfs", "tmpfs", "ro");
	spec_add_file(spec, "/etc/hello", "hi\n", 3, 0644);
	expect(spec, "hi\ntouch: /x: Read-only file system\n");
	expect(box_spec("ls -d /new /etc/hello"),
	       "ls: /new: No such file or directory\n"
	       "ls: /etc/hello: No such file or directory\n");
}

/* Make the trial's verdict one that it would not be. */
static void forget_overlay(const char *dir, const char *verdict)
{
	struct utsname host;
	struct statfs fs;
	struct stat st;
	char path[512];
	auto_close int fd = -1;

	(void)uname(&host); /* cannot fail */
	if (!dir)
		(void)snprintf(path, sizeof(path), "%s/overlay-1-%s-tmpfs", runtime_path,
			       host.release);
	else if (stat(dir, &st) == 0 && statfs(dir, &fs) == 0)
		(void)snprintf(path, sizeof(path), "%s/overlay-1-%s-%lx-%lx",
			       runtime_path, host.release, (unsigned long)st.st_dev,
			       (unsigned long)fs.f_type);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ok(fd_write_all(fd, verdict, strlen(verdict)) == 0);
}

static void falls_back_to_a_disk(void)
{
	auto_free char *left = NULL;

	needs(NEED_USERNS | NEED_OVERLAY);
	forget_overlay(NULL, "5 remove a folder: Input/output error\n");
	box_io.runtime_dir = runtime_path;
	expect(layered(changes, LAYER_TMPFS), "changed\nnew\n");
	box_io.runtime_dir = NULL;
	ok(rmdir(box_io.data_dir) == 0); /* nothing is left in it */
	ok(mkdir(box_io.data_dir, 0700) == 0);
}

static void falls_back_to_fuse_overlayfs(void)
{
	static const char *const disks[] = { "/tmp", "/var/tmp" };

	needs(NEED_USERNS | NEED_FUSE);
	if (!box_has_program("fuse-overlayfs"))
		return;
	forget_overlay(NULL, "5 remove a folder: Input/output error\n");
	for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
		forget_overlay(disks[i], "95 mount overlayfs: Operation not supported\n");
	box_io.runtime_dir = runtime_path;
	expect(layered(changes, LAYER_TMPFS), "changed\nnew\n");
	expect(layered("echo /proc/[0-9]*", LAYER_TMPFS), "/proc/1 /proc/2\n");
	box_io.runtime_dir = NULL;
}

static void remembers_a_verdict(void)
{
	struct utsname host;
	char path[512];

	needs(NEED_USERNS | NEED_OVERLAY);
	(void)uname(&host); /* cannot fail */
	(void)snprintf(path, sizeof(path), "%s/overlay-1-%s-tmpfs", runtime_path,
		       host.release);
	(void)unlink(path);			 /* of the tests above */
	(void)layer_verdict(runtime_path, NULL); /* whatever it is */
	ok(access(path, R_OK) == 0);
	forget_overlay(NULL, "garbage");
	error_clear();
	(void)layer_verdict(runtime_path, NULL); /* tried again */
	ok(!strstr(last_error.text, "garbage"));
	forget_overlay(NULL, "22 mount overlayfs: Invalid argument\n");
	ok(layer_verdict(runtime_path, NULL) == -22);
	ok_text(last_error.text, "mount overlayfs: Invalid argument");
}

static void says_what_it_would_choose(void)
{
	struct layer_choice choice = { NULL, NULL };

	needs(NEED_USERNS | NEED_OVERLAY);
	ok(layer_choose(NULL, &choice) == 0);
	ok(choice.name && choice.reason);
}

int main(void)
{
	if (!box_root()) {
		printf("1..0 # SKIP needs a static busybox\n");
		return 0;
	}
	log_set_level(LOG_QUIET); /* outputs are compared: fallbacks are said on them */
	(void)snprintf(layer_path, sizeof(layer_path), "%s/layer", box_folder());
	(void)snprintf(runtime_path, sizeof(runtime_path), "%s/runtime", box_folder());
	ok(mkdir(runtime_path, 0700) == 0);
	RUN(changes_are_thrown_away);
	RUN(counts_what_is_lost);
	RUN(is_bounded);
	RUN(folder_keeps_changes);
	RUN(shared_folder_is_left_alone);
	RUN(folder_in_use_names_the_user);
	RUN(read_only_folder_gets_its_mount_points);
	RUN(falls_back_to_a_disk);
	RUN(falls_back_to_fuse_overlayfs);
	RUN(remembers_a_verdict);
	RUN(says_what_it_would_choose);
	box_end();
	return tap_end();
}
