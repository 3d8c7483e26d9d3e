// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/layer_trial.h"
#include "tests/tap.h"

static char scratch[] = "/var/tmp/urun-test-trial-XXXXXX";

/* Kernels differ; both answers are right, but not a third one. */
static void tmpfs_works_or_lacks_xattrs(void)
{
	int r;

	needs(NEED_USERNS | NEED_OVERLAY);
	error_clear();
	r = layer_trial(NULL);
	printf("# on tmpfs: %s\n", r < 0 ? last_error.text : "works");
	ok(r == 0 || r == -EIO);
	ok(r == 0 || strstr(last_error.text, "remove a folder of an image"));
}

static void local_disk_works_and_is_left_alone(void)
{
	int r;

	needs(NEED_USERNS | NEED_OVERLAY);
	error_clear();
	r = layer_trial(scratch);
	printf("# below /var/tmp: %s\n", r < 0 ? last_error.text : "works");
	ok(rmdir(scratch) == 0 && mkdir(scratch, 0700) == 0);
	ok(r == 0);
}

static void says_what_fails(void)
{
	auto_free char *missing = path_join(scratch, "missing");

	needs(NEED_USERNS | NEED_OVERLAY);
	ok(layer_trial(missing) == -ENOENT);
	ok_text(last_error.text, "make the layer's folders: No such file or directory");
	ok(layer_trial("/tmp/a,b") == -ENAMETOOLONG);
}

int main(void)
{
	if (!mkdtemp(scratch))
		return 1;
	RUN(tmpfs_works_or_lacks_xattrs);
	RUN(local_disk_works_and_is_left_alone);
	RUN(says_what_fails);
	(void)file_remove_tree(AT_FDCWD, scratch); /* the host cleans it, too */
	return tap_end();
}
