// SPDX-License-Identifier: Apache-2.0
/* seccomp_docker.h - what the files of docker and podman have beyond config.json's
 * profiles; private to runtime */
#ifndef URUN_RUNTIME_SECCOMP_DOCKER_H
#define URUN_RUNTIME_SECCOMP_DOCKER_H

#include <stdbool.h>
#include <stdint.h>

struct json;

/* Do "includes" and "excludes" of a rule let it apply to this machine and to a process
 * with these capabilities? */
bool seccomp_rule_applies(const struct json *rule, uint64_t caps);

/* "archMap", each machine with the older ABIs that go with it: add this one's to the
 * list of texts in place. false: it is no such map. */
bool seccomp_take_arch_map(const struct json *value, void *place);

#endif
