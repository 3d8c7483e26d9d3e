// SPDX-License-Identifier: Apache-2.0
/* plan_proc.c - may the container have a /proc, and so a PID namespace, of its own?
 *
 * The kernel mounts a new proc only where an old one is wholly visible, which an outer
 * container often prevents: it mounts things over parts of its /proc. To try takes 2 ms,
 * so it is tried only where the list of mounts looks like that.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/mountinfo.h"
#include "planning.h"

/* What hides nothing: the kernel keeps these folders empty for it. */
static bool hides_nothing(const char *point)
{
	return strcmp(point, "/proc/sys/fs/binfmt_misc") == 0 ||
	       strcmp(point, "/proc/fs/nfsd") == 0;
}

bool proc_looks_whole(char *mountinfo)
{
	struct mountinfo info;
	bool found = false;

	while (mountinfo_next(&mountinfo, &info)) {
		if (text_starts(info.point, "/proc/") && !hides_nothing(info.point))
			return false;
		if (strcmp(info.point, "/proc") == 0)
			found = text_starts(info.options, "rw");
	}
	return found;
}

static bool can_be_fresh(const struct planning *p)
{
	size_t len;
	auto_free char *mountinfo = plan_host_file(p->host, "/proc/self/mountinfo",
						   MOUNTINFO_BYTES_MAX, &len);

	return (mountinfo && proc_looks_whole(mountinfo)) || ns_probe_fresh_proc() == 0;
}

int plan_proc(struct planning *p)
{
	if (!p->spec->ns[NS_PID].wanted || can_be_fresh(p))
		return 0;
	if (p->settings->pid == NSMODE_PRIVATE)
		return hint(wrap(-EPERM, "--pid private"),
			    "leave it out, or unmask /proc in the outer container");
	log_warn(
		"the processes outside are visible: a new /proc can't be mounted in this "
		"container");
	plan_note(p->plan, "isolation", "the host's processes are visible: %s",
		  last_error.text);
	error_clear();
	p->spec->ns[NS_PID].wanted = false;
	return 0;
}
