// SPDX-License-Identifier: Apache-2.0
/* join.c - starting init in namespaces of others
 *
 * How it works: the supervisor must stay where it is, so a go-between enters the
 * namespaces and clones init as a child of its own parent, which is the supervisor.
 */
#include <errno.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "runtime/child.h"
#include "runtime/join.h"
#include "runtime/start.h"

/* What the go-between says. */
struct joined {
	int at, error; /* a namespace that can't be entered; -1: all were */
	pid_t pid;     /* of init, in the supervisor's terms */
};

static void enter_all(const struct start_plan *plan, struct joined *ret)
{
	for (size_t i = 0; i < plan->n_joins; i++) {
		const struct start_join *join = &plan->joins[i];

		if (setns(join->fd, join->kind) < 0) {
			*ret = (struct joined){ .at = (int)i, .error = errno };
			return;
		}
	}
	*ret = (struct joined){ .at = -1 };
}

/* Returns in init only. */
static void go_between(const struct start_plan *plan, int report_fd)
{
	struct joined joined;
	int pidfd = -1;

	enter_all(plan, &joined);
	if (joined.at < 0) {
		joined.pid = child_clone(plan->clone_flags | CLONE_PARENT, &pidfd);
		joined.error = errno;
	}
	if (joined.at < 0 && joined.pid == 0)
		return;
	(void)socket_send(report_fd, &joined, sizeof(joined), &pidfd,
			  pidfd >= 0); /* its silence is noticed */
	_exit(0);
}

static pid_t explain(const struct start_plan *plan, const struct joined *joined)
{
	if (joined->at >= 0)
		return fail(joined->error, "enter the namespace '%s'",
			    plan->joins[joined->at].path);
	return fail(joined->error, "make namespaces");
}

pid_t join_clone(const struct start_plan *plan, int *ret_pidfd)
{
	auto_close int ours = -1, theirs = -1;
	struct joined joined;
	int pair[2], r;
	pid_t pid;

	r = socket_pair(pair);
	if (r < 0)
		return r;
	ours = pair[0];
	theirs = pair[1];
	pid = fork();
	if (pid < 0)
		return fail(errno, "start a process");
	if (pid == 0) {
		go_between(plan, theirs);
		return 0;
	}
	fd_release(&theirs);
	theirs = -1;
	r = (int)socket_receive(ours, &joined, sizeof(joined), ret_pidfd, 1);
	(void)waitpid(pid, NULL, 0); /* it has said all */
	if (r != sizeof(joined))
		return refuse(EPIPE, "enter namespaces: the process for it ended");
	return joined.at >= 0 || joined.pid < 0 ? explain(plan, &joined) : joined.pid;
}
