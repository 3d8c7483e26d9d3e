// SPDX-License-Identifier: Apache-2.0
/* container.c - create, start, wait: the supervisor's side of a container
 *
 * How it works: the plan is made (start.c), init cloned (child.c), and then they talk
 * (sync.h). While it waits, the supervisor watches everything that can end the story:
 * init, the image server, signals.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "runtime/child.h"
#include "runtime/explain.h"
#include "runtime/forward.h"
#include "runtime/join.h"
#include "runtime/layer_fuse.h"
#include "runtime/orphans.h"
#include "runtime/start.h"
#include "runtime/sync.h"
#include "runtime/terminal.h"

#define STATUS_FAILED 125

struct container {
	struct start_plan plan;
	struct forward forward;
	struct terminal terminal;
	struct orphans orphans;
	pid_t pid;		   /* init; 0: none, or reaped */
	struct layer_server layer; /* fuse-overlayfs, if there is one */
	int pid_fd;
	int command_fd; /* a pidfd; -1 before the start */
	int image_fd;	/* a pidfd of the image server; -1: none */
};

/* ---- how it ends ------------------------------------------------------------ */

/* Wait for the last of init; without a PID namespace, for what it left. */
static void reap_init(struct container *container)
{
	if (container->pid <= 0)
		return;
	while (waitpid(container->pid, NULL, 0) < 0 && errno == EINTR)
		;
	container->pid = 0;
	layer_fuse_end(&container->layer); /* our child, which the next would wait for */
	orphans_end(&container->orphans);
}

static void kill_init(struct container *container)
{
	if (container->pid > 0)
		(void)kill(container->pid,
			   SIGKILL); /* our child, not reaped: it is there */
	reap_init(container);
}

static int image_server_ended(struct container *container)
{
	kill_init(container);
	return refuse(EIO, "the image server ended before the container");
}

static bool image_server_is_gone(const struct container *container)
{
	struct pollfd p = { .fd = container->image_fd, .events = POLLIN };

	return container->image_fd >= 0 && poll(&p, 1, 0) > 0;
}

/* ---- waiting for a message -------------------------------------------------- */

enum event { EVENT_MESSAGE, EVENT_SIGNAL, EVENT_IMAGE, EVENTS };

/* The next thing that happens on fd; signals are left to be read. */
static enum event await_event(const struct container *container, int fd)
{
	struct pollfd watch[EVENTS] = {
		[EVENT_MESSAGE] = { .fd = fd, .events = POLLIN },
		[EVENT_SIGNAL] = { .fd = container->forward.signal_fd, .events = POLLIN },
		[EVENT_IMAGE] = { .fd = container->image_fd, .events = POLLIN },
	};

	for (;;) {
		if (poll(watch, EVENTS, -1) < 0)
			continue;
		for (int event = 0; event < EVENTS; event++)
			if (watch[event].revents)
				return (enum event)event;
	}
}

/* During create and start: a message on fd. 1, 0 at the end of file, -errno with a
 * sentence. The image server's end is not seen before the message that it may cause. */
static int receive(struct container *container, int fd, struct sync_message *ret,
		   int *ret_fd)
{
	for (;;) {
		enum event event = await_event(container, fd);
		struct signalfd_siginfo info;

		if (event == EVENT_IMAGE)
			return image_server_ended(container);
		if (event == EVENT_SIGNAL && forward_read(&container->forward, &info) &&
		    forward_is_interrupt(&info))
			return refuse(EINTR, "interrupted: %s",
				      strsignal((int)info.ssi_signo));
		if (event == EVENT_MESSAGE) {
			int r = sync_receive(fd, ret, ret_fd);

			return r < 0 ? fail(-r, "hear from the container") : r;
		}
	}
}

/* Start fuse-overlayfs, see sync.h. */
static int serve_layer(struct container *container, int *fuse_fd)
{
	int r = layer_fuse_serve(&container->plan, container->pid_fd, *fuse_fd,
				 &container->layer);

	/* Only the server may hold it, or the mount outlives it and hangs. */
	fd_release(fuse_fd);
	*fuse_fd = -1;
	if (r < 0)
		return r;
	r = sync_send_kind(container->plan.sync_fd, SYNC_LAYER_SERVED);
	return r == -EPIPE ? 0 : r; /* what it died of comes next */
}

/* Do what init needs on the way, and give back the first message that is none of this. */
static int receive_final(struct container *container, struct sync_message *ret,
			 int *ret_fd)
{
	for (;;) {
		int r = receive(container, container->plan.sync_fd, ret, ret_fd);

		if (r > 0 && ret->kind == SYNC_SERVE_LAYER)
			r = serve_layer(container, ret_fd);
		else if (r > 0 && ret->kind == SYNC_LAYER_MOUNTED)
			r = layer_fuse_execute(&container->layer);
		else
			return r;
		if (r < 0)
			return r;
	}
}

/* Init's end is also that of a healthy server; what a dead one makes of a step is this.
 */
static bool is_by_dead_server(const struct sync_message *message)
{
	int err = message->error;

	return err == EPIPE || err == ECONNRESET || err == ENOTCONN ||
	       err == ECONNABORTED || err == ENODEV || err == EIO;
}

/* A message of this kind from init, or the sentence why there is none. */
static int receive_kind(struct container *container, enum sync_kind kind, int *ret_fd)
{
	struct sync_message message;
	int r = receive_final(container, &message, ret_fd);
	int status;

	if (r < 0)
		return r;
	if (r > 0 && message.kind == (int32_t)kind)
		return 0;
	if ((r == 0 || is_by_dead_server(&message)) && image_server_is_gone(container))
		return image_server_ended(container);
	if (r > 0 && message.kind == SYNC_FAILED)
		return explain_failure(&container->plan, &message, &status);
	return refuse(EPIPE, "start: init ended unexpectedly");
}

/* ---- create ----------------------------------------------------------------- */

static int clone_failed(const struct container *container, int err)
{
	int r;

	(void)fail(err, "make namespaces");
	if (!(container->plan.clone_flags & CLONE_NEWUSER))
		return -err;
	/* It knows the causes apart; if it can't reproduce this, ours is the sentence. */
	r = userns_diagnose();
	return r < 0 ? r : fail(err, "make namespaces");
}

static int clone_init(struct container *container)
{
	struct start_plan *plan = &container->plan;
	pid_t pid;

	pid = plan->n_joins ? join_clone(plan, &container->pid_fd)
			    : child_clone(plan->clone_flags, &container->pid_fd);
	if (pid < 0)
		return plan->n_joins ? (int)pid : clone_failed(container, errno);
	if (pid == 0)
		child_run(plan);
	container->pid = plan->init_pid = pid;
	fd_release(&plan->their_sync_fd);
	plan->their_sync_fd = -1;
	fd_release(&plan->their_exec_fd);
	plan->their_exec_fd = -1;
	return 0;
}

static int map_ids(struct container *container)
{
	const struct start_plan *plan = &container->plan;
	int r;

	if (plan->ids.way != IDMAP_DIRECT && plan->ids.way != IDMAP_HELPERS)
		return 0;
	r = idmap_write(&plan->ids, plan->spec, container->pid);
	if (r < 0)
		return r;
	r = sync_send_kind(plan->sync_fd, SYNC_MAPPED);
	return r == -EPIPE ? 0 : r; /* what it died of comes next */
}

static int take_master(struct container *container, int master_fd)
{
	int console_fd = container->plan.io->console_fd;
	int r;

	if (master_fd < 0 || console_fd < 0) {
		container->terminal.master_fd = master_fd;
		return 0;
	}
	r = socket_send(console_fd, "/dev/ptmx", sizeof("/dev/ptmx"), &master_fd, 1);
	(void)close(master_fd); /* it is theirs now */
	return r < 0 ? fail(-r, "send the terminal") : 0;
}

static int create(struct container *container, const struct spec *spec,
		  const struct container_io *io)
{
	struct start_plan *plan = &container->plan;
	int master_fd = -1;
	int r;

	r = forward_begin(&container->forward);
	if (r < 0)
		return r;
	r = start_plan_make(spec, io, plan);
	if (r < 0)
		return r;
	plan->signal_mask = container->forward.caller_mask;
	plan->child_action = container->forward.caller_child;
	if (io->image_pid > 0)
		container->image_fd = proc_open(io->image_pid);
	r = start_plan_connect(plan);
	if (r < 0)
		return r;
	if (!plan->own_pids)
		orphans_begin(&container->orphans);
	r = clone_init(container);
	if (r < 0)
		return r;
	r = map_ids(container);
	if (r < 0)
		return r;
	r = receive_kind(container, SYNC_READY, &master_fd);
	return r < 0 ? r : take_master(container, master_fd);
}

int container_create(const struct spec *spec, const struct container_io *io,
		     struct container **ret)
{
	struct container *container = mem_alloc(sizeof(*container));
	int r;

	container->pid_fd = container->command_fd = container->image_fd = -1;
	container->layer.control_fd = -1;
	container->plan = (struct start_plan){ .sync_fd = -1,
					       .their_sync_fd = -1,
					       .exec_fd = -1,
					       .their_exec_fd = -1,
					       .root.layer.lock_fd = -1 };
	forward_init(&container->forward);
	terminal_init(&container->terminal);
	r = create(container, spec, io);
	if (r < 0)
		container_free(container);
	else
		*ret = container;
	return r;
}

/* ---- start ------------------------------------------------------------------ */

/* End of file on the exec channel: the command is running. */
static int await_exec(struct container *container, int *ret_status)
{
	struct sync_message message;
	int r = receive(container, container->plan.exec_fd, &message, NULL);

	if (r <= 0)
		return r;
	return explain_failure(&container->plan, &message, ret_status);
}

static int start(struct container *container, int *ret_status)
{
	int r = sync_send_kind(container->plan.sync_fd, SYNC_START);

	if (r < 0 && r != -EPIPE)
		return fail(-r, "start the command");
	r = receive_kind(container, SYNC_STARTED, &container->command_fd);
	if (r < 0)
		return r;
	r = await_exec(container, ret_status);
	if (r < 0)
		return r;
	if (container->terminal.master_fd >= 0)
		return terminal_begin(&container->terminal,
				      container->terminal.master_fd);
	return 0;
}

int container_start(struct container *container, int *ret_status)
{
	int r;

	*ret_status = STATUS_FAILED;
	r = start(container, ret_status);
	if (r < 0)
		kill_init(container);
	return r;
}

/* ---- wait ------------------------------------------------------------------- */

static bool has_own_session(const struct container *container)
{
	const struct spec *spec = container->plan.spec;

	return spec->process.terminal || spec->urun.new_session;
}

static void pass_signals(struct container *container)
{
	struct signalfd_siginfo info;

	while (forward_read(&container->forward, &info)) {
		if (info.ssi_signo == SIGWINCH && container->terminal.master_fd >= 0)
			terminal_resize(&container->terminal);
		else
			forward_pass(&info, container->command_fd,
				     has_own_session(container));
	}
}

/* 1 when the container has ended. */
static int take_message(struct container *container, struct container_end *end)
{
	struct sync_message message;
	int r = sync_receive(container->plan.sync_fd, &message, NULL);

	if (r < 0)
		return fail(-r, "hear from the container");
	if (r == 0) {
		/* Before init is reaped: its end is also that of a healthy server. */
		if (image_server_is_gone(container))
			return image_server_ended(container);
		reap_init(container);
		return refuse(ECHILD, "the container's init was killed");
	}
	if (message.kind == SYNC_STOPPED && container->terminal.master_fd < 0)
		forward_stop(message.status);
	if (message.kind != SYNC_ENDED)
		return 0;
	end->status = message.status;
	end->lost_files = message.count;
	end->lost_example = message.count ? mem_text(message.text) : NULL;
	return 1;
}

/* One round: what happened, and the answer to it. 1 when the container has ended. */
static int serve(struct container *container, struct container_end *end)
{
	struct pollfd watch[EVENTS + TERMINAL_POLLS] = {
		[EVENT_MESSAGE] = { .fd = container->plan.sync_fd, .events = POLLIN },
		[EVENT_SIGNAL] = { .fd = container->forward.signal_fd, .events = POLLIN },
		[EVENT_IMAGE] = { .fd = container->image_fd, .events = POLLIN },
	};
	size_t n = terminal_watch(&container->terminal, watch + EVENTS);

	if (poll(watch, EVENTS + n, -1) < 0)
		return 0;
	if (watch[EVENT_SIGNAL].revents)
		pass_signals(container);
	terminal_serve(&container->terminal, watch + EVENTS, n);
	if (watch[EVENT_MESSAGE].revents)
		return take_message(container, end);
	if (watch[EVENT_IMAGE].revents)
		return image_server_ended(container);
	return 0;
}

int container_wait(struct container *container, struct container_end *ret)
{
	struct container_end end = { 0 };
	int r;

	do {
		r = serve(container, &end);
	} while (r == 0);
	reap_init(container);
	terminal_end(&container->terminal);
	if (r < 0)
		return r;
	*ret = end;
	return 0;
}

void container_free(struct container *container)
{
	if (!container)
		return;
	kill_init(container);
	terminal_end(&container->terminal);
	forward_end(&container->forward);
	fd_release(&container->pid_fd);
	fd_release(&container->command_fd);
	fd_release(&container->image_fd);
	start_plan_done(&container->plan);
	free(container);
}

pid_t container_pid(const struct container *container)
{
	return container->pid;
}
