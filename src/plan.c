// SPDX-License-Identifier: Apache-2.0
/* plan.c - from settings and an image to a specification */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "places.h"
#include "planning.h"

#define OCI_VERSION "1.2.0"
#define FUSE_MAJOR 10 /* admin-guide/devices.txt of the kernel */
#define FUSE_MINOR 229

/* ---- the image ------------------------------------------------------------- */

/* What is recognised, but is not a root file system yet. */
static int refuse_kind(const struct image *image)
{
	if (image->kind == IMAGE_LAYOUT)
		return hint(refuse(ENOTSUP,
				   "run '%s': an OCI layout, which has to be unpacked "
				   "first",
				   image->name),
			    "umoci unpack --rootless --image %s:TAG BUNDLE, then urun "
			    "./BUNDLE",
			    image->name);
	if (image->kind == IMAGE_ARCHIVE)
		return hint(
			refuse(ENOTSUP,
			       "run '%s': an archive, which has to be unpacked "
			       "first",
			       image->name),
			"for the tar of a root file system: mkdir ROOT && tar -xf %s -C "
			"ROOT, then urun ./ROOT",
			image->name);
	return 0;
}

static int open_image(struct planning *p, const char *name)
{
	const struct settings *settings = p->settings;
	auto_free char *path = NULL, *data = NULL, *stores = NULL;
	size_t scheme = image_name_scheme(name);
	int r;

	if (scheme)
		return hint(
			refuse(ENOTSUP, "run '%s': images by '%.*s:' are not fetched yet",
			       name, (int)scheme, name),
			"a squashfs or SIF file, a root file system folder and an OCI "
			"bundle can be run");
	if (!name[0])
		return refuse(EINVAL, "the name of the image is empty");
	if (image_name_is_path(name)) {
		path = name[0] == '~' ? planning_host_path(p, name) : mem_text(name);
		r = image_open(path, &p->plan->image);
	} else {
		data = settings->store ? NULL : place_data(settings);
		stores = mem_format("%s%s%s%s", settings->store ? settings->store : data,
				    settings->store ? "" : "/images",
				    settings->stores ? ":" : "",
				    settings->stores ? settings->stores : "");
		r = image_find(name, stores, &p->plan->image);
	}
	return r < 0 ? r : refuse_kind(p->plan->image);
}

static bool is_file(const struct image *image)
{
	return image->kind == IMAGE_SQUASHFS || image->kind == IMAGE_SIF;
}

/* Nearly every entry point begins as a shell does: with the same loader and library. */
static const char *first_command(const struct planning *p)
{
	return p->verb == PLAN_EXEC && p->args->count ? p->args->item[0] : "sh";
}

static int open_tree(struct planning *p, const char *helpers)
{
	struct image_tree_options options = {
		.helper_dir = helpers,
		.debug = p->settings->debug,
		.command = first_command(p),
	};

	return image_tree_open(p->plan->image, &options, &p->plan->tree);
}

/* ---- the root -------------------------------------------------------------- */

/* What lies on the image. */
static int plan_layer(struct planning *p, bool may_make)
{
	const char *overlay = p->settings->overlay;
	struct spec_urun *urun = &p->spec->urun;
	auto_free char *folder = NULL;

	p->spec->root_readonly = p->settings->read_only;
	urun->layer_bytes = p->settings->overlay_bytes;
	urun->layer = p->settings->read_only ? LAYER_NONE : LAYER_TMPFS;
	if (!overlay)
		return 0;
	urun->layer_shared = text_ends(overlay, ":ro");
	folder = mem_text_n(overlay, strlen(overlay) - (urun->layer_shared ? 3 : 0));
	urun->layer_folder = planning_host_path(p, folder);
	urun->layer = LAYER_FOLDER;
	if (!may_make)
		return 0;
	if (!urun->layer_shared && mkdir(urun->layer_folder, 0755) < 0 && errno != EEXIST)
		return fail(errno, "make the overlay folder '%s'", urun->layer_folder);
	if (access(urun->layer_folder, F_OK) < 0)
		return fail(errno, "use the overlay '%s'", urun->layer_folder);
	return 0;
}

/* The folder behind a descriptor: a bundle's root may be a link. */
static char *folder_of(const struct image *image)
{
	char link[FD_PATH_MAX], target[PATH_MAX];
	ssize_t n;

	fd_path(image->fd, link);
	n = readlink(link, target, sizeof(target) - 1);
	return n > 0 ? mem_text_n(target, (size_t)n) : mem_text(image->path);
}

static bool has_fuse(void)
{
	auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	errno = ENODEV; /* something else may have been mounted there */
	return S_ISCHR(st.st_mode) && major(st.st_rdev) == FUSE_MAJOR &&
	       minor(st.st_rdev) == FUSE_MINOR;
}

/* A full or read-only home, or none; not a damaged image. */
static bool is_bad_place(int r)
{
	return r == -ENOSPC || r == -EDQUOT || r == -EROFS || r == -EACCES ||
	       r == -EPERM || r == -ENOENT || r == -ENOTDIR;
}

/* Without FUSE the image becomes a folder, once. */
static int unpack(struct planning *p, const char *helpers, int why)
{
	auto_free char *data = place_data(p->settings);
	int r;

	if (p->settings->unpack == UNPACK_NEVER)
		return hint(fail(why, "open '/dev/fuse', and --unpack=never"),
			    "ask for access to /dev/fuse, or leave out --unpack=never");
	r = image_unpack(p->plan->image, helpers, data, &p->spec->root_path);
	if (is_bad_place(r)) { /* what is in /tmp is reused as well */
		log_debug("%s", last_error.text);
		r = image_unpack(p->plan->image, helpers, "/tmp", &p->spec->root_path);
	}
	if (r < 0)
		return r;
	plan_note(p->plan, "files",
		  "the image is unpacked in '%s', since /dev/fuse can't be "
		  "opened: %s",
		  p->spec->root_path, strerror(why));
	p->spec->urun.root_kind = ROOT_FOLDER;
	image_tree_free(p->plan->tree);
	p->plan->tree = NULL;
	return 0;
}

static int serve(struct planning *p, struct container_io *io)
{
	struct image_serving how = {
		.owners = p->owners,
		.view_uid = p->spec->process.uid,
		.view_gid = p->spec->process.gid,
		.points = p->points,
		.n_points = p->n_points,
	};

	p->spec->urun.root_kind = ROOT_IMAGE;
	return image_tree_serve(p->plan->tree, &how, &io->image_fd, &io->image_pid);
}

/* "explain" and "spec" start nothing and unpack nothing. */
static int look_only(struct planning *p)
{
	p->spec->urun.root_kind = ROOT_IMAGE;
	if (!has_fuse())
		plan_note(
			p->plan, "files",
			"the image will be unpacked, since /dev/fuse can't be opened: %s",
			strerror(errno));
	return 0;
}

static int plan_root(struct planning *p, const char *helpers, struct container_io *io)
{
	p->spec->urun.image = mem_text(p->plan->image->path);
	if (is_file(p->plan->image)) {
		if (!io)
			return look_only(p);
		return has_fuse() ? serve(p, io) : unpack(p, helpers, errno);
	}
	p->spec->urun.root_kind = ROOT_FOLDER;
	p->spec->root_path = folder_of(p->plan->image);
	return 0;
}

/* ---- all of it ------------------------------------------------------------- */

static int edit(struct planning *p, const char *image, const char *helpers,
		struct container_io *io)
{
	int r;

	r = open_image(p, image);
	if (r == 0)
		r = open_tree(p, helpers);
	if (r == 0)
		r = place_runtime(&p->plan->runtime_dir);
	if (r == 0)
		r = plan_layer(p, io != NULL);
	if (r == 0)
		r = planning_decide(p);
	return r == 0 ? plan_root(p, helpers, io) : r;
}

int plan_make(const struct settings *settings, enum plan_verb verb, const char *image,
	      const struct strv *args, struct plan **ret, struct container_io *ret_io)
{
	struct plan_host host = { .root = "" };
	struct plan *plan = mem_alloc(sizeof(*plan));
	struct container_io io = { .image_fd = -1, .console_fd = -1 };
	auto_free char *helpers = place_helpers();
	struct planning p = {
		.settings = settings,
		.host = &host,
		.verb = verb,
		.args = args,
		.plan = plan,
	};
	int r;

	plan->spec = p.spec = mem_alloc(sizeof(*plan->spec));
	p.spec->oci_version = mem_text(OCI_VERSION);
	r = plan_host_gather(&host);
	if (r == 0)
		r = edit(&p, image, helpers, ret_io ? &io : NULL);
	planning_done(&p);
	plan_host_done(&host);
	if (r < 0) {
		plan_free(plan);
		return r;
	}
	io.runtime_dir = plan->runtime_dir;
	*ret = plan;
	if (ret_io)
		*ret_io = io;
	return 0;
}

int plan_from_words(const struct settings *settings, const struct strv *words,
		    struct plan **ret)
{
	struct strv args;

	if (!words->count)
		return refuse(EINVAL, "no image given");
	args = (struct strv){ words->item + 1, words->count - 1 }; /* borrows */
	return plan_make(settings, args.count ? PLAN_EXEC : PLAN_RUN, words->item[0],
			 &args, ret, NULL);
}
