// SPDX-License-Identifier: Apache-2.0
/* mount.c - the mounts of a container, planned and made
 *
 * How it works: the supervisor understands the options; the child opens the source by its
 * host path (the host's root is still ours), the target below the new root's descriptor,
 * where no link leads out, and attaches one to the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/copyup.h"
#include "runtime/idmap.h"
#include "runtime/mount.h"
#include "runtime/mount_options.h"
#include "runtime/start.h"

#define CGROUP2_MAGIC 0x63677270 /* linux/magic.h: CGROUP2_SUPER_MAGIC */

/* ---- planning --------------------------------------------------------------- */

/* What the host shows in the place of a file system that the kernel lets only the owner
 * of another namespace mount. */
static const struct {
	const char *type, *instead;
} instead_table[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "mqueue", "/dev/mqueue" },
	{ "cgroup2", "/sys/fs/cgroup" },
};

static const char *instead_of(const char *type, bool own_pids)
{
	/* The host's /proc would show the processes of another PID namespace. */
	if (strcmp(type, "proc") == 0 && own_pids)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(instead_table); i++)
		if (strcmp(type, instead_table[i].type) == 0)
			return instead_table[i].instead;
	return NULL;
}

/* "gid=5" of a devpts can't be had where 5 is not mapped; the terminal works without. */
static char *drop_unmapped_gid(const struct spec *spec, char *data)
{
	auto_strv struct strv parts = { 0 };
	auto_text struct text kept = { 0 };
	long long gid;

	strv_split(&parts, data, ",");
	for (size_t i = 0; i < parts.count; i++) {
		const char *part = parts.item[i];

		if (text_starts(part, "gid=") &&
		    text_to_number(part + 4, 10, 0, UINT32_MAX, &gid) == 0 &&
		    !idmap_has_gid(spec, (gid_t)gid))
			continue;
		text_addf(&kept, "%s%s", kept.len ? "," : "", part);
	}
	free(data);
	return text_take(&kept);
}

/* What stands for a new file system is a tree of the host with mounts in it: what was
 * asked of the one ("ro") goes for them all. Access times are the host's business. */
static struct attach_attr attr_of_tree(const struct attach_attr *one)
{
	const uint64_t all = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			     MOUNT_ATTR_NOEXEC;
	struct attach_attr tree = *one;

	tree.all_set |= tree.set & all;
	tree.set &= ~all;
	return tree;
}

static bool host_has_cgroup2(void)
{
	struct statfs st;

	return statfs("/sys/fs/cgroup", &st) == 0 && st.f_type == CGROUP2_MAGIC;
}

static void plan_new(const struct spec *spec, bool own_pids, struct mount_plan *plan)
{
	plan->way = MOUNT_NEW;
	/* "cgroup" is whichever version the host has; the first one can only be shown. */
	if (strcmp(plan->type, "cgroup") == 0 && host_has_cgroup2())
		plan->type = "cgroup2";
	if (strcmp(plan->type, "cgroup") == 0) {
		plan->way = MOUNT_BIND;
		plan->source = "/sys/fs/cgroup";
		plan->recursive = true;
		plan->optional = true;
		plan->attr = attr_of_tree(&plan->attr);
	}
	plan->instead = instead_of(plan->type, own_pids);
	if (strcmp(plan->type, "devpts") == 0 && plan->data)
		plan->data = drop_unmapped_gid(spec, plan->data);
}

static int plan_one(const struct spec *spec, bool own_pids,
		    const struct spec_mount *mount, struct mount_plan *ret)
{
	struct mount_options options = { 0 };
	int r = mount_options_parse(&mount->options, &options);

	if (r < 0)
		return wrap(r, "mount on '%s'", mount->destination);
	*ret = (struct mount_plan){
		.source = mount->source,
		.target = mount->destination,
		.type = mount->type,
		.flags = options.set,
		.data = take_ptr(&options.data),
		.attr = { attach_attr_of(options.set), attach_attr_of(options.clear),
			  options.attr_set, options.attr_clear },
		.propagation = options.propagation,
		.recursive = options.is_recursive,
		.optional = mount->optional,
		.tmpcopyup = options.tmpcopyup,
	};
	if (ret->tmpcopyup && ret->flags & MS_RDONLY) {
		ret->flags &= ~(unsigned long)MS_RDONLY; /* once it is filled */
		ret->attr.all_set |= MOUNT_ATTR_RDONLY;
	}
	if (options.is_bind || (mount->type && strcmp(mount->type, "bind") == 0))
		ret->way = MOUNT_BIND;
	else if (mount->type)
		plan_new(spec, own_pids, ret);
	else
		r = refuse(EINVAL, "mount on '%s': neither a type nor 'bind'",
			   mount->destination);
	if (r == 0 && ret->way == MOUNT_BIND && !ret->source)
		r = refuse(EINVAL, "bind on '%s': no source", mount->destination);
	mount_options_done(&options);
	return r;
}

int mount_plans_make(const struct spec *spec, bool own_pids, struct mount_plan **ret,
		     size_t *ret_count)
{
	struct mount_plan *plans = mem_array(spec->n_mounts + 1, sizeof(*plans));

	for (size_t i = 0; i < spec->n_mounts; i++) {
		int r = plan_one(spec, own_pids, &spec->mounts[i], &plans[i]);

		if (r < 0) {
			mount_plans_free(plans, i + 1);
			return r;
		}
	}
	*ret = plans;
	*ret_count = spec->n_mounts;
	return 0;
}

void mount_plans_free(struct mount_plan *plans, size_t count)
{
	for (size_t i = 0; plans && i < count; i++)
		free(plans[i].data);
	free(plans);
}

/* ---- mounting, in the child ------------------------------------------------- */

static int make_point(int root_fd, const char *path, bool is_folder)
{
	int r;

	if (is_folder)
		return file_make_folders_in(root_fd, path);
	r = file_make_empty_in(root_fd, path);
	return r < 0 ? r : file_open_in(root_fd, path, O_PATH, 0);
}

static int find_point(int root_fd, const char *path, bool is_folder, bool anywhere)
{
	int fd = file_open_in(root_fd, path, O_PATH, 0);

	if (fd == -ENOENT && !anywhere && file_leaves_mount(root_fd, path))
		fd = -EXDEV;
	else if (fd == -ENOENT)
		fd = make_point(root_fd, path, is_folder);
	if (fd >= 0)
		return fd;
	errno = -fd;
	return -1;
}

int mount_point(int root_fd, const char *path, bool is_folder)
{
	return find_point(root_fd, path, is_folder, false);
}

/* Literally: what a link of the image makes of it doesn't count. */
static bool is_below_a_mount(const struct start_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->now.n_mounted; i++) {
		const char *target = plan->mounts[i].target;
		size_t len = strlen(target);

		if (len > 1 && strncmp(path, target, len) == 0 && path[len] == '/')
			return true;
	}
	return false;
}

int mount_point_of(const struct start_plan *plan, const char *path, bool is_folder)
{
	return find_point(plan->root.now.root_fd, path, is_folder,
			  is_below_a_mount(plan, path));
}

static int set_propagation(int root_fd, const char *target, unsigned long propagation)
{
	auto_close int fd = -1;
	char path[FD_PATH_MAX];

	if (!propagation)
		return 0;
	fd = mount_point(root_fd, target, true);
	if (fd < 0)
		return -1;
	fd_path(fd, path);
	return mount(NULL, path, NULL, propagation, NULL);
}

static int mount_bind(const struct start_plan *plan, const struct mount_plan *m,
		      const char *source, bool recursive, const struct attach_attr *attr)
{
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = -1;
	struct stat st;

	if (attach_open(AT_FDCWD, source, recursive, &tree) < 0)
		return m->optional && (errno == ENOENT || errno == ENOTDIR) ? 0 : -1;
	if (fstat(tree.fd, &st) < 0)
		return -1;
	target_fd = mount_point_of(plan, m->target, S_ISDIR(st.st_mode));
	if (target_fd < 0 || attach_to(&tree, target_fd, attr) < 0)
		return -1;
	return set_propagation(plan->root.now.root_fd, m->target, m->propagation);
}

/* What can only be done once it is mounted, on top of what was opened before. */
static int finish_new(int root_fd, const struct mount_plan *m, int below_fd)
{
	struct attach_attr attr = { 0, 0, m->attr.all_set, m->attr.all_clear };
	auto_close int fd = -1;

	if (!attr.all_set && !attr.all_clear && below_fd < 0)
		return 0;
	fd = mount_point(root_fd, m->target, true);
	if (fd < 0 || (below_fd >= 0 && copyup_folder(below_fd, fd) < 0))
		return -1;
	return attach_change(fd, &attr);
}

static int mount_new(const struct start_plan *plan, const struct mount_plan *m)
{
	auto_close int target_fd = mount_point_of(plan, m->target, true);
	auto_close int below_fd = -1;
	int r, root_fd = plan->root.now.root_fd;

	/* By "." instead of a path below /proc, which a sandbox may lack. */
	if (target_fd < 0 || fchdir(target_fd) < 0)
		return -1;
	if (m->tmpcopyup)
		below_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = mount(m->source ? m->source : m->type, ".", m->type, m->flags, m->data);
	if (r < 0 && m->instead) {
		struct attach_attr attr = attr_of_tree(&m->attr);

		return mount_bind(plan, m, m->instead, true, &attr);
	}
	if (r < 0 || finish_new(root_fd, m, below_fd) < 0)
		return -1;
	return set_propagation(root_fd, m->target, m->propagation);
}

int mount_all(struct start_plan *plan)
{
	for (size_t i = 0; i < plan->n_mounts; i++) {
		const struct mount_plan *m = &plan->mounts[i];
		bool is_bind = m->way == MOUNT_BIND;

		plan->now.at = i;
		if (is_bind && mount_bind(plan, m, m->source, m->recursive, &m->attr) < 0)
			return -1;
		if (!is_bind && mount_new(plan, m) < 0)
			return -1;
		plan->now.n_mounted++;
	}
	return 0;
}

/* Show a file or folder of the host at a place inside. */
static int show(const char *source, int root_fd, const char *target,
		const struct attach_attr *attr)
{
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = -1;

	if (attach_open(AT_FDCWD, source, true, &tree) < 0)
		return -1;
	target_fd = mount_point(root_fd, target, false);
	if (target_fd < 0)
		return -1;
	return attach_to(&tree, target_fd, attr);
}

static const struct attach_attr read_only = { .set = MOUNT_ATTR_RDONLY };
static const struct attach_attr all_read_only = { .all_set = MOUNT_ATTR_RDONLY };

/* A file becomes empty, a folder an empty folder; what is missing needs no mask. */
static int mask(int root_fd, const char *path)
{
	auto_close int fd = file_open_in(root_fd, path, O_PATH, 0);
	struct stat st;

	if (fd < 0) {
		errno = -fd;
		return fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES ? 0 : -1;
	}
	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return show("/dev/null", root_fd, path, &read_only);
	if (fchdir(fd) < 0)
		return -1;
	return mount("tmpfs", ".", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     "size=0,nr_inodes=1,mode=755");
}

int mount_masks(struct start_plan *plan)
{
	const struct strv *paths = &plan->spec->masked_paths;

	for (size_t i = 0; i < paths->count; i++) {
		plan->now.at = i;
		if (mask(plan->root.now.root_fd, paths->item[i]) < 0)
			return -1;
	}
	return 0;
}

static int make_read_only(int root_fd, const char *path)
{
	auto_close int fd = file_open_in(root_fd, path, O_PATH, 0);
	auto_attach struct attach tree = ATTACH_NONE;

	if (fd < 0) {
		errno = -fd;
		return fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES ? 0 : -1;
	}
	if (attach_open(fd, "", true, &tree) < 0)
		return -1;
	return attach_to(&tree, fd, &all_read_only);
}

int mount_read_only_paths(struct start_plan *plan)
{
	const struct strv *paths = &plan->spec->readonly_paths;

	for (size_t i = 0; i < paths->count; i++) {
		plan->now.at = i;
		if (make_read_only(plan->root.now.root_fd, paths->item[i]) < 0)
			return -1;
	}
	return 0;
}
