// SPDX-License-Identifier: Apache-2.0
/* seccomp_try.c - what does a system call answer behind the filters of a spec? */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/seccomp.h"
#include "tests/runtime/seccomp_try.h"

static int install(const struct spec *spec)
{
	struct seccomp_programs programs = { 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    seccomp_compile(spec, &programs) < 0)
		return -1;
	for (size_t i = 0; i < programs.count; i++) {
		struct sock_fprog program = { (unsigned short)programs.item[i].len,
					      programs.item[i].code };

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
			return -1;
	}
	seccomp_programs_done(&programs);
	return 0;
}

int seccomp_try(const struct spec *spec, int (*tried)(void))
{
	int pipe_fds[2], answer = -EPROTO, status;
	pid_t pid;

	if (pipe(pipe_fds) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		answer = install(spec) < 0 ? -EPROTO : tried();
		_exit(fd_write_all(pipe_fds[1], &answer, sizeof(answer)) < 0);
	}
	(void)close(pipe_fds[1]); /* only the child's copy counts */
	(void)!read(pipe_fds[0], &answer, sizeof(answer)); /* else the default stays */
	(void)close(pipe_fds[0]);			   /* read */
	if (waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
		return TRY_KILLED - WTERMSIG(status);
	return answer;
}
