// SPDX-License-Identifier: Apache-2.0
/* layer_folder.c - folders of the host that hold a layer
 *
 * How it works: DIR/upper and DIR/work belong to overlayfs, DIR/lock is held by
 * supervisor and init, so that it is free when the last of them is gone, and not before.
 * A private folder whose lock is free was left by a start that was killed: the next one
 * removes it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strv.h"
#include "runtime/child.h"
#include "runtime/idmap.h"
#include "runtime/layer.h"
#include "runtime/runtime.h"

#define OWNER_MAX 512	      /* "process 123 on host" */
#define PREFIX ".urun-layer-" /* hidden: nobody keeps an overlay by such a name */
#define YOUNG_S 60 /* between mkdir and flock a folder is unlocked, but in use */

static int in_use(const char *dir, int lock_fd)
{
	char owner[OWNER_MAX] = "";
	ssize_t n = fd_read_at(lock_fd, owner, sizeof(owner) - 1, 0);

	owner[n > 0 ? strcspn(owner, "\n") : 0] = '\0';
	(void)refuse(EBUSY, "use the layer '%s': %s is using it", dir,
		     owner[0] ? owner : "another container");
	return hint(-EBUSY, "'%s:ro' shows its content and throws changes away", dir);
}

/* Who holds it, for the next one's sentence. */
static void sign(int lock_fd)
{
	char text[OWNER_MAX], host[HOST_NAME_MAX + 1] = "?";

	(void)gethostname(host, sizeof(host) - 1); /* "?" tells as much */
	(void)snprintf(text, sizeof(text), "process %d on %s\n", (int)getpid(),
		       host); /* fits */
	if (ftruncate(lock_fd, 0) == 0)
		(void)pwrite(lock_fd, text, strlen(text), 0); /* only a hint for others */
}

static int lock(const char *dir, int dir_fd, bool shared, int *ret_lock_fd)
{
	auto_close int fd = openat(dir_fd, "lock",
				   O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	/* A folder that is only read may well lie where nothing can be written. */
	if (fd < 0 && shared)
		fd = openat(dir_fd, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && shared)
		return 0;
	if (fd < 0)
		return fail(errno, "lock the layer '%s'", dir);
	if (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? in_use(dir, fd)
					    : fail(errno, "lock the layer '%s'", dir);
	if (!shared)
		sign(fd);
	*ret_lock_fd = take_fd(&fd);
	return 0;
}

static int make_folder(const char *dir, int dir_fd, const char *name, mode_t mode)
{
	if (mkdirat(dir_fd, name, mode) < 0 && errno != EEXIST)
		return fail(errno, "make '%s/%s'", dir, name);
	return 0;
}

int layer_folder_open(const char *dir, bool shared, int *ret_lock_fd)
{
	auto_close int dir_fd = -1, lock_fd = -1;
	int r;

	if (!shared && mkdir(dir, 0755) < 0 && errno != EEXIST)
		return fail(errno, "make the layer '%s'", dir);
	dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return fail(errno, "open the layer '%s'", dir);
	r = lock(dir, dir_fd, shared, &lock_fd);
	if (r < 0)
		return r;
	if (shared && faccessat(dir_fd, "upper", F_OK, 0) < 0)
		return fail(errno, "open the layer '%s/upper'", dir);
	if (!shared) {
		r = make_folder(dir, dir_fd, "upper", 0755);
		if (r == 0)
			r = make_folder(dir, dir_fd, "work", 0700);
		if (r < 0)
			return r;
	}
	*ret_lock_fd = take_fd(&lock_fd);
	return 0;
}

/* ---- private ones ----------------------------------------------------------- */

/* In a user namespace mapped as the container's was: there its files can be removed. */
static int remove_mapped(const struct spec *spec, const char *path)
{
	struct idmap_plan ids;
	int go[2], pidfd = -1, r;
	pid_t pid;
	char byte;

	r = idmap_plan(spec, &ids);
	if (r < 0)
		return r;
	if (pipe2(go, O_CLOEXEC) < 0) {
		idmap_plan_done(&ids);
		return fail(errno, "make a pipe");
	}
	pid = child_clone(CLONE_NEWUSER, &pidfd);
	if (pid == 0) {
		(void)close(go[1]); /* the supervisor's end */
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		_exit(file_remove_tree(AT_FDCWD, path) < 0);
	}
	(void)close(go[0]); /* the child's end */
	r = pid < 0 ? -errno : idmap_write(&ids, spec, pid);
	if (r == 0)
		(void)fd_write_all(go[1], "", 1); /* a dead child is seen below */
	(void)close(go[1]); /* without its byte the child gives up */
	if (pid > 0)
		(void)waitpid(pid, NULL, 0); /* what is left is swept again later */
	fd_release(&pidfd);
	idmap_plan_done(&ids);
	return r;
}

void layer_folder_remove(const struct spec *spec, const char *path)
{
	int r = file_remove_tree(AT_FDCWD, path);

	if (r == -EACCES || r == -EPERM)
		r = remove_mapped(spec, path);
	if (r < 0)
		log_debug("remove '%s': %s", path, strerror(-r));
}

static bool is_abandoned(int dir_fd, const char *name)
{
	auto_free char *lock_name = mem_format("%s/lock", name);
	auto_close int fd = -1;
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid() || time(NULL) - st.st_ctime < YOUNG_S)
		return false;
	fd = openat(dir_fd, lock_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? errno == ENOENT : flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void sweep(const struct spec *spec, const char *dir)
{
	auto_dir DIR *stream = opendir(dir);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		auto_free char *path = NULL;

		if (!text_starts(entry->d_name, PREFIX) ||
		    !is_abandoned(dirfd(stream), entry->d_name))
			continue;
		path = path_join(dir, entry->d_name);
		layer_folder_remove(spec, path);
	}
}

int layer_folder_new(const struct spec *spec, const char *dir, char **ret_path,
		     int *ret_lock_fd)
{
	auto_free char *path = mem_format("%s/" PREFIX "XXXXXX", dir);
	int r;

	sweep(spec, dir);
	if (!mkdtemp(path))
		return fail(errno, "make a folder in '%s'", dir);
	r = layer_folder_open(path, false, ret_lock_fd);
	if (r < 0)
		(void)file_remove_tree(AT_FDCWD, path); /* just made by us */
	else
		*ret_path = take_ptr(&path);
	return r;
}
