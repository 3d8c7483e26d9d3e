// SPDX-License-Identifier: Apache-2.0
/* rootfs.c - making the new root and entering it
 *
 * How it works: see rootfs.h for the places. The folders are made, and files generated,
 * before the overlay is mounted: what is in its upper layer then costs no copy-up.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/attach.h"
#include "runtime/layer_fuse.h"
#include "runtime/lost.h"
#include "runtime/mount.h"
#include "runtime/rootfs.h"
#include "runtime/start.h"

/* ---- planning --------------------------------------------------------------- */

/* An id that the mount can name as its owner's: any that is mapped. */
static uint32_t any_id(const struct spec *spec, const struct id_maps *maps)
{
	bool has_map = spec->ns[NS_USER].wanted && maps->count;

	return has_map ? maps->item[0].inside : 0;
}

int rootfs_plan_make(const struct spec *spec, const struct container_io *io,
		     struct rootfs_plan *ret)
{
	struct rootfs_plan plan = { .image_fd = -1, .now = { -1, -1, -1, false } };
	int r;

	if (spec->urun.root_kind == ROOT_IMAGE) {
		if (io->image_fd < 0)
			return refuse(EINVAL, "mount the image: no server for it");
		plan.image_fd = io->image_fd;
	} else if (spec->root_path) {
		plan.folder = spec->root_path;
	} else {
		return refuse(EINVAL, "enter the root: no root.path");
	}
	r = layer_plan_make(spec, io, &plan.layer);
	if (r < 0)
		return r;
	plan.fuse_options = mem_format(
		"rootmode=40000,user_id=%u,group_id=%u,default_permissions,allow_other",
		any_id(spec, &spec->uid_maps), any_id(spec, &spec->gid_maps));
	*ret = plan;
	return 0;
}

void rootfs_plan_done(struct rootfs_plan *plan, const struct spec *spec)
{
	free(plan->fuse_options);
	plan->fuse_options = NULL;
	layer_plan_done(&plan->layer, spec);
}

/* ---- in the child ----------------------------------------------------------- */

int rootfs_make_scratch(struct start_plan *plan)
{
	static const char *const folders[] = { "lower", "upper", "work",
					       "layer", "files", "root" };
	const unsigned long flags = MS_NOSUID | MS_NODEV;
	struct rootfs_state *now = &plan->root.now;

	/* Two of them: a recursive bind of "/" leaves out what is unbindable, and all on
	 * it; and overlayfs takes no layer that is. ".." of the root leads to what is
	 * mounted on it; "/" itself does not. */
	if (mount("tmpfs", "/", "tmpfs", flags, "mode=0755,size=64k") < 0 ||
	    mount(NULL, "/..", NULL, MS_UNBINDABLE, NULL) < 0 ||
	    mkdir("/../scratch", 0755) < 0 ||
	    mount("tmpfs", "/../scratch", "tmpfs", flags,
		  plan->root.layer.tmpfs_options) < 0)
		return -1;
	now->scratch_fd = open("/../scratch", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (now->scratch_fd < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (mkdirat(now->scratch_fd, folders[i], 0755) < 0)
			return -1;
	return 0;
}

/* The server gets the descriptor, and only the server: with the last copy closed, the
 * mount answers instead of hanging when its server is gone. */
static int mount_image(const struct start_plan *plan)
{
	const struct rootfs_plan *root = &plan->root;
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_RDONLY;
	auto_close int fuse_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[256];
	int r;

	if (fuse_fd < 0)
		return -1;
	if (snprintf(options, sizeof(options), "fd=%d,%s", fuse_fd, root->fuse_options) >=
	    (int)sizeof(options)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (mount("urun", "lower", "fuse", flags, options) < 0)
		return -1;
	r = socket_send(root->image_fd, "F", 1, &fuse_fd, 1);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return 0;
}

static int bind_here(const char *source, const char *name)
{
	static const struct attach_attr as_it_is;
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (target_fd < 0 || attach_open(AT_FDCWD, source, true, &tree) < 0)
		return -1;
	return attach_to(&tree, target_fd, &as_it_is);
}

int rootfs_mount_lower(struct start_plan *plan)
{
	struct rootfs_plan *root = &plan->root;

	if (fchdir(root->now.scratch_fd) < 0)
		return -1;
	if (root->folder)
		return bind_here(root->folder, "lower");
	return mount_image(plan);
}

/* One answer of the server brings all names of the root with their attributes, where the
 * mounts that follow would ask for most of them one by one. */
int rootfs_list_image(struct start_plan *plan)
{
	auto_close int fd = -1;
	char names[4096];

	if (plan->root.folder)
		return 0;
	fd = openat(plan->root.now.scratch_fd, "lower",
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		(void)syscall(SYS_getdents64, fd, names, sizeof(names)); /* or later */
	return 0;
}

static int open_upper(struct rootfs_plan *root)
{
	const char *upper = "upper";

	if (root->layer.folder && bind_here(root->layer.folder, "layer") < 0)
		return -1;
	if (root->layer.folder && !root->layer.folder_is_lower)
		upper = "layer/upper";
	root->now.upper_fd = open(upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root->now.upper_fd < 0 ? -1 : 0;
}

/* A file of the spec, below dir_fd, instead of what is there. */
static int write_file(int dir_fd, const char *name, const struct spec_file *file)
{
	auto_close int fd = -1;
	int r;

	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return -1;
	if (file->link_target) {
		if (symlinkat(file->link_target, dir_fd, name) < 0)
			return -1;
		return lost_stamp(dir_fd, name);
	}
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -1;
	r = fd_write_all(fd, file->content, file->len);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	if (fchmod(fd, file->mode & 07777) < 0)
		return -1;
	return lost_stamp(dir_fd, name);
}

static int write_below(int root_fd, const struct spec_file *file)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file->path, '/');
	auto_close int folder_fd = -1;

	if (!slash || !slash[1] || slash - file->path >= PATH_MAX - 1) {
		errno = EINVAL;
		return -1;
	}
	(void)snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - file->path),
		       file->path); /* fits */
	folder_fd = mount_point(root_fd, folder, true);
	return folder_fd < 0 ? -1 : write_file(folder_fd, slash + 1, file);
}

/* The tree has something odd where the file belongs: a loop of links, a file in place of
 * a folder, a link to what is the host's. The command sees that, then, and no file. */
static bool is_about_the_tree(int err)
{
	return err == ELOOP || err == ENOTDIR || err == EISDIR || err == EXDEV;
}

/* Where a link of a folder image leads, the folder may be somebody else's. */
static bool may_be_missing(int err)
{
	return is_about_the_tree(err) || err == EACCES || err == EPERM;
}

/* Are all folders of path that the layer has just folders? A link or a whiteout says that
 * the file belongs elsewhere. Links on the way were found before they could be followed.
 */
static bool has_plain_folders(int layer_fd, const char *path)
{
	const char *start = path + strspn(path, "/");
	char part[PATH_MAX];
	struct stat st;

	for (const char *end = start; (end = strchr(end, '/')); end++) {
		if (end - start >= PATH_MAX)
			return false;
		(void)snprintf(part, sizeof(part), "%.*s", (int)(end - start),
			       start); /* fits */
		if (fstatat(layer_fd, part, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT;
		if (!S_ISDIR(st.st_mode))
			return false;
	}
	return true;
}

static bool layer_is_odd(const struct rootfs_plan *root, const char *layer,
			 const char *path)
{
	auto_close int layer_fd = openat(root->now.scratch_fd, layer,
					 O_PATH | O_DIRECTORY | O_CLOEXEC);

	return layer_fd >= 0 && !has_plain_folders(layer_fd, path);
}

/* Only when the layers are put together can be told what a link in one of them means. */
static bool must_be_late(const struct rootfs_plan *root, const char *path)
{
	return layer_is_odd(root, "lower", path) ||
	       (root->layer.folder && layer_is_odd(root, "layer/upper", path));
}

int rootfs_write_files(struct start_plan *plan)
{
	struct rootfs_plan *root = &plan->root;
	const struct spec_urun *urun = &plan->spec->urun;

	if (root->layer.way == LAYER_WAY_NONE)
		return 0;
	if (open_upper(root) < 0)
		return -1;
	for (size_t i = 0; i < urun->n_files; i++) {
		plan->now.at = i;
		if (must_be_late(root, urun->files[i].path))
			root->now.has_late_files = true;
		else if (write_below(root->now.upper_fd, &urun->files[i]) < 0 &&
			 !is_about_the_tree(errno))
			return -1;
	}
	return 0;
}

int rootfs_write_late_files(struct start_plan *plan)
{
	struct rootfs_plan *root = &plan->root;
	const struct spec_urun *urun = &plan->spec->urun;

	if (!root->now.has_late_files || !root->now.is_layered)
		return 0;
	for (size_t i = 0; i < urun->n_files; i++) {
		plan->now.at = i;
		if (must_be_late(root, urun->files[i].path) &&
		    write_below(root->now.root_fd, &urun->files[i]) < 0 &&
		    !may_be_missing(errno))
			return -1;
	}
	return 0;
}

/* Without new privileges a program with file capabilities can't be executed by who lacks
 * them, root among others, unless they are ignored as setuid bits are. */
static int mount_overlay(const struct start_plan *plan, const char *name)
{
	unsigned long flags = plan->spec->process.no_new_privs ? MS_NOSUID : 0;

	return mount("overlay", name, "overlay", flags, plan->root.layer.options);
}

int rootfs_mount_layer(struct start_plan *plan)
{
	struct rootfs_plan *root = &plan->root;
	const char *name = "root";
	int r = 0;

	if (root->layer.way == LAYER_WAY_NONE)
		name = "lower";
	else if (root->layer.way == LAYER_WAY_FUSE)
		r = layer_fuse_mount(plan);
	else
		r = mount_overlay(plan, name);
	if (r < 0 && !root->layer.is_optional)
		return -1;
	if (r < 0)
		name = "lower";
	root->now.is_layered = r == 0 && root->layer.way != LAYER_WAY_NONE;
	root->now.root_fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root->now.root_fd < 0 ? -1 : 0;
}

/* Where nothing can be written the file is bound, from the scratch tmpfs. A link can't
 * be: the image's own then stays. */
static int bind_file(struct rootfs_plan *root, int files_fd, size_t number,
		     const struct spec_file *file)
{
	static const struct attach_attr read_only = { .set = MOUNT_ATTR_RDONLY };
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = -1;
	char name[24];

	if (file->link_target)
		return 0;
	(void)snprintf(name, sizeof(name), "%zu", number); /* fits */
	if (write_file(files_fd, name, file) < 0)
		return -1;
	target_fd = mount_point(root->now.root_fd, file->path, false);
	if (target_fd < 0)
		return -1;
	if (attach_open(files_fd, name, false, &tree) < 0)
		return -1;
	return attach_to(&tree, target_fd, &read_only);
}

int rootfs_bind_files(struct start_plan *plan)
{
	const struct spec_urun *urun = &plan->spec->urun;
	struct rootfs_plan *root = &plan->root;
	auto_close int files_fd = -1;

	if (root->now.is_layered || !urun->n_files)
		return 0;
	files_fd = openat(root->now.scratch_fd, "files",
			  O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (files_fd < 0)
		return -1;
	for (size_t i = 0; i < urun->n_files; i++) {
		plan->now.at = i;
		if (bind_file(root, files_fd, i, &urun->files[i]) < 0 &&
		    !is_about_the_tree(errno))
			return -1;
	}
	return 0;
}

/* Where our root is no mount of its own (a pod's, an initramfs), pivot_root is EINVAL. */
static int move_root(void)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return -1;
	return chroot(".");
}

/* Does another mount lie on our root? "/.." is where it would be seen. */
static int root_is_covered(void)
{
	struct statx root, above;

	if (statx(AT_FDCWD, "/", AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_MNT_ID,
		  &root) < 0 ||
	    statx(AT_FDCWD, "/..", AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_MNT_ID,
		  &above) < 0)
		return -1;
	return root.stx_mnt_id != above.stx_mnt_id || root.stx_ino != above.stx_ino ||
	       root.stx_dev_major != above.stx_dev_major ||
	       root.stx_dev_minor != above.stx_dev_minor;
}

#define COVERS_MAX 64 /* the old root, the scratch on it, and what the host had there */

int rootfs_enter(struct start_plan *plan)
{
	struct rootfs_state *now = &plan->root.now;
	int covered;

	if (fchdir(now->root_fd) < 0)
		return -1;
	/* The old root comes to lie on the new one, at the same place, and is taken off
	 * with all that lies on it in turn: umount takes the topmost only. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return errno == EINVAL && move_root() == 0 ? chdir("/") : -1;
	if (chdir("/") < 0)
		return -1;
	for (int i = 0; (covered = root_is_covered()) > 0; i++) {
		if (i == COVERS_MAX) {
			errno = ELOOP;
			return -1;
		}
		if (umount2("/..", MNT_DETACH) < 0)
			return -1;
	}
	return covered;
}

int rootfs_make_read_only(struct start_plan *plan)
{
	static const struct attach_attr read_only = { .set = MOUNT_ATTR_RDONLY };

	if (!plan->root.layer.root_is_read_only)
		return 0;
	return attach_change(plan->root.now.root_fd, &read_only);
}
