// SPDX-License-Identifier: Apache-2.0
/* machine.c - programs for other machines
 *
 * Looked at only when the kernel refused to execute one: with a handler registered in
 * binfmt_misc, other machines' programs simply run. */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "machine.h"
#include "places.h"

#define HEAD_BYTES \
	256 /* an ELF header has 64; the kernel reads this much of a script \
	     */

static const struct {
	unsigned int number, bits;
	const char *name; /* as uname(2) has it */
} machines[] = {
	{ EM_X86_64, 64, "x86_64" },   { EM_386, 32, "i686" },
	{ EM_AARCH64, 64, "aarch64" }, { EM_ARM, 32, "arm" },
	{ EM_PPC64, 64, "ppc64" },     { EM_S390, 64, "s390x" },
	{ EM_RISCV, 64, "riscv64" },   { EM_MIPS, 32, "mips" },
	{ EM_MIPS, 64, "mips64" },     { 258, 64, "loongarch64" },
};

const char *machine_of_elf(const char *data, size_t len)
{
	uint16_t number;
	unsigned int bits;

	if (len < EI_NIDENT + 4 || memcmp(data, ELFMAG, SELFMAG) != 0)
		return NULL;
	memcpy(&number, data + EI_NIDENT + 2, sizeof(number));
	number = data[EI_DATA] == ELFDATA2MSB ? be16toh(number) : le16toh(number);
	bits = data[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].number == number && machines[i].bits == bits)
			return machines[i].name;
	return NULL;
}

/* The first bytes of a file of the image; NULL: none. The caller frees. */
static char *read_head(struct image_tree *tree, const char *path, size_t *ret_len)
{
	struct image_query query = { .path = path, .read_bytes = HEAD_BYTES };
	char *data;

	if (image_tree_look(tree, &query, 1) < 0)
		return NULL;
	data = query.error == 0 ? take_ptr(&query.data) : NULL;
	*ret_len = query.len;
	image_query_done(&query);
	return data;
}

/* The head of the command, wherever PATH has it. */
static char *read_command(struct image_tree *tree, const struct spec_process *process,
			  size_t *ret_len)
{
	const char *name = process->args.item[0], *path = env_get(&process->env, "PATH");
	auto_strv struct strv folders = { 0 };
	char *data = NULL;

	if (strchr(name, '/'))
		return read_head(tree, name, ret_len);
	strv_split(&folders, path ? path : "", ":");
	for (size_t i = 0; !data && i < folders.count; i++) {
		auto_free char *full = path_join(folders.item[i], name);

		data = read_head(tree, full, ret_len);
	}
	return data;
}

/* The machine of the command, or of the interpreter that its first line names. */
static const char *find_machine(struct image_tree *tree,
				const struct spec_process *process)
{
	size_t len = 0;
	auto_free char *head = read_command(tree, process, &len);
	auto_free char *interpreter_head = NULL;
	auto_strv struct strv words = { 0 };

	if (!head || len < 2 || memcmp(head, "#!", 2) != 0)
		return head ? machine_of_elf(head, len) : NULL;
	head[strcspn(head, "\n")] = '\0';
	strv_split(&words, head + 2, " \t");
	if (words.count)
		interpreter_head = read_head(tree, words.item[0], &len);
	return interpreter_head ? machine_of_elf(interpreter_head, len) : NULL;
}

int machine_explain(const struct plan *plan, int r)
{
	auto_free char *helpers = place_helpers();
	struct image_tree_options options = { .helper_dir = helpers };
	struct last_error before = last_error;
	struct image_tree *tree = NULL;
	const char *machine = NULL;
	struct utsname host;

	/* The tree of the plan is being served by now. */
	if (image_tree_open(plan->image, &options, &tree) == 0)
		machine = find_machine(tree, &plan->spec->process);
	image_tree_free(tree);
	if (!machine || uname(&host) < 0 || strcmp(machine, host.machine) == 0) {
		last_error = before;
		return r;
	}
	return hint(refuse(-r, "execute '%s': it is for %s, and this machine is %s",
			   plan->spec->process.args.item[0], machine, host.machine),
		    "get the image for %s, or have the administrator install "
		    "qemu-user-static "
		    "and binfmt-support",
		    host.machine);
}
