// SPDX-License-Identifier: Apache-2.0
/* log.c - lines on standard error */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define LINE_MAX_BYTES 2048 /* longer lines are cut: they quote a path or two at most */

static enum log_level shown_level = LOG_WARN;
static int64_t started_us;

static int64_t now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail for this clock */
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void log_set_level(enum log_level level)
{
	shown_level = level;
	if (level == LOG_DEBUG && !started_us)
		started_us = now_us();
}

enum log_level log_get_level(void)
{
	return shown_level;
}

/* Names of files come from images: no line ends early, and no terminal obeys one. */
static void make_plain(char *line, int len)
{
	for (int i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
}

/* One write per line, so that lines of several processes do not mix. */
static void put_line(enum log_level level, const char *format, va_list ap)
{
	char line[LINE_MAX_BYTES];
	int n = 0, m;

	if (level > shown_level)
		return;
	if (level == LOG_DEBUG)
		n = snprintf(line, sizeof(line), "urun: [%6lld us] ",
			     (long long)(now_us() - started_us));
	else
		n = snprintf(line, sizeof(line), "urun: ");
	m = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, ap);
	if (m < 0)
		return;
	n += m;
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	make_plain(line, n);
	line[n++] = '\n';
	(void)!write(STDERR_FILENO, line, (size_t)n); /* nobody left to tell */
}

#define LOG_FUNCTION(name, level)            \
	void name(const char *format, ...)   \
	{                                    \
		va_list ap;                  \
                                             \
		va_start(ap, format);        \
		put_line(level, format, ap); \
		va_end(ap);                  \
	}

LOG_FUNCTION(log_warn, LOG_WARN)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
