// SPDX-License-Identifier: Apache-2.0
/* test_view.c - whose files are, and which attributes are shown */
#include <string.h>

#include "storage/view.h"
#include "tests/tap.h"

static const struct view mine = { OWNERS_MINE, 1000, 1001 };
static const struct view my_root = { OWNERS_MINE, 0, 0 };
static const struct view images = { OWNERS_IMAGE, 1000, 1001 };

static void owners_are_mine_or_the_images(void)
{
	ok(view_uid(&mine, 5) == 1000 && view_gid(&mine, 5) == 1001);
	ok(view_uid(&images, 5) == 5 && view_gid(&images, 6) == 6);
}

static void overlays_marks_are_hidden(void)
{
	ok(!view_shows_xattr(&images, "user.overlay.opaque"));
	ok(!view_shows_xattr(&images, "trusted.overlay.opaque"));
	ok(!view_shows_xattr(&images, "user.fuseoverlayfs.override_stat"));
	ok(!view_shows_xattr(&images, "user.containers.override_stat"));
}

static void what_is_the_hosts_is_hidden(void)
{
	ok(!view_shows_xattr(&images, "security.selinux"));
	ok(!view_shows_xattr(&images, "trusted.md5sum"));
	ok(!view_shows_xattr(&images, "system.posix_acl_access"));
}

static void users_own_are_shown(void)
{
	ok(view_shows_xattr(&mine, "user.overlays"));
	ok(view_shows_xattr(&mine, "user.mime_type"));
}

static void capabilities_need_a_root(void)
{
	ok(!view_shows_xattr(&mine, "security.capability"));
	ok(view_shows_xattr(&my_root, "security.capability"));
	ok(view_shows_xattr(&images, "security.capability"));
}

static void capability_of_a_namespace_becomes_ours(void)
{
	static const char stored[24] = { 1, 0, 0, 3, 0, 4, [20] = 7 };
	auto_text struct text value = { 0 }, other = { 0 };

	text_add_n(&value, stored, sizeof(stored));
	view_translate_xattr("security.capability", &value);
	ok(value.len == 20 && value.data[3] == 2 && value.data[0] == 1);
	text_add_n(&other, stored, sizeof(stored));
	view_translate_xattr("user.capability", &other);
	ok(other.len == sizeof(stored) &&
	   memcmp(other.data, stored, sizeof(stored)) == 0);
}

int main(void)
{
	RUN(owners_are_mine_or_the_images);
	RUN(overlays_marks_are_hidden);
	RUN(what_is_the_hosts_is_hidden);
	RUN(users_own_are_shown);
	RUN(capabilities_need_a_root);
	RUN(capability_of_a_namespace_becomes_ours);
	return tap_end();
}
