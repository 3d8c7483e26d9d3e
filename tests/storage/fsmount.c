// SPDX-License-Identifier: Apache-2.0
/* fsmount.c - run a command where an image is mounted, served by the real urun-fs
 *
 *	fsmount [OPTION]... IMAGE FOLDER COMMAND [ARG]...
 *	--owners		show the image's owners instead of the caller
 *	--offset BYTES		where the image begins in the file
 *	--threads N, --cache BYTES
 *	--folder PATH, --file PATH	a mount point the image lacks; may be repeated
 *	--pid-file FILE		where to write the server's process id
 *
 * In a user and a mount namespace of its own; as root in a mount namespace only. The
 * exit status is the command's.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"
#include "storage/storage.h"

#define POINTS_MAX 64

struct job {
	struct image image;
	struct image_tree_options options;
	struct image_serving serving;
	struct image_point points[POINTS_MAX];
	const char *pid_file, *folder;
	char **command;
};

static int write_file(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	return fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
}

static int enter_namespaces(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(uid ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) < 0)
		return fail(errno, "make namespaces");
	if (uid) {
		(void)snprintf(map, sizeof(map), "%u %u 1\n", uid, uid);
		if (write_file("/proc/self/uid_map", map) < 0)
			return fail(errno, "map the user");
		(void)write_file("/proc/self/setgroups", "deny"); /* the next one tells */
		(void)snprintf(map, sizeof(map), "%u %u 1\n", gid, gid);
		if (write_file("/proc/self/gid_map", map) < 0)
			return fail(errno, "map the group");
	}
	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return fail(errno, "make mounts slaves");
	return 0;
}

static int mount_image(const char *folder, int sock_fd)
{
	auto_close int fuse_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];
	int r;

	if (fuse_fd < 0)
		return fail(errno, "open '/dev/fuse'");
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40000,user_id=%u,group_id=%u,default_permissions,"
		       "allow_other",
		       fuse_fd, getuid(), getgid());
	if (mount("image", folder, "fuse", MS_NOSUID | MS_NODEV | MS_RDONLY, options) < 0)
		return fail(errno, "mount on '%s'", folder);
	r = socket_send(sock_fd, "F", 1, &fuse_fd, 1);
	return r < 0 ? fail(-r, "hand over the FUSE descriptor") : 0;
}

static int run_child(const struct job *job, int sock_fd)
{
	int r = enter_namespaces();

	if (r == 0)
		r = mount_image(job->folder, sock_fd);
	if (r < 0)
		return r;
	(void)execvp(job->command[0], job->command); /* errno tells */
	return fail(errno, "execute '%s'", job->command[0]);
}

static int complain(void)
{
	(void)fprintf(stderr, "fsmount: %s\n", last_error.text);
	return 125;
}

/* image_open() refuses damaged images, which are to be mounted here. */
static unsigned int codec_of(const struct image *image)
{
	unsigned char codec[2] = { 0 };

	(void)pread(image->fd, codec, sizeof(codec), (off_t)image->offset + 20);
	return codec[0] | (unsigned int)codec[1] << 8;
}

static int run(struct job *job)
{
	auto_free char *pid_text = NULL;
	struct image_tree *tree = NULL;
	int sock_fd, status = 125, r;
	pid_t server, child;

	job->image.codec = codec_of(&job->image);
	r = image_tree_open(&job->image, &job->options, &tree);
	if (r == 0)
		r = image_tree_serve(tree, &job->serving, &sock_fd, &server);
	if (r < 0) {
		image_tree_free(tree);
		return complain();
	}
	pid_text = mem_format("%d\n", server);
	if (job->pid_file && write_file(job->pid_file, pid_text) < 0)
		return 125;
	child = fork();
	if (child == 0)
		_exit(run_child(job, sock_fd) < 0 ? complain() : 0);
	if (child < 0 || proc_wait(child, &status) < 0)
		status = 125;
	image_tree_free(tree);
	return status;
}

static void add_point(struct job *job, const char *path, bool is_folder)
{
	if (job->serving.n_points < POINTS_MAX)
		job->points[job->serving.n_points++] = (struct image_point){ path,
									     is_folder };
}

static const struct option options[] = {
	{ "owners", no_argument, NULL, 'o' },
	{ "offset", required_argument, NULL, 's' },
	{ "threads", required_argument, NULL, 't' },
	{ "cache", required_argument, NULL, 'c' },
	{ "folder", required_argument, NULL, 'd' },
	{ "file", required_argument, NULL, 'f' },
	{ "pid-file", required_argument, NULL, 'p' },
	{ "debug", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static int parse(struct job *job, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			job->serving.owners = OWNERS_IMAGE;
			break;
		case 's':
			job->image.offset = strtoull(optarg, NULL, 0);
			break;
		case 't':
			job->options.threads = (unsigned int)atoi(optarg);
			break;
		case 'c':
			job->options.cache_bytes = strtoull(optarg, NULL, 0);
			break;
		case 'd':
			add_point(job, optarg, true);
			break;
		case 'f':
			add_point(job, optarg, false);
			break;
		case 'p':
			job->pid_file = optarg;
			break;
		case 'v':
			job->options.debug = true;
			break;
		default:
			return -1;
		}
	}
	if (argc - optind < 3)
		return -1;
	job->image.name = job->image.path = argv[optind];
	job->folder = argv[optind + 1];
	job->command = argv + optind + 2;
	return 0;
}

/* The build tree: this program is its tests/storage/fsmount. */
static char *build_folder(const char *program)
{
	const char *slash = strrchr(program, '/');

	return mem_format("%.*s/../..", slash ? (int)(slash - program) : 1,
			  slash ? program : ".");
}

int main(int argc, char **argv)
{
	auto_free char *build = build_folder(argv[0]);
	struct job job = { .image.kind = IMAGE_SQUASHFS,
			   .serving = { .view_uid = getuid(), .view_gid = getgid() } };

	job.serving.points = job.points;
	job.options.helper_dir = build;
	if (parse(&job, argc, argv) < 0) {
		(void)fprintf(stderr, "fsmount: IMAGE FOLDER COMMAND [ARG]...\n");
		return 125;
	}
	job.image.fd = open(job.image.path, O_RDONLY | O_CLOEXEC);
	if (job.image.fd < 0) {
		(void)fail(errno, "open '%s'", job.image.path);
		return complain();
	}
	return run(&job);
}
