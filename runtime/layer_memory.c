// SPDX-License-Identifier: Apache-2.0
/* layer_memory.c - remembering where overlayfs works
 *
 * How it works: a small file per kernel and file system in the runtime folder: "ok", or
 * an errno and the sentence of what failed. It is gone after a reboot with that folder,
 * or named after another kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/layer.h"
#include "runtime/layer_trial.h"

#define VERDICT_MAX 2048 /* one sentence */
#define TRIAL_VERSION 1	 /* another trial, other verdicts */

static char *verdict_path(const char *runtime_dir, const char *dir)
{
	struct utsname host;
	struct statfs fs;
	struct stat st;

	(void)uname(&host); /* cannot fail */
	if (!dir)
		return mem_format("%s/overlay-%d-%s-tmpfs", runtime_dir, TRIAL_VERSION,
				  host.release);
	if (stat(dir, &st) < 0 || statfs(dir, &fs) < 0)
		return NULL;
	return mem_format("%s/overlay-%d-%s-%lx-%lx", runtime_dir, TRIAL_VERSION,
			  host.release, (unsigned long)st.st_dev,
			  (unsigned long)fs.f_type);
}

/* 1: known, and *ret is the verdict. Whatever is no verdict is not known. */
static int recall(const char *path, int *ret)
{
	auto_free char *text = NULL;
	long long number;
	char *sentence;

	if (file_read_in(AT_FDCWD, path, VERDICT_MAX, &text, NULL) < 0)
		return 0;
	if (strcmp(text, "ok\n") == 0) {
		*ret = 0;
		return 1;
	}
	text[strcspn(text, "\n")] = '\0';
	sentence = strchr(text, ' ');
	if (!sentence)
		return 0;
	*sentence++ = '\0';
	if (text_to_number(text, 10, 1, 4095, &number) < 0)
		return 0;
	*ret = refuse((int)number, "%s", sentence);
	return 1;
}

/* A reader sees all of it or nothing; a verdict that can't be kept is found again. */
static void remember(const char *path, int verdict)
{
	auto_free char *new = mem_format("%s.%d", path, (int)getpid());
	auto_free char *text = verdict == 0
				       ? mem_text("ok\n")
				       : mem_format("%d %s\n", -verdict, last_error.text);
	auto_close int fd = open(
		new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	if (fd_write_all(fd, text, strlen(text)) < 0 || rename(new, path) < 0)
		(void)unlink(new); /* our own half */
}

int layer_verdict(const char *runtime_dir, const char *dir)
{
	auto_free char *path = runtime_dir ? verdict_path(runtime_dir, dir) : NULL;
	int r;

	if (path && recall(path, &r))
		return r;
	r = layer_trial(dir);
	log_debug("tried overlayfs on %s: %s", dir ? dir : "tmpfs",
		  r < 0 ? last_error.text : "works");
	/* A trial that ran out of time or processes says nothing about the kernel. */
	if (path && r != -ETIMEDOUT && r != -EAGAIN && r != -ENOMEM && r != -ENOSPC)
		remember(path, r);
	return r;
}
