// SPDX-License-Identifier: Apache-2.0
/* doctor_process.c - probes of namespaces, ids, system calls and confinement */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "doctor.h"
#include "runtime/runtime.h"

#define PROC_FILE_MAX 4096

int doctor_try_kernel(const struct doctor_place *place, struct text *found)
{
	struct utsname name;
	unsigned int major = 0, minor = 0;

	(void)place; /* the same everywhere */
	if (uname(&name) < 0)
		return fail(errno, "ask for the kernel's release");
	if (sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return refuse(EINVAL, "understand the kernel's release '%s'",
			      name.release);
	if (major < 5 || (major == 5 && minor < 10))
		return hint(refuse(ENOSYS, "Linux %s is older than 5.10", name.release),
			    "install a newer kernel; what fails below needs it");
	text_addf(found, "Linux %s, %s", name.release, name.machine);
	return 0;
}

int doctor_try_userns(const struct doctor_place *place, struct text *found)
{
	(void)place, (void)found; /* it works or it does not */
	return userns_diagnose();
}

int doctor_try_one_id(const struct doctor_place *place, struct text *found)
{
	uid_t outside = geteuid();
	int r = doctor_enter(0);

	(void)place; /* the same everywhere */
	if (r < 0)
		return r;
	if (geteuid() != 0)
		return refuse(EINVAL, "become uid 0 of a user namespace");
	text_addf(found, "uid %u", outside);
	return 0;
}

/* ---- ranges of ids ------------------------------------------------------------- */

/* A process that waits in a user namespace without maps until the pipe ends. */
static pid_t start_unmapped(int *ret_release_fd)
{
	int ready[2], release[2];
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0 || pipe2(release, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)close(release[1]); /* else it waits for itself */
		if (unshare(CLONE_NEWUSER) < 0 || write(ready[1], "r", 1) != 1)
			_exit(1);
		_exit(read(release[0], &byte, 1) != 0);
	}
	(void)close(ready[1]); /* the child's end: its death is heard */
	if (pid > 0 && read(ready[0], &byte, 1) != 1)
		pid = -1;
	*ret_release_fd = release[1];
	return pid;
}

static int map_range(const char *program, pid_t pid, const struct id_map *range)
{
	auto_strv struct strv args = { 0 };
	auto_free char *output = NULL;
	struct proc_spawn how = {
		.path = program, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1
	};
	int r, status;

	strv_add(&args, program);
	strv_addf(&args, "%d", pid);
	strv_add(&args, "1");
	strv_addf(&args, "%u", range->outside);
	strv_addf(&args, "%u", range->count);
	how.args = strv_items(&args);
	r = proc_output(&how, PROC_FILE_MAX, &output, &status);
	if (r < 0)
		return hint(r, "install the package 'uidmap' (shadow-utils)");
	output[strcspn(output, "\n")] = '\0';
	if (status != 0)
		return hint(refuse(EPERM, "'%s' refuses: %s", program, output),
			    "chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap, on a file "
			    "system without nosuid");
	return 0;
}

static int map_ranges(const struct id_maps *uids, const struct id_maps *gids)
{
	auto_close int release_fd = -1;
	pid_t pid = start_unmapped(&release_fd);
	int r;

	if (pid < 0)
		return fail(errno, "make a user namespace");
	r = map_range("newuidmap", pid, &uids->item[0]);
	if (r < 0)
		return r;
	return map_range("newgidmap", pid, &gids->item[0]);
}

int doctor_try_ranges(const struct doctor_place *place, struct text *found)
{
	const struct passwd *user = getpwuid(geteuid());
	const char *name = user ? user->pw_name : NULL;
	struct id_maps uids = { 0 }, gids = { 0 };
	int r = subid_ranges(geteuid(), name, &uids, &gids);

	(void)place; /* the same everywhere */
	if (r == -ENOENT)
		return hint(refuse(ENOENT, "no ids in /etc/subuid and /etc/subgid"),
			    "usermod --add-subuids 100000-165535 --add-subgids "
			    "100000-165535 %s (a range that nobody else has)",
			    name ? name : "USER");
	if (r < 0)
		return r;
	r = map_ranges(&uids, &gids);
	if (r == 0)
		text_addf(found, "%u ids from %u", uids.item[0].count,
			  uids.item[0].outside);
	id_maps_done(&uids);
	id_maps_done(&gids);
	return r;
}

/* ---- AppArmor ------------------------------------------------------------------ */

static bool file_says(const char *path, const char *expected)
{
	auto_free char *content = NULL;
	size_t len;

	return file_read_in(AT_FDCWD, path, PROC_FILE_MAX, &content, &len) == 0 &&
	       text_starts(content, expected);
}

/* Ubuntu since 23.10: a program without a profile that grants "userns" gets a user
 * namespace without capabilities, or none. */
int doctor_try_apparmor(const struct doctor_place *place, struct text *found)
{
	bool restricted = file_says(
		"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");

	(void)place; /* the same everywhere */
	if (restricted && file_says("/proc/self/attr/current", "unconfined"))
		return hint(
			refuse(EPERM, "AppArmor restricts user namespaces, and no "
				      "profile allows them to urun"),
			"copy share/urun/apparmor/urun.profile of the installed urun to "
			"/etc/apparmor.d/urun and run apparmor_parser --replace on it");
	text_add(found, restricted ? "restricted, but not for urun" : "no restriction");
	return 0;
}

/* ---- system calls -------------------------------------------------------------- */

/* A call with arguments that it has to refuse: ENOSYS means an old kernel or a filter,
 * EPERM a filter. */
struct call {
	const char *name;
	long number;
	long first, second, third;
	const char *since; /* Linux */
};

static bool call_exists(const struct call *call)
{
	return syscall(call->number, call->first, call->second, call->third, 0, 0, 0) >=
		       0 ||
	       (errno != ENOSYS && errno != EPERM);
}

static int try_calls(const struct call *calls, size_t count, struct text *found)
{
	auto_text struct text missing = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct text *list = call_exists(&calls[i]) ? found : &missing;

		text_addf(list, "%s%s", list->len ? " " : "", calls[i].name);
		if (list == &missing)
			text_addf(list, " (Linux %s)", calls[i].since);
	}
	if (!missing.len)
		return 0;
	return hint(refuse(ENOSYS, "missing or forbidden: %s", text_get(&missing)),
		    "install a newer kernel, or allow them in the outer container's "
		    "seccomp profile");
}

int doctor_try_calls(const struct doctor_place *place, struct text *found)
{
	static const struct call calls[] = {
		{ "pidfd_open", SYS_pidfd_open, -1, 0, 0, "5.3" },
		{ "open_tree", SYS_open_tree, -1, 0, ~0L, "5.2" },
		{ "pidfd_send_signal", SYS_pidfd_send_signal, -1, 0, 0, "5.1" },
	};

	(void)place; /* the same everywhere */
	return try_calls(calls, ARRAY_SIZE(calls), found);
}

/* urun has another way where these are missing. */
int doctor_try_new_calls(const struct doctor_place *place, struct text *found)
{
	static const struct call calls[] = {
		{ "openat2", SYS_openat2, -1, 0, 0, "5.6" },
		{ "clone3", SYS_clone3, 0, 0, 0, "5.3" },
		{ "close_range", SYS_close_range, 1, 0, 0, "5.9" },
		{ "mount_setattr", SYS_mount_setattr, -1, 0, 0, "5.12" },
	};

	(void)place; /* the same everywhere */
	return try_calls(calls, ARRAY_SIZE(calls), found);
}

/* ---- confinement --------------------------------------------------------------- */

int doctor_try_seccomp(const struct doctor_place *place, struct text *found)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };
	__u32 notify = SECCOMP_RET_USER_NOTIF;
	bool notifies = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &notify) == 0;

	(void)place; /* the same everywhere */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(errno, "set no_new_privs");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return hint(fail(errno, "install a seccomp filter"),
			    "use a kernel with CONFIG_SECCOMP_FILTER");
	text_add(found, notifies ? "filters and notifications" : "filters");
	return 0;
}

int doctor_try_landlock(const struct doctor_place *place, struct text *found)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	(void)place; /* the same everywhere */
	if (abi < 0 && errno == EOPNOTSUPP)
		return hint(refuse(EOPNOTSUPP, "Landlock is switched off"),
			    "add landlock to the kernel's command line option lsm=");
	if (abi < 0)
		return hint(fail(errno, "ask for Landlock"),
			    "use Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK");
	text_addf(found, "ABI %ld", abi);
	return 0;
}
