// SPDX-License-Identifier: Apache-2.0
/* view.h - whose an image's files are shown to be, and which attributes they have */
#ifndef URUN_STORAGE_VIEW_H
#define URUN_STORAGE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strv.h"
#include "storage/storage.h"

struct view {
	enum owner_view owners;
	uint32_t uid, gid; /* for OWNERS_MINE */
};

uint32_t view_uid(const struct view *view, uint32_t stored);
uint32_t view_gid(const struct view *view, uint32_t stored);

/* May an attribute of this name be listed and read? */
bool view_shows_xattr(const struct view *view, const char *name);

/* Change a value that was read into what it means here. */
void view_translate_xattr(const char *name, struct text *value);

#endif
