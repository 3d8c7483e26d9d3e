// SPDX-License-Identifier: Apache-2.0
/* box.h - a small container for tests: a busybox root, and a spec built by hand */
#ifndef URUN_TESTS_RUNTIME_BOX_H
#define URUN_TESTS_RUNTIME_BOX_H

#include <stdbool.h>

#include "runtime/runtime.h"

/* A temporary folder with root/, a root file system made of /bin/busybox. NULL: there is
 * no static busybox. Removed by box_end(). */
const char *box_root(void);
const char *box_folder(void);
void box_end(void);

/* For the starts that follow. At first: no image server, no runtime folder, and a data
 * folder in box_folder(). */
extern struct container_io box_io;
bool box_has_program(const char *name);

/* The spec of "sh -c SCRIPT" in the root: the caller's ids, namespaces as urun's default,
 * /proc, /tmp. Its root is the folder as it is. */
struct spec *box_spec(const char *script);

struct box_result {
	int error; /* of create, start or wait; 0: none */
	int status;
	char *output; /* standard output and error */
	uint64_t lost_files;
	char *lost_example;
};

/* Create, start and wait, with the output caught. Consumes spec. */
struct box_result box_run(struct spec *spec);
void box_result_done(struct box_result *result);

/* A process in user, UTS and IPC namespaces of its own, with a host name. */
pid_t box_stranger(const char *host_name);
void box_stranger_end(pid_t pid);

#endif
