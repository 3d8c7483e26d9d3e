// SPDX-License-Identifier: Apache-2.0
/* spec_json.c - config.json, both ways
 *
 * How it works: the tables below are config.json's structure (runtime-spec 1.2,
 * config.md and config-linux.md). fields.c walks them to read and to write; spec_types.c
 * has the types that only this file needs. A new member is a line in a table.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/spec_json.h"

#define AT(type, member) .at = offsetof(struct type, member)
#define REFUSED(member)                                \
	{                                              \
		.name = member, .type = &FIELD_REFUSED \
	}

#define LIST(type, member, item, table) \
	&FIELD_LIST, AT(type, member), .item_bytes = sizeof(struct item), .members = table

/* A list's place is its pointer and its count. */
#define ASSERT_LIST(type, list, n)                                           \
	_Static_assert(offsetof(struct type, n) ==                           \
			       offsetof(struct type, list) + sizeof(void *), \
		       "the count stands behind the list")
ASSERT_LIST(spec_process, groups, n_groups);
ASSERT_LIST(spec_process, rlimits, n_rlimits);
ASSERT_LIST(spec, mounts, n_mounts);
ASSERT_LIST(spec, devices, n_devices);
ASSERT_LIST(id_maps, item, count);

static const struct field console_fields[] = {
	{ "height", &TYPE_U16, AT(spec_process, rows) },
	{ "width", &TYPE_U16, AT(spec_process, columns) },
	FIELDS_END
};

static const struct field user_fields[] = {
	{ "uid", &FIELD_U32, AT(spec_process, uid), .required = true },
	{ "gid", &FIELD_U32, AT(spec_process, gid), .required = true },
	{ "umask", &TYPE_UMASK, AT_WHOLE },
	{ "additionalGids", &FIELD_U32S, AT(spec_process, groups) },
	FIELDS_END
};

static const struct field rlimit_fields[] = {
	{ "type", &TYPE_RLIMIT, AT(spec_rlimit, resource), .required = true },
	{ "soft", &FIELD_U64, AT(spec_rlimit, soft), .required = true },
	{ "hard", &FIELD_U64, AT(spec_rlimit, hard), .required = true },
	FIELDS_END
};

static const struct field process_fields[] = {
	{ "terminal", &FIELD_BOOL, AT(spec_process, terminal) },
	{ "consoleSize", &FIELD_MAP, .members = console_fields },
	{ "user", &FIELD_MAP, .members = user_fields, .required = true },
	{ "args", &FIELD_TEXTS, AT(spec_process, args), .required = true },
	{ "env", &FIELD_TEXTS, AT(spec_process, env) },
	{ "cwd", &TYPE_ABSOLUTE, AT(spec_process, cwd), .required = true },
	{ "capabilities", &TYPE_CAPS, AT_WHOLE },
	{ "rlimits", LIST(spec_process, rlimits, spec_rlimit, rlimit_fields) },
	{ "noNewPrivileges", &FIELD_BOOL, AT(spec_process, no_new_privs) },
	{ "apparmorProfile", &FIELD_TEXT, AT(spec_process, apparmor_profile) },
	{ "selinuxLabel", &FIELD_TEXT, AT(spec_process, selinux_label) },
	{ "oomScoreAdj", &TYPE_OOM_SCORE, AT_WHOLE },
	REFUSED("scheduler"),
	REFUSED("ioPriority"),
	REFUSED("execCPUAffinity"),
	FIELDS_END
};

static const struct field root_fields[] = {
	{ "path", &TYPE_ROOT_PATH, AT(spec, root_path), .required = true },
	{ "readonly", &FIELD_BOOL, AT(spec, root_readonly) },
	FIELDS_END
};

static const struct field mount_fields[] = {
	{ "destination", &TYPE_ABSOLUTE, AT(spec_mount, destination), .required = true },
	{ "type", &FIELD_TEXT, AT(spec_mount, type) },
	{ "source", &FIELD_TEXT, AT(spec_mount, source) },
	{ "options", &FIELD_TEXTS, AT(spec_mount, options) },
	REFUSED("uidMappings"),
	REFUSED("gidMappings"),
	{ "org.urun.optional", &FIELD_BOOL, AT(spec_mount, optional) },
	FIELDS_END
};

static const struct field id_map_fields[] = {
	{ "containerID", &FIELD_U32, AT(id_map, inside), .required = true },
	{ "hostID", &FIELD_U32, AT(id_map, outside), .required = true },
	{ "size", &FIELD_U32, AT(id_map, count), .required = true },
	FIELDS_END
};

static const struct field device_fields[] = {
	{ "path", &TYPE_DEVICE_PATH, .required = true },
	{ "type", &TYPE_DEVICE_TYPE, AT(spec_device, type), .required = true },
	{ "major", &FIELD_U32, AT(spec_device, major) },
	{ "minor", &FIELD_U32, AT(spec_device, minor) },
	{ "fileMode", &TYPE_FILE_MODE, AT(spec_device, mode) },
	{ "uid", &FIELD_U32, AT(spec_device, uid) },
	{ "gid", &FIELD_U32, AT(spec_device, gid) },
	{ "org.urun.source", &FIELD_TEXT, AT(spec_device, source) },
	FIELDS_END
};

/* "devices" is what each runtime's template has; without root there is nothing that it
 * could forbid, so it is not read. */
static const struct field resources_fields[] = {
	REFUSED("memory"),  REFUSED("cpu"),	REFUSED("pids"),
	REFUSED("blockIO"), REFUSED("network"), REFUSED("hugepageLimits"),
	REFUSED("rdma"),    REFUSED("unified"), FIELDS_END
};

static const struct field linux_fields[] = {
	{ "namespaces", &TYPE_NAMESPACES, AT(spec, ns) },
	{ "uidMappings", LIST(spec, uid_maps, id_map, id_map_fields) },
	{ "gidMappings", LIST(spec, gid_maps, id_map, id_map_fields) },
	{ "devices", LIST(spec, devices, spec_device, device_fields) },
	{ "sysctl", &TYPE_SYSCTL, AT(spec, sysctl) },
	{ "seccomp", &TYPE_SECCOMP, AT_WHOLE },
	{ "rootfsPropagation", &TYPE_PROPAGATION, AT(spec, root_propagation) },
	{ "maskedPaths", &FIELD_TEXTS, AT(spec, masked_paths) },
	{ "readonlyPaths", &FIELD_TEXTS, AT(spec, readonly_paths) },
	{ "resources", &FIELD_MAP, .members = resources_fields },
	REFUSED("cgroupsPath"),
	REFUSED("intelRdt"),
	REFUSED("mountLabel"),
	REFUSED("netDevices"),
	REFUSED("personality"),
	REFUSED("timeOffsets"),
	FIELDS_END
};

static const struct field spec_fields[] = {
	{ "ociVersion", &FIELD_TEXT, AT(spec, oci_version), .required = true },
	{ "process", &FIELD_MAP, AT(spec, process), .members = process_fields,
	  .required = true },
	{ "root", &FIELD_MAP, .members = root_fields, .required = true },
	{ "hostname", &FIELD_TEXT, AT(spec, hostname) },
	{ "domainname", &FIELD_TEXT, AT(spec, domainname) },
	{ "mounts", LIST(spec, mounts, spec_mount, mount_fields) },
	REFUSED("hooks"),
	{ "linux", &FIELD_MAP, .members = linux_fields },
	{ "annotations", &TYPE_ANNOTATIONS, AT_WHOLE },
	FIELDS_END
};

/* "" stands for an image; then the annotation names it. */
static int check_root(struct spec *spec)
{
	spec->urun.root_kind = spec->root_path ? ROOT_FOLDER : ROOT_IMAGE;
	if (!spec->root_path && !spec->urun.image)
		return refuse(EINVAL, "'root.path' is empty");
	return 0;
}

/* config.md: "If rlimits contains duplicated entries with same type, the runtime MUST
 * generate an error." */
static int check_rlimits(const struct spec_process *process)
{
	for (size_t i = 0; i < process->n_rlimits; i++)
		for (size_t k = 0; k < i; k++)
			if (process->rlimits[i].resource == process->rlimits[k].resource)
				return refuse(EINVAL, "'process.rlimits' has '%s' twice",
					      rlimit_name(process->rlimits[i].resource));
	return 0;
}

static int check(struct spec *spec)
{
	int r = check_root(spec);

	if (r == 0)
		r = check_rlimits(&spec->process);
	if (r == 0 && spec->process.args.count == 0)
		r = refuse(EINVAL, "'process.args' is empty");
	if (r == 0 && strncmp(spec->oci_version, "1.", 2) != 0)
		r = refuse(ENOTSUP, "'ociVersion' is '%s', only 1.x is supported",
			   spec->oci_version);
	return r;
}

int spec_from_json(const struct json *config, struct spec **ret)
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct field_path path = { "" };
	int r;

	if (json_kind_of(config) != JSON_MAP)
		r = refuse(EINVAL, "the configuration is not a JSON map");
	else
		r = fields_read(&path, spec_fields, config, spec);
	if (r == 0)
		r = check(spec);
	if (r < 0) {
		spec_free(spec);
		return r;
	}
	*ret = spec;
	return 0;
}

struct json *spec_to_json(const struct spec *spec)
{
	return fields_write(spec_fields, spec);
}
