// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include "runtime/seccomp.h"
#include "tests/tap.h"

static void native_abi_comes_first(void)
{
	uint32_t abis[SECCOMP_ABIS_MAX];

	ok(seccomp_abis(abis) >= 1);
	ok(seccomp_number(abis[0], "read") == SYS_read);
	ok(seccomp_number(abis[0], "openat2") == SYS_openat2);
	ok(seccomp_number(abis[0], "no_such_call") == -1);
	ok(seccomp_number(abis[0], "") == -1);
}

static void names_of_abis_go_both_ways(void)
{
	uint32_t abi = 7;

	ok(seccomp_abi_from_name("SCMP_ARCH_AARCH64", &abi) == 0);
	ok(abi == AUDIT_ARCH_AARCH64 && seccomp_audit_arch(abi) == abi);
	ok_text(seccomp_abi_name(abi), "SCMP_ARCH_AARCH64");
	ok(seccomp_abi_from_name("aarch64", &abi) == -EINVAL &&
	   abi == AUDIT_ARCH_AARCH64);
	ok(seccomp_abi_name(12345) == NULL);
}

static void x32_is_told_by_its_numbers(void)
{
	uint32_t abi = 0;

	ok(seccomp_abi_from_name("SCMP_ARCH_X32", &abi) == 0 && seccomp_is_x32(abi));
	ok(seccomp_audit_arch(abi) == AUDIT_ARCH_X86_64);
	ok(seccomp_number(abi, "read") == 0x40000000);
	ok(!seccomp_is_x32(AUDIT_ARCH_X86_64));
}

int main(void)
{
	RUN(native_abi_comes_first);
	RUN(names_of_abis_go_both_ways);
	RUN(x32_is_told_by_its_numbers);
	return tap_end();
}
