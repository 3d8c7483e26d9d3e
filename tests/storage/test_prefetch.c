// SPDX-License-Identifier: Apache-2.0
/* test_prefetch.c - reading ahead what a command will load */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/path.h"
#include "storage/prefetch.h"
#include "tests/tap.h"

#define FOREVER_US 1000000000000u
#define LIMIT_S 20 /* it takes milliseconds */

static char scratch[] = "/tmp/urun-test-prefetch-XXXXXX";
static struct squash *squash;

static int open_image(void)
{
	static const char script[] =
		"mkdir -p root/usr/bin && cp /bin/sh root/usr/bin/tool && cd root &&"
		"ldd usr/bin/tool | grep -o '/[^ ]*' | while read f; do r=$(realpath $f);"
		" mkdir -p .${f%/*} .${r%/*} && cp $r .$r && { [ -e .$f ] || ln -s $r "
		".$f; };"
		" done; ln -s usr/bin bin &&"
		"printf '#!/bin/tool' >script && printf '#!/script' >again &&"
		"mksquashfs . ../image -noappend -quiet -no-progress";
	auto_free char *command = NULL, *path = NULL;
	struct squash_options options = { 0 };

	if (!mkdtemp(scratch))
		return -errno;
	command = mem_format("cd %s && { %s; } >log 2>&1", scratch, script);
	path = path_join(scratch, "image");
	if (system(command) != 0)
		return -ENOEXEC;
	options.fd = open(path, O_RDONLY | O_CLOEXEC); /* until the end */
	return options.fd < 0 ? -errno : squash_open(&options, &squash);
}

static struct squash_inode file_at(const char *path)
{
	struct path_end end = { 0 };

	ok(path_follow(squash, path, &end) == 0 && !end.missing[0]);
	return end.inode;
}

/* The file is read, at the latest when the command's others have been. */
static void expect_reading(const char *command, const char *path)
{
	struct squash_inode file = file_at(path);
	struct prefetch *prefetch = prefetch_begin(squash, command, FOREVER_US);

	if (!ok(prefetch != NULL))
		return;
	(void)alarm(LIMIT_S); /* the default action ends us: a failure */
	while (prefetch_bytes(prefetch, file.ref) < file.size)
		(void)sched_yield();
	(void)alarm(0);
	prefetch_free(prefetch);
}

static const char *libc_path(void)
{
	static const char *const paths[] = { "/lib/x86_64-linux-gnu/libc.so.6",
					     "/lib/aarch64-linux-gnu/libc.so.6",
					     "/lib64/libc.so.6", "/lib/libc.so.6" };
	struct path_end end;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (path_follow(squash, paths[i], &end) == 0 && !end.missing[0])
			return paths[i];
	return NULL;
}

static void reads_the_command(void)
{
	expect_reading("tool", "/usr/bin/tool");
	expect_reading("/bin/../bin/tool", "/usr/bin/tool");
}

static void reads_what_it_loads(void)
{
	if (libc_path())
		expect_reading("tool", libc_path());
}

static void follows_scripts(void)
{
	expect_reading("/script", "/usr/bin/tool");
	expect_reading("/again", "/usr/bin/tool");
}

static void gives_up_on_a_busy_machine(void)
{
	struct squash_inode file = file_at("/usr/bin/tool");
	struct prefetch *prefetch = prefetch_begin(squash, "tool", 0);

	prefetch_stop(prefetch);
	ok(prefetch_bytes(prefetch, file.ref) <= file.size);
	prefetch_free(prefetch);
}

static void can_be_stopped_at_any_time(void)
{
	static const char *const commands[] = { "tool", "no such", "", "/usr/bin",
						"../x" };

	for (int round = 0; round < 20; round++) {
		const char *command = commands[round % (int)ARRAY_SIZE(commands)];
		struct prefetch *prefetch = prefetch_begin(squash, command, FOREVER_US);

		for (int i = 0; i < round * 10; i++)
			(void)sched_yield();
		prefetch_stop(prefetch);
		prefetch_stop(prefetch);
		prefetch_free(prefetch);
	}
	prefetch_free(NULL);
	ok(true);
}

int main(void)
{
	if (!ok(open_image() == 0))
		return tap_end();
	RUN(reads_the_command);
	RUN(reads_what_it_loads);
	RUN(follows_scripts);
	RUN(gives_up_on_a_busy_machine);
	RUN(can_be_stopped_at_any_time);
	squash_free(squash);
	(void)file_remove_tree(AT_FDCWD, scratch); /* the host cleans /tmp, too */
	return tap_end();
}
