// SPDX-License-Identifier: Apache-2.0
/* seccomp_reference.h - libseccomp's filter of a profile, to compare ours with */
#ifndef URUN_TESTS_SECCOMP_REFERENCE_H
#define URUN_TESTS_SECCOMP_REFERENCE_H

#include "runtime/seccomp.h"

/* 0, or -errno of the library. The caller frees ret->code. */
int seccomp_reference(const struct seccomp *profile, struct seccomp_program *ret);

#endif
