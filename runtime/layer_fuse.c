// SPDX-License-Identifier: Apache-2.0
/* layer_fuse.c - fuse-overlayfs, where the kernel's overlayfs can't be used
 *
 * How it works: init opens /dev/fuse inside the user namespace, as the kernel demands,
 * and sends the descriptor. A child of the supervisor enters init's namespaces and copies
 * the mount namespace before init mounts what is to be served; after that, for it gives
 * up on a descriptor without a mount, it executes the program there.
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
#define FUSE_FD 3    /* the program finds its mount at /dev/fd/3 */
#define PLACE "/tmp" /* where it finds the scratch file system; exists everywhere */

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

/* ---- init ------------------------------------------------------------------- */

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
	if (mount(PROGRAM, "root", "fuse", MS_NODEV, options) < 0)
		return -1;
	r = sync_send_kind(plan->their_sync_fd, SYNC_LAYER_MOUNTED);
	errno = -r;
	return r < 0 ? -1 : 0;
}

/* ---- the supervisor's child, until it is the program ------------------------ */

struct entering {
	pid_t supervisor;
	int init_fd, root_fd, fuse_fd, control_fd;
	char **args;
};

/* The root of init is that of the host, below the scratch file system: what is mounted on
 * "/" is reached by "/..", for the program by a path without dots. */
static int enter(const struct entering *e)
{
	if (setns(e->init_fd, CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	if (fchdir(e->root_fd) < 0 || chroot(".") < 0 || unshare(CLONE_NEWNS) < 0)
		return -1;
	if (mount("/../scratch", PLACE, NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir("/") < 0)
		return -1;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	errno = ESRCH;
	return getppid() == e->supervisor ? 0 : -1;
}

/* Only what the program needs: control_fd is moved out of its way, and closes itself. */
static int place_fds(struct entering *e)
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fuse_fd = fcntl(e->fuse_fd, F_DUPFD_CLOEXEC, FUSE_FD + 1);
	int control_fd = fcntl(e->control_fd, F_DUPFD_CLOEXEC, FUSE_FD + 1);

	if (null_fd < 0 || fuse_fd < 0 || control_fd < 0)
		return -1;
	for (int fd = 0; fd < FUSE_FD; fd++)
		if (dup2(null_fd, fd) < 0)
			return -1;
	if (dup2(fuse_fd, FUSE_FD) < 0)
		return -1;
	e->control_fd = control_fd;
	return child_close_all_but(FUSE_FD + 1, &control_fd, 1);
}

/* Reports 0 when it has entered and waits for a word; then an errno, or the end of file
 * that an exec makes. */
_Noreturn static void become(struct entering *e)
{
	sigset_t none;
	int err = 0;

	(void)sigemptyset(&none);		     /* cannot fail */
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
	if (setsid() < 0 || enter(e) < 0 || place_fds(e) < 0)
		err = errno;
	if (write(e->control_fd, &err, sizeof(err)) == sizeof(err) && err == 0 &&
	    read(e->control_fd, &err, 1) == 1) {
		(void)execvp(PROGRAM, e->args); /* errno tells */
		err = errno;
		(void)write(e->control_fd, &err, sizeof(err)); /* its end is noticed */
	}
	_exit(127);
}

/* ---- the supervisor --------------------------------------------------------- */

static char *overlay_option(const struct layer_plan *layer)
{
	const char *below = layer->folder && layer->folder_is_lower ? PLACE
				    "/layer/upper:"
								    : "";
	const char *in = layer->folder && !layer->folder_is_lower ? "layer/" : "";

	return mem_format("lowerdir=%s" PLACE "/lower,upperdir=" PLACE
			  "/%supper,workdir=" PLACE "/%swork",
			  below, in, in);
}

static int start(struct entering *e, struct layer_server *ret)
{
	int pair[2], err = 0;
	int r = socket_pair(pair);

	if (r < 0)
		return r;
	ret->control_fd = pair[0];
	e->control_fd = pair[1];
	ret->pid = fork();
	if (ret->pid == 0)
		become(e);
	(void)close(pair[1]); /* the child's end */
	if (ret->pid < 0)
		return fail(errno, "start a process");
	if (read(ret->control_fd, &err, sizeof(err)) != sizeof(err))
		err = EPIPE;
	return err ? fail(err, "enter the namespaces for " PROGRAM) : 0;
}

int layer_fuse_serve(const struct start_plan *plan, int init_fd, int fuse_fd,
		     struct layer_server *ret)
{
	auto_free char *option = overlay_option(&plan->root.layer);
	char *args[] = { (char *)PROGRAM, (char *)"-f",	       (char *)"-o",
			 option,	  (char *)"/dev/fd/3", NULL };
	auto_free char *root_path = mem_format("/proc/%d/root", (int)plan->init_pid);
	auto_close int root_fd = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct entering e = { getpid(), init_fd, root_fd, fuse_fd, -1, args };

	if (root_fd < 0)
		return fail(errno, "start " PROGRAM ": open '%s'", root_path);
	return start(&e, ret);
}

int layer_fuse_execute(struct layer_server *server)
{
	int err = 0;

	if (write(server->control_fd, "x", 1) != 1)
		return fail(errno, "start " PROGRAM);
	if (read(server->control_fd, &err, sizeof(err)) == sizeof(err))
		return fail(err, "execute " PROGRAM);
	fd_release(&server->control_fd);
	server->control_fd = -1;
	return 0;
}

void layer_fuse_end(struct layer_server *server)
{
	fd_release(&server->control_fd);
	if (server->pid > 0) {
		(void)kill(server->pid, SIGKILL); /* our child, not reaped: it is there */
		(void)waitpid(server->pid, NULL, 0); /* nothing to learn from it */
	}
	*server = (struct layer_server){ .control_fd = -1 };
}
