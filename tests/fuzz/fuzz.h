// SPDX-License-Identifier: Apache-2.0
/* fuzz.h - what each fuzzer defines, by the name that libFuzzer calls */
#ifndef URUN_TESTS_FUZZ_H
#define URUN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Read data as the outside would send it; whatever it is, come back. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
