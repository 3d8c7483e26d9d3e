// SPDX-License-Identifier: Apache-2.0
/* plan_mounts.c - which wishes become mounts, by design section 4 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/mem.h"
#include "planning.h"

/* $PWD and $HOME below these are the system's, which the image has its own of. */
static const char *const system_folders[] = { "/bin",  "/boot", "/dev",	 "/etc",
					      "/opt",  "/proc", "/root", "/run",
					      "/sbin", "/sys",	"/usr",	 "/var" };

static bool is_system(const char *path)
{
	if (strcmp(path, "/") == 0 || text_starts(path, "/lib"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(system_folders); i++)
		if (path_is_below(path, system_folders[i]))
			return true;
	return false;
}

/* ---- what is visible where --------------------------------------------- */

static bool is_covered(const struct planning *p, size_t after, const char *inside)
{
	for (size_t i = after + 1; i < p->spec->n_mounts; i++)
		if (path_is_below(inside, p->spec->mounts[i].destination))
			return true;
	return false;
}

/* "/a/b" of a bind of "/a" on "/x" is "/x/b". */
static char *translate(const char *path, const char *from, const char *to)
{
	const char *rest = path + (strcmp(from, "/") == 0 ? 0 : strlen(from));

	return mem_format("%s%s", strcmp(to, "/") == 0 && *rest ? "" : to, rest);
}

char *planning_inside(const struct planning *p, const char *host_path)
{
	for (size_t i = p->spec->n_mounts; i-- > 0;) {
		const struct spec_mount *mount = &p->spec->mounts[i];
		auto_free char *inside = NULL;

		if (!mount->source || strcmp(mount->type, "bind") != 0 ||
		    !path_is_below(host_path, mount->source))
			continue;
		inside = translate(host_path, mount->source, mount->destination);
		if (!is_covered(p, i, inside))
			return take_ptr(&inside);
	}
	return NULL;
}

/* The mount that a path inside lies in; NULL: in the image's tree. */
static const struct spec_mount *mount_above(const struct planning *p, const char *inside)
{
	for (size_t i = p->spec->n_mounts; i-- > 0;)
		if (path_is_below(inside, p->spec->mounts[i].destination))
			return &p->spec->mounts[i];
	return NULL;
}

/* ---- may it? ----------------------------------------------------------- */

/* A default gives way to what the user mounts at or above its place. */
static bool gives_way(const struct planning *p, const struct wish *wish)
{
	if (wish->by_user)
		return false;
	for (size_t i = 0; i < p->n_wishes; i++)
		if (p->wishes[i].by_user &&
		    path_is_below(wish->destination, p->wishes[i].destination))
			return true;
	return false;
}

/* Why a polite wish is skipped; NULL: it isn't. */
static const char *impolite(const struct planning *p, const struct wish *wish)
{
	const struct image_query *there = look_at(&p->looks, wish->destination);

	if (strcmp(wish->destination, "/") == 0)
		return "is the root";
	if (!wish->is_home && is_system(wish->destination))
		return "belongs to the system, of which the image has its own";
	if (there->error == 0 && S_ISDIR(there->mode) && !there->is_empty)
		return "would hide a folder of the image that is not empty";
	return NULL;
}

static bool is_there_already(const struct planning *p, const struct wish *wish)
{
	auto_free char *inside = NULL;

	if (wish->by_user || !wish->source || strcmp(wish->type, "bind") != 0)
		return false;
	inside = planning_inside(p, wish->source);
	return inside && strcmp(inside, wish->destination) == 0;
}

/* A target in the image's tree: made as needed, and of the right type. */
static int check_in_image(struct planning *p, const struct wish *wish)
{
	const struct image_query *there = look_at(&p->looks, wish->destination);

	if (there->error != 0 && there->error != -ENOENT)
		return fail(-there->error, "mount on '%s' of the image",
			    wish->destination);
	if (there->error == 0 && S_ISDIR(there->mode) != wish->is_folder)
		return refuse(EINVAL, "mount '%s' on '%s': %s can't be mounted on %s",
			      wish->source, wish->destination,
			      wish->is_folder ? "a folder" : "a file",
			      wish->is_folder ? "what is none" : "a folder");
	return 0;
}

static int explain_missing(int r, const struct wish *wish, const char *place)
{
	if (path_is_below(place, "/dev"))
		return hint(r,
			    "with --isolate /dev is the container's own, and takes any "
			    "name");
	if (wish->is_folder)
		return hint(r, "make it first: mkdir -p '%s'", place);
	return hint(r, "make it first: touch '%s'", place);
}

/* A target below another bind: urun makes nothing in the host's folders. */
static int check_in_bind(const struct spec_mount *above, const struct wish *wish)
{
	auto_free char *place = NULL;
	struct stat st;

	if (strcmp(above->type, "bind") != 0)
		return 0;
	place = translate(wish->destination, above->destination, above->source);
	if (stat(place, &st) < 0)
		return explain_missing(fail(errno,
					    "mount on '%s', which is '%s' of the host",
					    wish->destination, place),
				       wish, place);
	if (S_ISDIR(st.st_mode) != wish->is_folder)
		return refuse(EINVAL,
			      "mount '%s' on '%s': one is a folder, the other none",
			      wish->source, wish->destination);
	return 0;
}

static int check_target(struct planning *p, const struct wish *wish)
{
	const struct spec_mount *above = mount_above(p, wish->destination);

	if (!above) {
		planning_add_point(p, wish->destination, wish->is_folder);
		return check_in_image(p, wish);
	}
	/* Exactly on another mount: it is there. */
	return strcmp(above->destination, wish->destination) == 0
		       ? 0
		       : check_in_bind(above, wish);
}

/* ---- deciding -------------------------------------------------------------- */

static int grant(struct planning *p, const struct wish *wish)
{
	const char *why = wish->polite ? impolite(p, wish) : NULL;
	int r;

	if (gives_way(p, wish) || is_there_already(p, wish))
		return 0;
	if (why) {
		plan_note(p->plan, "files", "'%s' is not bound: it %s", wish->destination,
			  why);
		return 0;
	}
	r = check_target(p, wish);
	if (r < 0 && !wish->by_user) {
		plan_note(p->plan, "files", "'%s' is not bound: %s", wish->destination,
			  last_error.text);
		error_clear();
		return 0;
	}
	if (r < 0)
		return r;
	(void)spec_add_mount(p->spec, wish->destination, wish->type, wish->source,
			     wish->options);
	return 0;
}

/* Somebody else may have put one of that name into /tmp; nothing of ours is in it. */
static bool is_own_folder(const struct planning *p, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == p->host->uid;
}

/* The folder with urun's sockets is no business of what runs inside: an urun there gets
 * an empty one. */
static void hide_runtime_folders(struct planning *p)
{
	auto_free char *tmp = mem_format("/tmp/urun-%u", p->host->uid);
	auto_free char *shm = mem_format("/dev/shm/urun-%u", p->host->uid);
	const char *const folders[] = { p->plan->runtime_dir, tmp, shm };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		auto_free char *inside = folders[i] ? planning_inside(p, folders[i])
						    : NULL;

		if (inside && is_own_folder(p, folders[i]))
			(void)spec_add_mount(p->spec, inside, "tmpfs", "tmpfs",
					     "nosuid,nodev,noexec,mode=700,size=1m");
	}
}

/* What an image calls a volume, as others write its path: "//a/./b/" is "/a/b". NULL: it
 * is none. The caller frees. */
static char *volume_path(const char *volume)
{
	auto_strv struct strv names = { 0 };
	auto_text struct text path = { 0 };

	strv_split(&names, volume, "/");
	for (size_t i = 0; i < names.count; i++) {
		if (strcmp(names.item[i], "..") == 0)
			return NULL;
		if (strcmp(names.item[i], ".") != 0)
			text_addf(&path, "/%s", names.item[i]);
	}
	return path.len ? text_take(&path) : NULL;
}

/* Volumes of the image lie in the writable layer; without one they are in memory. */
static void plan_volumes(struct planning *p)
{
	const struct strv *volumes = &p->plan->config.volumes;

	for (size_t i = 0; p->settings->read_only && i < volumes->count; i++) {
		auto_free char *path = volume_path(volumes->item[i]);

		if (!path || mount_above(p, path))
			continue;
		planning_add_point(p, path, true);
		(void)spec_add_mount(p->spec, path, "tmpfs", "tmpfs",
				     "nosuid,nodev,mode=1777");
		plan_note(p->plan, "files",
			  "the image's volume '%s' is empty and in memory", path);
	}
}

int plan_mounts_ask(struct planning *p)
{
	int r = plan_wishes(p);

	for (size_t i = 0; r == 0 && i < p->n_wishes; i++)
		if (p->wishes[i].by_user || p->wishes[i].polite)
			look_ask(&p->looks, p->wishes[i].destination, 0);
	return r;
}

int plan_mounts(struct planning *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n_wishes; i++)
		r = grant(p, &p->wishes[i]);
	if (r < 0)
		return r;
	plan_volumes(p);
	hide_runtime_folders(p);
	return 0;
}
