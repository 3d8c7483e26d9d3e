// SPDX-License-Identifier: Apache-2.0
/* terminal.h - a terminal of the container's own; private to runtime
 *
 * The pty is made in the container's devpts. Its master goes to the supervisor, which
 * stands between it and the caller's terminal. */
#ifndef URUN_RUNTIME_TERMINAL_H
#define URUN_RUNTIME_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct start_plan;

/* Steps of the child: 0, or -1 with errno. */
int terminal_open(struct start_plan *plan); /* init, inside the new root */
int terminal_take(struct start_plan *plan); /* the command, in a session of its own */

#define TERMINAL_BUFFER 4096 /* PIPE_BUF: what poll() promises room for */

/* Bytes on their way in one direction. */
struct terminal_flow {
	int from_fd, to_fd;
	char data[TERMINAL_BUFFER];
	size_t start, end;
	bool is_over; /* nothing more will come */
};

struct terminal {
	int master_fd; /* -1: not in use */
	int host_fd;   /* the caller's terminal, whose size counts; -1: none */
	bool is_raw;
	struct termios saved;
	struct terminal_flow in, out;
};

void terminal_init(struct terminal *terminal);

/* Serve master_fd, which is ours from now on, on standard input and output. */
int terminal_begin(struct terminal *terminal, int master_fd);

/* For poll(): fills up to TERMINAL_POLLS entries and tells how many. */
#define TERMINAL_POLLS 4
size_t terminal_watch(const struct terminal *terminal, struct pollfd *ret);
void terminal_serve(struct terminal *terminal, const struct pollfd *watched,
		    size_t count);

void terminal_resize(struct terminal *terminal); /* as the caller's terminal is now */
void terminal_end(struct terminal *terminal); /* passes on the rest; restores the mode */

#endif
