// SPDX-License-Identifier: Apache-2.0
/* error.h - one sentence about what went wrong, kept until src/ prints it
 *
 * A function that can fail returns 0 or a negative errno and leaves a sentence
 * here. An expected absence returns -ENOENT and sets no text. */
#ifndef URUN_BASE_ERROR_H
#define URUN_BASE_ERROR_H

#define ERROR_TEXT_MAX 1024 /* a path of 4096 bytes is cut; the start tells enough */

struct last_error {
	char text[ERROR_TEXT_MAX]; /* "open 'x': Permission denied"; "" when none */
	char hint[ERROR_TEXT_MAX]; /* what to do about it; "" when unknown */
};

extern struct last_error last_error;

/* The sentence of a failed system call: "<format>: <strerror(err)>". Forgets an
 * older hint. err is positive; returns -err. */
int fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same without strerror, for what urun itself refuses. Returns -err. */
int refuse(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put "<format>: " before the sentence that is there. Keeps the hint. Returns r. */
int wrap(int r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Set the second line, "hint: <format>". Returns r, so that it can end a return. */
int hint(int r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forget both lines: the problem was dealt with. */
void error_clear(void);

#endif
