// SPDX-License-Identifier: Apache-2.0
/* layer_trial.c - does overlayfs really work here?
 *
 * How it works: a child goes through the steps of a table and reports the first that
 * fails. It works in a tmpfs on top of its "/", which only it sees; its own child serves
 * the image.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/layer_trial.h"
#include "runtime/trialfs.h"

/* A hang is an answer, too; emulated machines are 30 times slower than ours. */
#define TRIAL_S 10

struct trial {
	const char *dir; /* NULL: in the tmpfs */
	char uid_map[32], gid_map[32];
	char options[3 * PATH_MAX];
};

/* What the child says. */
struct verdict {
	int step; /* place in the table; -1: all went well */
	int error;
};

/* ---- the steps: 0, or -1 with errno --------------------------------------------- */

static int write_text(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : -1;
}

static int enter(const struct trial *trial)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	if (write_text("/proc/self/setgroups", "deny") < 0 ||
	    write_text("/proc/self/uid_map", trial->uid_map) < 0 ||
	    write_text("/proc/self/gid_map", trial->gid_map) < 0)
		return -1;
	return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
}

static int mount_scratch(const struct trial *trial)
{
	auto_close int scratch_fd = -1;

	(void)trial; /* the same for all */
	if (mount("tmpfs", "/", "tmpfs", 0, NULL) < 0)
		return -1;
	/* ".." of the root leads to what is mounted on it; "/" itself does not. */
	scratch_fd = open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (scratch_fd < 0 || fchdir(scratch_fd) < 0)
		return -1;
	return mkdir("lower", 0755) < 0 || mkdir("root", 0755) < 0 ? -1 : 0;
}

static _Noreturn void serve(int fuse_fd, pid_t parent)
{
	struct trialfs fs = { .fuse_fd = fuse_fd };

	/* It stands in the namespace of its mount, which would keep both for ever. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	_exit(trialfs_serve(&fs) < 0);
}

static int make_image(const struct trial *trial)
{
	auto_close int fuse_fd = trialfs_mount("lower");
	pid_t pid, parent = getpid();

	(void)trial;	 /* the same for all */
	if (fuse_fd < 0) /* images are folders then, too */
		return mkdir("lower/folder", 0755) < 0 ||
				       write_text("lower/folder/file", "hello") < 0 ||
				       write_text("lower/script", "hello") < 0
			       ? -1
			       : 0;
	pid = fork();
	if (pid == 0)
		serve(fuse_fd, parent);
	return pid < 0 ? -1 : 0;
}

static int make_upper(const struct trial *trial)
{
	auto_close int dir_fd = open(trial->dir ? trial->dir : ".",
				     O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir_fd < 0)
		return -1;
	return mkdirat(dir_fd, "upper", 0755) < 0 ? -1 : mkdirat(dir_fd, "work", 0700);
}

static int mount_overlay(const struct trial *trial)
{
	return mount("overlay", "root", "overlay", 0, trial->options);
}

static int change_file(const struct trial *trial)
{
	auto_close int fd = open("root/folder/file", O_WRONLY | O_APPEND | O_CLOEXEC);

	(void)trial; /* the same for all */
	return fd >= 0 && write(fd, "!", 1) == 1 ? 0 : -1;
}

static int change_mode(const struct trial *trial)
{
	(void)trial; /* the same for all */
	return chmod("root/script", 0700);
}

static int rename_over(const struct trial *trial)
{
	(void)trial; /* the same for all */
	return write_text("root/new", "new") < 0 ? -1 : rename("root/new", "root/script");
}

static int remove_folder(const struct trial *trial)
{
	(void)trial; /* the same for all */
	return unlink("root/folder/file") < 0 ? -1 : rmdir("root/folder");
}

static int make_folder_again(const struct trial *trial)
{
	(void)trial; /* the same for all */
	if (mkdir("root/folder", 0755) < 0)
		return -1;
	if (access("root/folder/file", F_OK) == 0) {
		errno = EEXIST; /* the image's content shows through */
		return -1;
	}
	return 0;
}

static const struct {
	const char *does;
	int (*run)(const struct trial *trial);
} trial_steps[] = {
	{ "enter a user namespace", enter },
	{ "mount a tmpfs", mount_scratch },
	{ "make a trial image", make_image },
	{ "make the layer's folders", make_upper },
	{ "mount overlayfs", mount_overlay },
	{ "change a file of an image", change_file },
	{ "change the mode of an image's file", change_mode },
	{ "replace a file of an image", rename_over },
	{ "remove a folder of an image", remove_folder },
	{ "make a removed folder again", make_folder_again },
};

/* ---- the child and its report ------------------------------------------------------ */

/* As root of the namespace, since overlayfs leaves a folder that its owner can't enter.
 */
static void clean_up(const struct trial *trial)
{
	auto_close int dir_fd = -1;

	(void)umount2("root", MNT_DETACH); /* it may not be mounted */
	if (!trial->dir)
		return;
	dir_fd = open(trial->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)file_remove_tree(dir_fd, "upper"); /* the caller's folder is private: it */
	(void)file_remove_tree(dir_fd, "work");	 /* may remove the rest */
}

static _Noreturn void try_in_child(const struct trial *trial, int report_fd)
{
	struct verdict verdict = { .step = -1 };

	(void)alarm(TRIAL_S); /* cannot fail */
	for (size_t i = 0; i < ARRAY_SIZE(trial_steps) && verdict.step < 0; i++)
		if (trial_steps[i].run(trial) < 0)
			verdict = (struct verdict){ (int)i, errno };
	clean_up(trial);
	_exit(fd_write_all(report_fd, &verdict, sizeof(verdict)) < 0);
}

static int run_child(const struct trial *trial, struct verdict *ret)
{
	int pipe_fds[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return fail(errno, "make a pipe");
	pid = fork();
	if (pid == 0)
		try_in_child(trial, pipe_fds[1]);
	(void)close(pipe_fds[1]); /* the child's end: its death is heard */
	n = pid < 0 ? -1 : read(pipe_fds[0], ret, sizeof(*ret));
	(void)close(pipe_fds[0]); /* one message */
	if (pid < 0)
		return fail(errno, "start a process");
	(void)waitpid(pid, NULL, 0); /* what it said counts */
	if (n != sizeof(*ret))
		return refuse(ETIMEDOUT, "try overlayfs: the trial took longer than %d s",
			      TRIAL_S);
	return 0;
}

int layer_trial(const char *dir)
{
	struct trial trial = { .dir = dir };
	const char *base = dir ? dir : "", *slash = dir ? "/" : "";
	struct verdict verdict;
	int r;

	(void)snprintf(trial.uid_map, sizeof(trial.uid_map), "0 %u 1",
		       geteuid()); /* fits */
	(void)snprintf(trial.gid_map, sizeof(trial.gid_map), "0 %u 1",
		       getegid()); /* fits */
	r = snprintf(trial.options, sizeof(trial.options),
		     "lowerdir=lower,upperdir=%s%supper,workdir=%s%swork,userxattr", base,
		     slash, base, slash);
	if (r >= (int)sizeof(trial.options) || strpbrk(base, ",:\\"))
		return refuse(ENAMETOOLONG, "name '%s' to overlayfs", base);
	r = run_child(&trial, &verdict);
	if (r < 0 || verdict.step < 0)
		return r;
	return fail(verdict.error, "%s", trial_steps[verdict.step].does);
}
