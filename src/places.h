// SPDX-License-Identifier: Apache-2.0
/* places.h - the folders urun uses on the host (design, section 3) */
#ifndef URUN_PLACES_H
#define URUN_PLACES_H

#include "settings.h"

/* The folder of the helper programs: relative to the running program, so that a tree can
 * be moved; as it was configured where /proc does not tell. The caller frees. */
char *place_helpers(void);

/* What must outlive a logout: --data-dir, else urun/ in $XDG_DATA_HOME or ~/.local/share.
 * Need not exist yet. The caller frees. */
char *place_data(const struct settings *settings);

/* What is only about living processes: urun/ in $XDG_RUNTIME_DIR or /run/user/UID, else
 * /tmp/urun-UID, /dev/shm/urun-UID, ~/.local/state/urun/HOST. Makes it; it is the
 * caller's, mode 0700, and no link. The caller frees. -ENOENT with a sentence: none. */
int place_runtime(char **ret);

#endif
