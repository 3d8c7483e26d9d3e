// SPDX-License-Identifier: Apache-2.0
/* seccomp_own.c - the filters of urun's own: fake root, no terminal input
 *
 * How it works: for each ABI there is a block that compares numbers and answers when
 * one matches:
 *
 *	load the architecture; not this ABI's: skip the block
 *	load the number
 *	equals chown: answer "0, nothing done"
 *	...
 *
 * The blocks stand one after the other and end in "allowed".
 */
#include <asm/ioctls.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "runtime/bpf.h"
#include "runtime/seccomp.h"

#define NOTHING_DONE (SECCOMP_RET_ERRNO | 0) /* the call returns 0 */

static size_t block_begin(struct bpf *f, uint32_t abi)
{
	size_t skip;

	bpf_load_arch(f);
	bpf_equal(f, seccomp_audit_arch(abi), 1, 0);
	skip = bpf_skip(f);
	bpf_load_number(f);
	return skip;
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

static void fake_always(struct bpf *f, uint32_t abi, const char *name)
{
	int number = seccomp_number(abi, name);

	if (number < 0)
		return;
	bpf_equal(f, (uint32_t)number, 0, 1);
	bpf_give(f, NOTHING_DONE);
}

/* Only device nodes are beyond us; of those, overlay's whiteout (0:0) isn't. */
static void fake_mknod(struct bpf *f, uint32_t abi, const char *name,
		       unsigned int mode_arg)
{
	int number = seccomp_number(abi, name);

	if (number < 0)
		return;
	bpf_equal(f, (uint32_t)number, 0, 8);
	bpf_load_arg(f, mode_arg);
	bpf_and(f, S_IFMT);
	bpf_equal(f, S_IFBLK, 3, 0);
	bpf_equal(f, S_IFCHR, 0, 3);
	bpf_load_arg(f, mode_arg + 1);
	bpf_equal(f, 0, 1, 0);
	bpf_give(f, NOTHING_DONE);
	bpf_give(f, SECCOMP_RET_ALLOW);
}

int seccomp_fake_root(struct seccomp_program *ret)
{
	uint32_t abis[SECCOMP_ABIS_MAX];
	size_t n = seccomp_abis(abis);
	struct bpf f = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t skip = block_begin(&f, abis[i]);

		for (size_t k = 0; k < ARRAY_SIZE(fake_calls); k++)
			fake_always(&f, abis[i], fake_calls[k]);
		fake_mknod(&f, abis[i], "mknod", 1);
		fake_mknod(&f, abis[i], "mknodat", 2);
		bpf_land(&f, skip);
	}
	bpf_give(&f, SECCOMP_RET_ALLOW);
	return bpf_take(&f, ret);
}

/* Both write into the terminal's input as if the user had typed it. The kernel reads
 * 32 bits of the command, so only those are compared. */
static void refuse_ioctls(struct bpf *f, uint32_t abi)
{
	bpf_equal(f, (uint32_t)seccomp_number(abi, "ioctl"), 0, 4);
	bpf_load_arg(f, 1);
	bpf_equal(f, TIOCSTI, 1, 0);
	bpf_equal(f, TIOCLINUX, 0, 1);
	bpf_give(f, SECCOMP_RET_ERRNO | EPERM);
}

int seccomp_refuse_tty_input(struct seccomp_program *ret)
{
	uint32_t abis[SECCOMP_ABIS_MAX];
	size_t n = seccomp_abis(abis);
	struct bpf f = { 0 };

	bpf_load_arch(&f);
	for (size_t i = 0; i < n; i++)
		bpf_equal(&f, seccomp_audit_arch(abis[i]), (uint8_t)(n - i), 0);
	bpf_give(&f,
		 SECCOMP_RET_ERRNO | ENOSYS); /* an ABI unknown to us is no way round */
	for (size_t i = 0; i < n; i++) {
		size_t skip = block_begin(&f, abis[i]);

		refuse_ioctls(&f, abis[i]);
		bpf_land(&f, skip);
	}
	bpf_give(&f, SECCOMP_RET_ALLOW);
	return bpf_take(&f, ret);
}
