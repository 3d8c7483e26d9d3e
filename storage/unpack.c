// SPDX-License-Identifier: Apache-2.0
/* unpack.c - an image file as a folder, once, where there is no FUSE
 *
 * How it works: below DIR/unpacked each image has a folder, named after what identifies
 * the file without reading it. While it is made it is called NAME.part, and whoever
 * makes it holds a lock on a file in it, which the kernel drops when its holder dies.
 * Finished, it is renamed to NAME. So a name without ".part" is always whole; who finds
 * a ".part" waits for its lock, and starts again with what a dead one left.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "storage/storage.h"

#define ROOT "root" /* the image's tree, beside the lock */
#define LOCK "lock"
#define PART ".part"
#define HELPER_OUTPUT_MAX 4096 /* one sentence is expected */

#define STATUS_NO_ERRNO 125 /* from there on the shell's: signals, no program */

struct place {
	int dir_fd;	   /* of "unpacked" */
	char *name, *part; /* in it */
};

static void place_done(struct place *place)
{
	fd_release(&place->dir_fd);
	free(place->name);
	free(place->part);
}

#define auto_place __attribute__((cleanup(place_done)))

static int make_host_folder(const char *path)
{
	auto_close int top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int made_fd = top_fd < 0 ? -errno : file_make_folders_in(top_fd, path);

	return made_fd < 0 ? fail(-made_fd, "make the folder '%s'", path) : 0;
}

/* In a folder that we share with others, as /tmp, the name says whose it is. */
static char *folder_below(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) == 0 && st.st_uid == geteuid())
		return path_join(dir, "unpacked");
	return mem_format("%s/urun-%u-unpacked", dir, geteuid());
}

/* Others may be able to write into dir, as into /tmp: ours is ours alone. */
static int open_private_folder(const char *path, int *ret_fd)
{
	auto_close int fd = -1;
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail(errno, "make the folder '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(errno, "open the folder '%s'", path);
	if (st.st_uid != geteuid() || (st.st_mode & 022))
		return refuse(EPERM, "use '%s': others can write there", path);
	*ret_fd = take_fd(&fd);
	return 0;
}

static int place_open(const struct image *image, const char *folder, struct place *ret)
{
	struct stat st;

	if (fstat(image->fd, &st) < 0)
		return fail(errno, "look at '%s'", image->path);
	ret->name = mem_format(
		"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "-%" PRIx64 ".%09ld-%" PRIx64,
		(uint64_t)st.st_dev, (uint64_t)st.st_ino, (uint64_t)st.st_size,
		(uint64_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, image->offset);
	ret->part = mem_format("%s" PART, ret->name);
	return open_private_folder(folder, &ret->dir_fd);
}

static bool place_is_filled(const struct place *place)
{
	struct stat st;

	return fstatat(place->dir_fd, place->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Is the lock file still the one in NAME.part? It may have been renamed meanwhile. */
static bool lock_is_current(const struct place *place, int lock_fd)
{
	auto_free char *path = path_join(place->part, LOCK);
	struct stat held, current;

	return fstat(lock_fd, &held) == 0 &&
	       fstatat(place->dir_fd, path, &current, AT_SYMLINK_NOFOLLOW) == 0 &&
	       held.st_dev == current.st_dev && held.st_ino == current.st_ino;
}

/* One attempt: waits for whoever holds the lock. -EAGAIN: the folder moved meanwhile. */
static int lock_part(const struct place *place, int *ret_lock_fd)
{
	auto_free char *path = path_join(place->part, LOCK);
	auto_close int fd = -1;

	if (mkdirat(place->dir_fd, place->part, 0700) < 0 && errno != EEXIST)
		return fail(errno, "make the folder '%s'", place->part);
	fd = openat(place->dir_fd, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno == ENOENT)
		return -EAGAIN;
	if (fd < 0)
		return fail(errno, "make the file '%s'", path);
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail(errno, "lock '%s'", path);
	if (!lock_is_current(place, fd))
		return -EAGAIN;
	*ret_lock_fd = take_fd(&fd);
	return 0;
}

/* Its status is an errno, and the first line of what it wrote is the sentence. */
static int helper_result(int status, char *output)
{
	if (status == 0)
		return 0;
	output[strcspn(output, "\n")] = '\0';
	return refuse(status < STATUS_NO_ERRNO ? status : EIO, "%s",
		      *output ? output : "the unpacking helper ended early");
}

/* urun-fs --unpack OFFSET SIZE CODEC: the folder is its descriptor 3, the image 4. */
static int run_helper(const struct image *image, const char *helper_dir, int root_fd)
{
	auto_free char *path = path_join(helper_dir, "urun-fs"), *output = NULL;
	auto_strv struct strv args = { 0 };
	const int fds[] = { root_fd, image->fd };
	struct proc_spawn how = { .path = path,
				  .keep_fds = fds,
				  .n_keep_fds = ARRAY_SIZE(fds),
				  .stdin_fd = -1,
				  .stdout_fd = -1,
				  .stderr_fd = -1,
				  .death_signal = SIGKILL };
	int r, status;

	strv_add(&args, path);
	strv_add(&args, "--unpack");
	strv_addf(&args, "%" PRIu64, image->offset);
	strv_addf(&args, "%" PRIu64, image->size);
	strv_addf(&args, "%u", image->codec);
	how.args = strv_items(&args);
	r = proc_output(&how, HELPER_OUTPUT_MAX, &output, &status);
	if (r < 0)
		return r;
	return helper_result(status, output);
}

static int fill_part(const struct place *place, const struct image *image,
		     const char *helper_dir)
{
	auto_close int part_fd = openat(place->dir_fd, place->part,
					O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_close int root_fd = -1;
	int r;

	if (part_fd < 0)
		return fail(errno, "open the folder '%s'", place->part);
	r = file_remove_tree(part_fd, ROOT); /* a killed one's */
	if (r < 0)
		return fail(-r, "remove an unfinished '%s'", place->part);
	if (mkdirat(part_fd, ROOT, 0700) < 0)
		return fail(errno, "make the folder '%s/%s'", place->part, ROOT);
	root_fd = openat(part_fd, ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (root_fd < 0)
		return fail(errno, "open the folder '%s/%s'", place->part, ROOT);
	r = run_helper(image, helper_dir, root_fd);
	if (r < 0)
		return wrap(r, "unpack '%s'", image->name);
	if (syncfs(root_fd) < 0) /* a name without ".part" is whole after a crash, too */
		return fail(errno, "write '%s' to disk", place->part);
	if (renameat(place->dir_fd, place->part, place->dir_fd, place->name) < 0)
		return fail(errno, "rename '%s'", place->part);
	return 0;
}

/* Take away an unfinished folder whose maker is dead: its lock can be had. Whoever waits
 * for the lock sees that it is not the current one any more. */
static void remove_if_dead(const struct place *place, const char *part)
{
	auto_free char *path = path_join(part, LOCK);
	auto_close int fd = openat(place->dir_fd, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)file_remove_tree(place->dir_fd,
				       part); /* the next one tries again */
}

/* Those of other images: ours is locked by us. */
static void remove_dead_parts(const struct place *place)
{
	auto_dir DIR *dir = NULL;
	auto_close int fd = openat(place->dir_fd, ".",
				   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;

	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	(void)take_fd(&fd); /* dir's now */
	while ((entry = readdir(dir)))
		if (text_ends(entry->d_name, PART))
			remove_if_dead(place, entry->d_name);
}

/* Under the lock: another process may have filled it while we waited. */
static int fill_locked(const struct place *place, const struct image *image,
		       const char *helper_dir, const char *folder)
{
	int r;

	log_warn("no FUSE here: unpacking '%s' (%" PRIu64
		 " MiB compressed) once, into '%s'",
		 image->name, (image->size + (1 << 20) - 1) >> 20, folder);
	remove_dead_parts(place);
	r = fill_part(place, image, helper_dir);
	if (r < 0)
		(void)file_remove_tree(place->dir_fd,
				       place->part); /* the sentence says more */
	return r;
}

static int fill(const struct place *place, const struct image *image,
		const char *helper_dir, const char *folder)
{
	while (!place_is_filled(place)) {
		auto_close int lock_fd = -1;
		int r = lock_part(place, &lock_fd);

		if (r == -EAGAIN)
			continue;
		if (r < 0)
			return r;
		if (place_is_filled(
			    place)) { /* and its maker renamed it before we came */
			(void)file_remove_tree(place->dir_fd,
					       place->part); /* ours, empty */
			break;
		}
		r = fill_locked(place, image, helper_dir, folder);
		if (r < 0)
			return r;
	}
	return 0;
}

int image_unpack(const struct image *image, const char *helper_dir, const char *dir,
		 char **ret_folder)
{
	auto_free char *folder = NULL;
	auto_place struct place place = { .dir_fd = -1 };
	int r;

	r = make_host_folder(dir);
	if (r < 0)
		return r;
	folder = folder_below(dir);
	r = place_open(image, folder, &place);
	if (r < 0)
		return r;
	r = fill(&place, image, helper_dir, folder);
	if (r < 0)
		return r;
	*ret_folder = mem_format("%s/%s/" ROOT, folder, place.name);
	return 0;
}
