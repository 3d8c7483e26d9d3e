// SPDX-License-Identifier: Apache-2.0
/* layer.c - which writable layer lies on the root
 *
 * How it works: a successful mount of overlayfs proves nothing (see layer_trial.h), so a
 * verdict decides. For changes that are thrown away: overlayfs on a tmpfs; on a private
 * folder of a local disk; fuse-overlayfs; else the root stays as it is. For a folder that
 * the user named: overlayfs there, or fuse-overlayfs, or an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/mountinfo.h"
#include "runtime/layer.h"
#include "runtime/layer_fuse.h"
#include "runtime/runtime.h"

#define SCRATCH_BYTES (64U << 20) /* generated files only */
#define REASON_MAX 512		  /* of what is cut into one line */

/* A choice in the making. */
struct chooser {
	const struct spec *spec;
	const char *runtime_dir, *data_dir;
	struct layer_plan *plan;
	struct layer_choice *choice;
	char reason[REASON_MAX];
};

static bool in_userns(const struct spec *spec)
{
	return spec->ns[NS_USER].wanted;
}

/* Is something mounted below the folder that is the root? Overlayfs would not show it, so
 * in a user namespace, where it can't be taken off, overlayfs refuses the folder. */
static bool has_mounts(const struct spec *spec)
{
	const char *root = spec->root_path;
	size_t len = root ? strlen(root) : 0, data_len;
	auto_free char *data = NULL;
	struct mountinfo info;

	if (!root || spec->urun.root_kind != ROOT_FOLDER ||
	    file_read_in(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &data,
			 &data_len) < 0)
		return false;
	while (len > 0 && root[len - 1] == '/')
		len--;
	for (char *at = data; mountinfo_next(&at, &info);)
		if (strncmp(info.point, root, len) == 0 && info.point[len] == '/' &&
		    info.point[len + 1])
			return true;
	return false;
}

/* Outside a user namespace overlayfs keeps its notes in trusted xattrs, which every file
 * system has that can hold files. */
static int verdict(const struct chooser *c, const char *dir)
{
	if (!in_userns(c->spec))
		return 0;
	if (has_mounts(c->spec))
		return refuse(EINVAL, "other file systems are mounted in it");
	return layer_verdict(c->runtime_dir, dir);
}

/* Once: the same may be wrong everywhere. */
static void add_reason(struct chooser *c, const char *where)
{
	size_t len = strlen(c->reason);

	if (len && strstr(c->reason, last_error.text)) {
		error_clear();
		return;
	}
	(void)snprintf(c->reason + len, sizeof(c->reason) - len, "%s%s: %s",
		       len ? "; " : "", where,
		       last_error.text); /* a cut reason is one still */
	error_clear();
}

static void set_options(struct chooser *c)
{
	struct layer_plan *plan = c->plan;
	const char *below = plan->folder && plan->folder_is_lower ? "layer/upper:" : "";
	const char *in = plan->folder && !plan->folder_is_lower ? "layer/" : "";
	const char *more = in_userns(c->spec) && plan->way == LAYER_WAY_OVERLAY
				   ? ",userxattr"
				   : "";

	plan->options = mem_format("lowerdir=%slower,upperdir=%supper,workdir=%swork%s",
				   below, in, in, more);
}

static int choose(struct chooser *c, enum layer_way way, const char *name)
{
	c->plan->way = way;
	set_options(c);
	if (c->choice)
		*c->choice = (struct layer_choice){ name, "" };
	return 0;
}

static int choose_fuse(struct chooser *c, const char *reason)
{
	if (!c->choice)
		log_warn("the writable layer is slower, by fuse-overlayfs: overlayfs "
			 "does not "
			 "work here (%s)",
			 reason);
	return choose(c, LAYER_WAY_FUSE, "fuse-overlayfs");
}

/* ---- thrown away at the end ------------------------------------------------- */

/* A private folder below dir, if overlayfs works there. */
static int try_private(struct chooser *c, const char *dir)
{
	struct layer_plan *plan = c->plan;
	auto_free char *path = NULL, *trial = NULL;
	int r;

	if (!dir || access(dir, W_OK) < 0)
		return -ENOENT;
	r = layer_folder_new(c->spec, dir, &path, &plan->lock_fd);
	if (r < 0)
		return r;
	trial = path_join(path, "trial");
	r = mkdir(trial, 0700) < 0 ? fail(errno, "make '%s'", trial) : verdict(c, trial);
	(void)rmdir(trial); /* goes with the folder otherwise */
	if (r == 0) {
		plan->folder = take_ptr(&path);
		plan->is_private = true;
		return 0;
	}
	add_reason(c, dir);
	layer_folder_remove(c->spec, path);
	(void)close(plan->lock_fd); /* of what is gone */
	plan->lock_fd = -1;
	return r;
}

static int try_disks(struct chooser *c)
{
	const char *const dirs[] = { c->data_dir, "/var/tmp", "/tmp" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (try_private(c, dirs[i]) == 0)
			return 0;
	error_clear();
	return -ENOTSUP;
}

/* Sentences are texts of static life: doctor and explain show them later. */
static int choose_thrown_away(struct chooser *c)
{
	c->plan->is_thrown_away = true;
	if (verdict(c, NULL) == 0)
		return choose(c, LAYER_WAY_OVERLAY, "overlayfs on tmpfs");
	add_reason(c, "tmpfs");
	if (try_disks(c) == 0)
		return choose(c, LAYER_WAY_OVERLAY, "overlayfs on a local disk");
	/* fuse-overlayfs stumbles over a /proc in a lower folder. */
	if (layer_fuse_is_possible() && !has_mounts(c->spec))
		return choose_fuse(c, c->reason);
	c->plan->is_thrown_away = false;
	c->plan->root_is_read_only = true;
	if (!c->choice)
		log_warn("the root is read-only: no writable layer is possible (%s)",
			 c->reason);
	return choose(c, LAYER_WAY_NONE, "read-only");
}

/* ---- a folder that the user named ------------------------------------------- */

static int folder_is_unfit(struct chooser *c, const char *dir, int why)
{
	int r;

	/* Nothing else could write there, either. */
	if (why == -ENOSPC || why == -EDQUOT)
		return wrap(why, "use '%s' as a layer", dir);
	if (layer_fuse_is_possible()) {
		r = choose_fuse(c, last_error.text);
		error_clear();
		return r;
	}
	r = wrap(-ENOTSUP, "use '%s' as a layer", dir);
	return hint(r, "choose a folder on a local disk, or install fuse-overlayfs");
}

/* The trial wants a folder of its own, on the same file system. */
static int folder_verdict(struct chooser *c, const char *dir)
{
	auto_free char *trial = mem_format("%s/trial-%d", dir, (int)getpid());
	int r;

	if (mkdir(trial, 0700) < 0)
		return fail(errno, "make '%s'", trial);
	r = verdict(c, trial);
	(void)rmdir(trial); /* empty, as the trial left it */
	return r;
}

static int choose_folder(struct chooser *c)
{
	const struct spec_urun *urun = &c->spec->urun;
	struct layer_plan *plan = c->plan;
	int r;

	if (!urun->layer_folder)
		return refuse(EINVAL, "use a layer: no folder for it");
	r = layer_folder_open(urun->layer_folder, urun->layer_shared, &plan->lock_fd);
	if (r < 0)
		return r;
	plan->folder = mem_text(urun->layer_folder);
	plan->folder_is_lower = urun->layer_shared;
	r = urun->layer_shared ? verdict(c, NULL) : folder_verdict(c, plan->folder);
	if (r < 0)
		return folder_is_unfit(c, plan->folder, r);
	return choose(c, LAYER_WAY_OVERLAY,
		      urun->layer_shared ? "overlayfs on tmpfs"
					 : "overlayfs on the folder");
}

/* ---- as the root is --------------------------------------------------------- */

/* Mount points that a folder lacks must not be made in it when it is read-only: a layer
 * takes them. An image's server shows them by itself. */
static int choose_none(struct chooser *c)
{
	const struct spec *spec = c->spec;

	if (spec->urun.root_kind != ROOT_FOLDER || !spec->root_readonly)
		return choose(c, LAYER_WAY_NONE, "none");
	c->plan->is_optional = true;
	return choose(c, LAYER_WAY_OVERLAY, "none");
}

static int choose_by_kind(struct chooser *c)
{
	/* What nobody can change needs no place for changes. */
	if (c->spec->root_readonly && c->spec->urun.layer != LAYER_FOLDER)
		return choose_none(c);
	switch (c->spec->urun.layer) {
	case LAYER_TMPFS:
		return choose_thrown_away(c);
	case LAYER_FOLDER:
		return choose_folder(c);
	default:
		return choose_none(c);
	}
}

static char *tmpfs_options(const struct spec *spec, const struct layer_plan *plan)
{
	uint64_t bytes = SCRATCH_BYTES;

	if (plan->way != LAYER_WAY_NONE && !plan->is_optional &&
	    (!plan->folder || plan->folder_is_lower))
		bytes = spec->urun.layer_bytes ? spec->urun.layer_bytes
					       : layer_default_bytes();
	return bytes ? mem_format("mode=0755,size=%" PRIu64, bytes)
		     : mem_text("mode=0755");
}

int layer_plan_make(const struct spec *spec, const struct container_io *io,
		    struct layer_plan *ret)
{
	struct layer_plan plan = { .lock_fd = -1,
				   .root_is_read_only = spec->root_readonly };
	struct chooser c = { .spec = spec,
			     .plan = &plan,
			     .runtime_dir = io->runtime_dir,
			     .data_dir = io->data_dir };
	int r = choose_by_kind(&c);

	if (r < 0) {
		layer_plan_done(&plan, spec);
		return r;
	}
	plan.tmpfs_options = tmpfs_options(spec, &plan);
	*ret = plan;
	return 0;
}

void layer_plan_done(struct layer_plan *plan, const struct spec *spec)
{
	if (plan->is_private)
		layer_folder_remove(spec, plan->folder);
	if (plan->lock_fd >= 0)
		(void)close(plan->lock_fd); /* frees the lock */
	free(plan->tmpfs_options);
	free(plan->folder);
	free(plan->options);
	*plan = (struct layer_plan){ .lock_fd = -1 };
}

int layer_choose(const struct spec *spec, struct layer_choice *ret)
{
	static char reason[REASON_MAX];
	struct spec plain = { .urun.layer = LAYER_TMPFS };
	struct layer_choice choice = { "none", "" };
	struct layer_plan plan = { .lock_fd = -1 };
	struct chooser c = { .spec = spec ? spec : &plain,
			     .plan = &plan,
			     .choice = &choice };
	int r;

	plain.ns[NS_USER].wanted = true;
	r = choose_by_kind(&c);
	layer_plan_done(&plan, c.spec);
	if (r < 0)
		return r;
	memcpy(reason, c.reason, sizeof(reason));
	choice.reason = reason;
	*ret = choice;
	return 0;
}
