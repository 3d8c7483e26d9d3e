// SPDX-License-Identifier: Apache-2.0
/* test_overlay.c - a writable layer over a FUSE mount, in a user namespace */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/platform/image.h"
#include "tests/platform/sandbox.h"
#include "tests/tap.h"

#define OVERLAY_OPTIONS                                                          \
	"lowerdir=/tmp/image,upperdir=/tmp/layer/upper,workdir=/tmp/layer/work," \
	"userxattr"

/* The upper layer is a tmpfs of its own, as the runtime makes it. */
static bool mount_overlay(void)
{
	must(mkdir("/tmp/layer", 0755) == 0 && mkdir("/tmp/root", 0755) == 0);
	must(mount("tmpfs", "/tmp/layer", "tmpfs", 0, NULL) == 0);
	must(mkdir("/tmp/layer/upper", 0755) == 0 && mkdir("/tmp/layer/work", 0755) == 0);
	must(mount("overlay", "/tmp/root", "overlay", 0, OVERLAY_OPTIONS) == 0);
	return true;
}

static bool tmpfs_has_user_xattrs(void)
{
	return setxattr("/tmp", "user.overlay.test", "y", 1, 0) == 0;
}

static bool change_a_file(void)
{
	auto_close int fd = -1;

	must(mount_overlay());
	fd = open("/tmp/root/folder/file", O_WRONLY | O_APPEND | O_CLOEXEC);
	must(fd >= 0);
	must(write(fd, "!", 1) == 1);
	must(chmod("/tmp/root/script", 0700) == 0);
	return true;
}

static void files_of_the_image_can_be_changed(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(change_a_file));
}

/* Before 6.6 tmpfs has no user xattrs: the mount succeeds, and removing a folder that
 * lies in both layers fails with EIO. Only trying tells. */
static bool remove_a_folder(void)
{
	must(mount_overlay());
	must(unlink("/tmp/root/folder/file") == 0);
	if (rmdir("/tmp/root/folder") == 0) {
		sandbox_saw("a folder of the image can be removed on tmpfs");
		must(mkdir("/tmp/root/folder", 0755) == 0);
		must(access("/tmp/root/folder/file", F_OK) < 0 && errno == ENOENT);
		must(tmpfs_has_user_xattrs());
		return true;
	}
	sandbox_saw("rmdir of an image's folder on tmpfs: %s", strerror(errno));
	must(errno == EIO);
	must(!tmpfs_has_user_xattrs());
	return true;
}

static void folders_go_where_tmpfs_has_user_xattrs(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(remove_a_folder));
}

static bool rename_a_folder(void)
{
	must(mount_overlay());
	must_fail(rename("/tmp/root/folder", "/tmp/root/renamed"), EXDEV);
	return true;
}

static void rename_of_a_folder_is_exdev(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(rename_a_folder));
}

static bool look_for_the_whiteout(void)
{
	struct stat st;

	must(stat("/tmp/image/gone", &st) == 0 && S_ISCHR(st.st_mode));
	must(mount_overlay());
	must_fail(stat("/tmp/root/gone", &st), ENOENT);
	return true;
}

static void device_0_0_of_the_image_is_a_whiteout(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(look_for_the_whiteout));
}

static bool change_a_foreign_file(void)
{
	must(mount_overlay());
	must_fail(chmod("/tmp/root/foreign", 0600), EOVERFLOW);
	return true;
}

static void unmapped_owners_cannot_be_copied_up(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(change_a_foreign_file));
}

static bool make_a_device(void)
{
	must(mount_overlay());
	must_fail(mknod("/tmp/root/null", S_IFCHR | 0666, 0x103), EPERM);
	must(unlink("/tmp/root/script") == 0); /* overlay's own whiteout is allowed */
	return true;
}

static void mknod_is_refused_but_whiteouts_work(void)
{
	needs(NEED_USERNS | NEED_FUSE | NEED_OVERLAY);
	ok(holds_with_image(make_a_device));
}

int main(void)
{
	RUN(files_of_the_image_can_be_changed);
	RUN(folders_go_where_tmpfs_has_user_xattrs);
	RUN(rename_of_a_folder_is_exdev);
	RUN(device_0_0_of_the_image_is_a_whiteout);
	RUN(unmapped_owners_cannot_be_copied_up);
	RUN(mknod_is_refused_but_whiteouts_work);
	return tap_end();
}
