// SPDX-License-Identifier: Apache-2.0
/* subid.h - reading ranges of subordinate ids; private to runtime */
#ifndef URUN_RUNTIME_SUBID_H
#define URUN_RUNTIME_SUBID_H

#include <sys/types.h>

#include "runtime/runtime.h"

struct subid_owner {
	const char *name; /* NULL: unknown */
	uid_t uid;
	uint32_t own_id; /* uid or gid: in no range, it is mapped by itself */
};

/* Add the owner's ranges in data, the content of /etc/subuid ("NAME-OR-UID:FIRST:COUNT"
 * lines), or what getsubids printed ("N: NAME FIRST COUNT"). No id comes twice, and
 * .inside counts from 1, so that id 0 can be mapped before them. Lines that can't be
 * read are skipped. */
void subid_parse_file(const char *data, const struct subid_owner *owner,
		      struct id_maps *ret);
void subid_parse_output(const char *data, const struct subid_owner *owner,
			struct id_maps *ret);

#endif
