// SPDX-License-Identifier: Apache-2.0
/* seccomp_own.c - the filters of urun's own: fake root, no terminal input
 *
 * How it works: both are known beforehand, so they are written instruction by
 * instruction; a compiler would cost a start more than all its system calls. For each
 * ABI there is a block that compares numbers and returns when one matches:
 *
 *	load arch; not this ABI's: skip the block
 *	load the number
 *	equals chown: return "0, nothing done"
 *	...
 *
 * The blocks stand one after the other and end in "allowed".
 */
#include <asm/ioctls.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

/* The kernel's bound for a block is 255 (jumps are 8 bits); a filter may have 4096. */
#define FILTER_MAX (SECCOMP_ABIS_MAX * 255 + 16)

struct filter {
	struct sock_filter code[FILTER_MAX];
	size_t len;
};

/* The lower half of a 64-bit argument: all there is of an ioctl's command, a mode or
 * a device number. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ARG_OFFSET(n) (offsetof(struct seccomp_data, args) + 8 * (n) + 4)
#else
#define ARG_OFFSET(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#endif

static void put(struct filter *f, uint16_t code, uint32_t k, uint8_t if_true,
		uint8_t if_false)
{
	f->code[f->len++] = (struct sock_filter){ code, if_true, if_false, k };
}

static void load(struct filter *f, size_t offset)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Skip so many instructions if the loaded value equals k, or if it does not. */
static void jump_equal(struct filter *f, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, k, if_true, if_false);
}

static void give(struct filter *f, uint32_t action)
{
	put(f, BPF_RET | BPF_K, action, 0, 0);
}

#define NOTHING_DONE (SECCOMP_RET_ERRNO | 0) /* the call returns 0 */

static void block_begin(struct filter *f, uint32_t abi, size_t *ret_jump)
{
	load(f, offsetof(struct seccomp_data, arch));
	*ret_jump = f->len;
	jump_equal(f, seccomp_audit_arch(abi), 0, 0);
	load(f, offsetof(struct seccomp_data, nr));
}

static void block_end(struct filter *f, size_t jump)
{
	f->code[jump].jf = (uint8_t)(f->len - jump - 1);
}

static void filter_give(const struct filter *f, struct seccomp_program *ret)
{
	size_t bytes = f->len * sizeof(f->code[0]);

	ret->code = memcpy(mem_alloc(bytes), f->code, bytes);
	ret->len = f->len;
}

/* What only the machine's root can do, and what installing software tries. With one id
 * mapped there is no other owner to give a file to and no other user to become.
 * Not in the list: setxattr (filters can't see which attribute; file capabilities can
 * really be set), capset (works), mount and its like (a lie would be noticed later). */
static const char *const fake_calls[] = {
	"chown",       "chown32",    "fchown",	   "fchown32",	  "fchownat",
	"lchown",      "lchown32",   "setfsgid",   "setfsgid32",  "setfsuid",
	"setfsuid32",  "setgid",     "setgid32",   "setgroups",	  "setgroups32",
	"setregid",    "setregid32", "setresgid",  "setresgid32", "setresuid",
	"setresuid32", "setreuid",   "setreuid32", "setuid",	  "setuid32",
};

static void fake_always(struct filter *f, uint32_t abi, const char *name)
{
	int number = seccomp_number(abi, name);

	if (number < 0)
		return;
	jump_equal(f, (uint32_t)number, 0, 1);
	give(f, NOTHING_DONE);
}

/* Only device nodes are beyond us; of those, overlay's whiteout (0:0) isn't. */
static void fake_mknod(struct filter *f, uint32_t abi, const char *name, int mode_arg)
{
	int number = seccomp_number(abi, name);

	if (number < 0)
		return;
	jump_equal(f, (uint32_t)number, 0, 8);
	load(f, ARG_OFFSET(mode_arg));
	put(f, BPF_ALU | BPF_AND | BPF_K, S_IFMT, 0, 0);
	jump_equal(f, S_IFBLK, 3, 0);
	jump_equal(f, S_IFCHR, 0, 3);
	load(f, ARG_OFFSET(mode_arg + 1));
	jump_equal(f, 0, 1, 0);
	give(f, NOTHING_DONE);
	give(f, SECCOMP_RET_ALLOW);
}

void seccomp_fake_root(struct seccomp_program *ret)
{
	uint32_t abis[SECCOMP_ABIS_MAX];
	size_t n = seccomp_abis(abis), jump;
	struct filter f;

	f.len = 0;
	for (size_t i = 0; i < n; i++) {
		block_begin(&f, abis[i], &jump);
		for (size_t k = 0; k < ARRAY_SIZE(fake_calls); k++)
			fake_always(&f, abis[i], fake_calls[k]);
		fake_mknod(&f, abis[i], "mknod", 1);
		fake_mknod(&f, abis[i], "mknodat", 2);
		block_end(&f, jump);
	}
	give(&f, SECCOMP_RET_ALLOW);
	filter_give(&f, ret);
}

/* Both write into the terminal's input as if the user had typed it. The kernel reads
 * 32 bits of the command, so only those are compared. */
static void refuse_ioctls(struct filter *f, uint32_t abi)
{
	jump_equal(f, (uint32_t)seccomp_number(abi, "ioctl"), 0, 4);
	load(f, ARG_OFFSET(1));
	jump_equal(f, TIOCSTI, 1, 0);
	jump_equal(f, TIOCLINUX, 0, 1);
	give(f, SECCOMP_RET_ERRNO | EPERM);
}

void seccomp_refuse_tty_input(struct seccomp_program *ret)
{
	uint32_t abis[SECCOMP_ABIS_MAX];
	size_t n = seccomp_abis(abis), jump;
	struct filter f;

	f.len = 0;
	load(&f, offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < n; i++)
		jump_equal(&f, seccomp_audit_arch(abis[i]), (uint8_t)(n - i), 0);
	give(&f, SECCOMP_RET_ERRNO | ENOSYS); /* an ABI unknown to us is no way round */
	for (size_t i = 0; i < n; i++) {
		block_begin(&f, abis[i], &jump);
		refuse_ioctls(&f, abis[i]);
		block_end(&f, jump);
	}
	give(&f, SECCOMP_RET_ALLOW);
	filter_give(&f, ret);
}
