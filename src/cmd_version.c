// SPDX-License-Identifier: Apache-2.0
/* cmd_version.c - urun version */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "commands.h"

int cmd_version(const struct settings *settings, const struct strv *words,
		int *ret_status)
{
	(void)settings; /* the version is the same everywhere */
	if (words->count)
		return refuse(EINVAL, "version: '%s' is not expected", words->item[0]);
	printf("urun %s\n", PACKAGE_VERSION);
	*ret_status = 0;
	return 0;
}
