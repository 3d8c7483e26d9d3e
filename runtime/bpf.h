// SPDX-License-Identifier: Apache-2.0
/* bpf.h - writing filters of system calls, one instruction after the other; private to
 * runtime. See seccomp(2) and the kernel's networking/filter.rst. */
#ifndef URUN_RUNTIME_BPF_H
#define URUN_RUNTIME_BPF_H

#include <stddef.h>
#include <stdint.h>

struct sock_filter;
struct seccomp_program;

#define BPF_LEN_MAX 4096 /* instructions the kernel takes */

/* A zeroed struct is an empty filter. */
struct bpf {
	struct sock_filter *code;
	size_t len;
};

#define BPF_JUMP_MAX 255 /* what a condition can skip; bpf_skip() goes further */

void bpf_put(struct bpf *f, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false);
void bpf_load_arch(struct bpf *f);
void bpf_load_number(struct bpf *f);
void bpf_load_arg(struct bpf *f, unsigned int arg); /* its lower 32 bits */
void bpf_load_arg_high(struct bpf *f, unsigned int arg);
void bpf_and(struct bpf *f, uint32_t mask);

/* Skip so many instructions if what is loaded is equal to, greater than, or greater than
 * or equal to k; else the other number. */
void bpf_equal(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false);
void bpf_greater(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false);
void bpf_greater_equal(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false);
void bpf_give(struct bpf *f, uint32_t action); /* SECCOMP_RET_*: the end */

/* An unconditional jump to where bpf_land() is called with what this returns. */
size_t bpf_skip(struct bpf *f);
void bpf_land(struct bpf *f, size_t skip);

/* Hand the code over; f is empty then. -E2BIG with a sentence: the kernel would refuse.
 */
int bpf_take(struct bpf *f, struct seccomp_program *ret);
void bpf_done(struct bpf *f);

#endif
