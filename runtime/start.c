// SPDX-License-Identifier: Apache-2.0
/* start.c - preparing a start, so that the child need not think */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/exec.h"
#include "runtime/start.h"

#define COMMAND_LINE_MAX (4U << 20) /* more than the kernel takes by default */

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
	int kind;
	const char *name;
} namespaces[NS_KINDS] = {
	[NS_USER] = { CLONE_NEWUSER, "user" },
	[NS_MOUNT] = { CLONE_NEWNS, "mount" },
	[NS_PID] = { CLONE_NEWPID, "pid" },
	[NS_NET] = { CLONE_NEWNET, "network" },
	[NS_IPC] = { CLONE_NEWIPC, "ipc" },
	[NS_UTS] = { CLONE_NEWUTS, "uts" },
	[NS_CGROUP] = { CLONE_NEWCGROUP, "cgroup" },
	[NS_TIME] = { CLONE_NEWTIME, "time" },
};

static int plan_join(const struct spec_ns *ns, enum ns_kind kind, struct start_plan *plan)
{
	int fd = open(ns->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(errno, "open the %s namespace '%s'", namespaces[kind].name,
			    ns->path);
	plan->joins[plan->n_joins++] = (struct start_join){ fd, namespaces[kind].kind,
							    ns->path };
	return 0;
}

static int plan_namespaces(const struct spec *spec, struct start_plan *plan)
{
	if (!spec->ns[NS_MOUNT].wanted)
		return refuse(ENOTSUP, "start without a mount namespace of its own");
	if (spec->ns[NS_MOUNT].path)
		return refuse(ENOTSUP, "start in the mount namespace '%s'",
			      spec->ns[NS_MOUNT].path);
	/* The user namespace is first: the others are then entered with its rights. */
	for (int kind = 0; kind < NS_KINDS; kind++) {
		const struct spec_ns *ns = &spec->ns[kind];
		int r = 0;

		if (!ns->wanted)
			continue;
		if (ns->path)
			r = plan_join(ns, (enum ns_kind)kind, plan);
		else
			plan->clone_flags |= (uint64_t)namespaces[kind].kind;
		if (r < 0)
			return r;
	}
	plan->own_pids = plan->clone_flags & CLONE_NEWPID;
	plan->joins_pids = spec->ns[NS_PID].wanted && !plan->own_pids;
	return 0;
}

/* "net.ipv4.x" is the file net/ipv4/x; a slash stays one. */
static int plan_sysctls(const struct spec *spec, struct start_plan *plan)
{
	plan->sysctls = mem_array(spec->sysctl.count + 1, sizeof(*plan->sysctls));
	for (size_t i = 0; i < spec->sysctl.count; i++) {
		const char *assignment = spec->sysctl.item[i];
		const char *value = strchr(assignment, '=');
		struct start_sysctl *sysctl = &plan->sysctls[plan->n_sysctls];

		if (!value || strstr(assignment, ".."))
			return refuse(EINVAL, "set kernel parameter '%s': not NAME=VALUE",
				      assignment);
		sysctl->path = mem_format("/proc/sys/%.*s", (int)(value - assignment),
					  assignment);
		for (char *c = sysctl->path; *c; c++)
			if (*c == '.')
				*c = '/';
		sysctl->value = mem_text(value + 1);
		plan->n_sysctls++;
	}
	return 0;
}

/* What of ourselves the container must not reach. */
static void plan_own_program(struct start_plan *plan)
{
	auto_free char *command_line = NULL;
	struct stat st;

	if (access("/proc/self/exe", W_OK) == 0 && stat("/proc/self/exe", &st) == 0) {
		plan->own_dev = st.st_dev;
		plan->own_ino = st.st_ino;
	}
	if (file_read_in(AT_FDCWD, "/proc/self/cmdline", COMMAND_LINE_MAX, &command_line,
			 &plan->own_args_len) < 0)
		plan->own_args_len = 0;
}

static int plan_command(const struct spec *spec, struct start_plan *plan)
{
	const struct spec_process *process = &spec->process;

	if (!process->args.count)
		return refuse(EINVAL, "start: no command");
	plan->args = strv_items(&process->args);
	plan->env = strv_items(&process->env);
	exec_candidates(plan->args[0], &process->env, &plan->candidates);
	plan->last_cap = cap_last();
	if (process->has_oom_score_adj)
		(void)snprintf(plan->oom_score_adj, sizeof(plan->oom_score_adj), "%d",
			       process->oom_score_adj); /* fits */
	if (process->apparmor_profile)
		plan->apparmor_exec = mem_format("exec %s", process->apparmor_profile);
	plan_own_program(plan);
	plan->umask = umask(0);
	(void)umask(plan->umask); /* cannot fail: there is no other way to read it */
	return seccomp_compile(spec, &plan->filters);
}

int start_plan_make(const struct spec *spec, const struct container_io *io,
		    struct start_plan *ret)
{
	int r;

	*ret = (struct start_plan){
		.spec = spec,
		.io = io,
		.sync_fd = -1,
		.their_sync_fd = -1,
		.exec_fd = -1,
		.their_exec_fd = -1,
		.root.layer.lock_fd = -1,
		.now = { .terminal_fd = -1, .master_fd = -1, .children_fd = -1 },
	};
	r = plan_namespaces(spec, ret);
	if (r == 0)
		r = idmap_plan(spec, &ret->ids);
	if (r == 0)
		r = mount_plans_make(spec, ret->own_pids, &ret->mounts, &ret->n_mounts);
	if (r == 0)
		r = plan_sysctls(spec, ret);
	if (r == 0)
		r = plan_command(spec, ret);
	if (r == 0)
		r = rootfs_plan_make(spec, io, &ret->root);
	if (r < 0)
		start_plan_done(ret);
	return r;
}

int start_plan_connect(struct start_plan *plan)
{
	int sync_pair[2], exec_pair[2];
	int r = socket_pair(sync_pair);

	if (r < 0)
		return r;
	plan->sync_fd = sync_pair[0];
	plan->their_sync_fd = sync_pair[1];
	r = socket_pair(exec_pair);
	if (r < 0)
		return r;
	plan->exec_fd = exec_pair[0];
	plan->their_exec_fd = exec_pair[1];
	return 0;
}

void start_plan_done(struct start_plan *plan)
{
	for (size_t i = 0; i < plan->n_joins; i++)
		fd_release(&plan->joins[i].fd);
	for (size_t i = 0; i < plan->n_sysctls; i++) {
		free(plan->sysctls[i].path);
		free(plan->sysctls[i].value);
	}
	free(plan->sysctls);
	free(plan->apparmor_exec);
	mount_plans_free(plan->mounts, plan->n_mounts);
	idmap_plan_done(&plan->ids);
	rootfs_plan_done(&plan->root, plan->spec);
	seccomp_programs_done(&plan->filters);
	strv_done(&plan->candidates);
	fd_release(&plan->sync_fd);
	fd_release(&plan->their_sync_fd);
	fd_release(&plan->exec_fd);
	fd_release(&plan->their_exec_fd);
	*plan = (struct start_plan){ .sync_fd = -1,
				     .their_sync_fd = -1,
				     .exec_fd = -1,
				     .their_exec_fd = -1,
				     .root.layer.lock_fd = -1 };
}
