// SPDX-License-Identifier: Apache-2.0
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "storage/warm.h"
#include "tests/tap.h"

static char path[PATH_MAX];

static bool finds(const char *head)
{
	return warm_interpreter(head, strlen(head), path);
}

static void reads_the_line_of_scripts(void)
{
	ok(finds("#!/bin/sh\necho\n"));
	ok_text(path, "/bin/sh");
	ok(finds("#! \t/usr/bin/env python3\n"));
	ok_text(path, "/usr/bin/env");
	ok(finds("#!/bin/sh"));
	ok_text(path, "/bin/sh");
	ok(!finds("#!\n"));
	ok(!finds("#! "));
	ok(!finds("#!"));
	ok(!finds("#"));
	ok(!finds(""));
	ok(!finds("echo\n"));
}

static void refuses_endless_lines(void)
{
	char line[PATH_MAX + 2];

	memset(line, 'x', sizeof(line));
	memcpy(line, "#!", 2);
	ok(!warm_interpreter(line, sizeof(line), path));
	ok(warm_interpreter(line, sizeof(line) - 1, path));
	ok(strlen(path) == PATH_MAX - 1);
}

static void reads_programs(void)
{
	auto_close int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char head[4096];

	ok(read(fd, head, sizeof(head)) == (ssize_t)sizeof(head));
	ok(warm_interpreter(head, sizeof(head), path));
	ok(access(path, X_OK) == 0);
}

struct small_program {
	ElfW(Ehdr) file;
	ElfW(Phdr) part;
	char name[8];
};

static struct small_program small_program(void)
{
	struct small_program program = {
		.file = { .e_phoff = offsetof(struct small_program, part),
			  .e_phentsize = sizeof(ElfW(Phdr)),
			  .e_phnum = 1 },
		.part = { .p_type = PT_INTERP,
			  .p_offset = offsetof(struct small_program, name),
			  .p_filesz = sizeof(program.name) },
		.name = "/ld.so",
	};

	memcpy(program.file.e_ident, ELFMAG, SELFMAG);
	program.file.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	return program;
}

static bool finds_in(const struct small_program *program, size_t len)
{
	return warm_interpreter((const char *)program, len, path);
}

static void believes_no_number_of_a_program(void)
{
	struct small_program good = small_program(), bad;

	ok(finds_in(&good, sizeof(good)));
	ok_text(path, "/ld.so");
	for (size_t len = 0; len < sizeof(good); len++)
		ok(!finds_in(&good, len));
	bad = good;
	bad.file.e_phoff = UINT64_MAX;
	ok(!finds_in(&bad, sizeof(bad)));
	bad = good;
	bad.file.e_phnum = UINT16_MAX;
	bad.part.p_type = PT_LOAD;
	ok(!finds_in(&bad, sizeof(bad)));
	bad = good;
	bad.part.p_offset = UINT64_MAX - 1;
	ok(!finds_in(&bad, sizeof(bad)));
	bad = good;
	bad.part.p_filesz = UINT64_MAX;
	ok(!finds_in(&bad, sizeof(bad)));
	bad = good;
	bad.part.p_filesz = 1;
	ok(!finds_in(&bad, sizeof(bad)));
	bad = good;
	bad.file.e_ident[EI_CLASS] = 0;
	ok(!finds_in(&bad, sizeof(bad)));
}

int main(void)
{
	RUN(reads_the_line_of_scripts);
	RUN(refuses_endless_lines);
	RUN(reads_programs);
	RUN(believes_no_number_of_a_program);
	return tap_end();
}
