// SPDX-License-Identifier: Apache-2.0
/* cmd_unshare.c - urun unshare: a command of the host with your ids mapped
 *
 * A container whose root is the host's: what --root with ranges wrote can be seen and
 * removed. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "commands.h"
#include "planning.h"

static void map_ids(struct plan_host *host, struct spec *spec)
{
	if (!plan_ranges(host, spec))
		return;
	id_maps_add(&spec->uid_maps, 0, host->uid, 1);
	id_maps_add(&spec->gid_maps, 0, host->gid, 1);
}

static struct spec *make_spec(struct plan_host *host, const struct strv *words)
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct spec_process *process = &spec->process;
	const char *shell = env_get(&host->env, "SHELL");
	uint64_t all = UINT64_MAX >> (63 - cap_last());

	spec->ns[NS_USER].wanted = spec->ns[NS_MOUNT].wanted = true;
	map_ids(host, spec);
	spec->root_path = mem_text("/");
	spec->urun.keep_fds = -1;
	process->keep_groups = true;
	process->has_caps = true;
	process->caps[CAPS_BOUNDING] = process->caps[CAPS_EFFECTIVE] = all;
	process->caps[CAPS_PERMITTED] = all;
	process->cwd = mem_text(host->cwd ? host->cwd : "/");
	strv_add_all(&process->env, &host->env);
	if (words->count)
		strv_add_all(&process->args, words);
	else
		strv_add(&process->args, shell ? shell : "/bin/sh");
	return spec;
}

static int run(const struct spec *spec, int *ret_status)
{
	struct container_io io = { .image_fd = -1, .console_fd = -1 };
	struct container_end end = { .status = STATUS_FAILED };
	struct container *container = NULL;
	int r;

	r = container_create(spec, &io, &container);
	if (r < 0)
		return r;
	r = container_start(container, ret_status);
	if (r == 0) {
		r = container_wait(container, &end);
		*ret_status = end.status;
		free(end.lost_example);
	}
	container_free(container);
	return r;
}

int cmd_unshare(const struct settings *settings, const struct strv *words,
		int *ret_status)
{
	struct plan_host host;
	struct spec *spec;
	int r;

	(void)settings; /* it is the host as it is */
	r = plan_host_gather(&host);
	if (r == 0) {
		spec = make_spec(&host, words);
		r = run(spec, ret_status);
		spec_free(spec);
	}
	plan_host_done(&host);
	return r;
}
