// SPDX-License-Identifier: Apache-2.0
/* view.c - whose an image's files are shown to be, and which attributes they have */
#include <string.h>

#include "storage/view.h"

#define CAPABILITY "security.capability"

uint32_t view_uid(const struct view *view, uint32_t stored)
{
	return view->owners == OWNERS_MINE ? view->uid : stored;
}

uint32_t view_gid(const struct view *view, uint32_t stored)
{
	return view->owners == OWNERS_MINE ? view->gid : stored;
}

/* Overlay file systems keep marks in attributes; an image's own would be obeyed.
 * trusted.* can be read by nobody in a user namespace, and labels of security.* are the
 * host's business. A file capability is no use, and can't even be read, without a mapped
 * uid 0. */
bool view_shows_xattr(const struct view *view, const char *name)
{
	if (strcmp(name, CAPABILITY) == 0)
		return view->owners == OWNERS_IMAGE || view->uid == 0;
	return text_starts(name, "user.") && !text_starts(name, "user.overlay.") &&
	       !text_starts(name, "user.fuseoverlayfs.") &&
	       !text_starts(name, "user.containers.");
}

/* A file capability that was set in a user namespace (version 3) ends with the uid of its
 * root, which is nobody here: without it (version 2) it is our root's. The kernel's
 * struct vfs_ns_cap_data. */
void view_translate_xattr(const char *name, struct text *value)
{
	enum { VERSION_AT = 3, WITH_UID_BYTES = 24, WITHOUT_UID_BYTES = 20 };

	if (strcmp(name, CAPABILITY) != 0 || value->len != WITH_UID_BYTES ||
	    value->data[VERSION_AT] != 3)
		return;
	value->data[VERSION_AT] = 2;
	value->len = WITHOUT_UID_BYTES;
}
