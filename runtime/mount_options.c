// SPDX-License-Identifier: Apache-2.0
/* mount_options.c - options of mounts by name */
#include <errno.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/mount.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/mount_options.h"

#define DATA_MAX 4095 /* mount(2) copies a page and cuts what is longer, silently */

#ifndef MS_NOSYMFOLLOW /* glibc 2.35 */
#define MS_NOSYMFOLLOW 256
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW /* Linux 5.14's headers */
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

#define ATIMES (MS_NOATIME | MS_RELATIME | MS_STRICTATIME)

/* Access times are a field, not bits: the kernel wants the whole field cleared. */
#define ATTR_ATIMES MOUNT_ATTR__ATIME

struct option {
	const char *name;
	unsigned long set, clear;      /* MS_* */
	uint64_t attr_set, attr_clear; /* MOUNT_ATTR_* */
	unsigned long propagation;
};

static const struct option options_known[] = {
	{ "async", .clear = MS_SYNCHRONOUS },
	{ "atime", .clear = MS_NOATIME },
	{ "defaults", .set = 0 },
	{ "dev", .clear = MS_NODEV },
	{ "diratime", .clear = MS_NODIRATIME },
	{ "dirsync", .set = MS_DIRSYNC },
	{ "exec", .clear = MS_NOEXEC },
	{ "iversion", .set = MS_I_VERSION },
	{ "lazytime", .set = MS_LAZYTIME },
	{ "loud", .clear = MS_SILENT },
	{ "mand", .set = MS_MANDLOCK },
	{ "noatime", .set = MS_NOATIME, .clear = ATIMES & ~MS_NOATIME },
	{ "nodev", .set = MS_NODEV },
	{ "nodiratime", .set = MS_NODIRATIME },
	{ "noexec", .set = MS_NOEXEC },
	{ "noiversion", .clear = MS_I_VERSION },
	{ "nolazytime", .clear = MS_LAZYTIME },
	{ "nomand", .clear = MS_MANDLOCK },
	{ "norelatime", .clear = MS_RELATIME },
	{ "nostrictatime", .clear = MS_STRICTATIME },
	{ "nosuid", .set = MS_NOSUID },
	{ "nosymfollow", .set = MS_NOSYMFOLLOW },
	{ "relatime", .set = MS_RELATIME, .clear = ATIMES & ~MS_RELATIME },
	{ "remount", .set = MS_REMOUNT },
	{ "ro", .set = MS_RDONLY },
	{ "rw", .clear = MS_RDONLY },
	{ "silent", .set = MS_SILENT },
	{ "strictatime", .set = MS_STRICTATIME, .clear = ATIMES & ~MS_STRICTATIME },
	{ "suid", .clear = MS_NOSUID },
	{ "symfollow", .clear = MS_NOSYMFOLLOW },
	{ "sync", .set = MS_SYNCHRONOUS },

	{ "private", .propagation = MS_PRIVATE },
	{ "rprivate", .propagation = MS_PRIVATE | MS_REC },
	{ "rshared", .propagation = MS_SHARED | MS_REC },
	{ "rslave", .propagation = MS_SLAVE | MS_REC },
	{ "runbindable", .propagation = MS_UNBINDABLE | MS_REC },
	{ "shared", .propagation = MS_SHARED },
	{ "slave", .propagation = MS_SLAVE },
	{ "unbindable", .propagation = MS_UNBINDABLE },

	{ "ratime", .attr_clear = ATTR_ATIMES },
	{ "rdev", .attr_clear = MOUNT_ATTR_NODEV },
	{ "rdiratime", .attr_clear = MOUNT_ATTR_NODIRATIME },
	{ "rexec", .attr_clear = MOUNT_ATTR_NOEXEC },
	{ "rnoatime", .attr_set = MOUNT_ATTR_NOATIME, .attr_clear = ATTR_ATIMES },
	{ "rnodev", .attr_set = MOUNT_ATTR_NODEV },
	{ "rnodiratime", .attr_set = MOUNT_ATTR_NODIRATIME },
	{ "rnoexec", .attr_set = MOUNT_ATTR_NOEXEC },
	{ "rnorelatime", .set = 0 }, /* relatime is the absence of the others */
	{ "rnostrictatime", .attr_clear = ATTR_ATIMES },
	{ "rnosuid", .attr_set = MOUNT_ATTR_NOSUID },
	{ "rnosymfollow", .attr_set = MOUNT_ATTR_NOSYMFOLLOW },
	{ "rrelatime", .attr_set = MOUNT_ATTR_RELATIME, .attr_clear = ATTR_ATIMES },
	{ "rro", .attr_set = MOUNT_ATTR_RDONLY },
	{ "rrw", .attr_clear = MOUNT_ATTR_RDONLY },
	{ "rstrictatime", .attr_set = MOUNT_ATTR_STRICTATIME, .attr_clear = ATTR_ATIMES },
	{ "rsuid", .attr_clear = MOUNT_ATTR_NOSUID },
	{ "rsymfollow", .attr_clear = MOUNT_ATTR_NOSYMFOLLOW },
};

static const struct option *option_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options_known); i++)
		if (strcmp(options_known[i].name, name) == 0)
			return &options_known[i];
	return NULL;
}

const char *mount_propagation_name(unsigned long propagation)
{
	for (size_t i = 0; propagation && i < ARRAY_SIZE(options_known); i++)
		if (options_known[i].propagation == propagation)
			return options_known[i].name;
	return NULL;
}

int mount_propagation_from_name(const char *name, unsigned long *ret)
{
	const struct option *option = option_find(name);

	if (!option || !option->propagation)
		return -EINVAL;
	*ret = option->propagation;
	return 0;
}

static void option_apply(struct mount_options *o, const struct option *option)
{
	o->set = (o->set & ~option->clear) | option->set;
	o->clear = (o->clear & ~option->set) | option->clear;
	o->attr_set = (o->attr_set & ~option->attr_clear) | option->attr_set;
	o->attr_clear = (o->attr_clear & ~option->attr_set) | option->attr_clear;
	if (option->propagation)
		o->propagation = option->propagation;
}

static bool is_idmap(const char *name)
{
	name += *name == 'r';
	return strcmp(name, "idmap") == 0 || text_starts(name, "idmap=");
}

static bool is_note(const char *name)
{
	return text_starts(name, "x-") || text_starts(name, "X-") ||
	       text_starts(name, "comment=");
}

static int option_parse(struct mount_options *o, const char *name, struct text *data)
{
	const struct option *option = option_find(name);

	if (option) {
		option_apply(o, option);
	} else if (strcmp(name, "bind") == 0 || strcmp(name, "rbind") == 0) {
		o->is_bind = true;
		o->is_recursive = *name == 'r';
	} else if (strcmp(name, "tmpcopyup") == 0) {
		o->tmpcopyup = true;
	} else if (is_idmap(name)) {
		return refuse(ENOTSUP, "mount option '%s' is not supported", name);
	} else if (!is_note(name)) {
		text_addf(data, "%s%s", data->len ? "," : "", name);
	}
	return 0;
}

int mount_options_parse(const struct strv *options, struct mount_options *ret)
{
	auto_text struct text data = { 0 };
	struct mount_options o = { 0 };

	for (size_t i = 0; i < options->count; i++) {
		int r = option_parse(&o, options->item[i], &data);

		if (r < 0)
			return r;
	}
	if (data.len > DATA_MAX)
		return refuse(E2BIG,
			      "mount options take %zu bytes, at most %d are possible",
			      data.len, DATA_MAX);
	if (data.len)
		o.data = text_take(&data);
	*ret = o;
	return 0;
}

void mount_options_done(struct mount_options *options)
{
	if (!options)
		return;
	free(options->data);
	*options = (struct mount_options){ 0 };
}
