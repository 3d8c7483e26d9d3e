// SPDX-License-Identifier: Apache-2.0
/* plan_wishes.c - everything that wants to be mounted, by design section 4
 *
 * Each is a wish with its source checked; plan_mounts.c decides. Order: the kernel's
 * file systems, the defaults, the configuration's and the user's. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "mountspec.h"
#include "planning.h"

#define SAFE "nosuid,noexec,nodev"

static struct wish *add(struct planning *p, const char *type, const char *source,
			const char *destination, const char *options)
{
	p->wishes = mem_grow(p->wishes, p->n_wishes + 1, sizeof(*p->wishes));
	p->wishes[p->n_wishes] = (struct wish){
		.source = mem_text(source),
		.destination = mem_text(destination),
		.type = mem_text(type),
		.options = mem_text(options),
		.is_folder = true,
	};
	return &p->wishes[p->n_wishes++];
}

/* Bind a path of the host to the same place, if it is there. */
static struct wish *add_same(struct planning *p, const char *path)
{
	struct wish *wish;
	struct stat st;

	if (!path || path[0] != '/' || stat(path, &st) < 0)
		return NULL;
	wish = add(p, "bind", path, path, "rbind");
	wish->is_folder = S_ISDIR(st.st_mode);
	return wish;
}

/* ---- the kernel's ---------------------------------------------------------- */

static void wish_shared_memory(struct planning *p)
{
	uint64_t bytes = p->settings->shm_bytes ? p->settings->shm_bytes : 64 << 20;
	auto_free char *options = mem_format("nosuid,nodev,mode=1777,size=%llu",
					     (unsigned long long)bytes);

	if (p->spec->ns[NS_IPC].wanted || p->settings->shm_bytes)
		(void)add(p, "tmpfs", "shm", "/dev/shm", options);
}

/* runtime-spec's devices only: the runtime makes them in an empty /dev. */
static void wish_private_devices(struct planning *p)
{
	(void)add(p, "tmpfs", "tmpfs", "/dev", "nosuid,strictatime,mode=755,size=65536k");
	(void)add(p, "devpts", "devpts", "/dev/pts",
		  "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620");
	wish_shared_memory(p);
	(void)add(p, "mqueue", "mqueue", "/dev/mqueue", SAFE);
}

static void wish_kernel(struct planning *p)
{
	bool own_net = p->spec->ns[NS_NET].wanted;

	if (p->spec->ns[NS_PID].wanted)
		(void)add(p, "proc", "proc", "/proc", SAFE);
	else
		(void)add(p, "bind", "/proc", "/proc", "rbind");
	if (p->settings->isolate) {
		(void)add(p, own_net ? "sysfs" : "bind", own_net ? "sysfs" : "/sys",
			  "/sys", own_net ? SAFE ",ro" : "rbind,rro");
		(void)add(p, "cgroup", "cgroup", "/sys/fs/cgroup", SAFE ",relatime,ro");
		wish_private_devices(p);
		return;
	}
	(void)add_same(p, "/sys");
	(void)add_same(p, "/dev");
	wish_shared_memory(p);
}

/* ---- home, working directory, scratch ---------------------------------- */

/* A writable home all the same: programs expect one. */
static void wish_empty_home(struct planning *p)
{
	if (!p->host->home || strcmp(p->host->home, "/") == 0)
		return;
	add(p, "tmpfs", "tmpfs", p->host->home, "nosuid,nodev,mode=700")->polite = true;
}

static void wish_own_home(struct planning *p)
{
	const char *home = p->host->home;
	struct wish *wish;

	if (!home)
		return;
	wish = add_same(p, home);
	if (!wish) {
		log_warn("your home '%s' is not there: an empty one in memory takes its "
			 "place",
			 home);
		wish_empty_home(p);
		return;
	}
	wish->polite = true;
	wish->is_home = true;
}

/* --home DIR[:INSIDE] */
static int wish_given_home(struct planning *p)
{
	const char *option = p->settings->home, *inside = strchr(option, ':');
	auto_free char *text = mem_text_n(option, inside ? (size_t)(inside - option)
							 : strlen(option));
	auto_free char *source = planning_host_path(p, text);
	struct wish *wish;
	struct stat st;

	if (stat(source, &st) < 0)
		return fail(errno, "use '%s' as home", source);
	if (!S_ISDIR(st.st_mode))
		return refuse(ENOTDIR, "use '%s' as home: no folder", source);
	wish = add(p, "bind", source, inside ? inside + 1 : source, "rbind");
	wish->by_user = true;
	return 0;
}

static void wish_sockets(struct planning *p)
{
	const struct strv *env = &p->host->env;
	const char *display = env_get(env, "WAYLAND_DISPLAY");
	const char *run = env_get(env, "XDG_RUNTIME_DIR");

	(void)add_same(p, env_get(env, "SSH_AUTH_SOCK"));
	(void)add_same(p, "/run/munge");
	(void)add_same(p, env_get(env, "XAUTHORITY"));
	if (display && run && !strchr(display, '/')) {
		auto_free char *path = mem_format("%s/%s", run, display);

		(void)add_same(p, path);
	}
}

/* With --no-home a working directory in the home is wanted, the home itself isn't. */
static bool would_show_home(const struct planning *p)
{
	return p->settings->no_home && p->host->home && p->host->cwd &&
	       path_is_below(p->host->home, p->host->cwd);
}

static int wish_defaults(struct planning *p)
{
	struct wish *wish;

	(void)add_same(p, "/tmp");
	(void)add_same(p, "/var/tmp");
	if (!p->settings->home && !p->settings->no_home)
		wish_own_home(p);
	else if (p->settings->no_home)
		wish_empty_home(p);
	wish = would_show_home(p) ? NULL : add_same(p, p->host->cwd);
	if (wish)
		wish->polite = true;
	wish = add_same(p, env_get(&p->host->env, "TMPDIR"));
	if (wish)
		wish->polite = true;
	wish_sockets(p);
	return 0;
}

/* ---- the user's ------------------------------------------------------------ */

static int wish_here(struct planning *p)
{
	struct wish *wish = add_same(p, p->host->cwd);

	if (!wish)
		return refuse(ENOENT, "--here: the working directory is gone");
	if (strcmp(p->host->cwd, "/") == 0)
		return refuse(EINVAL, "--here: the working directory is '/'");
	wish->by_user = true;
	return 0;
}

/* A missing source: skipped where it may be missing, else an error. */
static int missing(struct planning *p, const struct mount_words *words,
		   const char *source, bool by_file, int err)
{
	if (words->optional || by_file) {
		plan_note(p->plan, "files", "'%s' is not bound: %s", source,
			  strerror(err));
		return 0;
	}
	return hint(fail(err, "bind '%s'", source),
		    "add ':optional' to skip what is not there: %s:%s:optional", source,
		    words->destination[0] == '/' ? words->destination : source);
}

static int wish_words(struct planning *p, const struct mount_words *words, bool by_file)
{
	auto_free char *source = NULL;
	const char *destination = words->destination;
	struct stat st = { .st_mode = S_IFDIR };
	struct wish *wish;

	if (strcmp(words->type, "bind") == 0) {
		source = planning_host_path(p, words->source);
		if (stat(source, &st) < 0)
			return missing(p, words, source, by_file, errno);
		if (strcmp(words->source, words->destination) == 0)
			destination = source;
	}
	if (strcmp(destination, "/") == 0)
		return refuse(EINVAL, "bind '%s': nothing can be mounted on the root",
			      words->source);
	wish = add(p, words->type, source ? source : words->type, destination,
		   words->options);
	wish->by_user = true;
	wish->by_file = by_file;
	wish->is_folder = S_ISDIR(st.st_mode);
	return 0;
}

static int wish_list(struct planning *p, const char *option,
		     const struct setting_list *list,
		     int (*read)(const char *, struct mount_words *))
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < list->count; i++) {
		struct mount_words words;

		r = read(list->item[i].text, &words);
		if (r < 0)
			return wrap(r, "%s", option);
		r = wish_words(p, &words, list->item[i].from_file);
		mount_words_done(&words);
	}
	return r;
}

/* APPTAINER_BIND: binds separated by commas; options of one bind, too, so a piece
 * without a slash belongs to the bind before it. */
static int wish_variable(struct planning *p, const char *name)
{
	const char *value = env_get(&p->host->env, name);
	auto_strv struct strv pieces = { 0 };
	int r = 0;

	if (!value || p->settings->isolate)
		return 0;
	strv_split(&pieces, value, ",");
	for (size_t i = 0; r == 0 && i < pieces.count; i++) {
		auto_free char *text = mem_text(pieces.item[i]);
		struct mount_words words;

		while (i + 1 < pieces.count && !strpbrk(pieces.item[i + 1], "/.~")) {
			char *longer = mem_format("%s,%s", text, pieces.item[++i]);

			free(text);
			text = longer;
		}
		r = mount_words_from_bind(text, &words);
		if (r < 0)
			return wrap(r, "read %s", name);
		r = wish_words(p, &words, true);
		mount_words_done(&words);
	}
	return r;
}

static void add_device(struct planning *p, const struct mount_words *words,
		       const struct stat *st)
{
	struct spec_device device = {
		.path = words->destination,
		.source = words->source,
		.type = S_ISBLK(st->st_mode)	? 'b'
			: S_ISFIFO(st->st_mode) ? 'p'
						: 'c',
		.major = major(st->st_rdev),
		.minor = minor(st->st_rdev),
		.mode = st->st_mode & 07777,
	};

	spec_add_device(p->spec, &device);
}

static int wish_device(struct planning *p, const struct setting_item *item)
{
	struct mount_words words = { 0 };
	struct stat st;
	int r;

	r = mount_words_from_device(item->text, &words);
	if (r < 0)
		return r;
	if (stat(words.source, &st) < 0)
		r = item->from_file ? 0 : fail(errno, "use device '%s'", words.source);
	else if (S_ISREG(st.st_mode))
		r = refuse(ENODEV, "use device '%s': a plain file", words.source);
	else if (p->settings->isolate && !S_ISDIR(st.st_mode))
		add_device(p, &words, &st);
	else if (p->settings->isolate || strcmp(words.source, words.destination) != 0 ||
		 !path_is_below(words.source, "/dev")) {
		struct wish *wish = add(p, "bind", words.source, words.destination,
					"rbind");

		wish->by_user = true;
		wish->is_folder = S_ISDIR(st.st_mode);
	}
	mount_words_done(&words);
	return r;
}

static int wish_devices(struct planning *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->settings->devices.count; i++)
		r = wish_device(p, &p->settings->devices.item[i]);
	return r;
}

static int wish_variables(struct planning *p)
{
	static const char *const names[] = { "SINGULARITY_BINDPATH", "SINGULARITY_BIND",
					     "APPTAINER_BINDPATH", "APPTAINER_BIND" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names); i++)
		r = wish_variable(p, names[i]);
	return r;
}

int plan_wishes(struct planning *p)
{
	const struct settings *settings = p->settings;
	int r = 0;

	wish_kernel(p);
	if (!settings->isolate)
		r = wish_defaults(p);
	else
		(void)add(p, "tmpfs", "tmpfs", "/tmp", "nosuid,nodev,mode=1777");
	if (r == 0 && settings->isolate && settings->here)
		r = wish_here(p);
	if (r == 0 && settings->home)
		r = wish_given_home(p);
	if (r == 0)
		r = wish_variables(p);
	if (r == 0)
		r = wish_list(p, "--bind", &settings->binds, mount_words_from_bind);
	if (r == 0)
		r = wish_list(p, "--mount", &settings->mounts, mount_words_from_mount);
	if (r == 0)
		r = wish_list(p, "--tmpfs", &settings->tmpfs, mount_words_from_tmpfs);
	return r == 0 ? wish_devices(p) : r;
}
