// SPDX-License-Identifier: Apache-2.0
/* terminal.c - a terminal of the container's own
 *
 * How it works: the caller's terminal is made raw, so that Ctrl-C and its like reach the
 * container's terminal as bytes and become signals there. Each direction has one buffer
 * and is read only when that is empty: neither side can make us wait for the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "runtime/attach.h"
#include "runtime/device.h"
#include "runtime/mount.h"
#include "runtime/start.h"
#include "runtime/terminal.h"

/* ---- in the child ----------------------------------------------------------- */

static void set_first_size(const struct start_plan *plan, int fd)
{
	const struct spec_process *process = &plan->spec->process;
	struct winsize size = { .ws_row = process->rows, .ws_col = process->columns };

	if (size.ws_row && size.ws_col)
		(void)ioctl(fd, TIOCSWINSZ,
			    &size); /* a wrong size is no reason to fail */
}

/* runtime-spec: "/dev/console is set up if terminal is enabled". */
static int show_console(const struct start_plan *plan, int master_fd)
{
	static const struct attach_attr as_it_is;
	auto_attach struct attach tree = ATTACH_NONE;
	auto_close int target_fd = -1;
	unsigned int number;
	char path[32];

	if (!device_has_own_dev(plan))
		return 0;
	if (ioctl(master_fd, TIOCGPTN, &number) < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "/dev/pts/%u", number); /* fits */
	if (attach_open(AT_FDCWD, path, false, &tree) < 0)
		return -1;
	target_fd = mount_point_of(plan, "/dev/console", false);
	return target_fd < 0 ? -1 : attach_to(&tree, target_fd, &as_it_is);
}

int terminal_open(struct start_plan *plan)
{
	auto_close int master_fd = -1;
	int unlock = 0;

	if (!plan->spec->process.terminal)
		return 0;
	master_fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master_fd < 0 || ioctl(master_fd, TIOCSPTLCK, &unlock) < 0)
		return -1;
	plan->now.terminal_fd = ioctl(master_fd, TIOCGPTPEER,
				      O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (plan->now.terminal_fd < 0)
		return -1;
	if (show_console(plan, master_fd) < 0)
		return -1;
	set_first_size(plan, master_fd);
	plan->now.master_fd = take_fd(&master_fd);
	return 0;
}

int terminal_take(struct start_plan *plan)
{
	int fd = plan->now.terminal_fd;

	if (fd < 0)
		return 0;
	if (ioctl(fd, TIOCSCTTY, 0) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		if (dup2(fd, i) < 0)
			return -1;
	return 0;
}

/* ---- in the supervisor ------------------------------------------------------ */

void terminal_init(struct terminal *terminal)
{
	*terminal = (struct terminal){ .master_fd = -1, .host_fd = -1 };
}

static void make_raw(struct terminal *terminal)
{
	struct termios raw;

	if (tcgetattr(terminal->host_fd, &terminal->saved) < 0)
		return;
	raw = terminal->saved;
	cfmakeraw(&raw);
	terminal->is_raw = tcsetattr(terminal->host_fd, TCSADRAIN, &raw) == 0;
}

int terminal_begin(struct terminal *terminal, int master_fd)
{
	terminal->master_fd = master_fd;
	terminal->in = (struct terminal_flow){ .from_fd = STDIN_FILENO,
					       .to_fd = master_fd };
	terminal->out = (struct terminal_flow){ .from_fd = master_fd,
						.to_fd = STDOUT_FILENO };
	if (isatty(STDIN_FILENO))
		terminal->host_fd = STDIN_FILENO;
	else if (isatty(STDOUT_FILENO))
		terminal->host_fd = STDOUT_FILENO;
	if (fcntl(master_fd, F_SETFL, O_NONBLOCK) < 0)
		return fail(errno, "prepare the terminal");
	if (terminal->host_fd >= 0) {
		terminal_resize(terminal);
		make_raw(terminal);
	}
	return 0;
}

void terminal_resize(struct terminal *terminal)
{
	struct winsize size;

	if (terminal->master_fd < 0 || terminal->host_fd < 0)
		return;
	if (ioctl(terminal->host_fd, TIOCGWINSZ, &size) == 0 && size.ws_row)
		(void)ioctl(terminal->master_fd, TIOCSWINSZ, &size); /* cosmetic */
}

static bool is_empty(const struct terminal_flow *flow)
{
	return flow->start == flow->end;
}

static size_t watch_flow(const struct terminal_flow *flow, struct pollfd *ret)
{
	if (!is_empty(flow))
		*ret = (struct pollfd){ .fd = flow->to_fd, .events = POLLOUT };
	else if (!flow->is_over)
		*ret = (struct pollfd){ .fd = flow->from_fd, .events = POLLIN };
	else
		return 0;
	return 1;
}

size_t terminal_watch(const struct terminal *terminal, struct pollfd *ret)
{
	size_t n;

	if (terminal->master_fd < 0)
		return 0;
	n = watch_flow(&terminal->in, ret);
	return n + watch_flow(&terminal->out, ret + n);
}

/* At the end of our input the container's terminal sees Ctrl-D, as script(1) does. */
static void end_flow(struct terminal *terminal, struct terminal_flow *flow)
{
	struct termios mode;

	flow->is_over = true;
	if (flow != &terminal->in || tcgetattr(terminal->master_fd, &mode) < 0)
		return;
	if (mode.c_lflag & ICANON) {
		flow->data[0] = (char)mode.c_cc[VEOF];
		flow->start = 0;
		flow->end = 1;
	}
}

static void move_flow(struct terminal *terminal, struct terminal_flow *flow)
{
	ssize_t n;

	if (is_empty(flow)) {
		n = read(flow->from_fd, flow->data, sizeof(flow->data));
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			end_flow(terminal, flow); /* EIO: the other side is closed */
		if (n > 0) {
			flow->start = 0;
			flow->end = (size_t)n;
		}
		return;
	}
	n = write(flow->to_fd, flow->data + flow->start, flow->end - flow->start);
	if (n > 0)
		flow->start += (size_t)n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		flow->start = flow->end; /* nobody reads: as a closed terminal */
}

void terminal_serve(struct terminal *terminal, const struct pollfd *watched, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pollfd *p = &watched[i];
		struct terminal_flow *flow = &terminal->in;

		if (!p->revents)
			continue;
		if ((p->events == POLLIN && p->fd == terminal->out.from_fd) ||
		    (p->events == POLLOUT && p->fd == terminal->out.to_fd))
			flow = &terminal->out;
		move_flow(terminal, flow);
	}
}

void terminal_end(struct terminal *terminal)
{
	struct terminal_flow *out = &terminal->out;

	if (terminal->master_fd < 0)
		return;
	/* Everybody inside is gone: what is left is there, and then comes EIO. */
	while (!is_empty(out) || !out->is_over) {
		bool was_empty = is_empty(out);

		move_flow(terminal, out);
		if (was_empty && is_empty(out))
			break;
	}
	if (terminal->is_raw)
		(void)tcsetattr(terminal->host_fd, TCSADRAIN,
				&terminal->saved); /* it may be closed by now */
	fd_release(&terminal->master_fd);
	terminal_init(terminal);
}
