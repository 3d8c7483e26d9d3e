// SPDX-License-Identifier: Apache-2.0
/* bpf.c - writing filters of system calls */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/bpf.h"
#include "runtime/seccomp.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#define HIGH_HALF 0
#else
#define LOW_HALF 0
#define HIGH_HALF 4
#endif

void bpf_put(struct bpf *f, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	f->code = mem_room(f->code, f->len, sizeof(*f->code));
	f->code[f->len++] = (struct sock_filter){ code, if_true, if_false, k };
}

static void load(struct bpf *f, size_t offset)
{
	bpf_put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

void bpf_load_arch(struct bpf *f)
{
	load(f, offsetof(struct seccomp_data, arch));
}

void bpf_load_number(struct bpf *f)
{
	load(f, offsetof(struct seccomp_data, nr));
}

void bpf_load_arg(struct bpf *f, unsigned int arg)
{
	load(f, offsetof(struct seccomp_data, args) + sizeof(uint64_t) * arg + LOW_HALF);
}

void bpf_load_arg_high(struct bpf *f, unsigned int arg)
{
	load(f, offsetof(struct seccomp_data, args) + sizeof(uint64_t) * arg + HIGH_HALF);
}

void bpf_and(struct bpf *f, uint32_t mask)
{
	bpf_put(f, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
}

void bpf_equal(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	bpf_put(f, BPF_JMP | BPF_JEQ | BPF_K, k, if_true, if_false);
}

void bpf_greater(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	bpf_put(f, BPF_JMP | BPF_JGT | BPF_K, k, if_true, if_false);
}

void bpf_greater_equal(struct bpf *f, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	bpf_put(f, BPF_JMP | BPF_JGE | BPF_K, k, if_true, if_false);
}

void bpf_give(struct bpf *f, uint32_t action)
{
	bpf_put(f, BPF_RET | BPF_K, action, 0, 0);
}

size_t bpf_skip(struct bpf *f)
{
	bpf_put(f, BPF_JMP | BPF_JA, 0, 0, 0);
	return f->len - 1;
}

void bpf_land(struct bpf *f, size_t skip)
{
	f->code[skip].k = (uint32_t)(f->len - skip - 1);
}

int bpf_take(struct bpf *f, struct seccomp_program *ret)
{
	if (f->len > BPF_LEN_MAX)
		return refuse(
			E2BIG,
			"the seccomp filter has %zu instructions, the kernel takes %d",
			f->len, BPF_LEN_MAX);
	ret->code = take_ptr(&f->code);
	ret->len = f->len;
	f->len = 0;
	return 0;
}

void bpf_done(struct bpf *f)
{
	free(f->code);
	*f = (struct bpf){ 0 };
}
