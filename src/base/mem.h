// SPDX-License-Identifier: Apache-2.0
/* mem.h - allocation that never returns NULL, and release at the end of a scope */
#ifndef URUN_BASE_MEM_H
#define URUN_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

/* Each of these ends the process with status 125 when memory runs out: a
 * runtime that cannot allocate a few kilobytes has nothing better to do. */
void *mem_alloc(size_t size_bytes);			    /* zeroed */
void *mem_array(size_t count, size_t size_bytes);	    /* zeroed, overflow checked */
void *mem_grow(void *old, size_t count, size_t size_bytes); /* like reallocarray */
/* Room for one more item in a list of count, zeroed: lists grow at powers of two. */
void *mem_room(void *list, size_t count, size_t size_bytes);
char *mem_text(const char *text); /* like strdup; NULL gives NULL */
char *mem_text_n(const char *text, size_t len);
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mem_format_v(const char *format, va_list ap);

static inline void mem_release_ptr(void *p)
{
	free(*(void **)p);
}

/* Declared with a value; freed at the end of the scope. */
#define auto_free __attribute__((cleanup(mem_release_ptr)))

static inline void *take_ptr_(void *p)
{
	void *taken = *(void **)p;

	*(void **)p = NULL;
	return taken;
}

/* Pass ownership on: the variable becomes NULL. */
#define take_ptr(p) ((__typeof__(*(p)))take_ptr_(p))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
