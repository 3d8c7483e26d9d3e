// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "runtime/subid.h"
#include "tests/tap.h"

static const struct subid_owner ann = { "ann", 1000, 1000 };

/* "1:100000:65536 ..." as inside, outside and count. */
static char *shown(const struct id_maps *maps)
{
	struct text text = { 0 };

	for (size_t i = 0; i < maps->count; i++)
		text_addf(&text, "%s%u:%u:%u", i ? " " : "", maps->item[i].inside,
			  maps->item[i].outside, maps->item[i].count);
	return text_take(&text);
}

static void gives(const char *file, const char *want)
{
	struct id_maps maps = { 0 };
	auto_free char *got = NULL;

	subid_parse_file(file, &ann, &maps);
	got = shown(&maps);
	ok_text(got, want);
	id_maps_done(&maps);
}

static void lines_of_the_user_by_name_and_number(void)
{
	gives("", "");
	gives("bob:100000:65536\n", "");
	gives("ann:100000:65536", "1:100000:65536");
	gives("# x\nbob:1:2\n1000:200000:10\nann:100000:5\n", "1:200000:10 11:100000:5");
	gives("anna:1:2\nan:1:2\n10000:1:2\n", "");
}

static void lines_that_are_none_are_skipped(void)
{
	gives("ann:100000:\nann::5\nann:x:5\nann:1:-5\nann:-1:5\nann:7:8:9\nann\n:::\n"
	      "ann:100000:1\n",
	      "1:100000:1");
}

static void own_id_is_in_no_range(void)
{
	gives("ann:1000:10\n", "1:1001:9");
	gives("ann:995:10\n", "1:995:5 6:1001:4");
	gives("ann:1000:1\n", "");
}

static void no_id_comes_twice(void)
{
	gives("ann:5000:10\nann:5000:10\n", "1:5000:10");
	gives("ann:5000:10\nann:5005:10\n", "1:5000:10 11:5010:5");
	gives("ann:5000:10\nann:4990:30\n", "1:5000:10 11:4990:10 21:5010:10");
	gives("ann:5000:2\nann:6000:2\nann:4999:2000\n",
	      "1:5000:2 3:6000:2 5:4999:1 6:5002:998 1004:6002:997");
}

static void large_numbers_are_cut(void)
{
	gives("ann:4294967294:10\n", "1:4294967294:1");
	gives("ann:4294967295:10\n", "");
	gives("ann:100000:9223372036854775807\n", "1:100000:4294867295");
	gives("ann:100000:9223372036854775808\n", "");
	gives("ann:0:4294967295\n", "1:0:1000 1001:1001:4294966294");
	gives("ann:100000:0\n", "");
}

static void at_most_what_the_kernel_takes(void)
{
	struct text file = { 0 };
	struct id_maps maps = { 0 };

	for (int i = 0; i < 500; i++)
		text_addf(&file, "ann:%d:5\n", 100000 + 10 * i);
	subid_parse_file(text_get(&file), &ann, &maps);
	ok(maps.count == 339);
	text_done(&file);
	id_maps_done(&maps);
}

static void output_of_the_program(void)
{
	struct id_maps maps = { 0 };
	auto_free char *got = NULL;

	subid_parse_output(
		"0: ann 100000 65536\n1: ann 300000 5\nError fetching ranges\n", &ann,
		&maps);
	got = shown(&maps);
	ok_text(got, "1:100000:65536 65537:300000:5");
	id_maps_done(&maps);
}

static void those_of_the_caller(void)
{
	struct id_maps uids = { 0 }, gids = { 0 };
	struct passwd *user = getpwuid(getuid());

	needs(NEED_SUBID);
	ok(subid_ranges(getuid(), user->pw_name, &uids, &gids) == 0);
	ok(uids.count > 0 && gids.count > 0 && uids.item[0].inside == 1);
	id_maps_done(&uids);
	id_maps_done(&gids);
}

static void nobody_has_none(void)
{
	struct id_maps uids = { .count = 7 }, gids = { 0 };

	ok(subid_ranges(4000000000, "no such user", &uids, &gids) == -ENOENT);
	ok(uids.count == 7);
}

int main(void)
{
	RUN(lines_of_the_user_by_name_and_number);
	RUN(lines_that_are_none_are_skipped);
	RUN(own_id_is_in_no_range);
	RUN(no_id_comes_twice);
	RUN(large_numbers_are_cut);
	RUN(at_most_what_the_kernel_takes);
	RUN(output_of_the_program);
	RUN(those_of_the_caller);
	RUN(nobody_has_none);
	return tap_end();
}
