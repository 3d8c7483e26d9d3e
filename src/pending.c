// SPDX-License-Identifier: Apache-2.0
/* pending.c - verbs that are being written: who lands one removes its line here */
#include <errno.h>

#include "base/error.h"
#include "commands.h"

#define PENDING(name)                                                             \
	int cmd_##name(const struct settings *settings, const struct strv *words, \
		       int *ret_status)                                           \
	{                                                                         \
		(void)settings;                                                   \
		(void)words;                                                      \
		(void)ret_status;                                                 \
		return refuse(ENOSYS, #name ": not built yet");                   \
	}

PENDING(unshare)

