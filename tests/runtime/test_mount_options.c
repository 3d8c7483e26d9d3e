// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/mount.h>

#include "base/error.h"
#include "base/strv.h"
#include "runtime/mount_options.h"
#include "tests/tap.h"

static int parse(const char *options, struct mount_options *ret)
{
	auto_strv struct strv list = { 0 };

	strv_split(&list, options, ",");
	return mount_options_parse(&list, ret);
}

static void nothing_asks_for_nothing(void)
{
	static const struct mount_options none;
	struct mount_options o = { .set = 1 };

	ok(parse("", &o) == 0);
	ok(memcmp(&o, &none, sizeof(o)) == 0);
	ok(parse("defaults", &o) == 0);
	ok(memcmp(&o, &none, sizeof(o)) == 0);
}

static void flags_and_data_are_told_apart(void)
{
	struct mount_options o;

	ok(parse("nosuid,size=1m,noexec,mode=700", &o) == 0);
	ok(o.set == (MS_NOSUID | MS_NOEXEC));
	ok_text(o.data, "size=1m,mode=700");
	mount_options_done(&o);
	ok(o.data == NULL);
}

static void last_of_two_wins(void)
{
	struct mount_options o;

	ok(parse("ro,nodev,rw", &o) == 0);
	ok(o.set == MS_NODEV && o.clear == MS_RDONLY);
	ok(parse("rw,dev,ro,nodev", &o) == 0);
	ok(o.set == (MS_RDONLY | MS_NODEV) && o.clear == 0);
	ok(parse("noatime,strictatime", &o) == 0);
	ok(o.set == MS_STRICTATIME && (o.clear & MS_NOATIME));
	ok(parse("rro,rrw", &o) == 0);
	ok(o.attr_set == 0 && o.attr_clear == MOUNT_ATTR_RDONLY);
	ok(parse("shared,rslave", &o) == 0);
	ok(o.propagation == (MS_SLAVE | MS_REC));
}

static void access_times_clear_their_field(void)
{
	struct mount_options o;

	ok(parse("rnoatime,rnosuid", &o) == 0);
	ok(o.attr_set == (MOUNT_ATTR_NOATIME | MOUNT_ATTR_NOSUID));
	ok(o.attr_clear == MOUNT_ATTR__ATIME);
	ok(parse("rnoatime,rstrictatime", &o) == 0);
	ok(o.attr_set == MOUNT_ATTR_STRICTATIME);
	ok(o.attr_clear == MOUNT_ATTR__ATIME);
	ok(parse("ratime", &o) == 0);
	ok(o.attr_set == 0 && o.attr_clear == MOUNT_ATTR__ATIME);
}

static void binds_and_copies(void)
{
	struct mount_options o;

	ok(parse("bind,ro", &o) == 0);
	ok(o.is_bind && !o.is_recursive && o.set == MS_RDONLY);
	ok(parse("rbind", &o) == 0);
	ok(o.is_bind && o.is_recursive && o.set == 0);
	ok(parse("tmpcopyup", &o) == 0);
	ok(o.tmpcopyup && !o.data);
}

static void notes_are_dropped(void)
{
	struct mount_options o;

	ok(parse("x-systemd.automount,comment=hi,ro", &o) == 0);
	ok(o.set == MS_RDONLY && o.data == NULL);
}

static void idmaps_are_refused_by_name(void)
{
	struct mount_options o = { .set = 7 };

	ok(parse("ro,idmap", &o) == -ENOTSUP);
	ok_text(last_error.text, "mount option 'idmap' is not supported");
	ok(parse("ridmap=uids=0-1-2", &o) == -ENOTSUP);
	ok(o.set == 7);
}

static void data_the_kernel_would_cut_is_refused(void)
{
	auto_strv struct strv list = { 0 };
	struct mount_options o;
	char *option;

	strv_addf(&list, "%04095d", 0);
	ok(mount_options_parse(&list, &o) == 0);
	option = o.data;
	ok(option && strlen(option) == 4095);
	mount_options_done(&o);
	strv_add(&list, "x");
	ok(mount_options_parse(&list, &o) == -E2BIG);
	ok(strstr(last_error.text, "4097 bytes") != NULL);
}

int main(void)
{
	RUN(nothing_asks_for_nothing);
	RUN(flags_and_data_are_told_apart);
	RUN(last_of_two_wins);
	RUN(access_times_clear_their_field);
	RUN(binds_and_copies);
	RUN(notes_are_dropped);
	RUN(idmaps_are_refused_by_name);
	RUN(data_the_kernel_would_cut_is_refused);
	return tap_end();
}
