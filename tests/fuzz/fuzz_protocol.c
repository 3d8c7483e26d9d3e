// SPDX-License-Identifier: Apache-2.0
/* fuzz_protocol.c - any bytes as messages between urun and urun-fs, both ways
 *
 * The first byte is the kind of the body that follows; 0: a whole packet from the socket.
 */
#include <string.h>

#include "base/fd.h"
#include "base/mem.h"
#include "storage/protocol.h"
#include "tests/fuzz/fuzz.h"

#define PACKET_MAX 65536 /* fits a socket's buffer, so that sending does not wait */

static void receive_packets(const char *data, size_t len)
{
	auto_message struct message message = { 0 };
	int pair[2];

	if (len > PACKET_MAX || socket_pair(pair) < 0)
		return;
	/* The head is a packet, the rest another one. */
	if (socket_send(pair[0], data, len < 16 ? len : 16, NULL, 0) == 0 && len > 16)
		(void)socket_send(pair[0], data + 16, len - 16, NULL, 0); /* or not */
	(void)close(pair[0]); /* so that nothing waits for more */
	(void)message_receive(pair[1], MESSAGE_BYTES_MAX, &message);
	(void)close(pair[1]);
}

/* What urun asked for: the answers have to fit. */
static void read_answers(const struct message *message)
{
	struct image_query queries[3] = { { .path = "/a", .read_bytes = 100 },
					  { .path = "/b" },
					  { .path = "/c", .read_bytes = 1 } };

	(void)answers_get(message, queries, ARRAY_SIZE(queries)); /* or it is refused */
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		image_query_done(&queries[i]);
}

static void read_questions(const struct message *message)
{
	auto_free struct image_query *queries = NULL;
	size_t count;

	if (look_get(message, &queries, &count) == 0 && count &&
	    strlen(queries[count - 1].path) >= message->len)
		abort(); /* a path that does not end */
}

static void read_serving(const struct message *message)
{
	struct image_serving how = { 0 };

	if (serve_get(message, &how) == 0)
		free((void *)how.points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct message message = { .data = (char *)data + 1, .len = len - 1 };
	struct server_open open;
	const char *sentence;
	int error;

	if (len == 0)
		return 0;
	switch (data[0] % 7) {
	case MESSAGE_OPEN:
		(void)open_get(&message, &open); /* either will do */
		break;
	case MESSAGE_LOOK:
		read_questions(&message);
		break;
	case MESSAGE_ANSWERS:
		read_answers(&message);
		break;
	case MESSAGE_SERVE:
		read_serving(&message);
		break;
	case MESSAGE_FAILED:
		(void)failed_get(&message, &error, &sentence); /* either will do */
		break;
	default:
		receive_packets(message.data, message.len);
	}
	return 0;
}
