// SPDX-License-Identifier: Apache-2.0
/* main.c - urun: run OCI images without root */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "command_line.h"
#include "commands.h"

/* One line, whatever an argument or an image put into it. */
static void print_line(const char *prefix, const char *text)
{
	char line[ERROR_TEXT_MAX];
	size_t i;

	for (i = 0; text[i] && i < sizeof(line) - 1; i++)
		line[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i];
	line[i] = '\0';
	(void)fprintf(stderr, "%s%s\n", prefix, line); /* nobody left to tell */
}

/* A descriptor of ours must not become 2 and get our messages. Reading and writing still
 * fail as on what is closed, and the command finds it closed. */
static int fill_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int useless = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", useless | O_CLOEXEC) != fd)
			return fail(errno, "open '/dev/null'");
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status = STATUS_FAILED;
	int r = fill_standard_streams();

	if (r == 0)
		r = command_line_run(argv + (argc > 0), &status);
	if (r == 0 && (fflush(stdout) != 0 || ferror(stdout))) {
		r = fail(errno, "write to standard output");
		status = STATUS_FAILED;
	}
	if (r < 0) {
		print_line("urun: ", last_error.text);
		if (*last_error.hint)
			print_line("hint: ", last_error.hint);
	}
	return status;
}
