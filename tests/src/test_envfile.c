// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "envfile.h"
#include "tests/tap.h"

static void reads_dockers_format(void)
{
	auto_strv struct strv host = { 0 }, env = { 0 };

	env_set(&host, "FROM_HOST", "h");
	ok(envfile_docker("f",
			  "\xef\xbb\xbf# comment\n\n  A=1\nB= x \"y\" \r\nC=\nFROM_HOST\n"
			  "NOT_THERE\nA=2\nE=a=b",
			  &host, &env) == 0);
	ok_text(env_get(&env, "A"), "2");
	ok_text(env_get(&env, "B"), " x \"y\" ");
	ok_text(env_get(&env, "C"), "");
	ok_text(env_get(&env, "FROM_HOST"), "h");
	ok(!env_get(&env, "NOT_THERE"));
	ok_text(env_get(&env, "E"), "a=b");
}

static void names_file_and_line(void)
{
	auto_strv struct strv host = { 0 }, env = { 0 };

	ok(envfile_docker("f.env", "A=1\nA B=1\n", &host, &env) == -EINVAL);
	ok(strstr(last_error.text, "f.env:2:"));
	ok(envfile_docker("f.env", "=1\n", &host, &env) == -EINVAL);
	ok(strstr(last_error.text, "f.env:1:"));
}

static void reads_etc_environment(void)
{
	auto_strv struct strv env = { 0 };

	envfile_etc("# x\nPATH=\"/a:/b\"\nexport Q='it'\nU=\"open\n1X=no\nno value\nE=\n",
		    &env);
	ok_text(env_get(&env, "PATH"), "/a:/b");
	ok_text(env_get(&env, "Q"), "it");
	ok_text(env_get(&env, "U"), "\"open");
	ok_text(env_get(&env, "E"), "");
	ok(env.count == 4);
}

static void expands_charlieclouds_items(void)
{
	auto_strv struct strv host = { 0 }, env = { 0 };

	env_set(&host, "OLD", "/o");
	envfile_charliecloud("A=/a\nP='$A:/b:$OLD:$NONE'\nQ='$NONE'\nR=x$A\n", &host,
			     &env);
	ok_text(env_get(&env, "P"), "/a:/b:/o");
	ok_text(env_get(&env, "Q"), "");
	ok_text(env_get(&env, "R"), "x$A");
}

int main(void)
{
	RUN(reads_dockers_format);
	RUN(names_file_and_line);
	RUN(reads_etc_environment);
	RUN(expands_charlieclouds_items);
	return tap_end();
}
