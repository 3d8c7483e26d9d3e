// SPDX-License-Identifier: Apache-2.0
/* answer.c - the image server's side of the conversation */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "storage/answer.h"
#include "storage/codec.h"
#include "storage/confine.h"
#include "storage/path.h"
#include "storage/protocol.h"
#include "storage/workers.h"

#define THREADS_MAX 8 /* each may hold 3 MiB of blocks */

/* ---- queries --------------------------------------------------------- */

/* Does a folder show nothing? One that can't be read is not called empty. */
static bool folder_is_empty(struct squash *squash, const struct squash_inode *folder)
{
	struct squash_entry entry;
	struct squash_dir dir;

	return squash_dir_open(squash, folder, 0, &dir) == 0 &&
	       squash_dir_next(squash, &dir, &entry) == 0;
}

static int read_file(struct squash *squash, const struct squash_inode *file, size_t limit,
		     struct image_query *query)
{
	auto_text struct text text = { 0 };
	struct squash_pieces pieces;

	if (limit > MESSAGE_FILE_MAX)
		limit = MESSAGE_FILE_MAX;
	while (text.len < limit && text.len < file->size) {
		int r = squash_read(squash, file, text.len, limit - text.len, &pieces);

		if (r < 0)
			return r;
		for (size_t i = 0; i < pieces.count; i++)
			text_add_n(&text, pieces.piece[i].iov_base,
				   pieces.piece[i].iov_len);
		squash_release(squash, &pieces);
	}
	query->len = text.len;
	query->data = text_take(&text);
	return 0;
}

void answer_query(struct squash *squash, struct image_query *query)
{
	struct path_end end;
	int r = path_follow(squash, query->path, &end);

	if (r == 0 && end.missing[0])
		r = -ENOENT;
	if (r == 0) {
		query->mode = end.inode.mode;
		query->uid = end.inode.uid;
		query->gid = end.inode.gid;
		query->size = S_ISDIR(end.inode.mode) ? 0 : end.inode.size;
		query->is_empty = S_ISDIR(end.inode.mode) &&
				  folder_is_empty(squash, &end.inode);
		if (query->read_bytes && S_ISREG(end.inode.mode))
			r = read_file(squash, &end.inode, query->read_bytes, query);
	}
	query->error = r;
}

/* ---- messages -------------------------------------------------------- */

static int answer_look(struct squash *squash, int sock_fd, const struct message *message)
{
	auto_text struct text body = { 0 };
	auto_free struct image_query *queries = NULL;
	size_t count = 0, bytes = 0;
	int r = look_get(message, &queries, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		if (bytes + MESSAGE_FILE_MAX > MESSAGE_BYTES_MAX / 2)
			queries[i].read_bytes = 0; /* keeps the whole below the limit */
		answer_query(squash, &queries[i]);
		bytes += queries[i].len;
	}
	answers_put(&body, queries, count);
	for (size_t i = 0; i < count; i++)
		image_query_done(&queries[i]);
	return message_send(sock_fd, MESSAGE_ANSWERS, &body);
}

static int answer_serve(struct answered *answered, int sock_fd,
			const struct message *message)
{
	struct text nothing = { 0 };
	struct image_serving how;
	int r = serve_get(message, &how);

	if (r < 0)
		return r;
	/* From here on nothing fails, so urun need not wait for it. */
	r = message_send(sock_fd, MESSAGE_DONE, &nothing);
	tree_make(answered->squash, &how, &answered->tree);
	free((void *)how.points);
	return r;
}

/* Whatever urun asks of a bad image, the answer is why it is bad. */
static int answer_failed(int sock_fd, int r)
{
	auto_text struct text body = { 0 };
	struct message message = { 0 };
	int received = message_receive(sock_fd, MESSAGE_BYTES_MAX, &message);

	message_done(&message);
	failed_put(&body, -r, last_error.text);
	if (received == 0)
		(void)message_send(sock_fd, MESSAGE_FAILED,
				   &body); /* or nobody listens */
	return r;
}

static int receive_open(int sock_fd, int image_fd, unsigned int cpus,
			struct answered *answered)
{
	auto_message struct message message = { 0 };
	struct squash_options options = { .fd = image_fd,
					  .before_slow = workers_step_aside };
	struct server_open open;
	int r = message_receive(sock_fd, MESSAGE_BYTES_MAX, &message);

	if (r == 0 && message.kind != MESSAGE_OPEN)
		r = -EPROTO;
	if (r == 0)
		r = open_get(&message, &open);
	if (r < 0)
		return r;
	if (open.debug)
		log_set_level(LOG_DEBUG);
	answered->threads = open.threads ? open.threads : cpus;
	if (answered->threads > THREADS_MAX)
		answered->threads = THREADS_MAX;
	options.offset = open.offset;
	options.size = open.size;
	options.cache_bytes = open.cache_bytes;
	options.threads = answered->threads;
	(void)codec_load(open.codec); /* if it can't be, squash_open() says so */
	confine_self();
	r = squash_open(&options, &answered->squash);
	if (r < 0)
		return answer_failed(sock_fd, r);
	/* With one CPU it would only be in the way. */
	if (cpus > 1 && answered->threads > 1)
		answered->prefetch = prefetch_begin(answered->squash, open.command,
						    PREFETCH_PATIENCE_US);
	return 0;
}

/* The last message is one byte, from the container's first process. */
static int receive_fuse(int sock_fd, int *ret_fd)
{
	int fds[1];
	char byte;
	ssize_t n = socket_receive(sock_fd, &byte, sizeof(byte), fds, 1);

	if (n < 0)
		return (int)n;
	if (n == 0)
		return -EPIPE;
	if (byte != 'F' || fds[0] < 0) {
		fd_release(&fds[0]);
		return -EPROTO;
	}
	*ret_fd = fds[0];
	return 0;
}

static int answer_loop(int sock_fd, struct answered *answered)
{
	int r = 0;

	while (r == 0 && !answered->tree) {
		auto_message struct message message = { 0 };

		r = message_receive(sock_fd, MESSAGE_BYTES_MAX, &message);
		if (r == 0 && message.kind == MESSAGE_LOOK)
			r = answer_look(answered->squash, sock_fd, &message);
		else if (r == 0 && message.kind == MESSAGE_SERVE)
			r = answer_serve(answered, sock_fd, &message);
		else if (r == 0)
			r = -EPROTO;
	}
	return r < 0 ? r : receive_fuse(sock_fd, &answered->fuse_fd);
}

int answer_all(int sock_fd, int image_fd, unsigned int cpus, struct answered *ret)
{
	struct answered answered = { .fuse_fd = -1 };
	int r = receive_open(sock_fd, image_fd, cpus, &answered);

	if (r == 0)
		r = answer_loop(sock_fd, &answered);
	if (r < 0) {
		answered_done(&answered);
		return r;
	}
	*ret = answered;
	return 0;
}

void answered_done(struct answered *answered)
{
	prefetch_free(answered->prefetch);
	tree_free(answered->tree);
	squash_free(answered->squash);
}
