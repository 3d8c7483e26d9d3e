// SPDX-License-Identifier: Apache-2.0
/* spec_types.c - the types of config.json's members that are none of fields.c's */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/mount_options.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "runtime/spec_json.h"

static bool take_absolute(const struct json *value, void *place)
{
	const char *text = json_text_of(value);

	return text && *text == '/' && FIELD_TEXT.take(value, place);
}

static struct json *give_text(const void *place)
{
	return FIELD_TEXT.give(place);
}

const struct field_type TYPE_ABSOLUTE = { .is = "an absolute path",
					  .take = take_absolute,
					  .give = give_text };

static bool take_u16(const struct json *value, void *place)
{
	uint64_t number;

	if (!json_unsigned_of(value, &number) || number > USHRT_MAX)
		return false;
	*(unsigned short *)place = (unsigned short)number;
	return true;
}

static struct json *give_u16(const void *place)
{
	unsigned short number = *(const unsigned short *)place;

	return number ? json_new_number(number) : NULL;
}

const struct field_type TYPE_U16 = { .is = "a whole number from 0 to 65535",
				     .take = take_u16,
				     .give = give_u16 };

static bool take_propagation(const struct json *value, void *place)
{
	const char *name = json_text_of(value);

	if (name && *name == '\0')
		return true; /* as if it were absent, as podman writes it */
	return name && mount_propagation_from_name(name, place) == 0;
}

static struct json *give_propagation(const void *place)
{
	const char *name = mount_propagation_name(*(const unsigned long *)place);

	return name ? json_new_text(name) : NULL;
}

const struct field_type TYPE_PROPAGATION = { .is = "a kind of propagation",
					     .take = take_propagation,
					     .give = give_propagation };

static bool take_root_path(const struct json *value, void *place)
{
	const char *text = json_text_of(value);

	return text && (*text == '\0' || FIELD_TEXT.take(value, place));
}

static struct json *give_root_path(const void *place)
{
	const char *text = *(char *const *)place;

	return json_new_text(text ? text : "");
}

const struct field_type TYPE_ROOT_PATH = { .is = "a path",
					   .take = take_root_path,
					   .give = give_root_path };

/* config.md: what can't be mapped to a capability MUST be logged as a warning. */
static bool take_cap_set(const struct json *value, void *place)
{
	uint64_t *set = place;

	for (size_t i = 0; i < json_count_of(value); i++) {
		const char *name = json_text_of(json_item(value, i));
		int cap;

		if (!name)
			return false;
		if (cap_from_name(name, &cap) == 0)
			*set |= UINT64_C(1) << cap;
		else
			log_warn("unknown capability '%s', ignoring", name);
	}
	return json_kind_of(value) == JSON_LIST;
}

static struct json *give_cap_set(const void *place)
{
	uint64_t set = *(const uint64_t *)place;
	struct json *list;

	if (!set)
		return NULL;
	list = json_new_list();
	for (int cap = 0; cap_name(cap); cap++)
		if (set & UINT64_C(1) << cap)
			json_append(list, json_new_text(cap_name(cap)));
	return list;
}

static const struct field_type type_cap_set = { .is = "a list of texts",
						.take = take_cap_set,
						.give = give_cap_set };

#define CAPS_AT(set) .at = sizeof(uint64_t) * (set)

static const struct field caps_fields[] = {
	{ "bounding", &type_cap_set, CAPS_AT(CAPS_BOUNDING) },
	{ "effective", &type_cap_set, CAPS_AT(CAPS_EFFECTIVE) },
	{ "inheritable", &type_cap_set, CAPS_AT(CAPS_INHERITABLE) },
	{ "permitted", &type_cap_set, CAPS_AT(CAPS_PERMITTED) },
	{ "ambient", &type_cap_set, CAPS_AT(CAPS_AMBIENT) },
	FIELDS_END
};

static int read_caps(struct field_path *path, const struct field *field,
		     const struct json *value, void *place)
{
	struct spec_process *process = place;

	(void)field; /* the table is here */
	process->has_caps = true;
	return fields_read(path, caps_fields, value, process->caps);
}

static struct json *give_caps(const void *place)
{
	const struct spec_process *process = place;

	return process->has_caps ? fields_write(caps_fields, process->caps) : NULL;
}

const struct field_type TYPE_CAPS = { .read = read_caps, .give = give_caps };

static bool take_oom_score(const struct json *value, void *place)
{
	struct spec_process *process = place;
	long long score = json_number_of(value);

	if (!json_is_whole(value) || score < -1000 || score > 1000)
		return false;
	process->has_oom_score_adj = true;
	process->oom_score_adj = (int)score;
	return true;
}

static struct json *give_oom_score(const void *place)
{
	const struct spec_process *process = place;

	return process->has_oom_score_adj ? json_new_number(process->oom_score_adj)
					  : NULL;
}

const struct field_type TYPE_OOM_SCORE = { .is = "a whole number from -1000 to 1000",
					   .take = take_oom_score,
					   .give = give_oom_score };

static bool take_umask(const struct json *value, void *place)
{
	struct spec_process *process = place;
	uint64_t mask;

	if (!json_unsigned_of(value, &mask) || mask > 0777)
		return false;
	process->has_umask = true;
	process->umask = (mode_t)mask;
	return true;
}

static struct json *give_umask(const void *place)
{
	const struct spec_process *process = place;

	return process->has_umask ? json_new_number(process->umask) : NULL;
}

const struct field_type TYPE_UMASK = { .is = "a whole number from 0 to 511",
				       .take = take_umask,
				       .give = give_umask };

static bool take_rlimit(const struct json *value, void *place)
{
	const char *name = json_text_of(value);

	return name && text_starts(name, "RLIMIT_") && rlimit_from_name(name, place) == 0;
}

static struct json *give_rlimit(const void *place)
{
	const char *name = rlimit_name(*(const int *)place);

	return name ? json_new_text(name) : NULL;
}

const struct field_type TYPE_RLIMIT = { .is = "the name of a resource limit",
					.take = take_rlimit,
					.give = give_rlimit };

static const char *const ns_names[NS_KINDS] = {
	[NS_USER] = "user",	[NS_MOUNT] = "mount", [NS_PID] = "pid",
	[NS_NET] = "network",	[NS_IPC] = "ipc",     [NS_UTS] = "uts",
	[NS_CGROUP] = "cgroup", [NS_TIME] = "time",
};

struct ns_item {
	int kind;
	char *path;
};

static bool take_ns_kind(const struct json *value, void *place)
{
	const char *name = json_text_of(value);

	for (int kind = 0; name && kind < NS_KINDS; kind++) {
		if (strcmp(name, ns_names[kind]) == 0) {
			*(int *)place = kind;
			return true;
		}
	}
	return false;
}

static struct json *give_ns_kind(const void *place)
{
	return json_new_text(ns_names[*(const int *)place]);
}

static const struct field_type type_ns_kind = { .is = "the name of a namespace",
						.take = take_ns_kind,
						.give = give_ns_kind };

static const struct field ns_fields[] = {
	{ "type", &type_ns_kind, .at = offsetof(struct ns_item, kind), .required = true },
	{ "path", &TYPE_ABSOLUTE, .at = offsetof(struct ns_item, path) },
	FIELDS_END
};

static int read_ns(struct field_path *path, const struct json *value, struct spec_ns *all)
{
	struct ns_item item = { 0 };
	auto_free char *ns_path = NULL;
	int r;

	r = fields_read(path, ns_fields, value, &item);
	ns_path = item.path;
	if (r < 0)
		return r;
	if (all[item.kind].wanted)
		return refuse(EINVAL, "'%s' is a second '%s'", path->text,
			      ns_names[item.kind]);
	all[item.kind].wanted = true;
	all[item.kind].path = take_ptr(&ns_path);
	return 0;
}

static int read_namespaces(struct field_path *path, const struct field *field,
			   const struct json *value, void *place)
{
	(void)field; /* the table is here */
	if (json_kind_of(value) != JSON_LIST)
		return field_refuse(path, "a list");
	for (size_t i = 0; i < json_count_of(value); i++) {
		size_t length = field_enter_item(path, i);
		int r = read_ns(path, json_item(value, i), place);

		if (r < 0)
			return r;
		field_leave(path, length);
	}
	return 0;
}

static struct json *give_namespaces(const void *place)
{
	const struct spec_ns *all = place;
	struct json *list = json_new_list();

	for (int kind = 0; kind < NS_KINDS; kind++) {
		struct ns_item item = { kind, all[kind].path };

		if (all[kind].wanted)
			json_append(list, fields_write(ns_fields, &item));
	}
	return list;
}

const struct field_type TYPE_NAMESPACES = { .read = read_namespaces,
					    .give = give_namespaces };

static bool take_sysctl(const struct json *value, void *place)
{
	const struct json *item;
	void *at = NULL;
	const char *name;

	while (json_next(value, &at, &name, &item)) {
		if (!json_text_of(item))
			return false;
		strv_addf(place, "%s=%s", name, json_text_of(item));
	}
	return json_kind_of(value) == JSON_MAP;
}

static struct json *give_sysctl(const void *place)
{
	const struct strv *all = place;
	struct json *map;

	if (all->count == 0)
		return NULL;
	map = json_new_map();
	for (size_t i = 0; i < all->count; i++) {
		size_t len = strcspn(all->item[i], "=");
		auto_free char *name = mem_text_n(all->item[i], len);
		const char *text = all->item[i] + len;

		json_put(map, name, json_new_text(text + (*text == '=')));
	}
	return map;
}

const struct field_type TYPE_SYSCTL = { .is = "a map of texts",
					.take = take_sysctl,
					.give = give_sysctl };

#define DEVICE_MODE 0666 /* config-linux.md leaves it open; as the other runtimes */

/* The one member that is always there also sets what the absence of "fileMode" means. */
static bool take_device_path(const struct json *value, void *place)
{
	struct spec_device *device = place;

	device->mode = DEVICE_MODE;
	return take_absolute(value, &device->path);
}

static struct json *give_device_path(const void *place)
{
	return give_text(&((const struct spec_device *)place)->path);
}

const struct field_type TYPE_DEVICE_PATH = { .is = "an absolute path",
					     .take = take_device_path,
					     .give = give_device_path };

static bool take_device_type(const struct json *value, void *place)
{
	const char *text = json_text_of(value);

	if (!text || strlen(text) != 1 || !strchr("cbup", *text))
		return false;
	*(char *)place = *text;
	return true;
}

static struct json *give_device_type(const void *place)
{
	const char text[] = { *(const char *)place, '\0' };

	return json_new_text(text);
}

const struct field_type TYPE_DEVICE_TYPE = { .is = "\"c\", \"b\", \"u\" or \"p\"",
					     .take = take_device_type,
					     .give = give_device_type };

/* Some callers leave the file's type in. */
static bool take_file_mode(const struct json *value, void *place)
{
	uint64_t mode;

	if (!json_unsigned_of(value, &mode) || mode > UINT32_MAX)
		return false;
	*(mode_t *)place = (mode_t)mode & 07777;
	return true;
}

static struct json *give_file_mode(const void *place)
{
	return json_new_number(*(const mode_t *)place);
}

const struct field_type TYPE_FILE_MODE = { .is = "a whole number from 0 to 2^32 - 1",
					   .take = take_file_mode,
					   .give = give_file_mode };

static int read_seccomp(struct field_path *path, const struct field *field,
			const struct json *value, void *place)
{
	struct spec *spec = place;
	const uint64_t *caps = spec->process.caps;

	(void)field; /* says nothing more */
	return seccomp_read(path, value, caps[CAPS_BOUNDING] | caps[CAPS_EFFECTIVE],
			    &spec->seccomp);
}

static struct json *give_seccomp(const void *place)
{
	const struct spec *spec = place;

	return spec->seccomp ? seccomp_to_json(spec->seccomp) : NULL;
}

const struct field_type TYPE_SECCOMP = { .read = read_seccomp, .give = give_seccomp };
