// SPDX-License-Identifier: Apache-2.0
/* test_names.c - caps.c, rlimit.c and signal_name.c: names and numbers */
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "runtime/runtime.h"
#include "tests/tap.h"

static void capabilities_by_both_names(void)
{
	int cap = -7;

	ok(cap_from_name("CAP_NET_BIND_SERVICE", &cap) == 0 &&
	   cap == CAP_NET_BIND_SERVICE);
	ok(cap_from_name("chown", &cap) == 0 && cap == CAP_CHOWN);
	ok(cap_from_name("Cap_Sys_Admin", &cap) == 0 && cap == CAP_SYS_ADMIN);
	ok(cap_from_name("cap_", &cap) == -EINVAL && cap == CAP_SYS_ADMIN);
	ok(cap_from_name("ALL", &cap) == -EINVAL);
	ok_text(last_error.text, "unknown capability 'ALL'");
}

static void capability_numbers_are_the_kernels(void)
{
	ok_text(cap_name(CAP_SYS_ADMIN), "CAP_SYS_ADMIN");
	ok_text(cap_name(CAP_SETFCAP), "CAP_SETFCAP");
	ok_text(cap_name(CAP_CHECKPOINT_RESTORE), "CAP_CHECKPOINT_RESTORE");
	ok(cap_name(-1) == NULL);
	ok(cap_name(63) == NULL);
	ok(cap_last() >= CAP_AUDIT_READ && cap_last() < 64);
}

static void rlimits_by_both_names(void)
{
	int resource = -7;

	ok(rlimit_from_name("nofile", &resource) == 0 && resource == RLIMIT_NOFILE);
	ok(rlimit_from_name("RLIMIT_STACK", &resource) == 0 && resource == RLIMIT_STACK);
	ok(rlimit_from_name("RLIMIT_", &resource) == -EINVAL && resource == RLIMIT_STACK);
	ok_text(rlimit_name(RLIMIT_MEMLOCK), "RLIMIT_MEMLOCK");
	for (int i = 0; i < RLIMIT_NLIMITS; i++)
		ok(rlimit_from_name(rlimit_name(i), &resource) == 0 && resource == i);
	ok(rlimit_name(RLIMIT_NLIMITS) == NULL);
}

static void signals_by_name_and_number(void)
{
	int sig = -7;

	ok(signal_from_name("TERM", &sig) == 0 && sig == SIGTERM);
	ok(signal_from_name("sigquit", &sig) == 0 && sig == SIGQUIT);
	ok(signal_from_name("15", &sig) == 0 && sig == 15);
	ok(signal_from_name("RTMIN", &sig) == 0 && sig == SIGRTMIN);
	ok(signal_from_name("SIGRTMIN+3", &sig) == 0 && sig == SIGRTMIN + 3);
	ok(signal_from_name("RTMAX-1", &sig) == 0 && sig == SIGRTMAX - 1);
}

static void what_is_no_signal_is_refused(void)
{
	static const char *const bad[] = { "",	       "SIG",	  "0",	     "65",
					   "-1",       "TERMX",	  "RTMIN-1", "RTMIN+99",
					   "RTMIN++1", "RTMAX+1", "RTMIN+",  "15x" };
	int sig = -7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(signal_from_name(bad[i], &sig) == -EINVAL);
	ok(sig == -7);
	ok_text(last_error.text, "unknown signal '15x'");
}

int main(void)
{
	RUN(capabilities_by_both_names);
	RUN(capability_numbers_are_the_kernels);
	RUN(rlimits_by_both_names);
	RUN(signals_by_name_and_number);
	RUN(what_is_no_signal_is_refused);
	return tap_end();
}
