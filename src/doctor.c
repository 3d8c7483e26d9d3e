// SPDX-License-Identifier: Apache-2.0
/* doctor.c - one probe in a child of its own */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "doctor.h"

/* The slowest, a first start of the image server, takes 0.1 s; emulated machines are 30
 * times slower. */
#define PROBE_S 20

/* What the child says. It fits into a pipe's buffer, so that nobody waits. */
struct report {
	bool works;
	char found[512];
	struct last_error problem;
};

static _Noreturn void report_from_child(const struct doctor_check *check,
					const struct doctor_place *place, int report_fd)
{
	struct report report = { 0 };
	struct text found = { 0 };

	(void)alarm(PROBE_S);			/* cannot fail */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* an interrupted doctor leaves nothing */
	error_clear();
	report.works = check->probe(place, &found) >= 0;
	(void)snprintf(report.found, sizeof(report.found), "%s", text_get(&found));
	report.problem = last_error;
	_exit(fd_write_all(report_fd, &report, sizeof(report)) < 0);
}

static bool read_report(int report_fd, struct report *ret)
{
	char *at = (char *)ret;
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(*ret) &&
	       (n = read(report_fd, at + len, sizeof(*ret) - len)) > 0)
		len += (size_t)n;
	return len == sizeof(*ret);
}

static void run_child(const struct doctor_check *check, const struct doctor_place *place,
		      struct report *ret)
{
	int pipe_fds[2], status;
	bool complete;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0) {
		(void)fail(errno, "make a pipe"); /* becomes the finding */
		ret->problem = last_error;
		return;
	}
	pid = fork();
	if (pid == 0)
		report_from_child(check, place, pipe_fds[1]);
	(void)close(pipe_fds[1]); /* the child's end: its death is heard */
	complete = read_report(pipe_fds[0], ret);
	(void)close(pipe_fds[0]); /* read to the end */
	if (pid > 0)
		(void)proc_wait(pid, &status); /* what it said counts, not how it ended */
	if (complete)
		return;
	memset(ret, 0, sizeof(*ret));
	(void)snprintf(ret->problem.text, sizeof(ret->problem.text),
		       "the trial ended early or took longer than %d seconds", PROBE_S);
}

struct doctor_finding doctor_try(const struct doctor_check *check,
				 const struct doctor_place *place)
{
	struct report report = { 0 };

	run_child(check, place, &report);
	return (struct doctor_finding){
		.works = report.works,
		.found = mem_text(report.found),
		.problem = mem_text(report.works ? "" : report.problem.text),
		.remedy = mem_text(report.works ? "" : report.problem.hint),
	};
}

void doctor_finding_done(struct doctor_finding *finding)
{
	free(finding->found);
	free(finding->problem);
	free(finding->remedy);
	memset(finding, 0, sizeof(*finding));
}

static int write_file(const char *path, const char *content)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, content, strlen(content)) < 0)
		return fail(errno, "write '%s'", path);
	return 0;
}

static int map_our_ids(uid_t uid, gid_t gid)
{
	char uid_map[64], gid_map[64];
	int r;

	(void)snprintf(uid_map, sizeof(uid_map), "0 %u 1", uid); /* fits */
	(void)snprintf(gid_map, sizeof(gid_map), "0 %u 1", gid); /* fits */
	r = write_file("/proc/self/setgroups", "deny");
	if (r < 0)
		return r;
	r = write_file("/proc/self/uid_map", uid_map);
	if (r < 0)
		return r;
	return write_file("/proc/self/gid_map", gid_map);
}

int doctor_enter(int others)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int r;

	if (unshare(CLONE_NEWUSER) < 0)
		return hint(fail(errno, "make a user namespace"), "see user namespaces");
	r = map_our_ids(uid, gid);
	if (r < 0)
		return r;
	if (unshare(others) < 0)
		return hint(fail(errno, "make other namespaces in a user namespace"),
			    "set sysctl user.max_*_namespaces above 0, or let the outer "
			    "container allow them");
	if ((others & CLONE_NEWNS) && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return fail(errno, "make mounts slaves");
	return 0;
}

int doctor_find_program(const char *name, const char *package)
{
	const char *path = getenv("PATH");
	auto_strv struct strv dirs = { 0 };

	strv_split(&dirs, path ? path : "/usr/bin:/bin", ":");
	for (size_t i = 0; i < dirs.count; i++) {
		auto_free char *file = path_join(dirs.item[i], name);

		if (access(file, X_OK) == 0)
			return 0;
	}
	return hint(refuse(ENOENT, "'%s' is not installed", name),
		    "install the package '%s'", package);
}
