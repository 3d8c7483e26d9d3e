// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "mountspec.h"
#include "tests/tap.h"

typedef int reader(const char *text, struct mount_words *ret);

static void check(reader *read, const char *text, const char *source,
		  const char *destination, const char *options)
{
	struct mount_words words = { 0 };

	ok(read(text, &words) == 0);
	ok_text(words.source, source);
	ok_text(words.destination, destination);
	ok_text(words.options, options);
	mount_words_done(&words);
}

static void reads_binds(void)
{
	check(mount_words_from_bind, "/a", "/a", "/a", "rbind");
	check(mount_words_from_bind, "./a:/b", "./a", "/b", "rbind");
	check(mount_words_from_bind, "~/a:/b:ro,noexec", "~/a", "/b", "rro,noexec,rbind");
	check(mount_words_from_bind, "/a::ro", "/a", "/a", "rro,rbind");
	check(mount_words_from_bind, "/a:/b:bind,z", "/a", "/b", "bind");
}

static void reads_optional(void)
{
	struct mount_words words = { 0 };

	ok(mount_words_from_bind("/a:/b:optional", &words) == 0);
	ok(words.optional);
	ok_text(words.options, "rbind");
	mount_words_done(&words);
}

static void refuses_odd_binds(void)
{
	static const struct {
		const char *text;
		int error;
		const char *says;
	} cases[] = {
		{ "", -EINVAL, "source is missing" },
		{ ":/b", -EINVAL, "source is missing" },
		{ "data:/b", -ENOTSUP, "'data' names a volume" },
		{ "/a:b", -EINVAL, "no absolute path" },
		{ "/a:/b/../../c", -EINVAL, "out of the root" },
		{ "/a:/", -EINVAL, "on the root" },
		{ "/a:/b:sometimes", -EINVAL, "unknown option 'sometimes'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mount_words words = { .source = NULL };

		ok(mount_words_from_bind(cases[i].text, &words) == cases[i].error);
		ok(strstr(last_error.text, cases[i].says));
		ok(!words.source);
	}
}

static void reads_mounts(void)
{
	check(mount_words_from_mount, "type=bind,source=/a,target=/b", "/a", "/b",
	      "rbind");
	check(mount_words_from_mount, "src=/a,dst=/b,readonly", "/a", "/b", "rro,rbind");
	check(mount_words_from_mount, "src=/a,dst=/b,ro=false", "/a", "/b", "rbind");
	check(mount_words_from_mount, "destination=/b,size=1m,type=tmpfs", NULL, "/b",
	      "nosuid,nodev,mode=1777,size=1m");
	check(mount_words_from_mount, "type=tmpfs,target=/b,tmpfs-mode=700,ro", NULL,
	      "/b", "nosuid,nodev,mode=700,ro");
}

static void refuses_odd_mounts(void)
{
	static const char *const cases[] = { "",
					     "type=volume,source=x,target=/b",
					     "type=bind,target=/b",
					     "type=bind,source=/a",
					     "type=bind,source=/a,target=b",
					     "type=bind,source=/a,target=/b,odd=1",
					     "type=tmpfs,target=/b,odd" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mount_words words = { 0 };

		ok(mount_words_from_mount(cases[i], &words) < 0);
		ok(last_error.text[0]);
	}
}

static void reads_tmpfs(void)
{
	struct mount_words words = { 0 };

	check(mount_words_from_tmpfs, "/t", NULL, "/t", "nosuid,nodev,mode=1777");
	check(mount_words_from_tmpfs, "/t:size=1g,mode=700,noexec", NULL, "/t",
	      "nosuid,nodev,size=1g,mode=700,noexec");
	ok(mount_words_from_tmpfs("t", &words) == -EINVAL);
	ok(mount_words_from_tmpfs("/t:odd", &words) == -EINVAL);
}

static void reads_devices(void)
{
	struct mount_words words = { 0 };

	check(mount_words_from_device, "/dev/a", "/dev/a", "/dev/a", "");
	check(mount_words_from_device, "/dev/a:/dev/b:rw", "/dev/a", "/dev/b", "");
	check(mount_words_from_device, "/dev/a:r", "/dev/a", "/dev/a", "");
	ok(mount_words_from_device("/dev/a:/dev/b:x", &words) == -EINVAL);
	ok(mount_words_from_device("nvidia.com/gpu=all", &words) == -ENOTSUP);
	ok(mount_words_from_device("", &words) == -ENOTSUP);
}

int main(void)
{
	RUN(reads_binds);
	RUN(reads_optional);
	RUN(refuses_odd_binds);
	RUN(reads_mounts);
	RUN(refuses_odd_mounts);
	RUN(reads_tmpfs);
	RUN(reads_devices);
	return tap_end();
}
