// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/strv.h"
#include "tests/tap.h"

static void grows_and_ends_with_null(void)
{
	auto_strv struct strv v = { 0 };

	for (int i = 0; i < 100; i++)
		strv_addf(&v, "%d", i);
	ok(v.count == 100);
	ok_text(v.item[99], "99");
	ok(v.item[100] == NULL);
	strv_remove(&v, 0);
	ok(v.count == 99);
	ok_text(v.item[0], "1");
	ok(v.item[99] == NULL);
}

static void splits_without_empty_pieces(void)
{
	auto_strv struct strv v = { 0 };

	strv_split(&v, ",a,,b c,", ", ");
	ok(v.count == 3);
	ok_text(v.item[1], "b");
}

static void replaces_in_the_environment(void)
{
	auto_strv struct strv env = { 0 };

	env_set(&env, "A", "1");
	env_set(&env, "AB", "2");
	env_put(&env, "A=3");
	ok(env.count == 2);
	ok_text(env_get(&env, "A"), "3");
	env_unset(&env, "A");
	ok(env_get(&env, "A") == NULL);
	ok_text(env_get(&env, "AB"), "2");
}

static void reads_whole_numbers_only(void)
{
	long long n = 7;

	ok(text_to_number("12x", 10, 0, 100, &n) == -EINVAL);
	ok(text_to_number(" 12", 10, 0, 100, &n) == -EINVAL);
	ok(text_to_number("", 10, 0, 100, &n) == -EINVAL);
	ok(text_to_number("101", 10, 0, 100, &n) == -ERANGE);
	ok(n == 7);
	ok(text_to_number("100", 10, 0, 100, &n) == 0 && n == 100);
}

int main(void)
{
	RUN(grows_and_ends_with_null);
	RUN(splits_without_empty_pieces);
	RUN(replaces_in_the_environment);
	RUN(reads_whole_numbers_only);
	return tap_end();
}
