// SPDX-License-Identifier: Apache-2.0
/* idmap.h - which way the ids of a user namespace are mapped; private to runtime */
#ifndef URUN_RUNTIME_IDMAP_H
#define URUN_RUNTIME_IDMAP_H

#include <stdbool.h>
#include <sys/types.h>

struct spec;

enum idmap_way {
	IDMAP_NONE,   /* no new user namespace */
	IDMAP_SELF,   /* the caller's own id only: the child writes it, without helpers */
	IDMAP_DIRECT, /* the caller is privileged: the supervisor writes */
	IDMAP_HELPERS, /* newuidmap and newgidmap, which know the caller's ranges */
};

struct idmap_plan {
	enum idmap_way way;
	char *uid_text, *gid_text; /* as /proc/PID/uid_map wants them */
	bool groups_denied;	   /* setgroups fails in this namespace */
	bool becomes_root;	   /* the caller's id is not mapped, but 0 is */
};

/* user_namespaces(7). runtime-spec: "uidMappings", "gidMappings". */
int idmap_plan(const struct spec *spec, struct idmap_plan *ret);
void idmap_plan_done(struct idmap_plan *plan);

/* For IDMAP_DIRECT and IDMAP_HELPERS: map the ids of the namespace of pid. With a
 * sentence, and a hint where helpers or ranges are missing. */
int idmap_write(const struct idmap_plan *plan, const struct spec *spec, pid_t pid);

/* For IDMAP_SELF, in the child: 0, or -1 with errno. */
int idmap_write_self(const struct idmap_plan *plan);

/* Is the id of one side of a user namespace mapped? True without such a namespace. */
bool idmap_has_uid(const struct spec *spec, uid_t inside);
bool idmap_has_gid(const struct spec *spec, gid_t inside);

#endif
