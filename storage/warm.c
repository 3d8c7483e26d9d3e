// SPDX-License-Identifier: Apache-2.0
/* warm.c - decompressing early what a start is about to read
 *
 * How it works: a command begins with its program, its loader and the C library being
 * read, some 2 MiB of blocks one after the other, by a process that waits for each. While
 * urun reads configurations and makes namespaces another CPU is idle, and nothing but the
 * command's name is needed to decompress them there. A wrong guess costs that CPU a few
 * milliseconds.
 */
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "storage/path.h"
#include "storage/warm.h"

#define BUDGET_BYTES                                                                     \
	(4U << 20)		 /* a loader and glibc are 2.2 MiB; bounds a wrong guess \
				  */
#define HEAD_BYTES 4096		 /* program headers follow the ELF header */
#define STACK_BYTES (256 * 1024) /* two paths and a read's pieces are 50 KiB */

struct warm {
	pthread_t thread;
	struct squash *squash;
	atomic_bool is_over;
	size_t budget;
	char *command;
};

static const char *const command_folders[] = { "/usr/local/bin",  "/usr/bin",  "/bin",
					       "/usr/local/sbin", "/usr/sbin", "/sbin" };

/* The first that there is. musl's is its loader. */
static const char *const c_libraries[] = {
#if defined __x86_64__
	"/lib/x86_64-linux-gnu/libc.so.6",
#elif defined __aarch64__
	"/lib/aarch64-linux-gnu/libc.so.6",
#elif defined __powerpc64__
	"/lib/powerpc64le-linux-gnu/libc.so.6",
#elif defined __riscv
	"/lib/riscv64-linux-gnu/libc.so.6",
#endif
	"/lib64/libc.so.6",
	"/lib/libc.so.6",
};

/* ---- which files ----------------------------------------------------- */

static bool interpreter_of_elf(const char *head, size_t len, char ret[PATH_MAX])
{
	ElfW(Ehdr) file;
	ElfW(Phdr) part;

	if (len < sizeof(file))
		return false;
	memcpy(&file, head, sizeof(file));
	if (file.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
	    file.e_phentsize != sizeof(part) || file.e_phoff > len)
		return false;
	for (size_t i = 0, at = file.e_phoff;
	     i < file.e_phnum && len - at >= sizeof(part); i++, at += sizeof(part)) {
		memcpy(&part, head + at, sizeof(part));
		if (part.p_type != PT_INTERP)
			continue;
		if (part.p_offset > len || part.p_filesz > len - part.p_offset ||
		    part.p_filesz < 2 || part.p_filesz >= PATH_MAX)
			return false;
		memcpy(ret, head + part.p_offset, part.p_filesz);
		ret[part.p_filesz] = '\0';
		return true;
	}
	return false;
}

static bool interpreter_of_script(const char *head, size_t len, char ret[PATH_MAX])
{
	size_t begin = 2, end;

	while (begin < len && (head[begin] == ' ' || head[begin] == '\t'))
		begin++;
	for (end = begin; end < len && !memchr(" \t\n", head[end], 4); end++)
		if (end - begin == PATH_MAX - 1)
			return false;
	memcpy(ret, head + begin, end - begin);
	ret[end - begin] = '\0';
	return end > begin;
}

bool warm_interpreter(const char *head, size_t len, char ret[PATH_MAX])
{
	if (len >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0)
		return interpreter_of_elf(head, len, ret);
	if (len >= 2 && memcmp(head, "#!", 2) == 0)
		return interpreter_of_script(head, len, ret);
	return false;
}

static bool find_file(struct warm *warm, const char *path, struct squash_inode *ret)
{
	struct path_end end;

	if (path_follow(warm->squash, path, &end) < 0 || end.missing[0] ||
	    !S_ISREG(end.inode.mode))
		return false;
	*ret = end.inode;
	return true;
}

/* As a shell would, with the PATH that most images have. */
static bool find_command(struct warm *warm, struct squash_inode *ret)
{
	if (warm->command[0] == '/')
		return find_file(warm, warm->command, ret);
	if (strchr(warm->command, '/'))
		return false; /* where it starts is not known yet */
	for (size_t i = 0; i < ARRAY_SIZE(command_folders); i++) {
		auto_free char *path = mem_format("%s/%s", command_folders[i],
						  warm->command);

		if (find_file(warm, path, ret))
			return true;
	}
	return false;
}

/* ---- reading --------------------------------------------------------- */

/* Up to room bytes from the beginning. */
static size_t read_head(struct warm *warm, const struct squash_inode *file, char *ret,
			size_t room)
{
	struct squash_pieces pieces;
	size_t len = 0;

	if (squash_read(warm->squash, file, 0, room, &pieces) < 0)
		return 0;
	for (size_t i = 0; i < pieces.count; i++) {
		memcpy(ret + len, pieces.piece[i].iov_base, pieces.piece[i].iov_len);
		len += pieces.piece[i].iov_len;
	}
	squash_release(warm->squash, &pieces);
	return len;
}

/* Bring a file into the cache. A damaged one is reported to who really reads it. */
static void warm_file(struct warm *warm, const struct squash_inode *file)
{
	struct squash_pieces pieces;
	uint64_t at = 0;

	while (at < file->size && !atomic_load(&warm->is_over)) {
		size_t len = SQUASH_READ_MAX / 8; /* one block of the usual size */

		if (warm->budget < len ||
		    squash_read(warm->squash, file, at, len, &pieces) < 0)
			return;
		at += pieces.bytes;
		warm->budget -= pieces.bytes;
		for (size_t i = 0; i < pieces.count; i++)
			pieces.used_up[i] = false;
		squash_release(warm->squash, &pieces);
	}
}

static void warm_c_library(struct warm *warm)
{
	struct squash_inode file;

	for (size_t i = 0; i < ARRAY_SIZE(c_libraries); i++)
		if (find_file(warm, c_libraries[i], &file)) {
			warm_file(warm, &file);
			return;
		}
}

/* A script's interpreter has one, too. The program comes last: of a large one, only the
 * beginning is worth the budget. */
static void *warm_all(void *argument)
{
	struct squash_inode program, loader;
	struct warm *warm = argument;
	char head[HEAD_BYTES], path[PATH_MAX];

	if (!find_command(warm, &program))
		return NULL;
	for (int depth = 0; depth < 2; depth++) {
		size_t len = read_head(warm, &program, head, sizeof(head));

		if (!warm_interpreter(head, len, path) || !find_file(warm, path, &loader))
			break;
		if (head[0] == '#') {
			program = loader;
			continue;
		}
		warm_file(warm, &loader);
		warm_c_library(warm);
		break;
	}
	warm_file(warm, &program);
	return NULL;
}

/* ---- the thread ------------------------------------------------------ */

static bool thread_start(struct warm *warm)
{
	pthread_attr_t attr;
	int r;

	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES); /* else it is larger */
	r = pthread_create(&warm->thread, &attr, warm_all, warm);
	(void)pthread_attr_destroy(&attr); /* cannot fail */
	return r == 0;
}

struct warm *warm_begin(struct squash *squash, const char *command)
{
	struct warm *warm;

	if (!command[0])
		return NULL;
	warm = mem_alloc(sizeof(*warm));
	warm->squash = squash;
	warm->budget = BUDGET_BYTES;
	warm->command = mem_text(command);
	if (thread_start(warm))
		return warm;
	free(warm->command);
	free(warm);
	return NULL;
}

void warm_end(struct warm *warm)
{
	if (!warm)
		return;
	atomic_store(&warm->is_over, true);
	(void)pthread_join(warm->thread, NULL); /* ours, and joinable */
	free(warm->command);
	free(warm);
}
