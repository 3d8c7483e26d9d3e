// SPDX-License-Identifier: Apache-2.0
/* orphans.c - what a dead init left, where PIDs are shared */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/mem.h"
#include "runtime/orphans.h"

#define LIST_MAX (1U << 20) /* more children than a process may have */

static size_t list_children(pid_t **ret)
{
	auto_free char *text = NULL;
	size_t count = 0;
	pid_t *pids = NULL;

	if (file_read_in(AT_FDCWD, "/proc/thread-self/children", LIST_MAX, &text, NULL) ==
	    0) {
		char *at = text, *end;
		long pid;

		while ((pid = strtol(at, &end, 10)) > 0 && end != at) {
			pids = mem_grow(pids, count + 1, sizeof(*pids));
			pids[count++] = (pid_t)pid;
			at = end;
		}
	}
	*ret = pids;
	return count;
}

void orphans_begin(struct orphans *orphans)
{
	orphans->is_active = true;
	orphans->n_others = list_children(&orphans->others);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1); /* since 3.4 */
}

static bool is_other(const struct orphans *orphans, pid_t pid)
{
	for (size_t i = 0; i < orphans->n_others; i++)
		if (orphans->others[i] == pid)
			return true;
	return false;
}

static bool end_once(const struct orphans *orphans)
{
	auto_free pid_t *pids = NULL;
	size_t count = list_children(&pids);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (is_other(orphans, pids[i]))
			continue;
		any = true;
		(void)kill(pids[i],
			   SIGKILL); /* our child: it is there until waited for */
		(void)waitpid(pids[i], NULL, 0); /* nothing to learn from it */
	}
	return any;
}

void orphans_end(struct orphans *orphans)
{
	if (!orphans->is_active)
		return;
	/* The children of each of them come to us in the next round. */
	while (end_once(orphans))
		;
	free(orphans->others);
	*orphans = (struct orphans){ 0 };
}
