// SPDX-License-Identifier: Apache-2.0
/* test_elf.c - what programs of an image need, also damaged ones */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/elf.h"
#include "storage/path.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/urun-test-elf-XXXXXX";
static char *image; /* content */
static size_t image_len;

/* Nothing is compressed, so that damage to the image is damage to the program. */
static void make_image(void)
{
	static const char script[] =
		"mkdir root && cp /proc/self/exe root/program && cd root &&"
		"printf '#! /bin/sh -e\\n' >script && printf '#!' >short &&"
		"printf '\\177ELF' >cut && echo text >text && : >empty && mkdir folder &&"
		"mksquashfs . ../image -noI -noD -noF -noappend -quiet -no-progress";
	auto_free char *command = NULL, *path = NULL;

	if (!mkdtemp(scratch))
		return;
	command = mem_format("cd %s && { %s; } >log 2>&1", scratch, script);
	path = mem_format("%s/image", scratch);
	if (system(command) == 0)
		(void)file_read_in(AT_FDCWD, path, 8 << 20, &image, &image_len);
}

static int needs_of(const char *data, const char *path, struct elf_needs *ret)
{
	auto_close int fd = memfd_create("image", MFD_CLOEXEC);
	struct squash_options options = { .fd = fd };
	struct squash *squash = NULL;
	struct path_end end;
	int r;

	*ret = (struct elf_needs){ 0 };
	if (fd < 0 || fd_write_all(fd, data, image_len) < 0 ||
	    squash_open(&options, &squash) < 0)
		return -EINVAL;
	r = path_follow(squash, path, &end);
	if (r == 0)
		r = end.missing[0] ? -ENOENT : elf_needs(squash, &end.inode, ret);
	squash_free(squash);
	return r;
}

static void programs_name_loader_and_libraries(void)
{
	struct elf_needs needs;
	bool has_libc = false;

	ok(needs_of(image, "/program", &needs) == 0);
	ok(needs.interpreter[0] == '/' && strstr(needs.interpreter, "ld"));
	for (size_t i = 0; i < needs.libraries.count; i++)
		has_libc |= strncmp(needs.libraries.item[i], "libc.", 5) == 0;
	ok(has_libc);
	elf_needs_done(&needs);
}

static void scripts_name_their_interpreter(void)
{
	struct elf_needs needs;

	ok(needs_of(image, "/script", &needs) == 0 && needs.libraries.count == 0);
	ok_text(needs.interpreter, "/bin/sh");
	elf_needs_done(&needs);
	ok(needs_of(image, "/short", &needs) == 0);
	ok_text(needs.interpreter, "");
	elf_needs_done(&needs);
}

static void other_files_are_no_programs(void)
{
	static const char *const others[] = { "/cut", "/text", "/empty" };
	struct elf_needs needs;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		ok(needs_of(image, others[i], &needs) == -ENOEXEC);
		elf_needs_done(&needs);
	}
	ok(needs_of(image, "/folder", &needs) == -EISDIR);
	elf_needs_done(&needs);
}

/* Whatever the header says: an answer or an error, under sanitizers nothing else. */
static void damaged_programs_do_no_harm(void)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0xff };
	char *elf = memmem(image, image_len, "\177ELF\2", 5);
	struct elf_needs needs;

	if (!ok(elf != NULL))
		return;
	for (size_t at = 5; at < 512; at++) {
		char before = elf[at];

		for (size_t i = 0; i < sizeof(values); i++) {
			elf[at] = (char)values[i];
			(void)needs_of(image, "/program", &needs); /* either way */
			elf_needs_done(&needs);
		}
		elf[at] = before;
	}
	ok(needs_of(image, "/program", &needs) == 0);
	elf_needs_done(&needs);
}

int main(void)
{
	make_image();
	if (image) {
		RUN(programs_name_loader_and_libraries);
		RUN(scripts_name_their_interpreter);
		RUN(other_files_are_no_programs);
		RUN(damaged_programs_do_no_harm);
	}
	(void)file_remove_tree(AT_FDCWD, scratch); /* the host cleans /tmp, too */
	free(image);
	return tap_end();
}
