// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/mem.h"
#include "passwd.h"
#include "tests/tap.h"

static const char users[] = "root:x:0:0:root:/root:/bin/bash\n"
			    "# a comment:x:7:7::/:\n"
			    "broken\n"
			    "neg:x:-1:0::/:/bin/sh\n"
			    "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/sh\n"
			    "last:x:1001:1001::/home/last:/bin/false";

static void finds_by_id_and_name(void)
{
	struct passwd_entry entry;

	ok(passwd_by_id(users, 1000, &entry));
	ok(entry.name_len == 6 && memcmp(entry.name, "ubuntu", 6) == 0);
	ok(entry.home_len == 12 && memcmp(entry.home, "/home/ubuntu", 12) == 0);
	ok(passwd_by_name(users, "last", &entry) && entry.id == 1001 &&
	   entry.group == 1001);
	ok(!passwd_by_name(users, "las", &entry));
	ok(!passwd_by_id(users, 7, &entry));
	ok(!passwd_by_id(users, UINT32_MAX, &entry));
	ok(!passwd_by_id("", 0, &entry));
}

static void finds_members(void)
{
	struct passwd_entry group;

	ok(passwd_by_name("video:x:44:ann,bob,cy\n", "video", &group) && group.id == 44);
	ok(passwd_has_member(&group, "ann"));
	ok(passwd_has_member(&group, "bob"));
	ok(passwd_has_member(&group, "cy"));
	ok(!passwd_has_member(&group, "bo"));
	ok(passwd_by_name("video:x:44:\n", "video", &group));
	ok(!passwd_has_member(&group, "ann"));
}

static void puts_a_line_before_its_like(void)
{
	auto_free char *text = passwd_with("a:x:1:1::/:\nb:x:2:2::/:\n", "me:x:2:2::/:");
	auto_free char *by_name = passwd_with("a:x:1:1::/:\nme:x:2:2::/:\n",
					      "me:x:5:5::/:");
	auto_free char *at_end = passwd_with("a:x:1:1::/:", "me:x:5:5::/:");
	auto_free char *replaced = passwd_with("me:x:5:9::/:\nz:x:6:6::/:\n",
					       "me:x:5:5::/:");
	auto_free char *alone = passwd_with("", "me:x:5:5::/:");

	ok_text(text, "a:x:1:1::/:\nme:x:2:2::/:\nb:x:2:2::/:\n");
	ok_text(by_name, "a:x:1:1::/:\nme:x:5:5::/:\nme:x:2:2::/:\n");
	ok_text(at_end, "a:x:1:1::/:\nme:x:5:5::/:\n");
	ok_text(replaced, "me:x:5:5::/:\nz:x:6:6::/:\n");
	ok_text(alone, "me:x:5:5::/:\n");
}

int main(void)
{
	RUN(finds_by_id_and_name);
	RUN(finds_members);
	RUN(puts_a_line_before_its_like);
	return tap_end();
}
