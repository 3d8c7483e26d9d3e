// SPDX-License-Identifier: Apache-2.0
/* main.c - urun: run OCI images without root */
#include <errno.h>
#include <stdio.h>

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

int main(int argc, char **argv)
{
	int status = STATUS_FAILED;
	int r = command_line_run(argv + (argc > 0), &status);

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
