// SPDX-License-Identifier: Apache-2.0
/* box.c - a small container for tests */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/runtime/box.h"

#define OUTPUT_MAX (1 << 20)

static char data_dir[64];
struct container_io box_io = { .image_fd = -1, .console_fd = -1, .data_dir = data_dir };

static char folder[] = "/tmp/urun-box-XXXXXX";
static char *root;
static struct spec *unused; /* a skipped test did not run it */

static const char *const applets[] = {
	"sh",	    "cat",  "ls",    "id",    "echo",  "true",	   "false", "sleep",
	"touch",    "rm",   "mkdir", "mount", "ps",    "readlink", "pwd",   "env",
	"kill",	    "stat", "chmod", "mv",    "cp",    "ln",	   "test",  "tty",
	"hostname", "wc",   "head",  "grep",  "mknod", "stty",	   "umask", "setsid"
};

static bool copy_program(const char *from, const char *to)
{
	auto_close int in = open(from, O_RDONLY | O_CLOEXEC);
	auto_close int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	struct stat st;

	return in >= 0 && out >= 0 && fstat(in, &st) == 0 &&
	       sendfile(out, in, NULL, (size_t)st.st_size) == st.st_size;
}

const char *box_root(void)
{
	static const char *const folders[] = { "bin",	   "etc", "proc", "tmp",
					       "dev",	   "sys", "home", "data",
					       "data/sub", "var", "run" };
	char path[256];

	if (root)
		return root;
	if (!mkdtemp(folder))
		return NULL;
	root = mem_format("%s/root", folder);
	(void)snprintf(data_dir, sizeof(data_dir), "%s/data", folder);
	(void)mkdir(data_dir, 0700); /* what is missing shows in the tests */
	(void)mkdir(root, 0755);     /* what is missing shows in the tests */
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", root, folders[i]);
		(void)mkdir(path, 0755);
	}
	(void)snprintf(path, sizeof(path), "%s/bin/busybox", root);
	if (!copy_program("/bin/busybox", path)) {
		box_end();
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(applets); i++) {
		(void)snprintf(path, sizeof(path), "%s/bin/%s", root, applets[i]);
		(void)symlink("busybox", path);
	}
	return root;
}

const char *box_folder(void)
{
	return folder;
}

bool box_has_program(const char *name)
{
	auto_free char *path = mem_format("/usr/bin/%s", name);

	return access(path, X_OK) == 0;
}

void box_end(void)
{
	(void)file_remove_tree(AT_FDCWD, folder); /* a leftover in /tmp at worst */
	spec_free(unused);
	unused = NULL;
	free(root);
	root = NULL;
}

struct spec *box_spec(const char *script)
{
	static const enum ns_kind wanted[] = { NS_USER, NS_MOUNT, NS_PID, NS_IPC,
					       NS_UTS };
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct spec_process *process = &spec->process;

	spec_free(unused);
	unused = spec;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		spec->ns[wanted[i]].wanted = true;
	spec->root_path = mem_text(box_root());
	id_maps_add(&spec->uid_maps, geteuid(), geteuid(), 1);
	id_maps_add(&spec->gid_maps, getegid(), getegid(), 1);
	process->uid = geteuid();
	process->gid = getegid();
	process->keep_groups = true;
	process->no_new_privs = true;
	strv_add(&process->args, "sh");
	strv_add(&process->args, "-c");
	strv_add(&process->args, script);
	strv_add(&process->env, "PATH=/bin");
	process->cwd = mem_text("/");
	spec->urun.keep_fds = 0;
	spec_add_mount(spec, "/dev", "bind", "/dev", "rbind");
	spec_add_mount(spec, "/proc", "proc", "proc", "nosuid,nodev,noexec");
	spec_add_mount(spec, "/tmp", "tmpfs", "tmpfs", "nosuid,nodev,mode=1777");
	return spec;
}

/* Standard output and error into a file, and back. */
static int redirect(int saved[2])
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	(void)fflush(stdout); /* what is ours must not land in the file */
	for (int i = 0; i < 2; i++) {
		saved[i] = fcntl(i + 1, F_DUPFD_CLOEXEC, 10);
		(void)dup2(fd, i + 1); /* shows in the tests */
	}
	return fd;
}

static char *restore(int fd, int saved[2])
{
	char *text = mem_alloc(OUTPUT_MAX + 1);

	for (int i = 0; i < 2; i++) {
		(void)dup2(saved[i], i + 1);
		(void)close(saved[i]);
	}
	if (fd_read_at(fd, text, OUTPUT_MAX, 0) < 0)
		text[0] = '\0';
	(void)close(fd); /* reading only */
	return text;
}

static void run(struct spec *spec, struct box_result *result)
{
	struct container *container = NULL;
	struct container_end end = { 0 };

	result->status = 125;
	result->error = container_create(spec, &box_io, &container);
	if (result->error == 0)
		result->error = container_start(container, &result->status);
	if (result->error == 0)
		result->error = container_wait(container, &end);
	if (result->error == 0) {
		result->status = end.status;
		result->lost_files = end.lost_files;
		result->lost_example = end.lost_example;
	}
	container_free(container);
}

struct box_result box_run(struct spec *spec)
{
	struct box_result result = { 0 };
	int saved[2], fd;

	unused = NULL;
	error_clear();
	fd = redirect(saved);
	run(spec, &result);
	result.output = restore(fd, saved);
	spec_free(spec);
	return result;
}

void box_result_done(struct box_result *result)
{
	free(result->output);
	free(result->lost_example);
}

static bool write_text(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) > 0;
}

_Noreturn static void be_a_stranger(const char *host_name, int ready_fd)
{
	char uid_map[32], gid_map[32];

	(void)snprintf(uid_map, sizeof(uid_map), "%u %u 1", geteuid(), geteuid());
	(void)snprintf(gid_map, sizeof(gid_map), "%u %u 1", getegid(), getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWIPC) == 0 &&
	    write_text("/proc/self/setgroups", "deny") &&
	    write_text("/proc/self/uid_map", uid_map) &&
	    write_text("/proc/self/gid_map", gid_map))
		(void)sethostname(host_name, strlen(host_name)); /* shows in the test */
	(void)close(ready_fd); /* its end of file is the word */
	for (;;)
		pause();
}

pid_t box_stranger(const char *host_name)
{
	int fds[2];
	char byte;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		be_a_stranger(host_name, fds[1]);
	(void)close(fds[1]);	      /* the child's */
	(void)read(fds[0], &byte, 1); /* its end of file is the word */
	(void)close(fds[0]);	      /* all was read */
	return pid;
}

void box_stranger_end(pid_t pid)
{
	(void)kill(pid, SIGKILL);    /* our child */
	(void)waitpid(pid, NULL, 0); /* nothing to learn from it */
}
