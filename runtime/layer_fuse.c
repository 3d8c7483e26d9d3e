// SPDX-License-Identifier: Apache-2.0
/* layer_fuse.c - fuse-overlayfs, where the kernel's overlayfs can't be used
 *
 * How it works: init opens /dev/fuse inside the user namespace, as the kernel demands, and
 * sends the descriptor. A child of the supervisor enters init's namespaces, copies the
 * mount namespace before init mounts what is to be served, and executes the program there.
 * It ends by itself when that mount is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/child.h"
#include "runtime/layer_fuse.h"
#include "runtime/start.h"
#include "runtime/sync.h"

#define PROGRAM "fuse-overlayfs"
#define FUSE_FD 3	/* the program finds its mount at /dev/fd/3 */
#define PLACE "/tmp"	/* where it finds the scratch file system; exists everywhere */

bool layer_fuse_is_possible(void)
{
	auto_strv struct strv folders = { 0 };
	const char *path = getenv("PATH");

	if (access("/dev/fuse", R_OK | W_OK) < 0)
		return false;
	strv_split(&folders, path ? path : "/usr/bin:/bin", ":");
	for (size_t i = 0; i < folders.count; i++) {
		auto_free char *program = path_join(folders.item[i], PROGRAM);

		if (access(program, X_OK) == 0)
			return true;
	}
	return false;
}

/* ---- init ---------------------------------------------------------------------------- */

int layer_fuse_mount(struct start_plan *plan)
{
	struct sync_message message = { .kind = SYNC_SERVE_LAYER };
	auto_close int fuse_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[256];
	int r;

	if (fuse_fd < 0)
		return -1;
	r = sync_send(plan->their_sync_fd, &message, fuse_fd);
	if (r == 0)
		r = sync_expect(plan->their_sync_fd, SYNC_LAYER_SERVED);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	(void)snprintf(options, sizeof(options), "fd=%d,%s", fuse_fd,
		       plan->root.fuse_options); /* fits */
	return mount(PROGRAM, "root", "fuse", MS_NODEV, options);
}

/* ---- the supervisor's child, until it is the program ------------------------------------- */

struct server {
	pid_t supervisor;
	int init_fd, root_fd, fuse_fd;
	char **args;
};

/* The root of init is that of the host, below the scratch file system: what is mounted on
 * "/" is reached by "/..", for the program by a path without dots. */
static int enter(const struct server *server)
{
	if (setns(server->init_fd, CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	if (fchdir(server->root_fd) < 0 || chroot(".") < 0 || unshare(CLONE_NEWNS) < 0)
		return -1;
	if (mount("/..", PLACE, NULL, MS_BIND | MS_REC, NULL) < 0)
		return -1;
	return chdir("/");
}

_Noreturn static void become(const struct server *server, int report_fd)
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int high_fd = fcntl(server->fuse_fd, F_DUPFD_CLOEXEC, FUSE_FD + 1);
	sigset_t none;
	int err;

	(void)sigemptyset(&none);		     /* cannot fail */
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
	if (setsid() >= 0 && null_fd >= 0 && high_fd >= 0 && enter(server) == 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == server->supervisor &&
	    dup2(null_fd, 0) == 0 && dup2(null_fd, 1) == 1 && dup2(null_fd, 2) == 2) {
		report_fd = fcntl(report_fd, F_DUPFD_CLOEXEC, FUSE_FD + 1);
		(void)dup2(high_fd, FUSE_FD); /* the program complains otherwise */
		(void)child_close_all_but(FUSE_FD + 1, &report_fd, 1); /* returns 0 */
		(void)execvp(PROGRAM, server->args); /* errno tells */
	}
	err = errno;
	(void)write(report_fd, &err, sizeof(err)); /* its end is noticed otherwise */
	_exit(127);
}

/* ---- the supervisor -------------------------------------------------------------------- */

static char *overlay_option(const struct layer_plan *layer)
{
	const char *below = layer->folder && layer->folder_is_lower ? PLACE "/layer/upper:" :
								      "";
	const char *in = layer->folder && !layer->folder_is_lower ? "layer/" : "";

	return mem_format("lowerdir=%s" PLACE "/lower,upperdir=" PLACE "/%supper,workdir=" PLACE
			  "/%swork",
			  below, in, in);
}

static int await_start(int report_fd, pid_t pid)
{
	int err;

	if (read(report_fd, &err, sizeof(err)) != sizeof(err))
		return 0;
	(void)waitpid(pid, NULL, 0); /* it has said why */
	return fail(err, "start " PROGRAM);
}

int layer_fuse_serve(const struct start_plan *plan, int init_fd, int fuse_fd,
		     pid_t *ret_pid)
{
	auto_free char *option = overlay_option(&plan->root.layer);
	char *args[] = { (char *)PROGRAM, (char *)"-f", (char *)"-o", option,
			 (char *)"/dev/fd/3", NULL };
	auto_free char *root_path = mem_format("/proc/%d/root", (int)plan->init_pid);
	auto_close int root_fd = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct server server = { getpid(), init_fd, root_fd, fuse_fd, args };
	int pipe_fds[2], r;
	pid_t pid;

	if (root_fd < 0)
		return fail(errno, "start " PROGRAM ": open '%s'", root_path);
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return fail(errno, "make a pipe");
	pid = fork();
	if (pid == 0)
		become(&server, pipe_fds[1]);
	(void)close(pipe_fds[1]); /* the child's end */
	r = pid < 0 ? fail(errno, "start a process") : await_start(pipe_fds[0], pid);
	(void)close(pipe_fds[0]); /* all was read */
	if (r == 0)
		*ret_pid = pid;
	return r;
}
