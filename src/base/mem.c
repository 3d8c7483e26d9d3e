// SPDX-License-Identifier: Apache-2.0
/* mem.c - allocation that never returns NULL */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define EXIT_NO_MEMORY 125 /* urun's own failures, as podman and docker number them */

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "urun: allocate memory: out of memory\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1); /* nobody left to tell */
	_exit(EXIT_NO_MEMORY);
}

void *mem_alloc(size_t size_bytes)
{
	return mem_array(1, size_bytes);
}

void *mem_array(size_t count, size_t size_bytes)
{
	void *p = calloc(count ? count : 1, size_bytes ? size_bytes : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *mem_grow(void *old, size_t count, size_t size_bytes)
{
	void *p = reallocarray(old, count ? count : 1, size_bytes ? size_bytes : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *mem_room(void *list, size_t count, size_t size_bytes)
{
	if ((count & (count - 1)) == 0)
		list = mem_grow(list, count ? 2 * count : 1, size_bytes);
	memset((char *)list + count * size_bytes, 0, size_bytes);
	return list;
}

char *mem_text(const char *text)
{
	return text ? mem_text_n(text, strlen(text)) : NULL;
}

char *mem_text_n(const char *text, size_t len)
{
	char *p = mem_alloc(len + 1);

	memcpy(p, text, len);
	return p;
}

char *mem_format_v(const char *format, va_list ap)
{
	char *text;

	if (vasprintf(&text, format, ap) < 0)
		out_of_memory();
	return text;
}

char *mem_format(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_format_v(format, ap);
	va_end(ap);
	return text;
}
