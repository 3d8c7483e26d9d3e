// SPDX-License-Identifier: Apache-2.0
/* test_mounts.c - building a root file system in a mount namespace */
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/platform/sandbox.h"
#include "tests/tap.h"

static bool same_mount(const char *a, const char *b)
{
	struct statx one, other;

	return statx(AT_FDCWD, a, 0, STATX_MNT_ID, &one) == 0 &&
	       statx(AT_FDCWD, b, 0, STATX_MNT_ID, &other) == 0 &&
	       one.stx_mnt_id == other.stx_mnt_id;
}

/* The root is made on top of "/" and reached by descriptor, so no path of the host is
 * used up; pivot_root(".", ".") then stacks the old root on the new one, with all that
 * lies on it: each has to be taken off, or ".." of the root leads to the host. */
static bool switch_roots(void)
{
	auto_close int top_fd = -1;
	int mount_fd, context_fd = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

	must(context_fd >= 0);
	must(syscall(SYS_fsconfig, context_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0);
	mount_fd = (int)syscall(SYS_fsmount, context_fd, FSMOUNT_CLOEXEC, 0);
	must(mount_fd >= 0);
	must(mkdirat(mount_fd, "made-here", 0755) == 0);
	must(syscall(SYS_move_mount, mount_fd, "", AT_FDCWD, "/",
		     MOVE_MOUNT_F_EMPTY_PATH) == 0);
	must(access("/made-here", F_OK) < 0); /* "/" is still the covered one */
	must(access("/../made-here", F_OK) == 0);
	must(mkdirat(mount_fd, "root", 0755) == 0 && fchdir(mount_fd) == 0);
	must(mount("tmpfs", "root", "tmpfs", 0, NULL) == 0);
	must(chdir("root") == 0 && mkdir("in-root", 0755) == 0);
	must(syscall(SYS_pivot_root, ".", ".") == 0);
	must(access("/in-root", F_OK) == 0 && access("/proc", F_OK) < 0);
	must(umount2(".", MNT_DETACH) == 0);
	must(!same_mount("/", "/..") && access("/../proc", F_OK) == 0);
	must(umount2("/..", MNT_DETACH) == 0);
	must(same_mount("/", "/..") && access("/../proc", F_OK) < 0);
	return true;
}

static void root_is_attached_on_top_and_switched(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, switch_roots));
}

static bool rename_onto_a_bind(void)
{
	must(sandbox_write("/tmp/bound", "x") && sandbox_write("/tmp/place", "x"));
	must(sandbox_write("/tmp/new", "x"));
	must(mount("/tmp/bound", "/tmp/place", NULL, MS_BIND, NULL) == 0);
	must_fail(rename("/tmp/new", "/tmp/place"), EBUSY);
	return true;
}

static void rename_onto_a_bound_file_is_ebusy(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, rename_onto_a_bind));
}

/* Mounts that came with the namespace of somebody more privileged are locked together:
 * they can be bound as a whole tree, not in part, and never taken off. */
static bool bind_locked_mounts(void)
{
	int tree_fd;

	must(mkdir("/tmp/from", 0755) == 0 && mkdir("/tmp/to", 0755) == 0);
	must(mount("tmpfs", "/tmp/from", "tmpfs", 0, NULL) == 0);
	must(mkdir("/tmp/from/sub", 0755) == 0);
	must(mount("tmpfs", "/tmp/from/sub", "tmpfs", 0, NULL) == 0);
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0);
	must_fail(umount2("/tmp/from/sub", MNT_DETACH), EINVAL);
	must_fail(mount("/tmp/from", "/tmp/to", NULL, MS_BIND, NULL), EINVAL);
	tree_fd = (int)syscall(SYS_open_tree, AT_FDCWD, "/tmp/from",
			       OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC);
	must(tree_fd >= 0);
	must(syscall(SYS_move_mount, tree_fd, "", AT_FDCWD, "/tmp/to",
		     MOVE_MOUNT_F_EMPTY_PATH) == 0);
	return true;
}

static void locked_mounts_bind_as_a_tree(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, bind_locked_mounts));
}

static bool drop_a_locked_flag(void)
{
	must(mount("tmpfs", "/tmp", "tmpfs", MS_NOEXEC | MS_NODEV, NULL) == 0);
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0);
	must_fail(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL),
		  EPERM);
	must(mount(NULL, "/tmp", NULL,
		   MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOEXEC | MS_NODEV, NULL) == 0);
	return true;
}

static void remount_has_to_keep_locked_flags(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, drop_a_locked_flag));
}

static pid_t start_slave(int ready_fd)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ||
	    write(ready_fd, "r", 1) != 1)
		_exit(1);
	for (;;)
		(void)pause();
}

static bool see_later_mounts(void)
{
	int pipe_fds[2];
	char byte, path[64];
	bool seen;
	pid_t pid;

	must(mount("tmpfs", "/tmp", "tmpfs", 0, NULL) == 0);
	must(mount(NULL, "/tmp", NULL, MS_SHARED, NULL) == 0);
	must(mkdir("/tmp/later", 0755) == 0);
	must(pipe2(pipe_fds, O_CLOEXEC) == 0);
	pid = start_slave(pipe_fds[1]);
	must(close(pipe_fds[1]) == 0 && read(pipe_fds[0], &byte, 1) == 1);
	must(mount("tmpfs", "/tmp/later", "tmpfs", 0, NULL) == 0);
	must(sandbox_write("/tmp/later/here", "x"));
	(void)snprintf(path, sizeof(path), "/proc/%d/root/tmp/later/here", pid);
	seen = access(path, F_OK) == 0;
	must(kill(pid, SIGKILL) == 0);
	return seen;
}

static void later_mounts_of_the_host_appear_in_slaves(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, see_later_mounts));
}

static bool look_for_xattrs(void)
{
	bool has = setxattr("/tmp", "user.urun", "y", 1, 0) == 0;

	sandbox_saw("tmpfs %s user xattrs", has ? "has" : "lacks");
	must(has || errno == EOPNOTSUPP);
	return true;
}

static void tmpfs_has_or_lacks_user_xattrs(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, look_for_xattrs));
}

static bool mount_devpts(void)
{
	must_fail(mount("devpts", "/tmp", "devpts", 0, "newinstance,ptmxmode=0666,gid=5"),
		  EINVAL);
	must(mount("devpts", "/tmp", "devpts", 0, "newinstance,ptmxmode=0666") == 0);
	return true;
}

static void devpts_has_no_gid_5_with_one_id(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, mount_devpts));
}

static bool resolve_inside(void)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	auto_close int dir_fd = open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat found, expected;
	int fd;

	must(mkdir("/tmp/etc", 0755) == 0 && sandbox_write("/tmp/etc/passwd", "x"));
	must(symlink("/etc/passwd", "/tmp/absolute") == 0);
	must(symlink("../../../etc/passwd", "/tmp/upwards") == 0);
	must(stat("/tmp/etc/passwd", &expected) == 0);
	for (int i = 0; i < 2; i++) {
		fd = (int)syscall(SYS_openat2, dir_fd, i ? "absolute" : "upwards", &how,
				  sizeof(how));
		must(fd >= 0);
		must(fstat(fd, &found) == 0 && close(fd) == 0);
		must(found.st_ino == expected.st_ino && found.st_dev == expected.st_dev);
	}
	return true;
}

static void openat2_keeps_links_inside(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, resolve_inside));
}

int main(void)
{
	RUN(root_is_attached_on_top_and_switched);
	RUN(rename_onto_a_bound_file_is_ebusy);
	RUN(locked_mounts_bind_as_a_tree);
	RUN(remount_has_to_keep_locked_flags);
	RUN(later_mounts_of_the_host_appear_in_slaves);
	RUN(tmpfs_has_or_lacks_user_xattrs);
	RUN(devpts_has_no_gid_5_with_one_id);
	RUN(openat2_keeps_links_inside);
	return tap_end();
}
