// SPDX-License-Identifier: Apache-2.0
/* seccomp.c - numbers of system calls, by libseccomp
 *
 * Only its tables are used: its compiler takes 18 ms for a profile like podman's, ten
 * times as long as all else in a start, see seccomp_compile.c.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "runtime/seccomp.h"

/* What one kernel runs: the native ABI and those of older programs. */
static const uint32_t abi_families[][SECCOMP_ABIS_MAX] = {
	{ SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 },
	{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM },
	{ SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS, SCMP_ARCH_MIPS64N32 },
	{ SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL, SCMP_ARCH_MIPSEL64N32 },
	{ SCMP_ARCH_PPC64, SCMP_ARCH_PPC },
	{ SCMP_ARCH_S390X, SCMP_ARCH_S390 },
};

size_t seccomp_abis(uint32_t ret[SECCOMP_ABIS_MAX])
{
	uint32_t native = seccomp_arch_native();
	size_t n = 0;

	ret[n++] = native;
	for (size_t i = 0; i < ARRAY_SIZE(abi_families); i++)
		for (size_t k = 1; abi_families[i][0] == native && k < SECCOMP_ABIS_MAX;
		     k++)
			if (abi_families[i][k])
				ret[n++] = abi_families[i][k];
	return n;
}

uint32_t seccomp_audit_arch(uint32_t abi)
{
	/* The kernel tells x32 from x86-64 by a bit in the number only. */
	return abi == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : abi;
}

bool seccomp_is_x32(uint32_t abi)
{
	return abi == SCMP_ARCH_X32;
}

/* Where an ABI has socketcall() and ipc(), libseccomp gives the names of their parts
 * numbers from -100 to -299. The direct calls that kernels got later (4.3, 5.1) it knows
 * by number only. */
#define IS_PART(number) ((number) <= -100 && (number) > -300)
#define DIRECT_FIRST 300 /* older numbers are no parts; newer calls than... */
#define DIRECT_END 450	 /* ...these have one number on all ABIs and no parts */

static struct {
	uint32_t abi;
	char *names[DIRECT_END - DIRECT_FIRST];
} direct;

static void direct_fill(uint32_t abi)
{
	for (int i = 0; i < DIRECT_END - DIRECT_FIRST; i++) {
		free(direct.names[i]);
		direct.names[i] = seccomp_syscall_resolve_num_arch(abi, DIRECT_FIRST + i);
	}
	direct.abi = abi;
}

static int direct_number(uint32_t abi, const char *name)
{
	if (direct.abi != abi)
		direct_fill(abi);
	for (int i = 0; i < DIRECT_END - DIRECT_FIRST; i++)
		if (direct.names[i] && strcmp(direct.names[i], name) == 0)
			return DIRECT_FIRST + i;
	return -1;
}

int seccomp_number(uint32_t abi, const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(abi, name);

	if (IS_PART(number))
		return direct_number(abi, name);
	return number < 0 ? -1 : number;
}

/* runtime-spec: "seccomp.architectures". */
static const struct {
	const char *name;
	uint32_t abi;
} abi_names[] = {
	{ "SCMP_ARCH_X86", SCMP_ARCH_X86 },
	{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64 },
	{ "SCMP_ARCH_X32", SCMP_ARCH_X32 },
	{ "SCMP_ARCH_ARM", SCMP_ARCH_ARM },
	{ "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64 },
	{ "SCMP_ARCH_MIPS", SCMP_ARCH_MIPS },
	{ "SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64 },
	{ "SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32 },
	{ "SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL },
	{ "SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64 },
	{ "SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32 },
	{ "SCMP_ARCH_PPC", SCMP_ARCH_PPC },
	{ "SCMP_ARCH_PPC64", SCMP_ARCH_PPC64 },
	{ "SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE },
	{ "SCMP_ARCH_S390", SCMP_ARCH_S390 },
	{ "SCMP_ARCH_S390X", SCMP_ARCH_S390X },
	{ "SCMP_ARCH_PARISC", SCMP_ARCH_PARISC },
	{ "SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64 },
	{ "SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64 },
#ifdef SCMP_ARCH_LOONGARCH64 /* libseccomp 2.6 */
	{ "SCMP_ARCH_LOONGARCH64", SCMP_ARCH_LOONGARCH64 },
#endif
};

int seccomp_abi_from_name(const char *name, uint32_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(abi_names); i++) {
		if (strcmp(abi_names[i].name, name) == 0) {
			*ret = abi_names[i].abi;
			return 0;
		}
	}
	return -EINVAL;
}

const char *seccomp_abi_name(uint32_t abi)
{
	for (size_t i = 0; i < ARRAY_SIZE(abi_names); i++)
		if (abi_names[i].abi == abi)
			return abi_names[i].name;
	return NULL;
}
