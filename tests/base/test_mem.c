// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/tap.h"

static void memory_is_zeroed(void)
{
	auto_free unsigned char *p = mem_array(10, 100);
	auto_free char *none = mem_alloc(0);

	for (int i = 0; i < 1000; i++)
		if (!ok(p[i] == 0))
			break;
	ok(none != NULL);
}

static void texts_are_copied(void)
{
	static const char text[] = "abc";
	auto_free char *all = mem_text(text), *part = mem_text_n(text, 2);
	auto_free char *made = mem_format("%d-%s", 7, text);

	ok(all != text);
	ok_text(all, "abc");
	ok_text(part, "ab");
	ok_text(made, "7-abc");
	ok(mem_text(NULL) == NULL);
}

static void room_is_there_and_zeroed(void)
{
	uint64_t *list = NULL;

	for (size_t n = 0; n < 1000; n++) {
		list = mem_room(list, n, sizeof(*list));
		if (!ok(list[n] == 0))
			break;
		list[n] = n;
	}
	ok(list[999] == 999 && list[0] == 0 && list[512] == 512);
	free(list);
}

static void taking_leaves_null(void)
{
	auto_free char *text = mem_text("x");
	auto_free char *taken = take_ptr(&text);

	ok(text == NULL);
	ok_text(taken, "x");
}

/* -1: killed */
static int exit_status_of(void (*function)(void))
{
	int status, null_fd;
	pid_t pid = fork();

	if (pid == 0) {
		null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		(void)dup2(null_fd, STDERR_FILENO); /* only keeps the output clean */
		function();
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void overflow(void)
{
	volatile size_t count = SIZE_MAX / 2;

	free(mem_array(count, 3));
}

static void too_much(void)
{
	volatile size_t bytes = SIZE_MAX / 4;

	free(mem_grow(NULL, bytes, 2));
}

static void no_memory_ends_with_125(void)
{
#if !defined(__SANITIZE_ADDRESS__)
	ok(exit_status_of(overflow) == 125);
	ok(exit_status_of(too_much) == 125);
#else
	(void)overflow;
	(void)too_much;
	(void)exit_status_of;
#endif
}

int main(void)
{
	RUN(memory_is_zeroed);
	RUN(texts_are_copied);
	RUN(room_is_there_and_zeroed);
	RUN(taking_leaves_null);
	RUN(no_memory_ends_with_125);
	return tap_end();
}
