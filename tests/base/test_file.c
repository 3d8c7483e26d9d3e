// SPDX-License-Identifier: Apache-2.0
/* test_file.c - files below a folder; everything once more where openat2 is missing */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/tap.h"

/* ---- a tree in a folder of its own, which has a neighbour that no path may reach  */

static char world[] = "/tmp/test_file_XXXXXX";
static int root_fd = -1;

static void make_file(const char *name, const char *text)
{
	auto_close int fd = openat(root_fd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

	if (fd < 0 || fd_write_all(fd, text, strlen(text)) < 0)
		abort();
}

static void make_folder(const char *name)
{
	if (mkdirat(root_fd, name, 0755) < 0)
		abort();
}

static void make_link(const char *target, const char *name)
{
	if (symlinkat(target, root_fd, name) < 0)
		abort();
}

static void world_make(void)
{
	if (!mkdtemp(world) || chdir(world) < 0 || mkdir("root", 0755) < 0)
		abort();
	root_fd = open("root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	make_file("../secret", "secret");
	make_folder("a");
	make_folder("a/b");
	make_folder("a/b/c");
	make_file("file", "text");
	make_file("a/file", "below");
	make_file("a/b/c/deep", "deep");
	make_link("a/b", "to-b");
	make_link("/a/b", "to-b-absolute");
	make_link("../../../../../secret", "out");
	make_link("/../secret", "out-absolute");
	make_link("to-b/../file", "by-way");
	make_link("loop-2", "loop-1");
	make_link("loop-1", "loop-2");
	make_link("missing/target", "dangling");
	make_link("/", "to-root");
	make_link(".", "to-here");
}

/* Back to an empty root for tests that write. */
static int scratch(void)
{
	if (mkdir("scratch", 0755) < 0)
		abort();
	return open("scratch", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void scratch_end(int fd)
{
	(void)close(fd); /* O_PATH */
	ok(file_remove_tree(AT_FDCWD, "scratch") == 0);
	ok(access("scratch", F_OK) < 0);
}

/* ---- looking up ------------------------------------------------------------ */

static char *content(const char *path)
{
	char *data = NULL;

	return file_read_in(root_fd, path, 100, &data, NULL) < 0 ? NULL : data;
}

static void reads(const char *path, const char *want)
{
	auto_free char *got = content(path);

	if (!ok_text(got, want))
		printf("# path '%s'\n", path);
}

static void paths_lead_where_they_say(void)
{
	reads("file", "text");
	reads("/file", "text");
	reads("//a///b/c/./deep", "deep");
	reads("a/b/../file", "below");
	reads("to-b/c/deep", "deep");
	reads("to-b-absolute/c/deep", "deep");
	reads("by-way", "below");
	reads("to-root/to-here/to-root/file", "text");
}

static void no_path_leads_out(void)
{
	reads("../file", "text");
	reads("/../../a/../../file", "text");
	reads("../secret", NULL);
	reads("/../secret", NULL);
	reads("out", NULL);
	reads("out-absolute", NULL);
	reads("a/b/../../../secret", NULL);
}

struct question {
	const char *path;
	int flags;
	int want; /* negative: -errno; 0: works */
};

static const struct question questions[] = {
	{ "", O_PATH, -ENOENT },
	{ "/", O_PATH, 0 },
	{ ".", O_RDONLY, 0 },
	{ "..", O_PATH | O_DIRECTORY, 0 },
	{ "nothing", O_RDONLY, -ENOENT },
	{ "nothing/x", O_RDONLY, -ENOENT },
	{ "dangling", O_RDONLY, -ENOENT },
	{ "file/", O_RDONLY, -ENOTDIR },
	{ "file/.", O_RDONLY, -ENOTDIR },
	{ "file/x", O_RDONLY, -ENOTDIR },
	{ "file", O_RDONLY | O_DIRECTORY, -ENOTDIR },
	{ "a/", O_RDONLY, 0 },
	{ "to-b/", O_PATH | O_NOFOLLOW | O_DIRECTORY, 0 },
	{ "to-b", O_PATH | O_DIRECTORY, 0 },
	{ "to-b", O_PATH | O_NOFOLLOW, 0 },
	{ "to-b", O_RDONLY | O_NOFOLLOW, -ELOOP },
	{ "to-b", O_PATH | O_NOFOLLOW | O_DIRECTORY, -ENOTDIR },
	{ "loop-1", O_RDONLY, -ELOOP },
	{ "loop-1/x", O_RDONLY, -ELOOP },
	{ "loop-1", O_PATH | O_NOFOLLOW, 0 },
	{ "file", O_WRONLY | O_CREAT | O_EXCL, -EEXIST },
	{ "dangling", O_WRONLY | O_CREAT | O_EXCL, -EEXIST },
	{ "a", O_WRONLY, -EISDIR },
	{ "a/", O_WRONLY | O_CREAT, -EISDIR },
	{ "/", O_WRONLY | O_CREAT, -EISDIR },
};

static void answers_are_the_kernels(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		const struct question *q = &questions[i];
		auto_close int fd = file_open_in(root_fd, q->path, q->flags, 0600);

		if (!ok(q->want < 0 ? fd == q->want : fd >= 0))
			printf("# '%s', flags %#x: %d, not %d\n", q->path,
			       (unsigned int)q->flags, fd, q->want);
		if (fd >= 0)
			ok(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	}
}

static void long_names_are_refused(void)
{
	char name[PATH_MAX + 10];

	memset(name, 'x', sizeof(name));
	name[256] = '\0';
	ok(file_open_in(root_fd, name, O_PATH, 0) == -ENAMETOOLONG);
	name[256] = '/';
	name[300] = '\0';
	ok(file_open_in(root_fd, name, O_PATH, 0) == -ENAMETOOLONG);
	name[300] = '/';
	name[PATH_MAX + 1] = '\0';
	ok(file_open_in(root_fd, name, O_PATH, 0) == -ENAMETOOLONG);
}

static void magic_links_lead_nowhere(void)
{
	auto_close int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int fd = file_open_in(proc_fd, "self/root/etc", O_PATH, 0);

	ok(proc_fd >= 0);
	ok(fd < 0);
}

/* A program started without standard input has 0 as its next descriptor. */
/* The host's /proc and /dev are mounts of their own; links lead there. */
static void mounts_on_the_way_are_noticed(void)
{
	auto_close int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int folder_fd = scratch();

	ok(!file_leaves_mount(fd, "/"));
	ok(!file_leaves_mount(fd, "/no/such/../thing"));
	ok(file_leaves_mount(fd, "/proc"));
	ok(file_leaves_mount(fd, "/proc/self/nothing"));
	ok(file_leaves_mount(fd, "/proc/.."));
	ok(!file_leaves_mount(folder_fd, "x"));
	ok(symlinkat("x", folder_fd, "link") == 0);
	ok(!file_leaves_mount(folder_fd, "link/y"));
	scratch_end(folder_fd);
}

static void descriptor_zero_is_a_descriptor(void)
{
	int saved = dup(0), fd;

	(void)close(0); /* given back below */
	fd = file_open_in(root_fd, "file", O_PATH, 0);
	ok(fd == 0);
	(void)dup2(saved, 0); /* was open before */
	(void)close(saved);   /* a copy */
}

/* ---- reading --------------------------------------------------------------- */

static void reads_up_to_the_limit(void)
{
	char *data = NULL;
	size_t len = 0;

	ok(file_read_in(root_fd, "file", 3, &data, &len) == -EFBIG);
	ok(data == NULL && len == 0);
	ok(file_read_in(root_fd, "file", 4, &data, &len) == 0 && len == 4);
	ok_text(data, "text");
	free(data);
	ok(file_read_in(AT_FDCWD, "/proc/self/status", 10, &data, &len) == -EFBIG);
	ok(file_read_in(AT_FDCWD, "/proc/self/status", 1 << 20, &data, &len) == 0);
	ok(len > 100 && strlen(data) == len);
	free(data);
}

static void waits_for_nothing(void)
{
	int fd = scratch();
	char *data = NULL;

	ok(mkfifoat(fd, "pipe", 0600) == 0);
	ok(file_read_in(fd, "pipe", 10, &data, NULL) == -EINVAL);
	ok(file_read_in(fd, ".", 10, &data, NULL) == -EINVAL);
	scratch_end(fd);
}

/* ---- making ---------------------------------------------------------------- */

static bool is_folder(int fd, const char *path)
{
	struct stat st;

	return fstatat(fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static void makes(int fd, const char *path, const char *folder)
{
	auto_close int made_fd = file_make_folders_in(fd, path);

	if (!ok(made_fd >= 0 && is_folder(fd, folder)))
		printf("# path '%s'\n", path);
}

static void folders_are_made_inside(void)
{
	int fd = scratch();

	makes(fd, "/x/y/z", "x/y/z");
	makes(fd, "x//y/w/", "x/y/w");
	makes(fd, "../../up", "up");
	makes(fd, "n/../m", "m");
	ok(symlinkat("/elsewhere/there", fd, "link") == 0);
	makes(fd, "link/below", "elsewhere/there/below");
	ok(symlinkat("../../../../../../../out", fd, "x/out") == 0);
	makes(fd, "x/out/below", "out/below");
	ok(access("out", F_OK) < 0);
	makes(fd, "/", ".");
	scratch_end(fd);
}

static void what_is_no_folder_is_in_the_way(void)
{
	int fd = scratch();

	ok(file_make_empty_in(fd, "file") == 0);
	ok(file_make_folders_in(fd, "file") == -ENOTDIR);
	ok(file_make_folders_in(fd, "file/x") == -ENOTDIR);
	ok(symlinkat("self", fd, "self") == 0);
	ok(file_make_folders_in(fd, "self/x") == -ELOOP);
	ok(file_make_empty_in(fd, "self") == -ELOOP);
	scratch_end(fd);
}

static void empty_files_are_made_inside(void)
{
	int fd = scratch();

	ok(file_make_empty_in(fd, "/p/q/file") == 0 &&
	   faccessat(fd, "p/q/file", F_OK, 0) == 0);
	ok(file_make_empty_in(fd, "/p/q/file") == 0);
	ok(file_make_empty_in(fd, "top") == 0 && faccessat(fd, "top", F_OK, 0) == 0);
	ok(symlinkat("../run/resolv.conf", fd, "p/resolv.conf") == 0);
	ok(file_make_empty_in(fd, "/p/resolv.conf") == 0);
	ok(faccessat(fd, "run/resolv.conf", F_OK, 0) == 0);
	ok(file_make_empty_in(fd, "../../../out") == 0);
	ok(access("out", F_OK) < 0 && access("../out", F_OK) < 0);
	scratch_end(fd);
}

/* ---- removing -------------------------------------------------------------- */

static void removes_what_is_locked(void)
{
	int fd = scratch();

	ok(mkdirat(fd, "work", 0755) == 0 && mkdirat(fd, "work/x", 0755) == 0);
	ok(file_make_empty_in(fd, "work/x/file") == 0);
	ok(fchmodat(fd, "work/x", 0500, 0) == 0 && fchmodat(fd, "work", 0, 0) == 0);
	scratch_end(fd);
}

static void follows_no_link(void)
{
	struct stat before, after;
	int fd = scratch();

	ok(stat("root/a", &before) == 0);
	ok(symlinkat("../root/a", fd, "a") == 0 &&
	   symlinkat("/etc/passwd", fd, "p") == 0);
	scratch_end(fd);
	ok(stat("root/a", &after) == 0 && before.st_mode == after.st_mode);
	reads("a/file", "below");
	ok(symlink("root", "to-root") == 0);
	ok(file_remove_tree(AT_FDCWD, "to-root") == 0);
	reads("file", "text");
}

static void missing_is_removed(void)
{
	ok(file_remove_tree(AT_FDCWD, "no-such-thing") == 0);
}

/* Longer than PATH_MAX and deeper than descriptors go. */
static void removes_the_deepest(void)
{
	int fd = scratch(), at = dup(fd);

	for (int i = 0; i < 3000; i++) {
		int below;

		if (mkdirat(at, "d", 0755) < 0)
			break;
		if (i % 50 == 0)
			ok(file_make_empty_in(at, "file") == 0);
		below = openat(at, "d", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (!ok(below >= 0))
			break;
		(void)close(at); /* O_PATH */
		at = below;
	}
	(void)close(at); /* O_PATH */
	scratch_end(fd);
}

static void many_entries_are_removed(void)
{
	int fd = scratch();
	char name[32];

	for (int i = 0; i < 2000; i++) {
		(void)snprintf(name, sizeof(name), "file-%d", i); /* fits */
		if (!ok(mknodat(fd, name, S_IFREG | 0600, 0) == 0))
			break;
	}
	scratch_end(fd);
}

/* ---- texts
 * ---------------------------------------------------------------------------------------
 */

static void paths_are_joined_by_one_slash(void)
{
	static const char *const joined[][3] = {
		{ "/a", "b", "/a/b" }, { "/a/", "/b", "/a/b" },	  { "/", "b", "/b" },
		{ "", "b", "/b" },     { "a//", "//b/", "a/b/" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(joined); i++) {
		auto_free char *path = path_join(joined[i][0], joined[i][1]);

		ok_text(path, joined[i][2]);
	}
}

static void descriptors_have_a_path(void)
{
	char path[FD_PATH_MAX];

	fd_path(INT_MAX, path);
	ok_text(path, "/proc/self/fd/2147483647");
}

/* From here on openat2 answers ENOSYS, as before Linux 5.6. */
static bool forbid_openat2(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_SIZE(code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 &&
	       syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0) < 0 && errno == ENOSYS;
}

static void run_all(void)
{
	RUN(paths_lead_where_they_say);
	RUN(no_path_leads_out);
	RUN(answers_are_the_kernels);
	RUN(long_names_are_refused);
	RUN(magic_links_lead_nowhere);
	RUN(mounts_on_the_way_are_noticed);
	RUN(descriptor_zero_is_a_descriptor);
	RUN(reads_up_to_the_limit);
	RUN(waits_for_nothing);
	RUN(folders_are_made_inside);
	RUN(what_is_no_folder_is_in_the_way);
	RUN(empty_files_are_made_inside);
	RUN(removes_what_is_locked);
	RUN(follows_no_link);
	RUN(missing_is_removed);
	RUN(removes_the_deepest);
	RUN(many_entries_are_removed);
}

static void openat2_is_forbidden(void)
{
	ok(forbid_openat2());
}

static void world_is_removed(void)
{
	ok(chdir("/") == 0);
	ok(file_remove_tree(AT_FDCWD, world) == 0);
	ok(access(world, F_OK) < 0);
}

int main(void)
{
	(void)umask(022); /* cannot fail */
	world_make();
	RUN(paths_are_joined_by_one_slash);
	RUN(descriptors_have_a_path);
	run_all();
	RUN(openat2_is_forbidden);
	run_all();
	RUN(world_is_removed);
	return tap_end();
}
