// SPDX-License-Identifier: Apache-2.0
/* protocol.c - what urun and urun-fs say to each other on their socket */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/fd.h"
#include "base/mem.h"
#include "storage/protocol.h"

#define MESSAGE_MAGIC 0x6e757275 /* "urun" */

struct message_head {
	uint32_t magic;
	uint16_t version, kind;
	uint64_t len; /* of the body */
};

/* ---- messages -------------------------------------------------------- */

int message_send(int sock_fd, enum message_kind kind, const struct text *body)
{
	struct message_head head = { MESSAGE_MAGIC, PROTOCOL_VERSION, (uint16_t)kind,
				     body->len };
	int r = socket_send(sock_fd, &head, sizeof(head), NULL, 0);

	for (size_t at = 0; r == 0 && at < body->len; at += MESSAGE_PIECE_BYTES) {
		size_t left = body->len - at;

		r = socket_send(sock_fd, body->data + at,
				left < MESSAGE_PIECE_BYTES ? left : MESSAGE_PIECE_BYTES,
				NULL, 0);
	}
	return r;
}

static int head_receive(int sock_fd, size_t limit_bytes, struct message_head *ret)
{
	ssize_t n = socket_receive(sock_fd, ret, sizeof(*ret), NULL, 0);

	/* It left without reading all; what it said before comes after this error. */
	if (n == -ECONNRESET)
		n = socket_receive(sock_fd, ret, sizeof(*ret), NULL, 0);
	if (n == 0)
		return -EPIPE;
	if (n < 0)
		return n == -EMSGSIZE ? -EPROTO : (int)n;
	if (n != sizeof(*ret) || ret->magic != MESSAGE_MAGIC ||
	    ret->version != PROTOCOL_VERSION || ret->kind < MESSAGE_OPEN ||
	    ret->kind > MESSAGE_FAILED)
		return -EPROTO;
	return ret->len > limit_bytes ? -EMSGSIZE : 0;
}

int message_receive(int sock_fd, size_t limit_bytes, struct message *ret)
{
	struct message_head head;
	auto_free char *data = NULL;
	size_t len = 0;
	int r = head_receive(sock_fd, limit_bytes, &head);

	if (r < 0)
		return r;
	data = mem_alloc(head.len + 1);
	while (len < head.len) {
		ssize_t n = socket_receive(sock_fd, data + len, head.len - len, NULL, 0);

		if (n <= 0)
			return n == 0 ? -EPIPE : n == -EMSGSIZE ? -EPROTO : (int)n;
		len += (size_t)n;
	}
	ret->kind = head.kind;
	ret->data = take_ptr(&data);
	ret->len = len;
	return 0;
}

void message_done(struct message *message)
{
	free(message->data);
	*message = (struct message){ 0 };
}

/* ---- numbers and texts in a body ------------------------------------- */

static void put_u32(struct text *body, uint32_t value)
{
	text_add_n(body, (const char *)&value, sizeof(value));
}

static void put_u64(struct text *body, uint64_t value)
{
	text_add_n(body, (const char *)&value, sizeof(value));
}

static void put_bytes(struct text *body, const char *data, size_t len)
{
	put_u32(body, (uint32_t)len);
	text_add_n(body, data, len);
}

static void put_text(struct text *body, const char *text)
{
	put_bytes(body, text, strlen(text) + 1);
}

/* What is left to read. Once something did not fit, all that follows reads as zero. */
struct reader {
	const char *at;
	size_t left;
	bool bad;
};

static struct reader reader_of(const struct message *message)
{
	return (struct reader){ .at = message->data, .left = message->len };
}

static const char *get_raw(struct reader *in, size_t len)
{
	const char *at = in->at;

	if (in->bad || len > in->left) {
		in->bad = true;
		return NULL;
	}
	in->at += len;
	in->left -= len;
	return at;
}

static uint32_t get_u32(struct reader *in)
{
	const char *at = get_raw(in, sizeof(uint32_t));
	uint32_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t get_u64(struct reader *in)
{
	const char *at = get_raw(in, sizeof(uint64_t));
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

static bool get_bool(struct reader *in)
{
	uint32_t value = get_u32(in);

	if (value > 1)
		in->bad = true;
	return value == 1;
}

/* A text of less than PATH_MAX bytes; "" when bad. */
static const char *get_text(struct reader *in)
{
	uint32_t len = get_u32(in);
	const char *at = get_raw(in, len);

	if (!at || len == 0 || len > PATH_MAX || strnlen(at, len) != len - 1) {
		in->bad = true;
		return "";
	}
	return at;
}

/* How many items follow, each of at least each_bytes. */
static uint32_t get_count(struct reader *in, size_t each_bytes)
{
	uint32_t count = get_u32(in);

	if (count > MESSAGE_ITEMS_MAX || count > in->left / each_bytes) {
		in->bad = true;
		return 0;
	}
	return count;
}

static int reader_end(const struct reader *in)
{
	return in->bad || in->left ? -EPROTO : 0;
}

/* ---- bodies ---------------------------------------------------------- */

void open_put(struct text *body, const struct server_open *open)
{
	put_u64(body, open->offset);
	put_u64(body, open->size);
	put_u64(body, open->cache_bytes);
	put_u32(body, open->threads);
	put_u32(body, open->codec);
	put_u32(body, open->debug);
	put_text(body, open->command);
}

int open_get(const struct message *message, struct server_open *ret)
{
	struct reader in = reader_of(message);

	ret->offset = get_u64(&in);
	ret->size = get_u64(&in);
	ret->cache_bytes = get_u64(&in);
	ret->threads = get_u32(&in);
	ret->codec = get_u32(&in);
	ret->debug = get_bool(&in);
	ret->command = get_text(&in);
	return reader_end(&in);
}

void look_put(struct text *body, const struct image_query *queries, size_t count)
{
	put_u32(body, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		put_u64(body, queries[i].read_bytes);
		put_text(body, queries[i].path);
	}
}

int look_get(const struct message *message, struct image_query **ret_queries,
	     size_t *ret_count)
{
	struct reader in = reader_of(message);
	size_t count = get_count(&in, sizeof(uint64_t) + sizeof(uint32_t) + 1);
	auto_free struct image_query *queries = mem_array(count + 1, sizeof(*queries));
	int r;

	for (size_t i = 0; i < count; i++) {
		queries[i].read_bytes = get_u64(&in);
		queries[i].path = get_text(&in);
	}
	r = reader_end(&in);
	if (r < 0)
		return r;
	*ret_queries = take_ptr(&queries);
	*ret_count = count;
	return 0;
}

void answers_put(struct text *body, const struct image_query *queries, size_t count)
{
	put_u32(body, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		const struct image_query *q = &queries[i];

		put_u32(body, (uint32_t)-q->error);
		put_u32(body, q->mode);
		put_u32(body, q->uid);
		put_u32(body, q->gid);
		put_u64(body, q->size);
		put_u32(body, q->is_empty);
		put_u32(body, q->data != NULL);
		put_bytes(body, q->data ? q->data : "", q->data ? q->len : 0);
	}
}

static void answer_get(struct reader *in, struct image_query *q)
{
	uint32_t error = get_u32(in), len;
	const char *data;
	bool has_data;

	q->mode = get_u32(in);
	q->uid = get_u32(in);
	q->gid = get_u32(in);
	q->size = get_u64(in);
	q->is_empty = get_bool(in);
	has_data = get_bool(in);
	len = get_u32(in);
	data = get_raw(in, len);
	if (error > 4095 ||
	    len > q->read_bytes) /* 4095: the highest errno there can be */
		in->bad = true;
	if (in->bad)
		return;
	q->error = -(int)error;
	if (has_data) {
		q->data = mem_text_n(data, len);
		q->len = len;
	}
}

int answers_get(const struct message *message, struct image_query *queries, size_t count)
{
	struct reader in = reader_of(message);

	if (get_u32(&in) != count)
		return -EPROTO;
	for (size_t i = 0; i < count && !in.bad; i++)
		answer_get(&in, &queries[i]);
	return reader_end(&in);
}

void serve_put(struct text *body, const struct image_serving *how)
{
	put_u32(body, how->owners);
	put_u32(body, how->view_uid);
	put_u32(body, how->view_gid);
	put_u32(body, (uint32_t)how->n_points);
	for (size_t i = 0; i < how->n_points; i++) {
		put_u32(body, how->points[i].is_folder);
		put_text(body, how->points[i].path);
	}
}

int serve_get(const struct message *message, struct image_serving *ret)
{
	struct reader in = reader_of(message);
	auto_free struct image_point *points = NULL;
	size_t count;
	int r;

	ret->owners = get_bool(&in) ? OWNERS_IMAGE : OWNERS_MINE;
	ret->view_uid = get_u32(&in);
	ret->view_gid = get_u32(&in);
	count = get_count(&in, 2 * sizeof(uint32_t) + 1);
	points = mem_array(count + 1, sizeof(*points));
	for (size_t i = 0; i < count; i++) {
		points[i].is_folder = get_bool(&in);
		points[i].path = get_text(&in);
	}
	r = reader_end(&in);
	if (r < 0)
		return r;
	ret->points = take_ptr(&points);
	ret->n_points = count;
	return 0;
}

void failed_put(struct text *body, int error, const char *sentence)
{
	put_u32(body, (uint32_t)error);
	put_text(body, sentence);
}

int failed_get(const struct message *message, int *ret_error, const char **ret_sentence)
{
	struct reader in = reader_of(message);
	uint32_t error = get_u32(&in);
	const char *sentence = get_text(&in);

	if (error == 0 || error > 4095)
		return -EPROTO;
	*ret_error = (int)error;
	*ret_sentence = sentence;
	return reader_end(&in);
}
