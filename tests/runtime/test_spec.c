// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "runtime/runtime.h"
#include "tests/tap.h"

static void lists_grow_and_are_freed(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct spec_device device = { .path = (char *)"/dev/x", .type = 'c' };

	for (unsigned int i = 0; i < 100; i++) {
		spec_add_mount(spec, "/a", "bind", "/b", "ro,rbind");
		spec_add_file(spec, "/f", "abc", 3, 0644);
		spec_add_device(spec, &device);
		id_maps_add(&spec->uid_maps, i, 1000 + i, 1);
	}
	ok(spec->n_mounts == 100);
	ok_text(spec->mounts[99].options.item[1], "rbind");
	ok(spec->urun.n_files == 100);
	ok_text(spec->urun.files[42].content, "abc");
	ok(spec->n_devices == 100);
	ok(spec->devices[7].path != device.path);
	ok(spec->uid_maps.count == 100);
	ok(spec->uid_maps.item[99].outside == 1099);
	spec_free(spec);
	spec_free(NULL);
}

static void mount_without_type_or_options(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct spec_mount *m = spec_add_mount(spec, "/a", NULL, NULL, NULL);

	ok(!m->type && !m->source && m->options.count == 0);
	spec_free(spec);
}

static void last_rlimit_wins(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));

	spec_add_rlimit(spec, RLIMIT_NOFILE, 1, 2);
	spec_add_rlimit(spec, RLIMIT_CORE, 0, 0);
	spec_add_rlimit(spec, RLIMIT_NOFILE, 3, UINT64_MAX);
	ok(spec->process.n_rlimits == 2);
	ok(spec->process.rlimits[0].soft == 3);
	ok(spec->process.rlimits[0].hard == UINT64_MAX);
	spec_free(spec);
}

int main(void)
{
	RUN(lists_grow_and_are_freed);
	RUN(mount_without_type_or_options);
	RUN(last_rlimit_wins);
	return tap_end();
}
