// SPDX-License-Identifier: Apache-2.0
/* exec.c - executing the command, and why it could not be */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "runtime/exec.h"
#include "runtime/start.h"
#include "runtime/sync.h"

#define STATUS_CANNOT_EXECUTE 126
#define STATUS_NOT_FOUND 127

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#define INTERPRETER_MAX 255 /* BINPRM_BUF_SIZE: what the kernel reads of "#!" */
#define INTERPRETERS_MAX 6  /* more than the kernel follows */

/* What a failed execve() needs to be said beyond its errno: now.detail. */
enum exec_detail {
	EXEC_PLAIN,
	EXEC_IS_FOLDER,
	EXEC_NO_INTERPRETER, /* the file is there; its "#!" or loader is not */
	EXEC_NO_FORMAT,	     /* neither a program nor a script with "#!" */
	EXEC_FOREIGN =
		0x10000, /* for another machine: plus its number in the ELF header */
};

void exec_candidates(const char *command, const struct strv *env, struct strv *ret)
{
	const char *path = env_get(env, "PATH");

	if (!*command || strchr(command, '/')) {
		strv_add(ret, command);
		return;
	}
	path = path ? path : DEFAULT_PATH;
	/* An empty piece is the working directory: POSIX, "Other Environment Variables".
	 */
	for (;;) {
		size_t len = strcspn(path, ":");

		strv_addf(ret, "%.*s%s%s", (int)len, path, len ? "/" : "./", command);
		if (!path[len])
			break;
		path += len + 1;
	}
}

/* Its machine, as the header's byte order writes it; both classes have it at one place.
 */
static int machine_of(const unsigned char header[])
{
	size_t at = offsetof(Elf32_Ehdr, e_machine);

	if (header[EI_DATA] == ELFDATA2MSB)
		return header[at] << 8 | header[at + 1];
	return header[at] | header[at + 1] << 8;
}

/* What kind of file is it that the kernel does not execute? */
static int detail_of_format(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	unsigned char header[offsetof(Elf32_Ehdr, e_version)];

	if (fd < 0 || read(fd, header, sizeof(header)) != sizeof(header))
		return EXEC_NO_FORMAT;
	if (memcmp(header, ELFMAG, SELFMAG) != 0)
		return EXEC_NO_FORMAT;
	return EXEC_FOREIGN + machine_of(header);
}

/* 0: try the next candidate. */
static int explain_candidate(const char *path, int err)
{
	struct stat st;
	bool is_there = stat(path, &st) == 0;

	if (is_there && S_ISDIR(st.st_mode))
		return EXEC_IS_FOLDER;
	if (err == ENOEXEC)
		return detail_of_format(path);
	if (is_there && err == ENOENT)
		return EXEC_NO_INTERPRETER;
	return EXEC_PLAIN;
}

/* Is it urun's own program, by /proc/self/exe? It could then be written to by /proc, as
 * CVE-2019-5736 showed. No one else runs yet who could change what is seen here. (An urun
 * that the user shows inside, to nest, is found without such a link.) */
static bool is_own_program(const struct start_plan *plan, const char *path)
{
	auto_close int root_fd = -1;
	struct stat st;
	int fd;

	if (stat(path, &st) < 0 || st.st_dev != plan->own_dev ||
	    st.st_ino != plan->own_ino)
		return false;
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = file_open_in(root_fd, path, O_PATH, 0);
	if (fd >= 0)
		(void)close(fd); /* O_PATH: nothing to lose */
	return fd < 0;
}

/* The same through the interpreter of a script, or of that one. */
static bool leads_to_own_program(const struct start_plan *plan, const char *path)
{
	char line[INTERPRETER_MAX + 1];

	if (!plan->own_ino)
		return false;
	for (int depth = 0; depth < INTERPRETERS_MAX; depth++) {
		auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		char *interpreter;
		ssize_t n;

		if (is_own_program(plan, path))
			return true;
		n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
		if (n < 2 || line[0] != '#' || line[1] != '!')
			return false;
		line[n] = '\0';
		interpreter = line + 2 + strspn(line + 2, " \t");
		interpreter[strcspn(interpreter, " \t\n")] = '\0';
		path = interpreter;
	}
	return false;
}

static void execute(const struct start_plan *plan, const char *path)
{
	if (leads_to_own_program(plan, path))
		errno = EACCES;
	else
		(void)execve(path, plan->args, plan->env); /* errno tells */
}

int exec_command(struct start_plan *plan)
{
	int kept = ENOENT;

	for (size_t i = 0; i < plan->candidates.count; i++) {
		const char *path = plan->candidates.item[i];
		int detail, err;

		execute(plan, path);
		err = errno;
		detail = explain_candidate(path, err);
		if (err == ENOENT && detail != EXEC_NO_INTERPRETER)
			continue;
		if (err == ENOTDIR && plan->candidates.count > 1)
			continue;
		kept = err;
		plan->now.at = i;
		plan->now.detail = detail;
		/* A later folder of PATH may have one that may be executed. */
		if (err != EACCES)
			break;
	}
	errno = kept;
	return -1;
}

static const struct {
	int machine;
	const char *name;
} machines[] = {
	{ EM_X86_64, "x86_64" }, { EM_386, "i386" },	{ EM_AARCH64, "aarch64" },
	{ EM_ARM, "arm" },	 { EM_PPC64, "ppc64" }, { EM_S390, "s390x" },
	{ EM_RISCV, "riscv" },	 { EM_MIPS, "mips" },	{ 258, "loongarch" },
};

static const char *machine_name(int machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].machine == machine)
			return machines[i].name;
	return "another machine";
}

static int explain_foreign(const char *path, int machine, int err)
{
	struct utsname host;
	const char *name = machine_name(machine);

	(void)uname(&host); /* cannot fail */
	(void)refuse(err, "execute '%s': it is made for %s, and this machine is %s", path,
		     name, host.machine);
	return hint(-err,
		    "use an image for %s, or have the administrator install "
		    "qemu-user and its binfmt_misc handler for %s",
		    host.machine, name);
}

int exec_explain(const struct start_plan *plan, const struct sync_message *message,
		 int *ret_status)
{
	const char *path = plan->candidates.item[message->count];
	const char *command = plan->args[0];
	int err = message->error;

	*ret_status = STATUS_CANNOT_EXECUTE;
	if (message->detail >= EXEC_FOREIGN)
		return explain_foreign(path, message->detail - EXEC_FOREIGN, err);
	switch (message->detail) {
	case EXEC_IS_FOLDER:
		return refuse(err, "execute '%s': it is a folder", path);
	case EXEC_NO_FORMAT:
		(void)refuse(err, "execute '%s': it is neither a program nor a script",
			     path);
		return hint(-err, "a script begins with '#!' and its interpreter");
	case EXEC_NO_INTERPRETER:
		(void)refuse(
			err,
			"execute '%s': its interpreter or loader is not in the image",
			path);
		return hint(-err,
			    "see the first line of the script, or 'readelf -l' of the "
			    "program");
	default:
		break;
	}
	if (err == E2BIG)
		return hint(fail(err, "execute '%s'", path),
			    "the kernel takes 128 KiB in one argument or variable, and a "
			    "quarter of the stack limit (ulimit -s) in all of them");
	if (err != ENOENT && err != ENOTDIR)
		return fail(err, "execute '%s'", path);
	*ret_status = STATUS_NOT_FOUND;
	if (strchr(command, '/'))
		return fail(err, "execute '%s'", command);
	return refuse(err, "execute '%s': not found in the container's PATH", command);
}
