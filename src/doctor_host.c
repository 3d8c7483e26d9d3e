// SPDX-License-Identifier: Apache-2.0
/* doctor_host.c - probes of folders, devices and settings of the host */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "doctor.h"

#define PROC_FILE_MAX 65536 /* /proc/self/cgroup of a machine with many hierarchies */

/* ---- folders ------------------------------------------------------------------- */

/* Make the folder, and in it a file that can be locked; the file is removed again. */
static int try_folder(const char *path, const char *option)
{
	auto_free char *file = path_join(path, ".urun-doctor");
	auto_close int top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int dir_fd = file_make_folders_in(top_fd, path);
	auto_close int fd = -1;
	int r = 0;

	if (dir_fd < 0)
		return hint(fail(-dir_fd, "make the folder '%s'", path), "%s", option);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return hint(fail(errno, "write into '%s'", path), "%s", option);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno != EWOULDBLOCK)
		r = hint(fail(errno, "lock a file in '%s'", path), "%s", option);
	(void)unlink(file); /* a second doctor may have done it */
	return r;
}

int doctor_try_runtime_dir(const struct doctor_place *place, struct text *found)
{
	if (!place->runtime_dir)
		return hint(refuse(ENOENT, "no folder for running containers"),
			    "set XDG_RUNTIME_DIR to a folder of the user, mode 0700");
	text_add(found, place->runtime_dir);
	return try_folder(place->runtime_dir,
			  "set XDG_RUNTIME_DIR to a folder of the user, mode 0700");
}

static const char *file_system_name(long magic)
{
	static const struct {
		long magic;
		const char *name;
	} known[] = {
		{ EXT4_SUPER_MAGIC, "ext4" },	{ XFS_SUPER_MAGIC, "xfs" },
		{ BTRFS_SUPER_MAGIC, "btrfs" }, { TMPFS_MAGIC, "tmpfs" },
		{ NFS_SUPER_MAGIC, "nfs" },	{ OVERLAYFS_SUPER_MAGIC, "overlay" },
		{ FUSE_SUPER_MAGIC, "fuse" },	{ F2FS_SUPER_MAGIC, "f2fs" },
		{ 0x0bd00bd0, "lustre" },	{ 0x19830326, "beegfs" },
		{ 0x47504653, "gpfs" },		{ 0x00c36400, "ceph" },
		{ (long)0xff534d42, "cifs" },	{ 0x2fc12fc1, "zfs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].magic == magic)
			return known[i].name;
	return "another file system";
}

int doctor_try_data_dir(const struct doctor_place *place, struct text *found)
{
	static const char remedy[] = "set data-dir in /etc/urun/urun.conf or with "
				     "--data-dir to a local disk";
	struct statfs fs;
	int r = try_folder(place->data_dir, remedy);

	if (r < 0)
		return r;
	if (statfs(place->data_dir, &fs) < 0)
		return fail(errno, "look at '%s'", place->data_dir);
	text_addf(found, "%s on %s, %llu MiB free", place->data_dir,
		  file_system_name(fs.f_type),
		  (unsigned long long)fs.f_bavail * (unsigned long long)fs.f_bsize >> 20);
	return 0;
}

/* ---- network ------------------------------------------------------------------- */

int doctor_try_tun(const struct doctor_place *place, struct text *found)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	auto_close int fd = -1;
	int r = doctor_enter(CLONE_NEWNET);

	(void)place, (void)found; /* it works or it does not */
	if (r < 0)
		return r;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return hint(fail(errno, "open '/dev/net/tun'"),
			    errno == EACCES
				    ? "chmod 0666 /dev/net/tun"
				    : "modprobe tun; in a pod, give it the device "
				      "/dev/net/tun");
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return fail(errno, "make a tap device in a network namespace");
	return 0;
}

/* ---- cgroups --------------------------------------------------------------- */

/* Our path in the cgroup v2 hierarchy: the line "0::PATH". NULL: none. */
static char *own_cgroup(void)
{
	auto_free char *content = NULL;
	auto_strv struct strv lines = { 0 };
	size_t len;

	if (file_read_in(AT_FDCWD, "/proc/self/cgroup", PROC_FILE_MAX, &content, &len) <
	    0)
		return NULL;
	strv_split(&lines, content, "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (text_starts(lines.item[i], "0::"))
			return mem_text(lines.item[i] + 3);
	return NULL;
}

static const char *cgroup_mount(void)
{
	struct statfs fs;

	if (statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
		return "/sys/fs/cgroup";
	if (statfs("/sys/fs/cgroup/unified", &fs) == 0 &&
	    fs.f_type == CGROUP2_SUPER_MAGIC)
		return "/sys/fs/cgroup/unified";
	return NULL;
}

int doctor_try_cgroup(const struct doctor_place *place, struct text *found)
{
	auto_free char *path = own_cgroup(), *folder = NULL, *procs = NULL, *list = NULL;
	auto_free char *controllers = NULL;
	const char *top = cgroup_mount();
	size_t len;

	(void)place; /* the same everywhere */
	if (!path || !top)
		return hint(refuse(ENOENT, "no cgroup v2 hierarchy"),
			    "boot with systemd.unified_cgroup_hierarchy=1");
	folder = path_join(top, path[0] == '/' ? path + 1 : path);
	procs = path_join(folder, "cgroup.procs");
	list = path_join(folder, "cgroup.controllers");
	if (access(procs, W_OK) < 0)
		return hint(refuse(EACCES, "'%s' is not delegated to you", folder),
			    "start it by systemd-run --user --scope -p Delegate=yes, or "
			    "as a service with Delegate=yes");
	if (file_read_in(AT_FDCWD, list, PROC_FILE_MAX, &controllers, &len) == 0)
		controllers[strcspn(controllers, "\n")] = '\0';
	text_addf(found, "delegated: %s",
		  controllers && *controllers ? controllers : "no controllers");
	return 0;
}

/* ---- other architectures ------------------------------------------------------- */

int doctor_try_binfmt(const struct doctor_place *place, struct text *found)
{
	auto_dir DIR *dir = opendir("/proc/sys/fs/binfmt_misc");
	const struct dirent *entry;

	(void)place; /* the same everywhere */
	while (dir && (entry = readdir(dir)))
		if (text_starts(entry->d_name, "qemu-"))
			text_addf(found, "%s%s", found->len ? " " : "",
				  entry->d_name + strlen("qemu-"));
	if (!found->len)
		return hint(refuse(ENOENT, "no handlers of other architectures"),
			    "install the package 'qemu-user-static'");
	return 0;
}
