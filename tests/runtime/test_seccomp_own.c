// SPDX-License-Identifier: Apache-2.0
#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/seccomp.h"
#include "tests/runtime/seccomp_try.h"
#include "tests/tap.h"

static const struct spec fake = { .urun = { .fake_root = true } };
static const struct spec no_input = { .urun = { .refuse_tty_input = true } };

static void nothing_asked_nothing_made(void)
{
	static const struct spec plain;
	struct seccomp_programs programs = { .count = 7 };

	ok(seccomp_compile(&plain, &programs) == 0);
	ok(programs.count == 0);
	seccomp_programs_done(&programs);
	seccomp_programs_done(NULL);
}

static int try_chown(void)
{
	return ANSWER(chown("/", 77, 77));
}

static int try_fchownat(void)
{
	return ANSWER(fchownat(AT_FDCWD, "/", 77, 77, AT_SYMLINK_NOFOLLOW));
}

static int try_become_other(void)
{
	gid_t groups[] = { 5, 6 };

	/* By system call: libc would look at more than the answer. */
	if (setgroups(2, groups) < 0 || syscall(SYS_setresgid, 77, 77, 77) < 0 ||
	    syscall(SYS_setuid, 77) < 0)
		return -errno;
	return getuid() == 77 ? -EALREADY : 0;
}

static void owners_and_users_seem_to_change(void)
{
	needs(NEED_NOT_ROOT);
	ok(chown("/", 77, 77) < 0);
	ok(seccomp_try(&fake, try_chown) == 0);
	ok(seccomp_try(&fake, try_fchownat) == 0);
	ok(seccomp_try(&fake, try_become_other) == 0);
}

static char folder[] = "/tmp/test_seccomp_XXXXXX";

static int try_nodes(void)
{
	struct stat st;

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return -errno;
	if (mknod("null", S_IFCHR | 0666, makedev(1, 3)) < 0 ||
	    mknodat(AT_FDCWD, "loop", S_IFBLK | 0600, makedev(7, 0)) < 0)
		return -errno;
	if (stat("null", &st) == 0 || stat("loop", &st) == 0)
		return -EEXIST; /* nothing must have been made */
	if (mknod("pipe", S_IFIFO | 0600, 0) < 0 || mknod("file", 0600, 0) < 0 ||
	    mknodat(AT_FDCWD, "sock", S_IFSOCK | 0600, 0) < 0)
		return -errno;
	if (stat("pipe", &st) < 0 || !S_ISFIFO(st.st_mode) || unlink("pipe") < 0 ||
	    stat("file", &st) < 0 || !S_ISREG(st.st_mode) || unlink("file") < 0 ||
	    stat("sock", &st) < 0 || !S_ISSOCK(st.st_mode) || unlink("sock") < 0)
		return -errno;
	return ANSWER(rmdir(folder));
}

static void only_device_nodes_are_faked(void)
{
	ok(seccomp_try(&fake, try_nodes) == 0);
}

static int try_whiteout(void)
{
	struct stat st;
	int r;

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return -errno;
	r = ANSWER(mknod("gone", S_IFCHR, makedev(0, 0)));
	if (r == 0)
		r = ANSWER(stat("gone", &st));
	(void)unlink("gone"); /* may be missing */
	(void)rmdir(folder);  /* empty */
	return r;
}

static void whiteouts_are_real(void)
{
	ok(seccomp_try(&fake, try_whiteout) == 0);
}

static int try_rest(void)
{
	return getpid() > 0 && access("/", R_OK) == 0 ? 0 : -errno;
}

static void all_else_works(void)
{
	ok(seccomp_try(&fake, try_rest) == 0);
	ok(seccomp_try(&no_input, try_rest) == 0);
}

static int try_tiocsti(void)
{
	return ANSWER(ioctl(0, TIOCSTI, "x"));
}

static int try_tiocsti_high_bits(void)
{
	return ANSWER(syscall(SYS_ioctl, 0, TIOCSTI | (1UL << 40), "x"));
}

static int try_tioclinux(void)
{
	char command = 2;

	return ANSWER(ioctl(-1, TIOCLINUX, &command));
}

static int try_other_ioctl(void)
{
	struct winsize size;

	return ANSWER(ioctl(-1, TIOCGWINSZ, &size));
}

static void terminal_input_is_refused(void)
{
	ok(seccomp_try(&no_input, try_tiocsti) == -EPERM);
	ok(seccomp_try(&no_input, try_tiocsti_high_bits) == -EPERM);
	ok(seccomp_try(&no_input, try_tioclinux) == -EPERM);
	ok(seccomp_try(&no_input, try_other_ioctl) == -EBADF);
}

#if defined(__x86_64__)
/* What a 32-bit program does: the system call table of i386. */
static int call_i386(int number, long a, long b)
{
	int r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(number), "b"(a), "c"(b) : "memory");
	return r;
}

static int try_i386_setgroups(void)
{
	return call_i386(206, 1, (long)-1); /* setgroups32 with a bad address */
}

static int try_i386_tiocsti(void)
{
	return call_i386(54, -1, TIOCSTI);
}

static int try_i386_getpid(void)
{
	return call_i386(20, 0, 0) == getpid() ? 0 : -EPROTO;
}

static int try_x32_tiocsti(void)
{
	return ANSWER(syscall(0x40000000 | 514, -1, TIOCSTI, 0));
}

static void programs_of_32_bits_get_the_same(void)
{
	if (call_i386(20, 0, 0) != getpid())
		return; /* a kernel without 32-bit programs */
	ok(seccomp_try(&fake, try_i386_setgroups) == 0);
	ok(seccomp_try(&fake, try_i386_getpid) == 0);
	ok(seccomp_try(&no_input, try_i386_getpid) == 0);
	ok(seccomp_try(&no_input, try_i386_tiocsti) == -EPERM);
	ok(seccomp_try(&no_input, try_x32_tiocsti) == -EPERM);
}
#else
static void programs_of_32_bits_get_the_same(void)
{
}
#endif

int main(void)
{
	RUN(nothing_asked_nothing_made);
	RUN(owners_and_users_seem_to_change);
	RUN(only_device_nodes_are_faked);
	RUN(whiteouts_are_real);
	RUN(all_else_works);
	RUN(terminal_input_is_refused);
	RUN(programs_of_32_bits_get_the_same);
	return tap_end();
}
