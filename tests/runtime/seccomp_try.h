// SPDX-License-Identifier: Apache-2.0
/* seccomp_try.h - what does a system call answer behind the filters of a spec? */
#ifndef URUN_TESTS_SECCOMP_TRY_H
#define URUN_TESTS_SECCOMP_TRY_H

#include "runtime/runtime.h"

#define TRY_KILLED (-1000) /* -1000 - signal */

/* Compile and install the filters of spec in a child, then call tried() there. Gives
 * what it returned (0 to 255 or -1 to -255), or TRY_KILLED - signal. */
int seccomp_try(const struct spec *spec, int (*tried)(void));

/* The result of a system call as 0 or -errno, for tried(). */
#define ANSWER(call) ((call) < 0 ? -errno : 0)

#endif
