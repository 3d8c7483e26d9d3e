// SPDX-License-Identifier: Apache-2.0
/* child.c - everything between clone and exec
 *
 * How it works: two tables, read in the order it happens. Init makes the container by the
 * first, and by the second the command becomes what the spec says. A step makes system
 * calls only: everything else was prepared in struct start_plan. A step that fails is
 * reported with its number, errno and item; the supervisor writes the sentence.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "runtime/child.h"
#include "runtime/credentials.h"
#include "runtime/device.h"
#include "runtime/exec.h"
#include "runtime/explain.h"
#include "runtime/init.h"
#include "runtime/points.h"
#include "runtime/terminal.h"

/* ---- the container ---------------------------------------------------------- */

/* Die with the supervisor, even if it died just before we asked for that. In a PID
 * namespace getppid() is 0 in any case; the socket knows. */
static int watch_supervisor(struct start_plan *plan)
{
	struct pollfd peer = { .fd = plan->their_sync_fd };

	/* Without a PID namespace init has to end the others before itself. */
	if (plan->own_pids && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	if (!plan->own_pids && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -1;
	if (poll(&peer, 1, 0) > 0 && (peer.revents & POLLHUP)) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

static int begin(struct start_plan *plan)
{
	/* Only the supervisor may hold its ends, or their end of file never comes. */
	(void)close(plan->sync_fd);	       /* ours is the other end */
	(void)close(plan->exec_fd);	       /* ours is the other end */
	(void)umask(022);		       /* cannot fail; the command gets its own */
	(void)prctl(PR_SET_NAME, "urun-init"); /* cosmetic */
	return watch_supervisor(plan);
}

static int await_id_maps(struct start_plan *plan)
{
	int r;

	if (plan->ids.way == IDMAP_NONE)
		return 0;
	if (plan->ids.way == IDMAP_SELF)
		return idmap_write_self(&plan->ids);
	r = sync_expect(plan->their_sync_fd, SYNC_MAPPED);
	if (r == 0)
		return 0;
	errno = -r;
	return -1;
}

/* A caller whose own id is not mapped could own no file inside. */
static int become_root(struct start_plan *plan)
{
	if (!plan->ids.becomes_root)
		return 0;
	if (syscall(SYS_setresgid, 0, 0, 0) < 0 || syscall(SYS_setresuid, 0, 0, 0) < 0)
		return -1;
	/* A change of ids forgets the death signal, and hides us too early. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return -1;
	return watch_supervisor(plan);
}

static int write_text(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

static int set_oom_score(struct start_plan *plan)
{
	if (!plan->oom_score_adj[0])
		return 0;
	return write_text("/proc/self/oom_score_adj", plan->oom_score_adj);
}

/* Applied at the command's exec; init itself executes nothing. */
static int choose_label(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	if (process->selinux_label &&
	    write_text("/proc/self/attr/exec", process->selinux_label) < 0)
		return -1;
	if (!plan->apparmor_exec)
		return 0;
	if (write_text("/proc/self/attr/apparmor/exec", plan->apparmor_exec) == 0)
		return 0;
	return write_text("/proc/self/attr/exec", plan->apparmor_exec); /* before 5.8 */
}

/* In the numbers of the namespace that init is in: for one of somebody else's, only the
 * container's own /proc has them. */
static int keep_list_of_children(struct start_plan *plan)
{
	if (plan->own_pids || plan->joins_pids || plan->now.children_fd >= 0)
		return 0;
	plan->now.children_fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	return plan->now.children_fd < 0 ? -1 : 0;
}

static int keep_list_inside(struct start_plan *plan)
{
	if (plan->joins_pids)
		plan->now.children_fd = open("/proc/thread-self/children",
					     O_RDONLY | O_CLOEXEC);
	return 0; /* a container without /proc is ended less thoroughly */
}

/* Else the container could read the host's environment, and reach urun's program, by
 * /proc/1. Not earlier: the supervisor had to write the id maps, and may have had to
 * enter our namespaces. */
static int hide_init(struct start_plan *plan)
{
	size_t len = plan->own_args_len;

	/* /proc/1/cmdline is for everyone: paths of the host are none of theirs. */
	if (len > sizeof("urun-init")) {
		memset(program_invocation_name, 0, len);
		memcpy(program_invocation_name, "urun-init", sizeof("urun-init"));
	}
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static int set_propagation(struct start_plan *plan)
{
	unsigned long kind = plan->spec->root_propagation;

	return mount(NULL, "/", NULL, MS_REC | (kind ? kind & ~MS_REC : MS_SLAVE), NULL);
}

static int set_host_name(struct start_plan *plan)
{
	const struct spec *spec = plan->spec;

	if (spec->hostname && sethostname(spec->hostname, strlen(spec->hostname)) < 0)
		return -1;
	if (!spec->domainname)
		return 0;
	return setdomainname(spec->domainname, strlen(spec->domainname));
}

static int bring_up_loopback(struct start_plan *plan)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	auto_close int fd = -1;

	if (!(plan->clone_flags & CLONE_NEWNET))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
}

static int set_sysctls(struct start_plan *plan)
{
	for (size_t i = 0; i < plan->n_sysctls; i++) {
		plan->now.at = i;
		if (write_text(plan->sysctls[i].path, plan->sysctls[i].value) < 0)
			return -1;
	}
	return 0;
}

static const struct start_step container_steps[] = {
	{ "watch the supervisor", begin, NULL },
	{ "map ids", await_id_maps, NULL },
	{ "become root inside", become_root, NULL },
	{ "set the OOM score", set_oom_score, NULL },
	{ "choose the security label", choose_label, NULL },
	{ "list the children of init", keep_list_of_children, NULL },
	{ "make mounts slaves", set_propagation, NULL },
	{ "set the host name", set_host_name, NULL },
	{ "bring up the loopback interface", bring_up_loopback, NULL },
	{ "set kernel parameters", set_sysctls, item_sysctl },
	{ "make a scratch file system", rootfs_make_scratch, NULL },
	{ "mount the image", rootfs_mount_lower, NULL },
	{ "write generated files", rootfs_write_files, item_file },
	{ "make mount points", points_make, NULL },
	{ "list the image", rootfs_list_image, NULL },
	{ "mount the writable layer", rootfs_mount_layer, NULL },
	{ "write generated files", rootfs_write_late_files, item_file },
	{ "mount", mount_all, NULL },
	{ "show generated files", rootfs_bind_files, item_file },
	{ "make devices", device_make_all, item_device },
	{ "mask paths", mount_masks, item_masked_path },
	{ "make paths read-only", mount_read_only_paths, item_readonly_path },
	{ "enter the root", rootfs_enter, NULL },
	{ "list the children of init", keep_list_inside, NULL },
	{ "hide init", hide_init, NULL },
	{ "open a terminal", terminal_open, NULL },
	{ "make the root read-only", rootfs_make_read_only, NULL },
};

/* ---- the command ------------------------------------------------------------ */

static int start_session(struct start_plan *plan)
{
	if (!plan->spec->process.terminal && !plan->spec->urun.new_session)
		return 0;
	return setsid() < 0 ? -1 : 0;
}

/* runtime-spec has no word for more than 0 to 2; engines pass --preserve-fds. The channel
 * to the supervisor stays: it closes itself. */
static int close_descriptors(struct start_plan *plan)
{
	int keep = plan->spec->urun.keep_fds;

	if (keep < 0)
		return 0;
	return child_close_all_but(3 + keep, &plan->their_exec_fd, 1);
}

static int set_limits(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	for (size_t i = 0; i < process->n_rlimits; i++) {
		const struct spec_rlimit *limit = &process->rlimits[i];
		struct rlimit64 value = { .rlim_cur = limit->soft,
					  .rlim_max = limit->hard };

		plan->now.at = i;
		if (syscall(SYS_prlimit64, 0, limit->resource, &value, NULL) < 0)
			return -1;
	}
	return 0;
}

/* As the caller of urun had them: nohup must work. */
static int restore_signals(struct start_plan *plan)
{
	if (sigaction(SIGCHLD, &plan->child_action, NULL) < 0)
		return -1;
	return sigprocmask(SIG_SETMASK, &plan->signal_mask, NULL);
}

/* With a shared PID namespace nothing else would end the command when init is killed. */
static int watch_init(struct start_plan *plan)
{
	if (plan->own_pids)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	if (getppid() == plan->now.init_pid)
		return 0;
	errno = ESRCH;
	return -1;
}

static int enter_folder(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	if (chdir(process->cwd ? process->cwd : "/") == 0)
		return 0;
	return process->cwd_optional ? chdir("/") : -1;
}

static int set_umask(struct start_plan *plan)
{
	const struct spec_process *process = &plan->spec->process;

	(void)umask(process->has_umask ? process->umask : plan->umask); /* cannot fail */
	return 0;
}

static int forbid_new_privileges(struct start_plan *plan)
{
	if (!plan->spec->process.no_new_privs)
		return 0;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int install_filters(const struct start_plan *plan)
{
	const struct seccomp_programs *programs = &plan->filters;

	for (size_t i = 0; i < programs->count; i++) {
		struct {
			unsigned short len;
			void *code;
		} program = { (unsigned short)programs->item[i].len,
			      programs->item[i].code };
		bool is_last = i + 1 == programs->count;

		if (syscall(SYS_seccomp, 1 /* SECCOMP_SET_MODE_FILTER */,
			    is_last ? programs->flags : 0, &program) < 0)
			return -1;
	}
	return 0;
}

/* Without no_new_privs the filter needs CAP_SYS_ADMIN, which is about to go. */
static int filter_early(struct start_plan *plan)
{
	return plan->spec->process.no_new_privs ? 0 : install_filters(plan);
}

static int filter_late(struct start_plan *plan)
{
	return plan->spec->process.no_new_privs ? install_filters(plan) : 0;
}

static const struct start_step command_steps[] = {
	{ "start a session", start_session, NULL },
	{ "take the terminal", terminal_take, NULL },
	{ "close descriptors", close_descriptors, NULL },
	{ "set limits", set_limits, item_limit },
	{ "drop capabilities", credentials_drop_bounding, NULL },
	{ "set groups", credentials_set_groups, NULL },
	{ "set user and group ids", credentials_set_ids, NULL },
	{ "watch init", watch_init, NULL },
	{ "enter the working directory", enter_folder, item_folder },
	{ "set the umask", set_umask, NULL },
	{ "forbid new privileges", forbid_new_privileges, NULL },
	{ "restore signals", restore_signals, NULL },
	{ "install the seccomp filter", filter_early, NULL },
	{ "set capabilities", credentials_set_caps, NULL },
	{ "install the seccomp filter", filter_late, NULL },
	{ "execute the command", exec_command, NULL },
};

/* ---- running them ----------------------------------------------------------- */

const struct start_step *child_step(enum sync_stage stage, int step)
{
	if (stage == STAGE_CONTAINER && step < (int)ARRAY_SIZE(container_steps))
		return &container_steps[step];
	if (stage == STAGE_COMMAND && step < (int)ARRAY_SIZE(command_steps))
		return &command_steps[step];
	return NULL;
}

static void run_steps(struct start_plan *plan, enum sync_stage stage, int report_fd)
{
	const struct start_step *step;

	for (int i = 0; (step = child_step(stage, i)); i++) {
		struct sync_message message = { .kind = SYNC_FAILED };

		plan->now.at = 0;
		plan->now.detail = 0;
		if (step->run(plan) == 0)
			continue;
		message.error = errno;
		message.stage = (int32_t)stage;
		message.step = i;
		message.count = plan->now.at;
		message.detail = plan->now.detail;
		(void)sync_send(report_fd, &message, -1); /* nobody else to tell */
		_exit(127);
	}
}

void child_run(struct start_plan *plan)
{
	struct sync_message ready = { .kind = SYNC_READY };

	run_steps(plan, STAGE_CONTAINER, plan->their_sync_fd);
	if (sync_send(plan->their_sync_fd, &ready, plan->now.master_fd) < 0)
		_exit(127);
	if (plan->now.master_fd >= 0)
		(void)close(plan->now.master_fd); /* the supervisor has it now */
	if (sync_expect(plan->their_sync_fd, SYNC_START) < 0)
		_exit(127);
	init_run(plan);
}

pid_t child_clone(uint64_t flags, int *ret_pidfd)
{
	int pidfd = -1;
	/* A sibling's signal is that of the one who clones. */
	uint64_t exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD;
	struct clone_args args = { .flags = flags | CLONE_PIDFD,
				   .exit_signal = exit_signal };
	long pid;

	args.pidfd = (uint64_t)(uintptr_t)&pidfd;
	pid = syscall(SYS_clone3, &args, sizeof(args));
#ifndef __s390x__ /* where the arguments of clone are in another order */
	if (pid < 0 && (errno == ENOSYS || (errno == EPERM && !flags)))
		pid = syscall(SYS_clone, (unsigned long)flags | CLONE_PIDFD | exit_signal,
			      0, &pidfd, 0, 0);
#endif
	if (pid > 0)
		*ret_pidfd = pidfd;
	return (pid_t)pid;
}

pid_t child_start_command(struct start_plan *plan, int *ret_pidfd)
{
	pid_t pid;

	plan->now.init_pid = getpid();
	pid = child_clone(0, ret_pidfd);
	if (pid == 0)
		run_steps(plan, STAGE_COMMAND, plan->their_exec_fd);
	return pid;
}

static void close_span(unsigned int first, unsigned int last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (unsigned int fd = first; fd <= last && fd < 1024; fd++)
		(void)close((int)fd); /* a sandbox without close_range (5.9) */
}

int child_close_all_but(int first, const int *keep, size_t n_keep)
{
	unsigned int from = (unsigned int)first;

	/* In rising order: each time the lowest that is kept at or after from. */
	for (;;) {
		int next = -1;

		for (size_t i = 0; i < n_keep; i++)
			if (keep[i] >= (int)from && (next < 0 || keep[i] < next))
				next = keep[i];
		if (next < 0)
			break;
		if (next > 0)
			close_span(from, (unsigned int)next - 1);
		from = (unsigned int)next + 1;
	}
	close_span(from, ~0U);
	return 0;
}
