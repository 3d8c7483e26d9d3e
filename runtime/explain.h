// SPDX-License-Identifier: Apache-2.0
/* explain.h - the sentence about a step that failed; private to runtime */
#ifndef URUN_RUNTIME_EXPLAIN_H
#define URUN_RUNTIME_EXPLAIN_H

#include <stddef.h>

struct spec;
struct start_plan;
struct sync_message;

/* Make the sentence of a FAILED message, with the names the user knows. Returns -errno;
 * *ret_status is 126 or 127 when it was the exec, else 125. */
int explain_failure(const struct start_plan *plan, const struct sync_message *message,
		    int *ret_status);

/* What a step works on, by its number: for struct start_step. */
const char *item_file(const struct spec *spec, size_t at);
const char *item_device(const struct spec *spec, size_t at);
const char *item_masked_path(const struct spec *spec, size_t at);
const char *item_readonly_path(const struct spec *spec, size_t at);
const char *item_sysctl(const struct spec *spec, size_t at);
const char *item_limit(const struct spec *spec, size_t at);
const char *item_folder(const struct spec *spec, size_t at);

#endif
