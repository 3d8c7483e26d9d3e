// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "tests/tap.h"

/* What speak() writes to standard error. */
static char *heard(void (*speak)(void))
{
	static char text[8192];
	int saved = dup(STDERR_FILENO), pipe_fds[2];
	ssize_t n;

	if (pipe(pipe_fds) < 0 || dup2(pipe_fds[1], STDERR_FILENO) < 0)
		return NULL;
	speak();
	(void)dup2(saved, STDERR_FILENO); /* was open before */
	(void)close(saved);		  /* a copy */
	(void)close(pipe_fds[1]);	  /* the end for read */
	n = read(pipe_fds[0], text, sizeof(text) - 1);
	(void)close(pipe_fds[0]); /* read */
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void speak_on_all_levels(void)
{
	log_warn("w %d", 1);
	log_info("i %d", 2);
	log_debug("d %d", 3);
}

static void warnings_are_shown_by_default(void)
{
	ok(log_get_level() == LOG_WARN);
	ok_text(heard(speak_on_all_levels), "urun: w 1\n");
}

static void levels_decide_what_is_shown(void)
{
	log_set_level(LOG_QUIET);
	ok_text(heard(speak_on_all_levels), "");
	log_set_level(LOG_INFO);
	ok_text(heard(speak_on_all_levels), "urun: w 1\nurun: i 2\n");
}

static void debugging_shows_the_time(void)
{
	const char *text;

	log_set_level(LOG_DEBUG);
	text = heard(speak_on_all_levels);
	ok(strstr(text, "urun: w 1\nurun: i 2\nurun: [") == text);
	ok(strstr(text, " us] d 3\n") != NULL);
}

static void speak_long(void)
{
	char text[5000];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	log_warn("%s", text);
	log_debug("%s", text);
}

static void long_lines_are_cut_and_end(void)
{
	const char *text = heard(speak_long);

	ok(strlen(text) == 2 * 2047);
	ok(text[2046] == '\n' && text[4093] == '\n');
}

static void speak_of_odd_names(void)
{
	log_warn("'%s'", "a\033[31mb\nc\177\303\274");
}

static void odd_names_stay_on_their_line(void)
{
	ok_text(heard(speak_of_odd_names), "urun: 'a?[31mb?c?\303\274'\n");
}

int main(void)
{
	RUN(warnings_are_shown_by_default);
	RUN(odd_names_stay_on_their_line);
	RUN(levels_decide_what_is_shown);
	RUN(debugging_shows_the_time);
	RUN(long_lines_are_cut_and_end);
	return tap_end();
}
