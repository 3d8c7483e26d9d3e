// SPDX-License-Identifier: Apache-2.0
/* test_protocol.c - messages arrive as they were sent, and wrong ones are refused */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/fd.h"
#include "base/mem.h"
#include "storage/protocol.h"
#include "tests/tap.h"

static int near_fd, far_fd;

static void connect_pair(void)
{
	int pair[2];

	ok(socket_pair(pair) == 0);
	near_fd = pair[0];
	far_fd = pair[1];
}

static void disconnect(void)
{
	fd_release(&near_fd);
	fd_release(&far_fd);
}

static void *send_large(void *body)
{
	return (void *)(intptr_t)message_send(near_fd, MESSAGE_ANSWERS, body);
}

static void large_message_arrives_whole(void)
{
	auto_message struct message message = { 0 };
	auto_text struct text body = { 0 };
	pthread_t sender;
	void *r;

	connect_pair();
	for (int i = 0; i < 300000; i++)
		text_addf(&body, "%06d", i);
	ok(pthread_create(&sender, NULL, send_large, &body) == 0);
	ok(message_receive(far_fd, MESSAGE_BYTES_MAX, &message) == 0);
	(void)pthread_join(sender, &r); /* ours, and joinable */
	ok(!r && message.kind == MESSAGE_ANSWERS && message.len == body.len);
	ok(memcmp(message.data, body.data, body.len) == 0);
	disconnect();
}

static void ends_are_told_apart(void)
{
	struct message message = { 0 };
	struct text nothing = { 0 };
	char junk[16] = "GET / HTTP/1.0\r";

	connect_pair();
	ok(message_send(near_fd, MESSAGE_DONE, &nothing) == 0);
	ok(message_receive(far_fd, 0, &message) == 0);
	ok(message.kind == MESSAGE_DONE && message.len == 0);
	message_done(&message);
	ok(socket_send(near_fd, junk, sizeof(junk), NULL, 0) == 0);
	ok(message_receive(far_fd, 0, &message) == -EPROTO);
	ok(socket_send(near_fd, junk, 3, NULL, 0) == 0);
	ok(message_receive(far_fd, 0, &message) == -EPROTO);
	fd_release(&near_fd);
	near_fd = -1;
	ok(message_receive(far_fd, 0, &message) == -EPIPE);
	ok(message_send(far_fd, MESSAGE_DONE, &nothing) == -EPIPE);
	ok(!message.data);
	disconnect();
}

static void longer_than_the_limit_is_refused(void)
{
	struct message message = { 0 };
	auto_text struct text body = { 0 };

	connect_pair();
	text_add(&body, "12345");
	ok(message_send(near_fd, MESSAGE_LOOK, &body) == 0);
	ok(message_receive(far_fd, 4, &message) == -EMSGSIZE);
	disconnect();
}

static struct message message_of(struct text *body)
{
	return (struct message){ .data = body->data, .len = body->len };
}

static void open_arrives(void)
{
	auto_text struct text body = { 0 };
	struct server_open sent = { 1ull << 40, 77, 5, 3, 6, true, "sh" }, got;
	struct message message;

	open_put(&body, &sent);
	message = message_of(&body);
	ok(open_get(&message, &got) == 0);
	ok(got.offset == sent.offset && got.size == 77 && got.cache_bytes == 5 &&
	   got.threads == 3 && got.codec == 6 && got.debug);
	ok_text(got.command, "sh");
	message.len--;
	ok(open_get(&message, &got) == -EPROTO);
}

static void questions_and_answers_arrive(void)
{
	struct image_query asked[2] = { { .path = "/a", .read_bytes = 9 },
					{ .path = "/" } };
	auto_text struct text look = { 0 }, answers = { 0 };
	auto_free struct image_query *seen = NULL;
	struct message message;
	size_t count = 0;

	look_put(&look, asked, 2);
	message = message_of(&look);
	ok(look_get(&message, &seen, &count) == 0);
	ok(count == 2 && seen[0].read_bytes == 9);
	ok_text(seen[0].path, "/a");
	seen[0].mode = 0100644;
	seen[0].size = 1ull << 33;
	seen[0].data = mem_text("hello");
	seen[0].len = 5;
	seen[1].error = -ENOENT;
	answers_put(&answers, seen, count);
	image_query_done(&seen[0]);
	message = message_of(&answers);
	ok(answers_get(&message, asked, 2) == 0);
	ok(asked[0].mode == 0100644 && asked[0].size == 1ull << 33 && asked[0].len == 5);
	ok_text(asked[0].data, "hello");
	ok(asked[1].error == -ENOENT && !asked[1].data);
	image_query_done(&asked[0]);
}

static void answers_to_other_questions_are_refused(void)
{
	struct image_query given = {
		.path = "/a", .read_bytes = 5, .data = (char *)"12345", .len = 5
	};
	struct image_query asked[2] = { { .path = "/a", .read_bytes = 4 } };
	auto_text struct text body = { 0 };
	struct message message;

	answers_put(&body, &given, 1);
	message = message_of(&body);
	ok(answers_get(&message, asked, 2) == -EPROTO);
	ok(answers_get(&message, asked, 1) == -EPROTO); /* more than was asked for */
	ok(!asked[0].data);
}

static void serving_arrives(void)
{
	struct image_point points[2] = { { "/data", true }, { "/etc/x", false } };
	struct image_serving sent = { OWNERS_IMAGE, 7, 8, points, 2 }, got;
	auto_text struct text body = { 0 };
	struct message message;

	serve_put(&body, &sent);
	message = message_of(&body);
	ok(serve_get(&message, &got) == 0);
	ok(got.owners == OWNERS_IMAGE && got.view_uid == 7 && got.view_gid == 8);
	ok(got.n_points == 2 && got.points[0].is_folder && !got.points[1].is_folder);
	ok_text(got.points[1].path, "/etc/x");
	free((void *)got.points);
}

static void sentences_arrive(void)
{
	auto_text struct text body = { 0 };
	const char *sentence = NULL;
	struct message message;
	int error = 0;

	failed_put(&body, EINVAL, "its superblock is damaged");
	message = message_of(&body);
	ok(failed_get(&message, &error, &sentence) == 0);
	ok(error == EINVAL);
	ok_text(sentence, "its superblock is damaged");
}

/* Each beginning of a good body, and each byte of it changed, is refused or harmless. */
static void cut_and_changed_bodies_are_survived(void)
{
	struct image_point points[2] = { { "/data", true }, { "/etc/x", false } };
	struct image_serving sent = { OWNERS_MINE, 7, 8, points, 2 };
	auto_text struct text body = { 0 };

	serve_put(&body, &sent);
	for (size_t len = 0; len < body.len; len++) {
		auto_free char *cut = mem_text_n(body.data, len);
		struct message message = { .data = cut, .len = len };
		struct image_serving got;

		ok(serve_get(&message, &got) == -EPROTO);
	}
	for (size_t at = 0; at < body.len; at++) {
		auto_free char *copy = mem_text_n(body.data, body.len);
		struct message message = { .data = copy, .len = body.len };
		struct image_serving got;

		copy[at] = (char)0xff;
		if (serve_get(&message, &got) == 0)
			free((void *)got.points);
	}
}

int main(void)
{
	RUN(large_message_arrives_whole);
	RUN(ends_are_told_apart);
	RUN(longer_than_the_limit_is_refused);
	RUN(open_arrives);
	RUN(questions_and_answers_arrive);
	RUN(answers_to_other_questions_are_refused);
	RUN(serving_arrives);
	RUN(sentences_arrive);
	RUN(cut_and_changed_bodies_are_survived);
	return tap_end();
}
