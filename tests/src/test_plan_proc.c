// SPDX-License-Identifier: Apache-2.0
#include "base/mem.h"
#include "planning.h"
#include "tests/tap.h"

#define ROOT "1 0 8:1 / / rw - ext4 /dev/sda rw\n"
#define PROC "2 1 0:5 / /proc rw,nosuid - proc proc rw\n"

static bool whole(const char *mountinfo)
{
	auto_free char *copy = mem_text(mountinfo);

	return proc_looks_whole(copy);
}

static void plain_proc_is_whole(void)
{
	ok(whole(ROOT PROC));
	ok(whole(ROOT PROC "3 2 0:9 / /proc/sys/fs/binfmt_misc rw - autofs x rw\n"));
	ok(whole(ROOT PROC "3 1 0:9 / /process rw - tmpfs tmpfs rw\n"));
}

static void masked_parts_are_seen(void)
{
	ok(!whole(ROOT PROC "3 2 0:9 /null /proc/kcore rw - devtmpfs udev rw\n"));
	ok(!whole(ROOT PROC "3 2 0:5 /sys /proc/sys ro - proc proc rw\n"));
}

static void missing_or_read_only_proc_is_not_whole(void)
{
	ok(!whole(ROOT));
	ok(!whole(""));
	ok(!whole(ROOT "2 1 0:5 / /proc ro,nosuid - proc proc rw\n"));
}

int main(void)
{
	RUN(plain_proc_is_whole);
	RUN(masked_parts_are_seen);
	RUN(missing_or_read_only_proc_is_not_whole);
	return tap_end();
}
