// SPDX-License-Identifier: Apache-2.0
/* doctor_files.c - probes of what makes a container's root file system */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "doctor.h"
#include "runtime/runtime.h"
#include "storage/storage.h"

/* ---- a root of our own --------------------------------------------------------- */

/* A tmpfs as a descriptor. -errno. */
static int make_tmpfs(void)
{
	auto_close int context_fd = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	int mount_fd;

	if (context_fd < 0 ||
	    syscall(SYS_fsconfig, context_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	mount_fd = (int)syscall(SYS_fsmount, context_fd, FSMOUNT_CLOEXEC, 0);
	return mount_fd < 0 ? -errno : mount_fd;
}

int doctor_try_mounts(const struct doctor_place *place, struct text *found)
{
	auto_close int root_fd = -1;
	int r = doctor_enter(CLONE_NEWNS);

	(void)place, (void)found; /* it works or it does not */
	if (r < 0)
		return r;
	root_fd = make_tmpfs();
	if (root_fd < 0)
		return fail(-root_fd, "mount a tmpfs");
	if (syscall(SYS_move_mount, root_fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) <
	    0)
		return fail(errno, "attach a mount");
	if (fchdir(root_fd) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return fail(errno, "change the root");
	return 0;
}

/* ---- /proc --------------------------------------------------------------------- */

int doctor_try_proc(const struct doctor_place *place, struct text *found)
{
	int r = doctor_enter(CLONE_NEWNS | CLONE_NEWPID), status;
	pid_t pid;

	(void)place, (void)found; /* it works or it does not */
	if (r < 0)
		return r;
	pid = fork(); /* the first of the new namespace */
	if (pid == 0)
		_exit(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			    NULL) < 0
			      ? errno
			      : 0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return fail(errno, "start a process in a PID namespace");
	if (status != 0)
		return hint(fail(WEXITSTATUS(status), "mount a fresh /proc"),
			    "leave /proc unmasked in the outer container, for example by "
			    "podman's --security-opt unmask=/proc/*");
	return 0;
}

/* ---- FUSE ------------------------------------------------------------------ */

static int open_fuse(void)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == EACCES)
		return hint(fail(errno, "open '/dev/fuse'"), "chmod 0666 /dev/fuse");
	if (errno == EPERM)
		return hint(fail(errno, "open '/dev/fuse'"),
			    "allow the outer container the device c 10:229");
	return hint(fail(errno, "open '/dev/fuse'"),
		    "modprobe fuse; in a pod, give it the device /dev/fuse");
}

/* Mount FUSE on a fresh tmpfs over /tmp. The descriptor, or -errno with a sentence. */
static int mount_fuse(void)
{
	auto_close int fuse_fd = -1;
	char options[128];
	int r = doctor_enter(CLONE_NEWNS);

	if (r < 0)
		return r;
	fuse_fd = open_fuse();
	if (fuse_fd < 0)
		return fuse_fd;
	if (mount("tmpfs", "/tmp", "tmpfs", 0, NULL) < 0 || mkdir("/tmp/image", 0700) < 0)
		return fail(errno, "mount a tmpfs");
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions,"
		       "allow_other",
		       fuse_fd); /* fits */
	if (mount("urun", "/tmp/image", "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return hint(fail(errno, "mount FUSE in a user namespace"),
			    "use Linux 4.18 or later with CONFIG_FUSE_FS");
	return take_fd(&fuse_fd);
}

int doctor_try_fuse(const struct doctor_place *place, struct text *found)
{
	int fuse_fd = mount_fuse();

	(void)place, (void)found;	  /* it works or it does not */
	return fuse_fd < 0 ? fuse_fd : 0; /* the mount ends with this process */
}

/* ---- the image server ---------------------------------------------------------- */

/* A squashfs file system without compression, with one file "probe" that says "works". */
static const unsigned char probe_image[] = {
	0x68, 0x73, 0x71, 0x73, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x02, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x11, 0x00, 0xcb, 0x02,
	0x01, 0x00, 0x04, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x05, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xfd, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x66,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa8, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0xd5, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xef, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x77, 0x6f, 0x72, 0x6b, 0x73, 0x0a, 0x40, 0x80,
	0x02, 0x00, 0xa4, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x01, 0x00, 0xed, 0x01, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x02, 0x00, 0x00, 0x00, 0x1c, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x19,
	0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x04, 0x00, 0x70, 0x72, 0x6f, 0x62, 0x65,
	0x10, 0x80, 0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x00, 0xc3, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x10, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0xdd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x04, 0x80, 0x00, 0x00, 0x00, 0x00, 0xf7, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00,
};

static int open_probe_image(struct image **ret)
{
	char path[] = "/tmp/urun-doctor-XXXXXX";
	auto_close int fd = mkostemp(path, O_CLOEXEC);
	int r;

	if (fd < 0)
		return fail(errno, "make a file in '/tmp'");
	r = fd_write_all(fd, probe_image, sizeof(probe_image));
	if (r < 0)
		r = fail(-r, "write '%s'", path);
	else
		r = image_open(path, ret);
	(void)unlink(path); /* nothing else knows its name */
	return r;
}

static int start_server(const struct doctor_place *place, const struct image *image,
			struct image_tree **ret_tree, int *ret_fd)
{
	struct image_tree_options options = { .helper_dir = place->helper_dir,
					      .threads = 1 };
	struct image_serving how = { .owners = OWNERS_MINE };
	pid_t pid;
	int r;

	r = image_tree_open(image, &options, ret_tree);
	if (r < 0)
		return r;
	return image_tree_serve(*ret_tree, &how, ret_fd, &pid);
}

static int read_served(const char *path, const char *expected)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char content[16] = { 0 };

	if (fd < 0 || read(fd, content, sizeof(content) - 1) < 0)
		return fail(errno, "read a file of a served image");
	if (strcmp(content, expected) != 0)
		return refuse(EIO, "a served file has wrong content");
	return 0;
}

int doctor_try_server(const struct doctor_place *place, struct text *found)
{
	struct image *image = NULL;
	struct image_tree *tree = NULL;
	auto_close int fuse_fd = -1;
	int r, socket_fd = -1;

	r = open_probe_image(&image);
	if (r < 0)
		return r;
	r = start_server(place, image, &tree, &socket_fd);
	if (r < 0)
		return hint(r, "install urun whole: its helpers belong in '%s'",
			    place->helper_dir);
	fuse_fd = mount_fuse();
	if (fuse_fd < 0)
		return fuse_fd;
	r = socket_send(socket_fd, "F", 1, &fuse_fd, 1);
	if (r < 0)
		return fail(-r, "hand the image server its descriptor");
	fd_release(&fuse_fd);
	fuse_fd = -1;
	text_addf(found, "in %s", place->helper_dir);
	return read_served("/tmp/image/probe", "works\n");
}

/* ---- the writable layer -------------------------------------------------------- */

int doctor_try_layer(const struct doctor_place *place, struct text *found)
{
	struct layer_choice choice;
	int r = layer_choose(NULL, &choice);

	(void)place; /* the kernel decides */
	if (r < 0)
		return r;
	if (strcmp(choice.name, "read-only") == 0)
		return hint(refuse(EROFS, "%s", choice.reason),
			    "install the package 'fuse-overlayfs'");
	text_addf(found, "%s%s%s", choice.name, *choice.reason ? "; " : "",
		  choice.reason);
	return 0;
}

int doctor_try_fuse_overlayfs(const struct doctor_place *place, struct text *found)
{
	(void)place, (void)found; /* it is there or not */
	return doctor_find_program("fuse-overlayfs", "fuse-overlayfs");
}
