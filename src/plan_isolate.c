// SPDX-License-Identifier: Apache-2.0
/* plan_isolate.c - namespaces, capabilities, filters and limits
 *
 * Needs nothing of the image, so it comes first: the mounts depend on the namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "planning.h"

#define PROFILE_MAX_BYTES (4 << 20) /* docker's own is 13 KiB */

/* runtime-spec's own examples and the other runtimes' defaults agree on these. */
static const char *const masked[] = {
	"/proc/asound",
	"/proc/acpi",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/sys/firmware",
	"/sys/devices/virtual/powercap",
};
static const char *const readonly[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
					"/proc/sysrq-trigger" };

/* What --root has under --isolate: as docker and podman. */
static const char *const default_caps[] = { "CHOWN",   "DAC_OVERRIDE", "FOWNER",
					    "FSETID",  "KILL",	       "NET_BIND_SERVICE",
					    "SETFCAP", "SETGID",       "SETPCAP",
					    "SETUID",  "SYS_CHROOT" };

/* ---- namespaces -------------------------------------------------------- */

/* A rank of an MPI job talks to the others on the node by their process ids. */
static const char *rank_variable(const struct strv *env)
{
	static const char *const prefixes[] = { "PMI_", "PMIX_", "OMPI_COMM_WORLD_" };
	const char *tasks = env_get(env, "SLURM_STEP_NUM_TASKS");
	long long count;

	for (size_t i = 0; i < env->count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(prefixes); k++)
			if (text_starts(env->item[i], prefixes[k]))
				return env->item[i];
	if (tasks && text_to_number(tasks, 10, 0, UINT32_MAX, &count) == 0 && count > 1)
		return "SLURM_STEP_NUM_TASKS";
	return NULL;
}

static void plan_pid(struct planning *p)
{
	const char *rank = rank_variable(&p->host->env);
	enum ns_mode mode = p->settings->pid;

	if (mode == NSMODE_DEFAULT)
		mode = rank && !p->settings->isolate ? NSMODE_HOST : NSMODE_PRIVATE;
	p->spec->ns[NS_PID].wanted = mode == NSMODE_PRIVATE;
	if (mode == NSMODE_HOST && p->settings->pid == NSMODE_DEFAULT)
		plan_note(p->plan, "isolation",
			  "the host's processes are visible: %.*s is set, so this is a "
			  "rank of "
			  "a job",
			  (int)strcspn(rank, "="), rank);
}

static bool is_private(const struct planning *p, enum ns_mode mode)
{
	return mode == NSMODE_PRIVATE || (mode == NSMODE_DEFAULT && p->settings->isolate);
}

static int plan_namespaces(struct planning *p)
{
	const struct settings *settings = p->settings;
	struct spec_ns *ns = p->spec->ns;

	if (settings->hostname && settings->uts == NSMODE_HOST)
		return refuse(EINVAL,
			      "--hostname '%s' with --uts host: the host's name stays as "
			      "it is",
			      settings->hostname);
	ns[NS_USER].wanted = ns[NS_MOUNT].wanted = true;
	plan_pid(p);
	ns[NS_IPC].wanted = is_private(p, settings->ipc);
	ns[NS_UTS].wanted = is_private(p, settings->uts) || settings->hostname;
	ns[NS_CGROUP].wanted = settings->isolate;
	ns[NS_NET].wanted = settings->net == NETMODE_NONE ||
			    (settings->net == NETMODE_DEFAULT && settings->isolate);
	if (ns[NS_NET].wanted)
		plan_note(p->plan, "isolation",
			  "the network is the loopback device alone%s",
			  settings->net == NETMODE_DEFAULT
				  ? ", by --isolate; --net host gives the host's"
				  : "");
	p->spec->hostname = mem_text(settings->hostname);
	if (!settings->hostname && settings->isolate && ns[NS_UTS].wanted)
		p->spec->hostname = mem_text("urun");
	return 0;
}

/* ---- capabilities ---------------------------------------------------------- */

static uint64_t all_caps(void)
{
	int last = cap_last();

	return last >= 63 ? UINT64_MAX : (UINT64_C(1) << (last + 1)) - 1;
}

static uint64_t start_caps(const struct planning *p)
{
	uint64_t caps = 0;
	int number;

	if (p->settings->root == ROOT_NO)
		return 0;
	if (!p->settings->isolate)
		return all_caps();
	for (size_t i = 0; i < ARRAY_SIZE(default_caps); i++)
		if (cap_from_name(default_caps[i], &number) == 0)
			caps |= UINT64_C(1) << number;
	return caps;
}

static int read_caps(const struct setting_list *list, uint64_t *ret)
{
	uint64_t caps = 0;
	int number;

	for (size_t i = 0; i < list->count; i++) {
		auto_strv struct strv names = { 0 };

		strv_split(&names, list->item[i].text, ", ");
		for (size_t k = 0; k < names.count; k++) {
			if (strcasecmp(names.item[k], "all") == 0)
				caps |= all_caps();
			else if (cap_from_name(names.item[k], &number) == 0)
				caps |= UINT64_C(1) << number;
			else
				return hint(refuse(EINVAL, "unknown capability '%s'",
						   names.item[k]),
					    "capabilities(7) has the names; ALL is all "
					    "of them");
		}
	}
	*ret = caps;
	return 0;
}

static int plan_caps(struct planning *p)
{
	struct spec_process *process = &p->spec->process;
	uint64_t caps = start_caps(p), more, less;
	int r;

	r = read_caps(&p->settings->cap_add, &more);
	if (r == 0)
		r = read_caps(&p->settings->cap_drop, &less);
	if (r < 0)
		return r;
	/* "drop ALL, add X" leaves X; else what is dropped is gone. */
	caps = less == all_caps() ? more : (caps | more) & ~less;
	process->has_caps = true;
	process->caps[CAPS_BOUNDING] = caps;
	process->caps[CAPS_EFFECTIVE] = caps;
	process->caps[CAPS_PERMITTED] = caps;
	if (p->settings->root == ROOT_NO) {
		/* Other users than 0 lose them at the exec but for these. */
		process->caps[CAPS_INHERITABLE] = caps;
		process->caps[CAPS_AMBIENT] = caps;
	}
	process->no_new_privs = true;
	return 0;
}

/* ---- seccomp ----------------------------------------------------------- */

static int seccomp_from_file(struct planning *p, const char *path)
{
	auto_json struct json *profile = NULL;
	auto_free char *data = NULL;
	size_t len;
	int r;

	r = file_read_in(AT_FDCWD, path, PROFILE_MAX_BYTES, &data, &len);
	if (r < 0)
		return hint(fail(-r, "read the seccomp profile '%s'", path),
			    "--seccomp takes a file, 'default' or 'none'");
	r = json_read(path, data, len, &profile);
	if (r == 0)
		r = seccomp_from_json(profile, p->spec->process.caps[CAPS_BOUNDING],
				      &p->spec->seccomp);
	if (r == 0)
		plan_note(p->plan, "isolation", "system calls are filtered by '%s'",
			  path);
	return r < 0 ? wrap(r, "use the seccomp profile '%s'", path) : 0;
}

static int plan_seccomp(struct planning *p)
{
	const char *wanted = p->settings->seccomp;

	if (!wanted)
		wanted = p->settings->isolate ? "default" : "none";
	p->spec->urun.refuse_tty_input = p->settings->isolate;
	if (strcmp(wanted, "none") == 0)
		return 0;
	if (strcmp(wanted, "default") != 0)
		return seccomp_from_file(p, wanted);
	p->spec->seccomp = seccomp_default(p->spec->process.caps[CAPS_BOUNDING]);
	plan_note(p->plan, "isolation",
		  "system calls are filtered by the default profile");
	return 0;
}

/* ---- limits ---------------------------------------------------------------- */

static int read_limit(const char *text, uint64_t *ret)
{
	long long value;

	if (strcmp(text, "unlimited") == 0 || strcmp(text, "-1") == 0) {
		*ret = UINT64_MAX;
		return 0;
	}
	if (text_to_number(text, 10, 0, INT64_MAX, &value) < 0)
		return -EINVAL;
	*ret = (uint64_t)value;
	return 0;
}

static int plan_ulimit(struct planning *p, const char *text)
{
	size_t len = strcspn(text, "=");
	auto_free char *name = mem_text_n(text, len);
	auto_strv struct strv limits = { 0 };
	uint64_t soft, hard;
	int resource;

	if (rlimit_from_name(name, &resource) < 0)
		return hint(
			refuse(EINVAL, "--ulimit '%s': unknown limit '%s'", text, name),
			"nofile, nproc, core, stack, memlock and so on, as setrlimit(2) "
			"has them");
	strv_split(&limits, text[len] ? text + len + 1 : "", ":");
	if (limits.count < 1 || limits.count > 2 ||
	    read_limit(limits.item[0], &soft) < 0 ||
	    read_limit(limits.item[limits.count - 1], &hard) < 0)
		return refuse(EINVAL,
			      "--ulimit '%s': not NAME=SOFT[:HARD] with numbers or "
			      "'unlimited'",
			      text);
	if (soft > hard)
		return refuse(EINVAL,
			      "--ulimit '%s': the soft limit is above the hard one",
			      text);
	spec_add_rlimit(p->spec, resource, soft, hard);
	return 0;
}

static void plan_paths(struct planning *p)
{
	if (!p->settings->isolate)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(masked); i++)
		strv_add(&p->spec->masked_paths, masked[i]);
	for (size_t i = 0; i < ARRAY_SIZE(readonly); i++)
		strv_add(&p->spec->readonly_paths, readonly[i]);
}

/* ---- public ---------------------------------------------------------------- */

int plan_isolate(struct planning *p)
{
	const struct settings *settings = p->settings;
	struct spec_process *process = &p->spec->process;
	int r;

	r = plan_namespaces(p);
	if (r == 0)
		r = plan_proc(p);
	if (r == 0)
		r = plan_caps(p);
	if (r == 0)
		r = plan_seccomp(p);
	for (size_t i = 0; r == 0 && i < settings->ulimits.count; i++)
		r = plan_ulimit(p, settings->ulimits.item[i].text);
	if (r < 0)
		return r;
	plan_paths(p);
	process->has_umask = settings->umask >= 0;
	process->umask = process->has_umask ? (mode_t)settings->umask : 0;
	process->terminal = settings->tty || (settings->isolate && isatty(STDIN_FILENO) &&
					      isatty(STDOUT_FILENO));
	p->spec->urun.new_session = process->terminal || settings->isolate;
	p->spec->urun.keep_fds = settings->preserve_fds >= 0 ? settings->preserve_fds
				 : settings->isolate	     ? 0
							     : -1;
	return 0;
}
