// SPDX-License-Identifier: Apache-2.0
/* plan_ranges.c - many ids mapped: the caller as 0, and subordinate ones */
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "planning.h"

#define MAP_FILE_MAX_BYTES 65536 /* the kernel takes 340 lines */

/* The caller as 0, then the subordinate ids from 1 on. */
static void map_ranges(struct id_maps *maps, uint32_t own, const struct id_maps *ranges)
{
	uint32_t next = 1;

	id_maps_add(maps, 0, own, 1);
	for (size_t i = 0; i < ranges->count; i++) {
		uint32_t count = ranges->item[i].count;

		if (count > UINT32_MAX - next)
			count = UINT32_MAX - next;
		if (count)
			id_maps_add(maps, next, ranges->item[i].outside, count);
		next += count;
	}
}

/* Root's own ids, which needs no helper: each as itself. */
static bool map_all(const struct plan_host *host, const char *file, struct id_maps *maps)
{
	size_t len;
	auto_free char *text = plan_host_file(host, file, MAP_FILE_MAX_BYTES, &len);
	auto_strv struct strv words = { 0 };
	long long inside, count;

	if (!text)
		return false;
	strv_split(&words, text, " \n");
	for (size_t i = 0; i + 2 < words.count; i += 3)
		if (text_to_number(words.item[i], 10, 0, UINT32_MAX, &inside) == 0 &&
		    text_to_number(words.item[i + 2], 10, 1, UINT32_MAX, &count) == 0)
			id_maps_add(maps, (uint32_t)inside, (uint32_t)inside,
				    (uint32_t)count);
	return maps->count > 0;
}

/* May this process map ids by itself? Root of a sandbox may not. */
static bool can_map(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint32_t wanted = 1u << CAP_SETUID | 1u << CAP_SETGID;

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[0].effective & wanted) == wanted;
}

static bool is_in_path(const struct strv *env, const char *program)
{
	auto_strv struct strv folders = { 0 };
	const char *path = env_get(env, "PATH");

	strv_split(&folders, path ? path : "/usr/bin:/bin", ":");
	for (size_t i = 0; i < folders.count; i++) {
		auto_free char *full = path_join(folders.item[i], program);

		if (access(full, X_OK) == 0)
			return true;
	}
	return false;
}

static const char *map_by_helpers(struct plan_host *host, struct spec *spec)
{
	struct id_maps uids = { 0 }, gids = { 0 };
	const char *why = NULL;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return "no_new_privs is set, so newuidmap has no effect";
	if (!is_in_path(&host->env, "newuidmap") || !is_in_path(&host->env, "newgidmap"))
		return "newuidmap and newgidmap are not installed";
	if (subid_ranges(host->uid, plan_host_user(host), &uids, &gids) < 0) {
		error_clear(); /* what can't be read is not there */
		why = "you have no subordinate ids in /etc/subuid and /etc/subgid";
	} else {
		map_ranges(&spec->uid_maps, host->uid, &uids);
		map_ranges(&spec->gid_maps, host->gid, &gids);
	}
	id_maps_done(&uids);
	id_maps_done(&gids);
	return why;
}

const char *plan_ranges(struct plan_host *host, struct spec *spec)
{
	if (host->uid != 0 || !can_map())
		return map_by_helpers(host, spec);
	if (map_all(host, "/proc/self/uid_map", &spec->uid_maps) &&
	    map_all(host, "/proc/self/gid_map", &spec->gid_maps))
		return NULL;
	return "/proc can't be read";
}
