// SPDX-License-Identifier: Apache-2.0
/* settings.c - the options of a run
 *
 * Help, man pages and completions are printed from this table: the order here is
 * theirs. What is reserved, accepted for nothing or refused stands at the end. */
#include "settings.h"

#define AT(field) AT_OF(struct settings, field)

#define WHO "Who you are inside"
#define FILES "Files"
#define ENVIRONMENT "Environment"
#define ISOLATION "Isolation"
#define COMMAND "The command"
#define BEHAVIOUR "How urun behaves"

static const char *const root_choices[] = { "no", "yes", "strict", NULL };
static const char *const ns_choices[] = { "auto", "host", "private", NULL };
static const char *const net_choices[] = { "auto", "host", "none", NULL };
static const char *const unpack_choices[] = { "auto", "never", NULL };
static const char *const userns_choices[] = { "keep-id", NULL };

/* One option after the other, texts as they read. */
/* clang-format off */
const struct opt run_opts[] = {
	{ OPT_CHOICE, 0, "root", "MODE", AT(root), .group = WHO, .bare = "yes",
	  .choices = root_choices, .aliases = "fakeroot",
	  .often = true,
	  .help = "Be root inside: package managers work",
	  .more = "With subordinate ids all of them are mapped; without, a filter "
		  "answers chown, mknod and their like with success, which 'strict' "
		  "doesn't do. HOME is the image's /root." },
	{ OPT_TEXT, 'u', "user", "USER", AT(user), .group = WHO,
	  .often = true,
	  .help = "Be UID[:GID], a NAME of the image, or 'image': the one it asks for" },
	{ OPT_TEXT, 0, "home", "DIR", AT(home), .group = FILES,
	  .often = true,
	  .help = "Use DIR as home folder",
	  .more = "It is bound in at its own path, and HOME is set to it. The default "
		  "is your own home." },
	{ OPT_FLAG, 0, "no-home", NULL, AT(no_home), .group = FILES,
	  .help = "Keep your home folder out" },

	{ OPT_LIST, 'v', "bind", "SRC[:DST[:OPT,...]]", AT(binds), .group = FILES,
	  .aliases = "B volume", .often = true,
	  .help = "Show SRC of the host at DST inside",
	  .more = "Options are ro, rw, optional (skipped when SRC is missing), and "
		  "those of mount(8) for binds. A missing SRC is an error, but "
		  "skipped when the line is from a config file." },
	{ OPT_LIST, 0, "mount", "type=TYPE,...", AT(mounts), .group = FILES,
	  .help = "Mount, in podman's words: type=bind,source=SRC,target=DST" },
	{ OPT_LIST, 0, "tmpfs", "DST[:OPT,...]", AT(tmpfs), .group = FILES,
	  .help = "Mount an empty folder in memory at DST" },
	{ OPT_FLAG, 0, "here", NULL, AT(here), .group = FILES,
	  .help = "With --isolate, bind the working directory in" },
	{ OPT_FLAG, 0, "read-only", NULL, AT(read_only), .group = FILES,
	  .aliases = "!writable-tmpfs !write-fake",
	  .often = true,
	  .help = "Mount the root file system read-only" },
	{ OPT_TEXT, 0, "overlay", "DIR[:ro]", AT(overlay), .group = FILES,
	  .often = true,
	  .help = "Keep changes to the root file system in DIR",
	  .more = "With ':ro' DIR's content is shown, and changes are thrown away: "
		  "many may share it." },
	{ OPT_SIZE, 0, "overlay-size", "SIZE", AT(overlay_bytes), .group = FILES,
	  .help = "Bound changes that are kept in memory",
	  .more = "The default is half of the cgroup's limit or of free memory." },
	{ OPT_SIZE, 0, "shm-size", "SIZE", AT(shm_bytes), .group = FILES,
	  .help = "Mount an own /dev/shm of this size" },
	{ OPT_CHOICE, 0, "unpack", "WHEN", AT(unpack), .group = FILES,
	  .choices = unpack_choices,
	  .help = "Without /dev/fuse: unpack the image once, or 'never'" },
	{ OPT_TEXT, 0, "data-dir", "DIR", AT(data_dir), .group = FILES,
	  .help = "Keep what must last in DIR (~/.local/share/urun)" },
	{ OPT_TEXT, 0, "store", "DIR", AT(store), .group = FILES,
	  .help = "Keep images in DIR (images/ in the data folder)" },
	{ OPT_TEXT, 0, "stores", "DIR:DIR...", AT(stores), .group = FILES,
	  .help = "Look for images in these folders, too" },

	{ OPT_LIST, 'e', "env", "NAME[=VALUE]", AT(env), .group = ENVIRONMENT,
	  .aliases = "set-env", .often = true,
	  .help = "Set NAME, or copy it ('SLURM_*') from the host",
	  .more = "VALUE is taken as it is." },
	{ OPT_LIST, 0, "env-file", "FILE", AT(env_files), .group = ENVIRONMENT,
	  .help = "Set what FILE says, in docker's format" },
	{ OPT_LIST, 0, "unset-env", "NAME", AT(unset_env), .group = ENVIRONMENT,
	  .aliases = "unsetenv",
	  .help = "Drop NAME, which may be a pattern ('CONDA_*')" },
	{ OPT_FLAG, 0, "env-host", NULL, AT(env_host), .group = ENVIRONMENT,
	  .help = "Keep all variables of the host" },
	{ OPT_FLAG, 0, "clean-env", NULL, AT(clean_env), .group = ENVIRONMENT,
	  .aliases = "cleanenv",
	  .help = "Drop the host's variables, but for terminal, proxies and ranks" },

	{ OPT_FLAG, 0, "isolate", NULL, AT(isolate), .group = ISOLATION,
	  .aliases = "containall", .often = true,
	  .help = "Share nothing: for images you don't trust",
	  .more = "Home, working directory and user are the image's, /tmp is empty, "
		  "environment, PID, IPC, UTS, cgroup and network are private, and "
		  "the default seccomp profile holds. The network is the loopback device "
		  "alone; --net host gives the host's." },
	{ OPT_CHOICE, 0, "pid", "MODE", AT(pid), .group = ISOLATION,
	  .choices = ns_choices,
	  .later = "ctr: pod:", .help = "Which processes are seen: host or private" },
	{ OPT_CHOICE, 0, "ipc", "MODE", AT(ipc), .group = ISOLATION,
	  .choices = ns_choices,
	  .later = "ctr: pod:", .help = "Which shared memory is seen: host or private" },
	{ OPT_CHOICE, 0, "uts", "MODE", AT(uts), .group = ISOLATION,
	  .choices = ns_choices,
	  .later = "ctr: pod:", .help = "Which host name is seen: host or private" },
	{ OPT_CHOICE, 0, "net", "MODE", AT(net), .group = ISOLATION,
	  .choices = net_choices,
	  .later = "slirp slirp: private bridge slirp4netns pasta pod: cni: ns: ctr:",
	  .aliases = "network", .often = true,
	  .help = "Which network is seen: host or none" },
	{ OPT_TEXT, 'h', "hostname", "NAME", AT(hostname), .group = ISOLATION,
	  .help = "Have this host name inside" },
	{ OPT_LIST, 0, "cap-add", "CAP", AT(cap_add), .group = ISOLATION,
	  .help = "Give a capability over what is yours inside, or ALL" },
	{ OPT_LIST, 0, "cap-drop", "CAP", AT(cap_drop), .group = ISOLATION,
	  .help = "Take a capability away, or ALL" },
	{ OPT_TEXT, 0, "seccomp", "FILE", AT(seccomp), .group = ISOLATION,
	  .help = "Filter system calls by FILE, 'default' or 'none'" },
	{ OPT_LIST, 0, "ulimit", "NAME=SOFT[:HARD]", AT(ulimits), .group = ISOLATION,
	  .help = "Limit a resource: nofile=1024" },
	{ OPT_LIST, 0, "device", "PATH[:DST[:rwm]]", AT(devices), .group = ISOLATION,
	  .help = "Show a device of the host inside" },

	{ OPT_TEXT, 'w', "workdir", "DIR", AT(workdir), .group = COMMAND,
	  .aliases = "pwd cwd cd", .often = true,
	  .help = "Start in DIR",
	  .more = "A relative DIR starts from the image's working directory." },
	{ OPT_TEXT, 0, "entrypoint", "COMMAND", AT(entrypoint), .group = COMMAND,
	  .keeps_empty = true, .help = "Replace the image's entry point; '' drops it" },
	{ OPT_FLAG, 't', "tty", NULL, AT(tty), .group = COMMAND,
	  .often = true,
	  .help = "Give the command a terminal of its own" },
	{ OPT_FLAG, 'i', "interactive", NULL, AT(interactive), .group = COMMAND,
	  .help = "Keep standard input open (it always is)" },
	{ OPT_OCTAL, 0, "umask", "MASK", AT(umask), .group = COMMAND, .min = 0,
	  .max = 0777, .unset = -1, .help = "Run with this umask" },
	{ OPT_NUMBER, 0, "preserve-fds", "N", AT(preserve_fds), .group = COMMAND,
	  .min = 0, .max = 4096, .unset = -1,
	  .help = "Pass on N descriptors from 3 up, and no others" },

	{ OPT_LIST, 0, "profile", "NAME", AT(profiles), .group = BEHAVIOUR,
	  .help = "Use the lines of [profile NAME] of the config files" },
	{ OPT_FLAG, 'q', "quiet", NULL, AT(quiet), .group = BEHAVIOUR,
	  .often = true,
	  .help = "Say nothing but errors" },
	{ OPT_FLAG, 0, "debug", NULL, AT(debug), .group = BEHAVIOUR,
	  .help = "Tell each step, with its time" },

	/* Asked for from memory, and so anyway. */
	{ .kind = OPT_NOTHING, .name = "rm" },
	{ .kind = OPT_NOTHING,
	  .name = "userns",
	  .arg = "MODE",
	  .choices = userns_choices },

	/* Reserved for what comes. */
	{ .kind = OPT_LATER, .letter = 'p', .name = "publish", .arg = "PORT" },
	{ .kind = OPT_LATER, .letter = 'd', .name = "detach" },
	{ .kind = OPT_LATER, .letter = 'm', .name = "memory", .arg = "SIZE" },
	{ .kind = OPT_LATER, .name = "cpus", .arg = "N" },
	{ .kind = OPT_LATER,
	  .name = "share",
	  .arg = "KEY",
	  .bare = "auto",
	  .aliases = "sharens join" },
	{ .kind = OPT_LATER, .name = "nv", .aliases = "gpus rocm" },
	{ .kind = OPT_LATER, .name = "mpi", .arg = "KIND" },
	{ .kind = OPT_LATER, .name = "platform", .arg = "OS/ARCH", .aliases = "arch" },
	{ .kind = OPT_LATER, .name = "pull", .arg = "WHEN" },
	{ .kind = OPT_LATER, .name = "name", .arg = "NAME" },
	{ .kind = OPT_LATER, .name = "pod", .arg = "NAME" },
	{ .kind = OPT_LATER, .name = "layer", .arg = "FILE" },
	{ .kind = OPT_LATER, .name = "save", .arg = "FILE" },
	{ .kind = OPT_LATER, .name = "edf", .arg = "FILE" },
	{ .kind = OPT_LATER, .name = "dns", .arg = "ADDRESS" },
	{ .kind = OPT_LATER, .name = "add-host", .arg = "NAME:ADDRESS" },
	{ .kind = OPT_LATER, .name = "label", .arg = "NAME=VALUE" },
	{ .kind = OPT_LATER, .name = "group-add", .arg = "GROUP" },
	{ .kind = OPT_LATER, .name = "restart", .arg = "WHEN" },
	{ .kind = OPT_LATER, .name = "init" },
	{ .kind = OPT_LATER, .name = "stop-signal", .arg = "SIGNAL" },
	{ .kind = OPT_LATER, .name = "stop-timeout", .arg = "TIME" },
	{ .kind = OPT_LATER, .name = "report", .arg = "FILE" },
	{ .kind = OPT_LATER, .name = "stage", .arg = "WHERE" },

	/* Not urun's: the hint is its own way. */
	{ .kind = OPT_REFUSED,
	  .name = "privileged",
	  .help = "urun never has more rights than you; '--root' makes you root inside" },
	{ .kind = OPT_REFUSED,
	  .name = "security-opt",
	  .arg = "OPTION",
	  .help = "no_new_privs is always on; '--seccomp FILE' sets a profile" },
	{ .kind = OPT_REFUSED,
	  .name = "writable",
	  .help = "images are never changed; changes are thrown away at the end, and "
		  "kept with '--overlay DIR'" },
	{ .kind = OPT_REFUSED,
	  .name = "scratch",
	  .arg = "DIR",
	  .help = "use '--tmpfs DIR'" },
	{ .kind = OPT_REFUSED,
	  .name = "no-mount",
	  .arg = "NAME",
	  .help = "use '--no-home' for your home, or '--isolate' for all" },
	{ .kind = OPT_REFUSED,
	  .name = "contain",
	  .help = "use '--isolate', with '--here' for the working directory" },
	{ .kind = OPT_REFUSED,
	  .name = "app",
	  .arg = "NAME",
	  .help = "run the app's command by its path in /scif" },
	{ .kind = OPT_END }
};

const struct opt config_opts[] = {
	{ OPT_FLAG, 0, "show-origin", NULL, AT(show_origin),
	  .help = "Tell file and line of each value, and what locks it" },
	{ OPT_FLAG, 0, "json", NULL, AT(json), .help = "Print JSON" },
	{ .kind = OPT_END }
};

const struct opt explain_opts[] = { { OPT_FLAG, 0, "json", NULL, AT(json),
				      .help = "Print config.json only" },
				    { .kind = OPT_END } };

/* clang-format on */

void settings_init(struct settings *settings)
{
	*settings = (struct settings){ 0 };
	opts_init(run_opts, settings);
}

void settings_done(struct settings *settings)
{
	opts_done(run_opts, settings);
}
