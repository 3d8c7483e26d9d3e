// SPDX-License-Identifier: Apache-2.0
/* probe.c - what this machine lets a container have */
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "runtime/child.h"
#include "runtime/runtime.h"

/* Its exit status is the errno: all of Linux's fit. */
_Noreturn static void try_proc(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		_exit(errno);
	_exit(0);
}

int ns_probe_fresh_proc(void)
{
	uint64_t flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID;
	int pidfd = -1, status = 0;
	pid_t pid;

	pid = child_clone(flags, &pidfd);
	if (pid < 0)
		return fail(errno, "make namespaces");
	if (pid == 0)
		try_proc();
	fd_release(&pidfd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return fail(WIFEXITED(status) ? WEXITSTATUS(status) : EIO, "mount a fresh /proc");
}
