// SPDX-License-Identifier: Apache-2.0
#include "base/mountinfo.h"
#include "tests/tap.h"

static void gives_points_and_options(void)
{
	char text[] = "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw\n"
		      "2 1 0:5 /a /with\\040blank ro - proc proc rw";
	char *at = text;
	struct mountinfo info;

	ok(mountinfo_next(&at, &info));
	ok_text(info.point, "/");
	ok_text(info.options, "rw,relatime");
	ok(mountinfo_next(&at, &info));
	ok_text(info.point, "/with blank");
	ok_text(info.options, "ro");
	ok(!mountinfo_next(&at, &info));
}

static void bad_lines_have_empty_fields(void)
{
	char text[] = "\nno line\n1 2 3 4 /x";
	char *at = text;
	struct mountinfo info;

	for (int i = 0; i < 2; i++) {
		ok(mountinfo_next(&at, &info));
		ok_text(info.point, "");
		ok_text(info.options, "");
	}
	ok(mountinfo_next(&at, &info));
	ok_text(info.point, "/x");
	ok_text(info.options, "");
	ok(!mountinfo_next(&at, &info));
}

int main(void)
{
	RUN(gives_points_and_options);
	RUN(bad_lines_have_empty_fields);
	return tap_end();
}
