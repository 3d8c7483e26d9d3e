// SPDX-License-Identifier: Apache-2.0
/* server.c - looking into an image, and having it served: urun's side
 *
 * A folder is looked at directly. A file is left to urun-fs, which is started here and
 * spoken to as protocol.h says; what it answers is checked, since it may have been taken
 * over by the image it reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "storage/protocol.h"

#define ENDING_MS 2000 /* far more than the end of a process takes */

struct image_tree {
	char *name;	/* for sentences */
	int root_fd;	/* a folder's; -1 for files */
	int sock_fd;	/* to the server; -1 for folders */
	pid_t pid;	/* of the server; 0 for folders */
	bool is_served; /* the server lives as long as the mount now */
};

/* ---- the server's program and process -------------------------------- */

static int server_start(const struct image *image,
			const struct image_tree_options *options, struct image_tree *tree)
{
	auto_free char *path = path_join(
		options->helper_dir ? options->helper_dir : LIBEXECDIR, "urun-fs");
	char *args[] = { path, NULL }, *env[] = { NULL };
	auto_close int null_fd = -1, far_fd = -1;
	int pair[2], r;

	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 0)
		return fail(errno, "open '/dev/null'");
	r = socket_pair(pair);
	if (r < 0)
		return r;
	tree->sock_fd = pair[0];
	far_fd = pair[1];
	/* A pipe that the user's command writes to must not stay open in the server. */
	return proc_spawn(
		&(struct proc_spawn){
			.path = path,
			.args = args,
			.env = env,
			.keep_fds = (int[]){ far_fd, image->fd },
			.n_keep_fds = 2,
			.stdin_fd = null_fd,
			.stdout_fd = null_fd,
			.stderr_fd = options->debug ? -1 : null_fd,
			.new_session = true,
		},
		&tree->pid);
}

static int server_open(const struct image *image,
		       const struct image_tree_options *options, struct image_tree *tree)
{
	auto_text struct text body = { 0 };
	int r = server_start(image, options, tree);

	if (r < 0)
		return r;
	open_put(&body, &(struct server_open){
				.offset = image->offset,
				.size = image->size,
				.cache_bytes = options->cache_bytes,
				.threads = options->threads,
				.codec = image->codec,
				.debug = options->debug,
				.command = options->command ? options->command : "",
			});
	r = message_send(tree->sock_fd, MESSAGE_OPEN, &body);
	/* When it is gone already, the first question learns why. */
	return r < 0 && r != -EPIPE ? fail(-r, "talk to the image server") : 0;
}

/* ---- talking to it --------------------------------------------------- */

/* Send one message and wait for its answer. */
static int server_ask(struct image_tree *tree, enum message_kind kind,
		      const struct text *body, enum message_kind wanted,
		      struct message *ret)
{
	const char *sentence;
	int error, r = message_send(tree->sock_fd, kind, body);

	/* When it refused the image it has said why before it left. */
	if (r == 0 || r == -EPIPE || r == -ECONNRESET)
		r = message_receive(tree->sock_fd, MESSAGE_BYTES_MAX, ret);
	if (r == -EPIPE)
		return refuse(EPIPE, "read image '%s': the image server ended",
			      tree->name);
	if (r < 0)
		return fail(-r, "read image '%s': talk to the image server", tree->name);
	if (ret->kind == MESSAGE_FAILED && failed_get(ret, &error, &sentence) == 0)
		return refuse(error, "read image '%s': %s", tree->name, sentence);
	if (ret->kind != wanted)
		return fail(EPROTO, "read image '%s': talk to the image server",
			    tree->name);
	return 0;
}

static int server_look(struct image_tree *tree, struct image_query *queries, size_t count)
{
	auto_message struct message answer = { 0 };
	auto_text struct text body = { 0 };
	int r;

	look_put(&body, queries, count);
	r = server_ask(tree, MESSAGE_LOOK, &body, MESSAGE_ANSWERS, &answer);
	if (r < 0)
		return r;
	r = answers_get(&answer, queries, count);
	return r < 0 ? fail(-r, "read image '%s': talk to the image server", tree->name)
		     : 0;
}

int image_tree_serve(struct image_tree *tree, const struct image_serving *how,
		     int *ret_fd, pid_t *ret_pid)
{
	auto_message struct message answer = { 0 };
	auto_text struct text body = { 0 };
	int r;

	if (tree->sock_fd < 0)
		return refuse(EINVAL, "serve image '%s': it is a folder", tree->name);
	serve_put(&body, how);
	r = server_ask(tree, MESSAGE_SERVE, &body, MESSAGE_DONE, &answer);
	if (r < 0)
		return r;
	tree->is_served = true;
	*ret_fd = tree->sock_fd;
	*ret_pid = tree->pid;
	return 0;
}

/* ---- looking into a folder ------------------------------------------- */

static bool folder_is_empty(int fd)
{
	auto_close int read_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *dir = read_fd < 0 ? NULL : fdopendir(read_fd);
	struct dirent *entry;

	if (!dir)
		return false;	 /* can't tell: as if it had something to lose */
	(void)take_fd(&read_fd); /* dir owns it */
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return false;
	return true;
}

static int folder_query(struct image_tree *tree, struct image_query *query)
{
	auto_close int fd = file_open_in(tree->root_fd, query->path, O_PATH, 0);
	struct stat st;
	int r;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	query->mode = st.st_mode;
	query->uid = st.st_uid;
	query->gid = st.st_gid;
	query->size = S_ISDIR(st.st_mode) ? 0 : (uint64_t)st.st_size;
	query->is_empty = S_ISDIR(st.st_mode) && folder_is_empty(fd);
	if (!query->read_bytes || !S_ISREG(st.st_mode))
		return 0;
	r = file_read_in(tree->root_fd, query->path, MESSAGE_FILE_MAX, &query->data,
			 &query->len);
	if (r == 0 && query->len > query->read_bytes) {
		query->len = query->read_bytes;
		query->data[query->len] = '\0';
	}
	return r;
}

/* ---- the tree -------------------------------------------------------- */

int image_tree_open(const struct image *image, const struct image_tree_options *options,
		    struct image_tree **ret)
{
	struct image_tree *tree;
	int r = 0;

	if (image->kind == IMAGE_LAYOUT || image->kind == IMAGE_ARCHIVE)
		return refuse(ENOTSUP, "read image '%s': it has to be converted first",
			      image->name);
	tree = mem_alloc(sizeof(*tree));
	tree->name = mem_text(image->name);
	tree->root_fd = tree->sock_fd = -1;
	if (image->kind == IMAGE_FOLDER || image->kind == IMAGE_BUNDLE) {
		tree->root_fd = fcntl(image->fd, F_DUPFD_CLOEXEC, 0);
		if (tree->root_fd < 0)
			r = fail(errno, "read image '%s'", image->name);
	} else {
		r = server_open(image, options, tree);
	}
	if (r < 0) {
		image_tree_free(tree);
		return r;
	}
	*ret = tree;
	return 0;
}

/* Does it end by itself, now that its mount or our socket is gone? Then a sanitizer's
 * report comes, too. */
static void await_end(pid_t pid)
{
	auto_close int pid_fd = proc_open(pid);
	struct pollfd end = { .fd = pid_fd, .events = POLLIN };

	if (pid_fd >= 0)
		(void)poll(&end, 1, ENDING_MS); /* it is killed in any case */
}

void image_tree_free(struct image_tree *tree)
{
	int status;

	if (!tree)
		return;
	fd_release(&tree->root_fd);
	fd_release(&tree->sock_fd);
	if (tree->pid > 0 && tree->is_served)
		await_end(tree->pid);
	/* Whoever ends the processes of a container may have waited for it already. Left
	 * to itself it would stay as a zombie where process 1 waits for nobody, as in
	 * many pods; one that somebody stopped would never end. */
	if (tree->pid > 0 && waitpid(tree->pid, &status, WNOHANG) == 0) {
		(void)kill(tree->pid, SIGKILL);	     /* our child, not yet waited for */
		(void)proc_wait(tree->pid, &status); /* likewise */
	}
	free(tree->name);
	free(tree);
}

int image_tree_look(struct image_tree *tree, struct image_query *queries, size_t count)
{
	if (tree->sock_fd >= 0)
		return server_look(tree, queries, count);
	for (size_t i = 0; i < count; i++)
		queries[i].error = folder_query(tree, &queries[i]);
	return 0;
}

void image_query_done(struct image_query *query)
{
	free(query->data);
	query->data = NULL;
	query->len = 0;
}
