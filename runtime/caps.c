// SPDX-License-Identifier: Apache-2.0
/* caps.c - names and numbers of capabilities */
#include <errno.h>
#include <fcntl.h>
#include <strings.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "runtime/runtime.h"

/* The place in the table is the number. */
static const char *const names[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

#define PREFIX_LEN 4 /* "CAP_" */

int cap_from_name(const char *name, int *ret_cap)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcasecmp(name, names[i]) == 0 ||
		    strcasecmp(name, names[i] + PREFIX_LEN) == 0) {
			*ret_cap = (int)i;
			return 0;
		}
	}
	return refuse(EINVAL, "unknown capability '%s'", name);
}

const char *cap_name(int cap)
{
	return cap >= 0 && cap < (int)ARRAY_SIZE(names) ? names[cap] : NULL;
}

/* Without /proc, the newest that we know: the kernel refuses what it lacks. */
static int read_cap_last(void)
{
	char text[16] = "";
	long long last;
	auto_close int fd = open("/proc/sys/kernel/cap_last_cap", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	if (n <= 0 || text_to_number(text, 10, 0, 63, &last) < 0)
		return (int)ARRAY_SIZE(names) - 1;
	return (int)last;
}

int cap_last(void)
{
	static int last = -1;

	if (last < 0)
		last = read_cap_last();
	return last;
}
