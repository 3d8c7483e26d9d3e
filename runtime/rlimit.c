// SPDX-License-Identifier: Apache-2.0
/* rlimit.c - names of resource limits */
#include <errno.h>
#include <strings.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/runtime.h"

static const struct {
	const char *name;
	int resource;
} names[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE", RLIMIT_NICE },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME", RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK", RLIMIT_STACK },
};

#define PREFIX_LEN 7 /* "RLIMIT_" */

int rlimit_from_name(const char *name, int *ret_resource)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcasecmp(name, names[i].name) == 0 ||
		    strcasecmp(name, names[i].name + PREFIX_LEN) == 0) {
			*ret_resource = names[i].resource;
			return 0;
		}
	}
	return refuse(EINVAL, "unknown resource limit '%s'", name);
}

const char *rlimit_name(int resource)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].resource == resource)
			return names[i].name;
	return NULL;
}
