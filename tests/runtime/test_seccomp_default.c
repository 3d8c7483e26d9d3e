// SPDX-License-Identifier: Apache-2.0
/* test_seccomp_default.c - what --isolate's profile lets a program do */
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "tests/runtime/seccomp_try.h"
#include "tests/tap.h"

#define CAP(cap) (UINT64_C(1) << (cap))

static int answer_of(uint64_t caps, int (*tried)(void))
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	int answer;

	spec->seccomp = seccomp_default(caps);
	answer = seccomp_try(spec, tried);
	spec_free(spec);
	return answer;
}

static void *run_thread(void *arg)
{
	return arg;
}

/* What programs do all day. */
static int try_daily_life(void)
{
	FILE *file = tmpfile();
	pthread_t thread;
	int status;
	pid_t pid;

	if (!file || fputs("x", file) < 0 || fclose(file) < 0)
		return -1;
	if (pthread_create(&thread, NULL, run_thread, NULL) || pthread_join(thread, NULL))
		return -2;
	pid = fork();
	if (pid == 0)
		_exit(execl("/bin/true", "true", (char *)NULL));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return -3;
	return system("ls / >/dev/null && echo x | cat >/dev/null") == 0 ? 0 : -4;
}

static void programs_live_with_it(void)
{
	ok(answer_of(0, try_daily_life) == 0);
	ok(answer_of(UINT64_MAX, try_daily_life) == 0);
}

static int try_mount(void)
{
	return ANSWER(mount("none", "/nowhere", "tmpfs", 0, NULL));
}

static int try_unshare_user(void)
{
	return ANSWER(unshare(CLONE_NEWUSER));
}

static int try_clone_user(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return ANSWER(pid);
}

static int try_clone3(void)
{
	return ANSWER(syscall(SYS_clone3, NULL, 0));
}

static void namespaces_need_the_capability(void)
{
	ok(answer_of(0, try_mount) == -EPERM);
	ok(answer_of(0, try_unshare_user) == -EPERM);
	ok(answer_of(0, try_clone_user) == -EPERM);
	ok(answer_of(0, try_clone3) == -ENOSYS);
	ok(answer_of(CAP(CAP_SYS_ADMIN), try_mount) != -EPERM || geteuid() != 0);
	ok(answer_of(CAP(CAP_SYS_ADMIN), try_clone3) == -EINVAL);
}

static void namespaces_with_the_capability(void)
{
	needs(NEED_USERNS);
	ok(answer_of(CAP(CAP_SYS_ADMIN), try_unshare_user) == 0);
	ok(answer_of(CAP(CAP_SYS_ADMIN), try_clone_user) == 0);
}

static int try_ptrace(void)
{
	return ANSWER(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static void debuggers_work(void)
{
	ok(answer_of(0, try_ptrace) == 0);
}

static int try_personality_ask(void)
{
	return ANSWER(personality(0xffffffff));
}

static int try_personality_no_random(void)
{
	return ANSWER(personality(ADDR_NO_RANDOMIZE));
}

static int try_personality_read_exec(void)
{
	return ANSWER(personality(READ_IMPLIES_EXEC));
}

static void protections_of_memory_stay_on(void)
{
	ok(answer_of(0, try_personality_ask) == 0);
	ok(answer_of(0, try_personality_no_random) == -ENOSYS);
	ok(answer_of(0, try_personality_read_exec) == -ENOSYS);
}

static int try_keyctl(void)
{
	return ANSWER(syscall(SYS_keyctl, 0, -3, 0));
}

static int try_io_uring(void)
{
	return ANSWER(syscall(SYS_io_uring_setup, 1, NULL));
}

static int try_future(void)
{
	return ANSWER(syscall(2000));
}

static int try_bpf(void)
{
	return ANSWER(syscall(SYS_bpf, -1, NULL, 0));
}

static void what_is_not_allowed(void)
{
	ok(answer_of(0, try_keyctl) == -EPERM);
	ok(answer_of(UINT64_MAX, try_keyctl) == -EPERM);
	ok(answer_of(0, try_io_uring) == -ENOSYS);
	ok(answer_of(0, try_future) == -ENOSYS);
	ok(answer_of(0, try_bpf) == -EPERM);
	ok(answer_of(CAP(CAP_BPF), try_bpf) == -EINVAL);
}

static int try_sockets(void)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (socket(families[i], SOCK_DGRAM, 0) < 0 && errno != EAFNOSUPPORT)
			return -errno;
	return 0;
}

static int try_vsock(void)
{
	return ANSWER(socket(AF_VSOCK, SOCK_STREAM, 0));
}

static void sockets_but_not_to_the_hypervisor(void)
{
	ok(answer_of(0, try_sockets) == 0);
	ok(answer_of(UINT64_MAX, try_vsock) == -EAFNOSUPPORT);
}

static int try_stacking(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));

	spec->seccomp = seccomp_default(0);
	return seccomp_try(spec, try_daily_life);
}

static void filters_can_be_stacked(void)
{
	ok(answer_of(0, try_stacking) == 0);
}

static void no_call_is_in_two_rules(void)
{
	struct seccomp *profile = seccomp_default(CAP(CAP_SYS_ADMIN));
	auto_strv struct strv seen = { 0 };

	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		for (size_t k = 0; !rule->n_args && k < rule->names.count; k++) {
			if (!ok(!strv_has(&seen, rule->names.item[k])))
				printf("# %s\n", rule->names.item[k]);
			strv_add(&seen, rule->names.item[k]);
		}
	}
	seccomp_free(profile);
}

int main(void)
{
	RUN(programs_live_with_it);
	RUN(namespaces_need_the_capability);
	RUN(namespaces_with_the_capability);
	RUN(debuggers_work);
	RUN(protections_of_memory_stay_on);
	RUN(what_is_not_allowed);
	RUN(sockets_but_not_to_the_hypervisor);
	RUN(filters_can_be_stacked);
	RUN(no_call_is_in_two_rules);
	return tap_end();
}
