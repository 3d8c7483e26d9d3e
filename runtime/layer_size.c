// SPDX-License-Identifier: Apache-2.0
/* layer_size.c - how much a layer in memory may hold */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "runtime/layer.h"

#define FILE_MAX (64U << 10) /* files of /proc and /sys that are read here are short */

static char *read_file(const char *path)
{
	char *text = NULL;

	return file_read_in(AT_FDCWD, path, FILE_MAX, &text, NULL) == 0 ? text : NULL;
}

static uint64_t memory_available(void)
{
	auto_free char *text = read_file("/proc/meminfo");
	const char *line = text ? strstr(text, "MemAvailable:") : NULL;

	return line ? strtoull(line + strlen("MemAvailable:"), NULL, 10) * 1024 : 0;
}

/* UINT64_MAX: no limit ("max" in version 2, something huge in version 1). */
static uint64_t limit_in(const char *folder, const char *name)
{
	auto_free char *path = mem_format("%s/%s", folder, name);
	auto_free char *text = read_file(path);

	if (!text || text[0] < '0' || text[0] > '9')
		return UINT64_MAX;
	return strtoull(text, NULL, 10);
}

/* One line of /proc/self/cgroup, "ID:CONTROLLERS:PATH", and what it limits. */
static uint64_t limit_of_line(const char *line)
{
	const char *controllers = strchr(line, ':');
	const char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	auto_free char *folder = NULL;

	if (!path)
		return UINT64_MAX;
	path++;
	if (strncmp(line, "0::", 3) == 0) {
		folder = mem_format("/sys/fs/cgroup%s", path);
		return limit_in(folder, "memory.max");
	}
	if (strncmp(controllers, ":memory:", 8) != 0)
		return UINT64_MAX;
	folder = mem_format("/sys/fs/cgroup/memory%s", path);
	return limit_in(folder, "memory.limit_in_bytes");
}

static uint64_t cgroup_limit(void)
{
	auto_free char *text = read_file("/proc/self/cgroup");
	uint64_t lowest = UINT64_MAX;

	for (char *line = text, *end; line && *line; line = end ? end + 1 : NULL) {
		uint64_t limit;

		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		limit = limit_of_line(line);
		lowest = limit < lowest ? limit : lowest;
	}
	return lowest;
}

uint64_t layer_default_bytes(void)
{
	uint64_t available = memory_available(), limit = cgroup_limit();

	if (!available || limit < available)
		available = limit;
	return available == UINT64_MAX ? 0 : available / 2;
}
