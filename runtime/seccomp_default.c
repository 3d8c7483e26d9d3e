// SPDX-License-Identifier: Apache-2.0
/* seccomp_default.c - the profile of --isolate
 *
 * Allowed is what programs need, listed by what it is about. What acts on the machine
 * or on other users' processes needs the capability that the kernel asks for anyway:
 * a container that has it may try, any other is told EPERM before the kernel's code for
 * it is reached. Calls that are in no list are answered ENOSYS, as if the kernel were
 * older, so that programs fall back; io_uring is one of them, for its record.
 *
 * Comparable to the profiles of docker and podman; where it differs, this says why:
 * - get_mempolicy, set_mempolicy, mbind: allowed; they place one's own memory, and MPI
 *   and OpenMP do.
 * - keyctl, add_key, request_key: refused; keyrings are shared between containers.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

#define ANYONE UINT64_MAX
#define WITH(cap) (UINT64_C(1) << (cap))
#define NO_ONE 0

/* One string of names each. */
static const struct {
	uint64_t allowed_to; /* who has any of these capabilities */
	const char *calls;
} groups[] = {
	/* files: opening, reading, writing */
	{ ANYONE,
	  "access cachestat close close_range copy_file_range creat dup dup2 dup3 "
	  "faccessat faccessat2 fadvise64 fadvise64_64 fallocate fcntl fcntl64 "
	  "fdatasync flock fsync ftruncate ftruncate64 ioctl lseek _llseek open "
	  "openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read "
	  "readahead readv sendfile sendfile64 splice sync sync_file_range "
	  "sync_file_range2 arm_sync_file_range arm_fadvise64_64 syncfs tee "
	  "truncate truncate64 vmsplice write writev" },
	/* files: names, owners, attributes */
	{ ANYONE,
	  "chdir chmod chown chown32 fchdir fchmod fchmodat fchmodat2 fchown "
	  "fchown32 fchownat fgetxattr file_getattr file_setattr flistxattr "
	  "fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 "
	  "futimesat getcwd getdents getdents64 getxattr getxattrat lchown lchown32 "
	  "lgetxattr link linkat listxattr listxattrat llistxattr lremovexattr "
	  "lsetxattr lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at "
	  "newfstatat readlink readlinkat removexattr removexattrat rename renameat "
	  "renameat2 rmdir setxattr setxattrat stat stat64 statfs statfs64 statx "
	  "symlink symlinkat umask unlink unlinkat utime utimensat "
	  "utimensat_time64 utimes" },
	/* files: waiting for them */
	{ ANYONE,
	  "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait "
	  "epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 fanotify_mark "
	  "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel "
	  "io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup "
	  "io_submit _newselect pipe pipe2 poll ppoll ppoll_time64 pselect6 "
	  "pselect6_time64 select" },
	/* memory */
	{ ANYONE,
	  "brk get_mempolicy madvise map_shadow_stack mbind membarrier memfd_create "
	  "memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap "
	  "mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect "
	  "process_mrelease remap_file_pages set_mempolicy "
	  "set_mempolicy_home_node" },
	/* processes and threads; clone, clone3 and personality are below */
	{ ANYONE,
	  "arch_prctl breakpoint cacheflush capget capset execve execveat exit "
	  "exit_group fork futex futex_requeue futex_time64 futex_wait futex_waitv "
	  "futex_wake get_robust_list get_thread_area getcpu getpgid getpgrp getpid "
	  "getppid getpriority getrandom getrlimit getrusage getsid gettid "
	  "ioprio_get ioprio_set kill lsm_get_self_attr lsm_list_modules modify_ldt "
	  "nice pause pidfd_getfd pidfd_open pidfd_send_signal prctl prlimit64 "
	  "process_vm_readv process_vm_writev ptrace restart_syscall "
	  "riscv_flush_icache riscv_hwprobe rseq s390_pci_mmio_read "
	  "s390_pci_mmio_write s390_runtime_instr sched_get_priority_max "
	  "sched_get_priority_min sched_getaffinity sched_getattr sched_getparam "
	  "sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
	  "sched_setaffinity sched_setattr sched_setparam sched_setscheduler "
	  "sched_yield set_robust_list set_thread_area set_tid_address set_tls "
	  "setpgid setpriority setrlimit setsid swapcontext sysinfo tgkill times "
	  "tkill ugetrlimit uname uprobe uretprobe vfork wait4 waitid waitpid" },
	/* processes: confining oneself further */
	{ ANYONE, "landlock_add_rule landlock_create_ruleset landlock_restrict_self "
		  "seccomp" },
	/* users */
	{ ANYONE,
	  "getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 "
	  "getresgid getresgid32 getresuid getresuid32 getuid getuid32 setfsgid "
	  "setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 "
	  "setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid "
	  "setreuid32 setuid setuid32" },
	/* signals */
	{ ANYONE,
	  "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn "
	  "rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo "
	  "sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask "
	  "sigreturn sigsuspend" },
	/* clocks and timers */
	{ ANYONE,
	  "adjtimex alarm clock_adjtime clock_adjtime64 clock_getres "
	  "clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep "
	  "clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time "
	  "timer_create timer_delete timer_getoverrun timer_gettime "
	  "timer_gettime64 timer_settime timer_settime64 timerfd_create "
	  "timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64" },
	/* messages between processes */
	{ ANYONE,
	  "ipc mq_getsetattr mq_notify mq_open mq_timedreceive "
	  "mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl "
	  "msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 "
	  "shmat shmctl shmdt shmget" },
	/* network; socket is below */
	{ ANYONE,
	  "accept accept4 bind connect getpeername getsockname getsockopt listen recv "
	  "recvfrom recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto "
	  "setsockopt shutdown socketcall socketpair" },

	{ WITH(CAP_SYS_ADMIN),
	  "fanotify_init fsconfig fsmount fsopen fspick listmount "
	  "lookup_dcookie mount mount_setattr move_mount open_tree "
	  "open_tree_attr pivot_root quotactl quotactl_fd "
	  "setdomainname sethostname setns statmount swapoff swapon umount "
	  "umount2 unshare" },
	{ WITH(CAP_BPF) | WITH(CAP_SYS_ADMIN), "bpf" },
	{ WITH(CAP_PERFMON) | WITH(CAP_SYS_ADMIN), "perf_event_open" },
	{ WITH(CAP_DAC_READ_SEARCH), "open_by_handle_at" },
	{ WITH(CAP_SYS_BOOT), "reboot" },
	{ WITH(CAP_SYS_CHROOT), "chroot" },
	{ WITH(CAP_SYS_MODULE), "delete_module finit_module init_module" },
	{ WITH(CAP_SYS_NICE), "migrate_pages move_pages" },
	{ WITH(CAP_SYS_PACCT), "acct" },
	{ WITH(CAP_SYS_PTRACE), "kcmp" },
	{ WITH(CAP_SYS_PTRACE) | WITH(CAP_SYS_NICE), "process_madvise" },
	{ WITH(CAP_SYS_RAWIO), "ioperm iopl" },
	{ WITH(CAP_SYS_TIME), "clock_settime clock_settime64 settimeofday stime" },
	{ WITH(CAP_SYS_TTY_CONFIG), "vhangup" },
	{ WITH(CAP_SYSLOG), "syslog" },
	{ NO_ONE, "add_key kexec_file_load kexec_load keyctl request_key userfaultfd" },
};

static struct seccomp_rule *add(struct seccomp *profile, const char *names,
				enum seccomp_action action, uint32_t errno_ret)
{
	struct seccomp_rule *rule = seccomp_add_rule(profile);

	strv_split(&rule->names, names, " ");
	rule->action = action;
	rule->has_errno = action == ACT_ERRNO;
	rule->errno_ret = errno_ret;
	return rule;
}

static void when(struct seccomp_rule *rule, unsigned int at, enum seccomp_compare compare,
		 uint64_t value, uint64_t value_two)
{
	rule->args[rule->n_args++] = (struct seccomp_arg){ at, compare, value,
							   value_two };
}

static void add_groups(struct seccomp *profile, uint64_t caps)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		uint64_t allowed_to = groups[i].allowed_to;

		if (allowed_to == ANYONE || allowed_to & caps)
			add(profile, groups[i].calls, ACT_ALLOW, 0);
		else
			add(profile, groups[i].calls, ACT_ERRNO, EPERM);
	}
}

#if defined(__s390__)
#define CLONE_FLAGS_ARG 1 /* the stack comes first there */
#else
#define CLONE_FLAGS_ARG 0
#endif

/* Filters can't see the flags of clone3, which lie in memory; libc falls back to clone.
 */
static void add_clone(struct seccomp *profile, bool namespaces_too)
{
	static const uint64_t kinds[] = { CLONE_NEWNS,	  CLONE_NEWUTS, CLONE_NEWIPC,
					  CLONE_NEWUSER,  CLONE_NEWPID, CLONE_NEWNET,
					  CLONE_NEWCGROUP };
	uint64_t all = 0;

	if (namespaces_too) {
		add(profile, "clone clone3", ACT_ALLOW, 0);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		all |= kinds[i];
		when(add(profile, "clone", ACT_ERRNO, EPERM), CLONE_FLAGS_ARG,
		     ARG_MASKED_EQ, kinds[i], kinds[i]);
	}
	when(add(profile, "clone", ACT_ALLOW, 0), CLONE_FLAGS_ARG, ARG_MASKED_EQ, all, 0);
	add(profile, "clone3", ACT_ERRNO, ENOSYS);
}

/* Asking, the default, 32-bit programs, and "kernel 2.6": other flags turn protections
 * of memory off. */
static void add_personality(struct seccomp *profile)
{
	static const uint32_t harmless[] = { 0xffffffff, 0x0, 0x8, 0x20000, 0x20008 };

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		when(add(profile, "personality", ACT_ALLOW, 0), 0, ARG_EQ, harmless[i],
		     0);
}

/* vsock reaches the machine's hypervisor, past any network namespace. */
static void add_socket(struct seccomp *profile)
{
	when(add(profile, "socket", ACT_ALLOW, 0), 0, ARG_NE, AF_VSOCK, 0);
	when(add(profile, "socket", ACT_ERRNO, EAFNOSUPPORT), 0, ARG_EQ, AF_VSOCK, 0);
}

struct seccomp *seccomp_default(uint64_t caps)
{
	struct seccomp *profile = mem_alloc(sizeof(*profile));
	uint32_t abis[SECCOMP_ABIS_MAX];
	size_t n = seccomp_abis(abis);

	profile->default_action = ACT_ERRNO;
	profile->has_default_errno = true;
	profile->default_errno = ENOSYS;
	for (size_t i = 0; i < n; i++)
		if (seccomp_abi_name(abis[i]))
			strv_add(&profile->architectures, seccomp_abi_name(abis[i]));
	add_groups(profile, caps);
	add_clone(profile, caps & WITH(CAP_SYS_ADMIN));
	add_personality(profile);
	add_socket(profile);
	return profile;
}
