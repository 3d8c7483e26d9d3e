// SPDX-License-Identifier: Apache-2.0
/* device.c - device nodes of a container
 *
 * How it works: mknod is for the real root only; elsewhere the host's node is bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/attach.h"
#include "runtime/device.h"
#include "runtime/mount.h"
#include "runtime/start.h"

static const struct spec_device default_devices[] = {
	{ .path = (char *)"/dev/null",
	  .type = 'c',
	  .major = 1,
	  .minor = 3,
	  .mode = 0666 },
	{ .path = (char *)"/dev/zero",
	  .type = 'c',
	  .major = 1,
	  .minor = 5,
	  .mode = 0666 },
	{ .path = (char *)"/dev/full",
	  .type = 'c',
	  .major = 1,
	  .minor = 7,
	  .mode = 0666 },
	{ .path = (char *)"/dev/random",
	  .type = 'c',
	  .major = 1,
	  .minor = 8,
	  .mode = 0666 },
	{ .path = (char *)"/dev/urandom",
	  .type = 'c',
	  .major = 1,
	  .minor = 9,
	  .mode = 0666 },
	{ .path = (char *)"/dev/tty", .type = 'c', .major = 5, .minor = 0, .mode = 0666 },
};

static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" },	 { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
	{ "ptmx", "pts/ptmx" },
};

static int bind_node(const struct start_plan *plan, const struct spec_device *device)
{
	static const struct attach_attr as_it_is;
	const char *source = device->source ? device->source : device->path;
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = -1;

	if (attach_open(AT_FDCWD, source, false, &tree) < 0)
		return -1;
	target_fd = mount_point_of(plan, device->path, false);
	return target_fd < 0 ? -1 : attach_to(&tree, target_fd, &as_it_is);
}

static mode_t file_type(char type)
{
	return type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR;
}

/* The folder of path, made if missing, and the last name. */
static int open_folder_of(const struct start_plan *plan, const char *path,
			  const char **ret_name)
{
	char folder[256]; /* nodes lie in /dev; deeper ones are bound */
	const char *slash = strrchr(path, '/');

	if (!slash || (size_t)(slash - path) >= sizeof(folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	*ret_name = slash + 1;
	return mount_point_of(plan, folder[0] ? folder : "/", true);
}

static int make_node(const struct start_plan *plan, const struct spec_device *device)
{
	const char *name;
	auto_close int folder_fd = open_folder_of(plan, device->path, &name);
	dev_t number = makedev(device->major, device->minor);

	if (folder_fd < 0)
		return -1;
	if (mknodat(folder_fd, name, file_type(device->type) | device->mode, number) < 0)
		return -1;
	/* The umask took bits away. */
	if (fchmodat(folder_fd, name, device->mode, 0) < 0)
		return -1;
	return fchownat(folder_fd, name, device->uid, device->gid, AT_SYMLINK_NOFOLLOW);
}

static int make_device(const struct start_plan *plan, const struct spec_device *device)
{
	int fd;

	if (make_node(plan, device) == 0)
		return 0;
	if (errno == EPERM || errno == EINVAL || errno == EROFS || errno == ENAMETOOLONG)
		return bind_node(plan, device);
	if (errno != EEXIST)
		return -1;
	/* A node that is there already is used as it is; anything else gets a bind. */
	fd = file_open_in(plan->root.now.root_fd, device->path, O_PATH, 0);
	if (fd >= 0) {
		struct stat st;
		bool same = fstat(fd, &st) == 0 &&
			    st.st_rdev == makedev(device->major, device->minor) &&
			    (st.st_mode & S_IFMT) == file_type(device->type);

		(void)close(fd); /* O_PATH: nothing to lose */
		if (same)
			return 0;
	}
	return bind_node(plan, device);
}

bool device_has_own_dev(const struct start_plan *plan)
{
	bool is_new = false;

	for (size_t i = 0; i < plan->n_mounts; i++)
		if (strcmp(plan->mounts[i].target, "/dev") == 0)
			is_new = plan->mounts[i].way == MOUNT_NEW;
	return is_new;
}

static bool has_device(const struct spec *spec, const char *path)
{
	for (size_t i = 0; i < spec->n_devices; i++)
		if (strcmp(spec->devices[i].path, path) == 0)
			return true;
	return false;
}

static int make_links(int root_fd)
{
	auto_close int dev_fd = mount_point(root_fd, "/dev", true);

	if (dev_fd < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (symlinkat(links[i].target, dev_fd, links[i].name) < 0 &&
		    errno != EEXIST)
			return -1;
	return 0;
}

int device_make_all(struct start_plan *plan)
{
	const struct spec *spec = plan->spec;

	for (size_t i = 0; i < spec->n_devices; i++) {
		plan->now.at = i;
		if (make_device(plan, &spec->devices[i]) < 0)
			return -1;
	}
	if (!device_has_own_dev(plan))
		return 0;
	plan->now.at = spec->n_devices; /* no item of the spec */
	for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++)
		if (!has_device(spec, default_devices[i].path) &&
		    make_device(plan, &default_devices[i]) < 0)
			return -1;
	return make_links(plan->root.now.root_fd);
}
