// SPDX-License-Identifier: Apache-2.0
/* test_identity.c - ids, capabilities and filters in a user namespace */
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "tests/platform/sandbox.h"
#include "tests/tap.h"

static bool change_ids(void)
{
	gid_t group = 1;

	must_fail(setgroups(1, &group), EPERM);
	must_fail(setresuid(1, 1, 1), EINVAL);
	must_fail(setresgid(1, 1, 1), EINVAL);
	must(sandbox_write("/tmp/file", "x"));
	must_fail(chown("/tmp/file", 1, (gid_t)-1), EINVAL);
	return true;
}

static void one_mapped_id_has_no_others(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, change_ids));
}

/* A map without setgroups "deny" needs CAP_SETGID outside. */
static bool map_group_without_deny(void)
{
	char map[64];

	(void)snprintf(map, sizeof(map), "0 %u 1", getegid());
	must(unshare(CLONE_NEWUSER) == 0);
	must(!sandbox_write("/proc/self/gid_map", map) && errno == EPERM);
	return true;
}

static void group_map_needs_setgroups_denied(void)
{
	needs(NEED_USERNS | NEED_NOT_ROOT);
	ok(holds_in_child(map_group_without_deny));
}

static bool nest_in_chroot(void)
{
	must(mkdir("/tmp/root", 0755) == 0);
	must(chroot("/tmp/root") == 0);
	must_fail(unshare(CLONE_NEWUSER), EPERM);
	return true;
}

static void no_user_namespace_inside_a_chroot(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(CLONE_NEWNS, nest_in_chroot));
}

/* The filter --root uses without ranges: a call "succeeds" without being made. */
static bool fake_chown(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fchownat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	must_fail(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), EACCES);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	must(syscall(SYS_fchownat, AT_FDCWD, "/", 12345, 12345, 0) == 0);
	return true;
}

static void filter_answers_with_success(void)
{
	needs(NEED_NOT_ROOT);
	ok(holds_in_child(fake_chown));
}

static bool filter_with_capability(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	return true;
}

static void filter_needs_no_nnp_with_the_namespaces_root(void)
{
	needs(NEED_USERNS);
	ok(holds_in_namespaces(0, filter_with_capability));
}

static bool listen_twice(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };
	int listener_fd;

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	listener_fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				   SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	must(listener_fd >= 0);
	must_fail(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			  SECCOMP_FILTER_FLAG_NEW_LISTENER, &program),
		  EBUSY);
	return true;
}

static void filter_chain_has_one_listener(void)
{
	ok(holds_in_child(listen_twice));
}

int main(void)
{
	RUN(one_mapped_id_has_no_others);
	RUN(group_map_needs_setgroups_denied);
	RUN(no_user_namespace_inside_a_chroot);
	RUN(filter_answers_with_success);
	RUN(filter_needs_no_nnp_with_the_namespaces_root);
	RUN(filter_chain_has_one_listener);
	return tap_end();
}
