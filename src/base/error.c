// SPDX-License-Identifier: Apache-2.0
/* error.c - one sentence about what went wrong */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

struct last_error last_error;

int fail(int err, const char *format, ...)
{
	char what[ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(what, sizeof(what), format, ap); /* cut texts are still useful */
	va_end(ap);
	(void)snprintf(last_error.text, sizeof(last_error.text), "%.900s: %s", what,
		       strerror(err));
	last_error.hint[0] = '\0';
	return -err;
}

int refuse(int err, const char *format, ...)
{
	char what[ERROR_TEXT_MAX]; /* arguments may lie in last_error */
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(what, sizeof(what), format, ap); /* cut texts are still useful */
	va_end(ap);
	memcpy(last_error.text, what, sizeof(what));
	last_error.hint[0] = '\0';
	return -err;
}

int wrap(int r, const char *format, ...)
{
	char old[ERROR_TEXT_MAX];
	char what[ERROR_TEXT_MAX];
	va_list ap;

	memcpy(old, last_error.text, sizeof(old));
	va_start(ap, format);
	(void)vsnprintf(what, sizeof(what), format, ap); /* cut texts are still useful */
	va_end(ap);
	(void)snprintf(last_error.text, sizeof(last_error.text), "%.500s: %.500s", what,
		       old[0] ? old : strerror(-r));
	return r;
}

int hint(int r, const char *format, ...)
{
	char what[ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(what, sizeof(what), format, ap); /* cut texts are still useful */
	va_end(ap);
	memcpy(last_error.hint, what, sizeof(what));
	return r;
}

void error_clear(void)
{
	last_error.text[0] = '\0';
	last_error.hint[0] = '\0';
}
