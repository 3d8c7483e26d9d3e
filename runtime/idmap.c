// SPDX-License-Identifier: Apache-2.0
/* idmap.c - mapping the ids of a new user namespace
 *
 * How it works: the kernel lets everyone map the own id, once setgroups is denied; the
 * child does that by itself, so nobody waits. For ranges the setuid helpers of the shadow
 * package are started by the supervisor while the child waits; both at the same time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strv.h"
#include "runtime/idmap.h"
#include "runtime/runtime.h"

#define HELPER_OUTPUT_MAX 512 /* one sentence */

static char *map_text(const struct id_maps *maps)
{
	auto_text struct text text = { 0 };

	for (size_t i = 0; i < maps->count; i++)
		text_addf(&text, "%u %u %u\n", maps->item[i].inside,
			  maps->item[i].outside, maps->item[i].count);
	return text_take(&text);
}

static bool maps_only(const struct id_maps *maps, uint32_t outside)
{
	return maps->count == 1 && maps->item[0].count == 1 &&
	       maps->item[0].outside == outside;
}

static bool maps_inside(const struct id_maps *maps, uint32_t inside)
{
	for (size_t i = 0; i < maps->count; i++)
		if (inside - maps->item[i].inside < maps->item[i].count)
			return true;
	return false;
}

static bool maps_outside(const struct id_maps *maps, uint32_t outside)
{
	for (size_t i = 0; i < maps->count; i++)
		if (outside - maps->item[i].outside < maps->item[i].count)
			return true;
	return false;
}

static bool has_new_userns(const struct spec *spec)
{
	return spec->ns[NS_USER].wanted && !spec->ns[NS_USER].path;
}

bool idmap_has_uid(const struct spec *spec, uid_t inside)
{
	return !has_new_userns(spec) || maps_inside(&spec->uid_maps, inside);
}

bool idmap_has_gid(const struct spec *spec, gid_t inside)
{
	return !has_new_userns(spec) || maps_inside(&spec->gid_maps, inside);
}

int idmap_plan(const struct spec *spec, struct idmap_plan *ret)
{
	struct idmap_plan plan = { .way = IDMAP_NONE };

	if (has_new_userns(spec)) {
		if (!spec->uid_maps.count || !spec->gid_maps.count)
			return refuse(EINVAL,
				      "map ids: no uidMappings or no gidMappings");
		if (maps_only(&spec->uid_maps, geteuid()) &&
		    maps_only(&spec->gid_maps, getegid()))
			plan.way = IDMAP_SELF;
		else if (geteuid() == 0)
			plan.way = IDMAP_DIRECT;
		else
			plan.way = IDMAP_HELPERS;
		plan.groups_denied = plan.way == IDMAP_SELF;
		plan.becomes_root = !maps_outside(&spec->uid_maps, geteuid()) &&
				    maps_inside(&spec->uid_maps, 0) &&
				    maps_inside(&spec->gid_maps, 0);
		plan.uid_text = map_text(&spec->uid_maps);
		plan.gid_text = map_text(&spec->gid_maps);
	}
	*ret = plan;
	return 0;
}

void idmap_plan_done(struct idmap_plan *plan)
{
	free(plan->uid_text);
	free(plan->gid_text);
	plan->uid_text = plan->gid_text = NULL;
}

/* A map is accepted in one write or not at all. */
static int write_file(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

int idmap_write_self(const struct idmap_plan *plan)
{
	if (write_file("/proc/self/setgroups", "deny") < 0 ||
	    write_file("/proc/self/gid_map", plan->gid_text) < 0 ||
	    write_file("/proc/self/uid_map", plan->uid_text) < 0)
		return -1;
	return 0;
}

static int write_direct(const struct idmap_plan *plan, pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid); /* fits */
	if (write_file(path, plan->uid_text) < 0)
		return fail(errno, "map user ids");
	(void)snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid); /* fits */
	if (write_file(path, plan->gid_text) < 0)
		return fail(errno, "map group ids");
	return 0;
}

/* A helper at work, and the pipe with its complaints. */
struct helper {
	const char *program;
	pid_t pid;
	int output_fd;
};

static int helper_start(struct helper *helper, const struct id_maps *maps, pid_t pid)
{
	auto_strv struct strv args = { 0 };
	auto_close int write_fd = -1;
	struct proc_spawn how = { .path = helper->program, .stdin_fd = -1 };
	int pipe_fds[2], r;

	strv_add(&args, helper->program);
	strv_addf(&args, "%d", (int)pid);
	for (size_t i = 0; i < maps->count; i++) {
		strv_addf(&args, "%u", maps->item[i].inside);
		strv_addf(&args, "%u", maps->item[i].outside);
		strv_addf(&args, "%u", maps->item[i].count);
	}
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return fail(errno, "make a pipe");
	helper->output_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	how.args = strv_items(&args);
	how.stdout_fd = how.stderr_fd = write_fd;
	r = proc_spawn(&how, &helper->pid);
	if (r == -ENOENT)
		return hint(r, "install newuidmap and newgidmap (package uidmap or "
			       "shadow-utils)");
	return r;
}

/* Its complaint, in one line. */
static void helper_listen(const struct helper *helper, char ret[HELPER_OUTPUT_MAX])
{
	size_t len = 0;
	ssize_t n;

	while (len < HELPER_OUTPUT_MAX - 1 &&
	       (n = read(helper->output_fd, ret + len, HELPER_OUTPUT_MAX - 1 - len)) > 0)
		len += (size_t)n;
	ret[len] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
}

static int helper_end(struct helper *helper)
{
	char output[HELPER_OUTPUT_MAX] = "";
	int status, r;

	if (helper->pid <= 0)
		return 0;
	helper_listen(helper, output);
	r = proc_wait(helper->pid, &status);
	helper->pid = 0;
	if (r < 0)
		return fail(-r, "wait for '%s'", helper->program);
	if (status == 0)
		return 0;
	(void)refuse(EPERM, "map ids: %s", output[0] ? output : helper->program);
	return hint(-EPERM, "the ranges come from /etc/subuid and /etc/subgid; see "
			    "newuidmap(1)");
}

static int write_by_helpers(const struct spec *spec, pid_t pid)
{
	struct helper uids = { .program = "newuidmap", .output_fd = -1 };
	struct helper gids = { .program = "newgidmap", .output_fd = -1 };
	int r, ended;

	r = helper_start(&uids, &spec->uid_maps, pid);
	if (r == 0)
		r = helper_start(&gids, &spec->gid_maps, pid);
	ended = helper_end(&uids);
	r = r < 0 ? r : ended;
	ended = helper_end(&gids);
	fd_release(&uids.output_fd);
	fd_release(&gids.output_fd);
	return r < 0 ? r : ended;
}

int idmap_write(const struct idmap_plan *plan, const struct spec *spec, pid_t pid)
{
	if (plan->way == IDMAP_DIRECT)
		return write_direct(plan, pid);
	if (plan->way == IDMAP_HELPERS)
		return write_by_helpers(spec, pid);
	return 0;
}
