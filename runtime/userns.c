// SPDX-License-Identifier: Apache-2.0
/* userns.c - why a user namespace can't be made
 *
 * The kernel says EPERM for nearly everything, so a child tries, and what is known of
 * the machine tells the causes apart; the first row of the table that fits is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/mountinfo.h"
#include "base/strv.h"
#include "runtime/runtime.h"
#include "runtime/userns.h"

#define PROC_FILE_MAX 65536 /* bytes: these files have a page at most */

/* ---- trying ----------------------------------------------------------------------- */

/* What the child tells. */
struct outcome {
	bool made;
	int error;
};

static int write_file(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return fd_write_all(fd, text, strlen(text));
}

/* AppArmor lets the namespace be made and then takes every capability in it, so its
 * first uses are tried, too. */
static int try_using(uid_t uid, gid_t gid)
{
	char uid_map[32], gid_map[32];
	int r;

	(void)snprintf(uid_map, sizeof(uid_map), "%u %u 1", uid, uid); /* fits */
	(void)snprintf(gid_map, sizeof(gid_map), "%u %u 1", gid, gid); /* fits */
	r = write_file("/proc/self/setgroups", "deny");
	if (r == 0)
		r = write_file("/proc/self/uid_map", uid_map);
	if (r == 0)
		r = write_file("/proc/self/gid_map", gid_map);
	if (r == 0 && unshare(CLONE_NEWNS) < 0)
		r = -errno;
	if (r == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		r = -errno;
	return r;
}

static struct outcome try_in_child(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWUSER) < 0)
		return (struct outcome){ false, errno };
	return (struct outcome){ true, -try_using(uid, gid) };
}

static int try_all(struct outcome *ret)
{
	int pipe_fds[2], r;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return fail(errno, "make a pipe");
	pid = fork();
	if (pid == 0) {
		struct outcome outcome = try_in_child();

		_exit(fd_write_all(pipe_fds[1], &outcome, sizeof(outcome)) < 0);
	}
	r = pid < 0 ? fail(errno, "start a process") : 0;
	(void)close(pipe_fds[1]); /* the child's copy counts */
	if (r == 0 && read(pipe_fds[0], ret, sizeof(*ret)) != sizeof(*ret))
		r = refuse(EPROTO, "a process that tried a user namespace was killed");
	(void)close(pipe_fds[0]); /* read */
	if (pid > 0)
		(void)waitpid(pid, NULL, 0); /* it has told all it knows */
	return r;
}

/* ---- looking ----------------------------------------------------------- */

static long read_number(const char *path)
{
	auto_free char *data = NULL;
	long long number;

	if (file_read_in(AT_FDCWD, path, PROC_FILE_MAX, &data, NULL) < 0)
		return -1;
	data[strcspn(data, "\n")] = '\0';
	return text_to_number(data, 10, 0, INT32_MAX, &number) < 0 ? -1 : (long)number;
}

bool userns_is_chroot(char *mountinfo)
{
	struct mountinfo mount;

	while (mountinfo_next(&mountinfo, &mount))
		if (strcmp(mount.point, "/") == 0)
			return false;
	return true;
}

static bool is_chrooted(void)
{
	auto_free char *data = NULL;

	return file_read_in(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &data,
			    NULL) == 0 &&
	       userns_is_chroot(data);
}

/* "Seccomp:\t2" is a filter, "CapEff:\t0000000000200000" has CAP_SYS_ADMIN. */
static void read_status(struct userns_facts *facts)
{
	auto_free char *data = NULL;
	unsigned long long caps = 0;
	const char *at;

	if (file_read_in(AT_FDCWD, "/proc/self/status", PROC_FILE_MAX, &data, NULL) < 0)
		return;
	at = strstr(data, "\nSeccomp:\t");
	facts->is_filtered = at && at[10] == '2';
	at = strstr(data, "\nCapEff:\t");
	if (at && sscanf(at + 9, "%llx", &caps) == 1)
		facts->is_privileged = caps >> 21 & 1;
}

/* ---- telling ----------------------------------------------------------- */

static bool none_allowed(const struct userns_facts *f)
{
	return f->error == ENOSPC && f->max_namespaces == 0;
}

static bool too_many(const struct userns_facts *f)
{
	return f->error == ENOSPC || f->error == EUSERS;
}

static bool not_for_users(const struct userns_facts *f)
{
	return !f->made && f->error == EPERM && f->clone_allowed == 0 &&
	       !f->is_privileged;
}

static bool in_chroot(const struct userns_facts *f)
{
	return !f->made && f->error == EPERM && f->is_chrooted;
}

static bool apparmor(const struct userns_facts *f)
{
	return (f->error == EPERM || f->error == EACCES) && f->apparmor_restricts > 0 &&
	       !f->is_privileged;
}

static bool filtered(const struct userns_facts *f)
{
	return (f->error == EPERM || f->error == ENOSYS) && f->is_filtered;
}

static bool not_in_kernel(const struct userns_facts *f)
{
	return !f->made && (f->error == EINVAL || f->error == ENOSYS);
}

static bool security_module(const struct userns_facts *f)
{
	return f->error == EACCES;
}

static const struct {
	bool (*fits)(const struct userns_facts *facts);
	const char *why;
	const char *remedy;
} causes[] = {
	{ none_allowed, "this machine allows none (user.max_user_namespaces is 0)",
	  "an administrator can allow them: sysctl user.max_user_namespaces=15000" },
	{ too_many, "there are too many of them, or too many inside each other",
	  "an administrator can raise the limit: sysctl user.max_user_namespaces=15000" },
	{ not_for_users,
	  "this machine allows them to root only (kernel.unprivileged_userns_clone is 0)",
	  "an administrator can allow them: sysctl kernel.unprivileged_userns_clone=1" },
	{ in_chroot, "the kernel makes none inside a chroot",
	  "enter the folder with 'bwrap --bind DIR /' or 'unshare --mount' and "
	  "pivot_root "
	  "instead of chroot" },
	{ apparmor,
	  "AppArmor allows them to listed programs only "
	  "(kernel.apparmor_restrict_unprivileged_userns is 1)",
	  "an administrator can install urun's AppArmor profile (share/apparmor/urun), "
	  "or "
	  "allow them to all: sysctl kernel.apparmor_restrict_unprivileged_userns=0" },
	{ filtered, "the container around us forbids them by its seccomp filter",
	  "start that container with --security-opt seccomp=unconfined (Kubernetes: "
	  "seccompProfile Unconfined)" },
	{ not_in_kernel, "this kernel has none",
	  "an administrator can boot a kernel with CONFIG_USER_NS=y" },
	{ security_module, "a security module (SELinux, AppArmor) forbids them",
	  "an administrator finds the refusal in the audit log (ausearch -m AVC)" },
};

int userns_explain(const struct userns_facts *facts)
{
	const char *what = facts->made ? "use a user namespace" : "make a user namespace";

	if (!facts->error)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (causes[i].fits(facts))
			return hint(refuse(facts->error, "%s: %s", what, causes[i].why),
				    "%s", causes[i].remedy);
	return fail(facts->error, "%s", what);
}

int userns_diagnose(void)
{
	struct userns_facts facts = { 0 };
	struct outcome outcome = { 0 };
	int r = try_all(&outcome);

	if (r < 0 || !outcome.error)
		return r;
	facts.made = outcome.made;
	facts.error = outcome.error;
	facts.max_namespaces = read_number("/proc/sys/user/max_user_namespaces");
	facts.clone_allowed = read_number("/proc/sys/kernel/unprivileged_userns_clone");
	facts.apparmor_restricts = read_number(
		"/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
	facts.is_chrooted = is_chrooted();
	read_status(&facts);
	return userns_explain(&facts);
}
