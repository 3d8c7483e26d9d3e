// SPDX-License-Identifier: Apache-2.0
/* protocol.h - what urun and urun-fs say to each other on their socket
 *
 *	urun					urun-fs
 *	OPEN   place and codec           ->	loads the codec, confines itself, reads tables
 *	LOOK   paths                     ->
 *					<-	ANSWERS one for each path, or FAILED
 *	SERVE  owners, mount points      ->
 *					<-	DONE, or FAILED
 *	'F'    the FUSE descriptor       ->	serves it until the mount is gone
 *
 * LOOK may come any number of times. Either side's end of file ends the conversation.
 * A message is a header and a body; a long one goes in pieces of MESSAGE_PIECE_BYTES,
 * each a packet of a SOCK_SEQPACKET socket. Both run on one machine and come from one
 * build, so numbers are in its byte order and another version is refused. urun-fs has
 * read a hostile image: urun believes nothing it says without a check. */
#ifndef URUN_STORAGE_PROTOCOL_H
#define URUN_STORAGE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"
#include "storage/storage.h"

#define PROTOCOL_VERSION 1

#define MESSAGE_PIECE_BYTES 65536    /* well below a socket's default send buffer */
#define MESSAGE_BYTES_MAX (32 << 20) /* a few files of MESSAGE_FILE_MAX */
#define MESSAGE_FILE_MAX (8 << 20)   /* configuration files are smaller by far */
#define MESSAGE_ITEMS_MAX \
	65536		  /* queries or mount points: an item each of 10,000 \
			   * binds and environment files */
#define SERVER_SOCK_FD 3  /* where urun-fs finds the socket ... */
#define SERVER_IMAGE_FD 4 /* ... and the image */

enum message_kind {
	MESSAGE_OPEN = 1,
	MESSAGE_LOOK,
	MESSAGE_ANSWERS,
	MESSAGE_SERVE,
	MESSAGE_DONE,
	MESSAGE_FAILED,
};

struct message {
	enum message_kind kind;
	char *data; /* owned; followed by a NUL that len does not count */
	size_t len;
};

/* 0 or -errno, without a sentence. */
int message_send(int sock_fd, enum message_kind kind, const struct text *body);

/* Waits for one. -EPIPE: the other side is gone; -EPROTO: it speaks another language or
 * version; -EMSGSIZE: more than limit_bytes. Without a sentence. */
int message_receive(int sock_fd, size_t limit_bytes, struct message *ret);
void message_done(struct message *message);
#define auto_message __attribute__((cleanup(message_done)))

/* The bodies. x_put() appends; x_get() checks every length and borrows texts and data
 * from the message: 0 or -EPROTO. */

struct server_open {
	uint64_t offset, size; /* of the squashfs in the file; size 0: to its end */
	uint64_t cache_bytes;  /* 0: the default */
	uint32_t threads;      /* 0: by the CPUs allowed */
	uint32_t codec;	       /* the image's, which needs a library */
	bool debug;
	const char *command; /* likely to be executed first; "": can't tell */
};

void open_put(struct text *body, const struct server_open *open);
int open_get(const struct message *message, struct server_open *ret);

/* Paths and read_bytes only. The caller frees *ret_queries, an array. */
void look_put(struct text *body, const struct image_query *queries, size_t count);
int look_get(const struct message *message, struct image_query **ret_queries,
	     size_t *ret_count);

/* Answers only. answers_get() fills queries, which own their data then. */
void answers_put(struct text *body, const struct image_query *queries, size_t count);
int answers_get(const struct message *message, struct image_query *queries, size_t count);

/* The caller frees ret->points. */
void serve_put(struct text *body, const struct image_serving *how);
int serve_get(const struct message *message, struct image_serving *ret);

/* A sentence and its error number (positive). */
void failed_put(struct text *body, int error, const char *sentence);
int failed_get(const struct message *message, int *ret_error, const char **ret_sentence);

#endif
