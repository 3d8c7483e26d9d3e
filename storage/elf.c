// SPDX-License-Identifier: Apache-2.0
/* elf.c - what is loaded together with a program of an image
 *
 * Only a forecast comes of it, so whatever is odd about a file ends the look: 64 bits,
 * the byte order of this machine, tables of ordinary size.
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "storage/elf.h"

#define SEGMENTS_MAX 32
#define DYNAMIC_MAX 128 /* entries looked at; a program has about 30 */
#define LIBRARIES_MAX 32

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_DATA ELFDATA2LSB
#else
#define OUR_DATA ELFDATA2MSB
#endif

struct program {
	struct squash *squash;
	const struct squash_inode *file;
	Elf64_Phdr segments[SEGMENTS_MAX];
	size_t n_segments;
};

/* Up to len bytes; how many there are, or -errno. */
static ssize_t read_some(const struct program *program, uint64_t offset, void *data,
			 size_t len)
{
	struct squash_pieces pieces;
	size_t done = 0;
	int r = squash_read(program->squash, program->file, offset, len, &pieces);

	if (r < 0)
		return r;
	for (size_t i = 0; i < pieces.count; i++) {
		memcpy((char *)data + done, pieces.piece[i].iov_base,
		       pieces.piece[i].iov_len);
		done += pieces.piece[i].iov_len;
		pieces.used_up[i] = false;
	}
	squash_release(program->squash, &pieces);
	return (ssize_t)done;
}

static int read_all(const struct program *program, uint64_t offset, void *data,
		    size_t len)
{
	ssize_t n = read_some(program, offset, data, len);

	return n < 0 ? (int)n : (size_t)n == len ? 0 : -ENOEXEC;
}

static int read_script(const char *head, char ret_interpreter[PATH_MAX])
{
	const char *at = head + 2 + strspn(head + 2, " \t");
	size_t len = strcspn(at, " \t\r\n");

	(void)snprintf(ret_interpreter, PATH_MAX, "%.*s", (int)len, at); /* it fits */
	return 0;
}

static int read_segments(struct program *program, const Elf64_Ehdr *head)
{
	if (head->e_phentsize != sizeof(Elf64_Phdr) || head->e_phnum > SEGMENTS_MAX)
		return -ENOEXEC;
	program->n_segments = head->e_phnum;
	return read_all(program, head->e_phoff, program->segments,
			program->n_segments * sizeof(Elf64_Phdr));
}

static const Elf64_Phdr *find_segment(const struct program *program, uint32_t type)
{
	for (size_t i = 0; i < program->n_segments; i++)
		if (program->segments[i].p_type == type)
			return &program->segments[i];
	return NULL;
}

static int read_interpreter(const struct program *program, char ret[PATH_MAX])
{
	const Elf64_Phdr *segment = find_segment(program, PT_INTERP);

	if (!segment)
		return 0; /* a library, or linked statically */
	if (segment->p_filesz == 0 || segment->p_filesz > PATH_MAX)
		return -ENOEXEC;
	if (read_all(program, segment->p_offset, ret, segment->p_filesz) < 0)
		return -ENOEXEC;
	ret[segment->p_filesz - 1] = '\0';
	return 0;
}

/* Where in the file an address is; 0: nowhere. */
static uint64_t offset_of(const struct program *program, uint64_t address)
{
	for (size_t i = 0; i < program->n_segments; i++) {
		const Elf64_Phdr *segment = &program->segments[i];

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
		    address - segment->p_vaddr < segment->p_filesz)
			return segment->p_offset + (address - segment->p_vaddr);
	}
	return 0;
}

static void add_library(const struct program *program, uint64_t offset,
			struct strv *ret_libraries)
{
	char name[SQUASH_NAME_MAX + 1] = { 0 };

	if (read_some(program, offset, name, sizeof(name) - 1) <= 0)
		return;
	if (name[0] && !strchr(name, '/') && ret_libraries->count < LIBRARIES_MAX)
		strv_add(ret_libraries, name);
}

static int read_libraries(const struct program *program, struct strv *ret)
{
	const Elf64_Phdr *segment = find_segment(program, PT_DYNAMIC);
	Elf64_Dyn entries[DYNAMIC_MAX] = { 0 };
	uint64_t strings = 0;
	ssize_t n;

	if (!segment)
		return 0;
	n = read_some(program, segment->p_offset, entries,
		      segment->p_filesz < sizeof(entries) ? segment->p_filesz
							  : sizeof(entries));
	if (n < 0)
		return (int)n;
	for (size_t i = 0; i < DYNAMIC_MAX; i++)
		if (entries[i].d_tag == DT_STRTAB)
			strings = offset_of(program, entries[i].d_un.d_ptr);
	for (size_t i = 0; strings && i < DYNAMIC_MAX; i++)
		if (entries[i].d_tag == DT_NEEDED && entries[i].d_un.d_val < INT32_MAX)
			add_library(program, strings + entries[i].d_un.d_val, ret);
	return 0;
}

int elf_needs(struct squash *squash, const struct squash_inode *file,
	      struct elf_needs *ret)
{
	struct program program = { .squash = squash, .file = file };
	char head[256] = { 0 }; /* as much as the kernel looks at */
	Elf64_Ehdr elf;
	ssize_t n = read_some(&program, 0, head, sizeof(head) - 1);
	int r;

	*ret = (struct elf_needs){ 0 };
	if (n < 0)
		return (int)n;
	if (memcmp(head, "#!", 2) == 0)
		return read_script(head, ret->interpreter);
	memcpy(&elf, head, sizeof(elf));
	if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
	    elf.e_ident[EI_CLASS] != ELFCLASS64 || elf.e_ident[EI_DATA] != OUR_DATA)
		return -ENOEXEC;
	r = read_segments(&program, &elf);
	if (r == 0)
		r = read_interpreter(&program, ret->interpreter);
	return r == 0 ? read_libraries(&program, &ret->libraries) : r;
}

void elf_needs_done(struct elf_needs *needs)
{
	strv_done(&needs->libraries);
}
