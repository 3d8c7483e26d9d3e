// SPDX-License-Identifier: Apache-2.0
/* signal_name.c - signals by name, as images and users write them */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/runtime.h"

static const struct {
	const char *name;
	int signal;
} names[] = {
	{ "HUP", SIGHUP },	 { "INT", SIGINT },	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },	 { "TRAP", SIGTRAP },	{ "ABRT", SIGABRT },
	{ "IOT", SIGIOT },	 { "BUS", SIGBUS },	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },	 { "USR1", SIGUSR1 },	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },	 { "PIPE", SIGPIPE },	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },	 { "CHLD", SIGCHLD },	{ "CLD", SIGCHLD },
	{ "CONT", SIGCONT },	 { "STOP", SIGSTOP },	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },	 { "TTOU", SIGTTOU },	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },	 { "XFSZ", SIGXFSZ },	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },	 { "WINCH", SIGWINCH }, { "IO", SIGIO },
	{ "POLL", SIGPOLL },	 { "PWR", SIGPWR },	{ "SYS", SIGSYS },
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
};

/* "RTMIN", "RTMIN+3", "RTMAX-1". */
static int real_time_from_name(const char *name, int *ret_signal)
{
	bool from_max = strncasecmp(name, "RTMAX", 5) == 0;
	int span = SIGRTMAX - SIGRTMIN;
	long long offset = 0;

	if (!from_max && strncasecmp(name, "RTMIN", 5) != 0)
		return -EINVAL;
	name += 5;
	if (*name == (from_max ? '-' : '+') && name[1] >= '0' && name[1] <= '9') {
		if (text_to_number(name + 1, 10, 0, span, &offset) < 0)
			return -EINVAL;
	} else if (*name) {
		return -EINVAL;
	}
	*ret_signal = from_max ? SIGRTMAX - (int)offset : SIGRTMIN + (int)offset;
	return 0;
}

int signal_from_name(const char *name, int *ret_signal)
{
	const char *bare = strncasecmp(name, "SIG", 3) == 0 ? name + 3 : name;
	long long number;

	if (text_to_number(name, 10, 1, SIGRTMAX, &number) == 0) {
		*ret_signal = (int)number;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcasecmp(bare, names[i].name) == 0) {
			*ret_signal = names[i].signal;
			return 0;
		}
	}
	if (real_time_from_name(bare, ret_signal) == 0)
		return 0;
	return refuse(EINVAL, "unknown signal '%s'", name);
}
