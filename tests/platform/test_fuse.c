// SPDX-License-Identifier: Apache-2.0
/* test_fuse.c - what the image server relies on */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/trialfs.h"
#include "tests/platform/image.h"
#include "tests/platform/sandbox.h"
#include "tests/tap.h"

static bool read_the_file(void)
{
	auto_close int fd = open("/tmp/image/folder/file", O_RDONLY | O_CLOEXEC);
	char content[16];

	must(fd >= 0);
	must(read(fd, content, sizeof(content)) == 5);
	must(memcmp(content, "hello", 5) == 0);
	return true;
}

static void descriptor_is_served_from_outside(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_with_image(read_the_file));
}

static void requests_have_uids_of_the_container(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_with_image(read_the_file));
	ok(image_last_uid() == 0); /* root inside, whoever we are outside */
}

static bool look_for_zero(void)
{
	struct stat st;

	must_fail(stat("/tmp/image/zero", &st), ENOENT);
	return true;
}

static void inode_number_0_means_no_entry(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_with_image(look_for_zero));
}

static bool see_the_foreign_owner(void)
{
	struct stat st;

	must(stat("/tmp/image/foreign", &st) == 0);
	must(st.st_uid == 65534);
	return true;
}

static void unmapped_owners_show_as_nobody(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_with_image(see_the_foreign_owner));
}

static bool nest_and_read(void)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0);
	return read_the_file();
}

static void allow_other_covers_nested_user_namespaces(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_with_image(nest_and_read));
}

/* On a fresh folder. The descriptor, or -errno. */
static int mount_image(void)
{
	return mkdir("/tmp/image", 0755) < 0 ? -errno : trialfs_mount("/tmp/image");
}

/* A server that takes the mount's descriptor and dies without an answer. */
static bool lose_the_server(void)
{
	struct trialfs fs = { .fuse_fd = mount_image() };
	struct stat st;

	must(fs.fuse_fd >= 0);
	must(trialfs_answer_one(&fs) == 1);
	must(close(fs.fuse_fd) == 0);
	must_fail(stat("/tmp/image/folder", &st), ENOTCONN);
	return true;
}

static void last_close_of_the_descriptor_is_enotconn(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_in_namespaces(CLONE_NEWNS, lose_the_server));
}

static pid_t start_server(int fuse_fd)
{
	struct trialfs fs = { .fuse_fd = fuse_fd };
	pid_t pid = fork();

	if (pid == 0)
		_exit(trialfs_serve(&fs) == 0 ? 0 : 1);
	return pid;
}

static bool replace_the_server(void)
{
	auto_close int fuse_fd = mount_image();
	struct stat st;
	pid_t first, second;

	must(fuse_fd >= 0);
	first = start_server(fuse_fd);
	must(stat("/tmp/image/folder", &st) == 0);
	must(kill(first, SIGKILL) == 0);
	must(waitpid(first, NULL, 0) == first);
	second = start_server(fuse_fd);
	must(stat("/tmp/image/script", &st) == 0);
	must(umount2("/tmp/image", MNT_DETACH) == 0);
	return sandbox_wait(second);
}

static void kept_copy_survives_a_killed_server(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_in_namespaces(CLONE_NEWNS, replace_the_server));
}

static bool serve_after_the_end(void)
{
	struct trialfs fs = { .fuse_fd = mount_image() };
	struct pollfd poll_fd = { .fd = fs.fuse_fd, .events = POLLIN };

	must(fs.fuse_fd >= 0);
	must(trialfs_answer_one(&fs) == 1);
	must(umount2("/tmp/image", MNT_DETACH) == 0);
	must(poll(&poll_fd, 1, 10000) == 1);
	must(trialfs_serve(&fs) == 0); /* ENODEV */
	return true;
}

static void server_ends_with_the_mount(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_in_namespaces(CLONE_NEWNS, serve_after_the_end));
}

static bool open_outside_mount_inside(void)
{
	auto_close int outside_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];

	must(outside_fd >= 0);
	must(sandbox_enter(CLONE_NEWNS, 0, 0));
	must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0);
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40000,user_id=0,group_id=0", outside_fd);
	must_fail(mount("image", "/tmp", "fuse", MS_NOSUID | MS_NODEV, options), EINVAL);
	return true;
}

static void descriptor_from_outside_cannot_be_mounted(void)
{
	needs(NEED_USERNS | NEED_FUSE);
	ok(holds_in_child(open_outside_mount_inside));
}

int main(void)
{
	RUN(descriptor_is_served_from_outside);
	RUN(requests_have_uids_of_the_container);
	RUN(inode_number_0_means_no_entry);
	RUN(unmapped_owners_show_as_nobody);
	RUN(allow_other_covers_nested_user_namespaces);
	RUN(last_close_of_the_descriptor_is_enotconn);
	RUN(kept_copy_survives_a_killed_server);
	RUN(server_ends_with_the_mount);
	RUN(descriptor_from_outside_cannot_be_mounted);
	return tap_end();
}
