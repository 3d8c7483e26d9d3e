// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "places.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-places-XXXXXX";

static void data_is_where_the_option_or_the_user_says(void)
{
	struct settings settings = { .data_dir = (char *)"/scratch/ann" };
	auto_free char *chosen = place_data(&settings), *by_variable = NULL,
		       *by_home = NULL;

	settings.data_dir = NULL;
	ok_text(chosen, "/scratch/ann");
	ok(setenv("XDG_DATA_HOME", "/data", 1) == 0);
	by_variable = place_data(&settings);
	ok_text(by_variable, "/data/urun");
	ok(unsetenv("XDG_DATA_HOME") == 0 && setenv("HOME", "/home/ann", 1) == 0);
	by_home = place_data(&settings);
	ok_text(by_home, "/home/ann/.local/share/urun");
}

static void runtime_is_in_the_logins_folder(void)
{
	auto_free char *expected = path_join(scratch, "urun"), *found = NULL;
	struct stat st;

	ok(setenv("XDG_RUNTIME_DIR", scratch, 1) == 0);
	ok(place_runtime(&found) == 0);
	ok_text(found, expected);
	ok(stat(found, &st) == 0 && (st.st_mode & 07777) == 0700);
	ok(rmdir(expected) == 0);
}

static void runtime_of_others_is_not_used(void)
{
	auto_free char *expected = path_join(scratch, "urun"), *found = NULL,
		       *linked = NULL;

	ok(setenv("XDG_RUNTIME_DIR", scratch, 1) == 0);
	ok(mkdir(expected, 0700) == 0 && chmod(expected, 0755) == 0);
	ok(place_runtime(&found) == 0);
	ok(strcmp(found, expected) != 0);
	ok(rmdir(expected) == 0 && symlink("/tmp", expected) == 0);
	ok(place_runtime(&linked) == 0);
	ok(strcmp(linked, expected) != 0);
	ok(unlink(expected) == 0);
}

static void helpers_are_found_beside_the_program(void)
{
	auto_free char *found = place_helpers();

	ok(found[0] == '/');
}

int main(void)
{
	if (!mkdtemp(scratch))
		return 1;
	RUN(data_is_where_the_option_or_the_user_says);
	RUN(runtime_is_in_the_logins_folder);
	RUN(runtime_of_others_is_not_used);
	RUN(helpers_are_found_beside_the_program);
	return rmdir(scratch) == 0 ? tap_end() : 1;
}
