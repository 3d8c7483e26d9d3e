// SPDX-License-Identifier: Apache-2.0
/* spec_json.h - what the files of spec_json.c share; private to runtime */
#ifndef URUN_RUNTIME_SPEC_JSON_H
#define URUN_RUNTIME_SPEC_JSON_H

#include "runtime/fields.h"

/* Types of members, see spec_types.c. The place is the member's own where it says so,
 * else the whole struct. */
extern const struct field_type TYPE_ABSOLUTE;	 /* char *: a path from the root */
extern const struct field_type TYPE_U16;	 /* unsigned short; left out when 0 */
extern const struct field_type TYPE_PROPAGATION; /* unsigned long: MS_* */
extern const struct field_type TYPE_ROOT_PATH;	 /* char *: "" stands for NULL */
extern const struct field_type TYPE_CAPS;	 /* struct spec_process */
extern const struct field_type TYPE_OOM_SCORE;	 /* struct spec_process */
extern const struct field_type TYPE_UMASK;	 /* struct spec_process */
extern const struct field_type TYPE_RLIMIT;	 /* int: RLIMIT_* */
extern const struct field_type TYPE_NAMESPACES;	 /* struct spec_ns [NS_KINDS] */
extern const struct field_type TYPE_SYSCTL;	 /* struct strv: "NAME=VALUE" */
extern const struct field_type TYPE_DEVICE_PATH; /* struct spec_device */
extern const struct field_type TYPE_DEVICE_TYPE; /* char */
extern const struct field_type TYPE_FILE_MODE;	 /* mode_t: permissions */
extern const struct field_type TYPE_SECCOMP;	 /* struct spec */

/* struct spec: what is known goes into it, the rest into its annotations. See
 * spec_annotations.c. */
extern const struct field_type TYPE_ANNOTATIONS;

#endif
