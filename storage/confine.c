// SPDX-License-Identifier: Apache-2.0
/* confine.c - what the image server gives up before it reads a hostile image
 *
 * A short filter without arguments but for clone(): what a thread that maps memory, reads
 * one file and answers on one descriptor needs. Anything else fails with EPERM, so that a
 * libc which tries something new goes on without it.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "storage/confine.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ARCH AUDIT_ARCH_PPC64LE
#endif

/* A sanitizer's shadow takes terabytes, and its leak check another process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* The most a hostile xz header can make the decompressor ask for, and all the rest. */
#define ADDRESS_SPACE_BYTES (3ull << 30)

static const uint32_t to_read[] = {
	SYS_read,
	SYS_pread64,
	SYS_readv,
	SYS_preadv,
	SYS_write,
	SYS_writev,
	SYS_close,
	SYS_recvmsg,
	SYS_sendmsg,
	SYS_futex,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_fcntl,
	SYS_fstat,
	SYS_newfstatat,
	SYS_lseek,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_restart_syscall,
	SYS_rt_sigprocmask,
	SYS_rt_sigaction,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_getpid,
	SYS_gettid,
	SYS_tgkill,
	SYS_getrandom,
	SYS_exit,
	SYS_exit_group,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll,
};

static const uint32_t to_make_files[] = { SYS_openat,	 SYS_mkdirat,  SYS_symlinkat,
					  SYS_linkat,	 SYS_mknodat,  SYS_fchmod,
					  SYS_utimensat, SYS_ftruncate };

#define OPEN_FILES_TO_SERVE 32
#define N_ALLOWED_MAX (ARRAY_SIZE(to_read) + ARRAY_SIZE(to_make_files))
#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))

/* Threads only; clone3() hides its flags in memory, and libc falls back to clone(). */
static size_t add_clone(struct sock_filter *at)
{
	const struct sock_filter part[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
		ANSWER(SECCOMP_RET_ALLOW),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
	};

	memcpy(at, part, sizeof(part));
	return ARRAY_SIZE(part);
}

#ifdef OUR_ARCH
/* From each entry, jump over the remaining ones and the refusal. */
static size_t add_allowed(struct sock_filter *at, const uint32_t *calls, size_t count,
			  size_t following)
{
	for (size_t i = 0; i < count; i++)
		at[i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i],
						     (uint8_t)(count - i + following), 0);
	return count;
}
#endif

static int limit_system_calls(bool may_make_files)
{
#ifdef OUR_ARCH
	struct sock_filter code[N_ALLOWED_MAX + 16] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
	};
	struct sock_fprog program = { .filter = code };
	size_t n = 4, n_more = may_make_files ? ARRAY_SIZE(to_make_files) : 0;

	n += add_clone(code + n);
	n += add_allowed(code + n, to_read, ARRAY_SIZE(to_read), n_more);
	n += add_allowed(code + n, to_make_files, n_more, 0);
	code[n++] = (struct sock_filter)ANSWER(SECCOMP_RET_ERRNO | EPERM);
	code[n++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
#else
	(void)may_make_files; /* no filter either way */
	return -ENOSYS;
#endif
}

/* All rights of files but to execute. */
static int allow_below(int ruleset_fd, int folder_fd, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE,
		.parent_fd = folder_fd,
	};

	return syscall(SYS_landlock_add_rule, ruleset_fd, LANDLOCK_RULE_PATH_BENEATH,
		       &rule, 0) < 0
		       ? -errno
		       : 0;
}

/* Each version of Landlock knows more rights; the highest bit of each is the table's. A
 * ruleset that handles a right and allows it nowhere denies it. folder_fd -1: nowhere. */
static int deny_files(int folder_fd)
{
	static const unsigned int fs_bits[] = { 0, 13, 14, 15, 15, 16 };
	struct {
		uint64_t fs, net, scoped;
	} attr = { 0 };
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	size_t size = sizeof(attr.fs);
	int fd, r = 0;

	if (version < 1)
		return -ENOSYS;
	attr.fs = (1ull << fs_bits[version < 5 ? version : 5]) - 1;
	if (version >= 4) {
		attr.net = 3; /* bind and connect by TCP */
		size = 2 * sizeof(uint64_t);
	}
	if (version >= 6) {
		attr.scoped = 3; /* abstract sockets, signals */
		size = 3 * sizeof(uint64_t);
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (fd < 0)
		return -errno;
	if (folder_fd >= 0)
		r = allow_below(fd, folder_fd, attr.fs);
	if (r == 0 && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		r = -errno;
	(void)close(fd); /* a ruleset: nothing to lose */
	return r;
}

static void limit(int resource, uint64_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) < 0)
		return;
	if (now.rlim_max == RLIM_INFINITY || now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = now.rlim_max;
	(void)setrlimit(resource, &now); /* lowering: always allowed */
}

static void confine(int folder_fd, unsigned int open_files)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* known since 3.5 */
	(void)prctl(PR_SET_DUMPABLE, 0);	      /* cannot fail */
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, open_files);
	if (IS_SANITIZED)
		return;
	limit(RLIMIT_AS, ADDRESS_SPACE_BYTES);
	if (deny_files(folder_fd) < 0)
		log_debug("urun-fs: no Landlock here");
	if (limit_system_calls(folder_fd >= 0) < 0)
		log_debug("urun-fs: no seccomp here");
}

void confine_self(void)
{
	confine(-1, OPEN_FILES_TO_SERVE);
}

void confine_to_folder(int folder_fd, unsigned int open_files)
{
	confine(folder_fd, open_files);
}
