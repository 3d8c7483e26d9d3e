// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/tap.h"

static void failing_adds_the_reason(void)
{
	ok(fail(ENOENT, "open '%s'", "x") == -ENOENT);
	ok_text(last_error.text, "open 'x': No such file or directory");
	ok_text(last_error.hint, "");
}

static void refusing_says_it_all(void)
{
	ok(refuse(EINVAL, "unknown option '%s'", "x") == -EINVAL);
	ok_text(last_error.text, "unknown option 'x'");
}

static void wrapping_puts_a_name_before(void)
{
	(void)refuse(EINVAL, "not a number"); /* what is wrapped below */
	ok(wrap(-EINVAL, "read '%s'", "a.conf") == -EINVAL);
	ok(wrap(-EINVAL, "start") == -EINVAL);
	ok_text(last_error.text, "start: read 'a.conf': not a number");
}

static void wrapping_nothing_tells_the_errno(void)
{
	error_clear();
	ok(wrap(-ENOSPC, "write '%s'", "x") == -ENOSPC);
	ok_text(last_error.text, "write 'x': No space left on device");
}

static void hints_live_as_long_as_their_sentence(void)
{
	ok(hint(fail(EPERM, "mount"), "ask %s", "someone") == -EPERM);
	ok_text(last_error.hint, "ask someone");
	(void)wrap(-EPERM, "start"); /* keeps it */
	ok_text(last_error.hint, "ask someone");
	(void)fail(EPERM, "another"); /* forgets it */
	ok_text(last_error.hint, "");
}

static void arguments_may_be_the_old_sentence(void)
{
	(void)refuse(EINVAL, "old"); /* used as an argument */
	(void)refuse(EINVAL, "new after %s", last_error.text);
	ok_text(last_error.text, "new after old");
	(void)hint(0, "%s", last_error.text);
	(void)fail(EIO, "%s", last_error.text);
	ok_text(last_error.text, "new after old: Input/output error");
}

static void long_texts_are_cut_and_end(void)
{
	auto_free char *text = mem_alloc(5000);

	memset(text, 'x', 4999);
	(void)fail(EIO, "open '%s'", text); /* too long */
	ok(strlen(last_error.text) < ERROR_TEXT_MAX);
	ok(strstr(last_error.text, ": Input/output error") != NULL);
	(void)wrap(-EIO, "%s", text); /* longer */
	ok(strlen(last_error.text) < ERROR_TEXT_MAX);
	(void)hint(-EIO, "%s", text); /* too long, too */
	ok(strlen(last_error.hint) == ERROR_TEXT_MAX - 1);
	error_clear();
	ok_text(last_error.text, "");
	ok_text(last_error.hint, "");
}

int main(void)
{
	RUN(failing_adds_the_reason);
	RUN(refusing_says_it_all);
	RUN(wrapping_puts_a_name_before);
	RUN(wrapping_nothing_tells_the_errno);
	RUN(hints_live_as_long_as_their_sentence);
	RUN(arguments_may_be_the_old_sentence);
	RUN(long_texts_are_cut_and_end);
	return tap_end();
}
