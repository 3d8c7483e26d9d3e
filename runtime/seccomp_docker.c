// SPDX-License-Identifier: Apache-2.0
/* seccomp_docker.c - what docker's profiles say about machines and capabilities */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/json.h"
#include "runtime/fields.h"
#include "runtime/runtime.h"
#include "runtime/seccomp_docker.h"

/* What docker calls this machine. */
#if defined(__x86_64__)
#define ARCH_OF_DOCKER "amd64"
#define ARCH_OF_OCI "SCMP_ARCH_X86_64"
#elif defined(__aarch64__)
#define ARCH_OF_DOCKER "arm64"
#define ARCH_OF_OCI "SCMP_ARCH_AARCH64"
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH_OF_DOCKER "ppc64le"
#define ARCH_OF_OCI "SCMP_ARCH_PPC64LE"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH_OF_DOCKER "riscv64"
#define ARCH_OF_OCI "SCMP_ARCH_RISCV64"
#elif defined(__s390x__)
#define ARCH_OF_DOCKER "s390x"
#define ARCH_OF_OCI "SCMP_ARCH_S390X"
#elif defined(__i386__)
#define ARCH_OF_DOCKER "x86"
#define ARCH_OF_OCI "SCMP_ARCH_X86"
#elif defined(__arm__)
#define ARCH_OF_DOCKER "arm"
#define ARCH_OF_OCI "SCMP_ARCH_ARM"
#else
#define ARCH_OF_DOCKER ""
#define ARCH_OF_OCI ""
#endif

static bool list_has(const struct json *list, const char *text)
{
	for (size_t i = 0; i < json_count_of(list); i++) {
		const char *item = json_text_of(json_item(list, i));

		if (item && strcmp(item, text) == 0)
			return true;
	}
	return false;
}

static bool has_cap(const struct json *name, uint64_t caps)
{
	int cap;

	return json_text_of(name) && cap_from_name(json_text_of(name), &cap) == 0 &&
	       caps & UINT64_C(1) << cap;
}

static bool has_any_cap(const struct json *names, uint64_t caps)
{
	for (size_t i = 0; i < json_count_of(names); i++)
		if (has_cap(json_item(names, i), caps))
			return true;
	return false;
}

static bool has_all_caps(const struct json *names, uint64_t caps)
{
	for (size_t i = 0; i < json_count_of(names); i++)
		if (!has_cap(json_item(names, i), caps))
			return false;
	return true;
}

/* "4.8" */
static bool kernel_is_at_least(const char *version)
{
	unsigned int want[2] = { 0 }, have[2] = { 0 };
	struct utsname name;

	if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &have[0], &have[1]) != 2 ||
	    sscanf(version, "%u.%u", &want[0], &want[1]) < 1)
		return false;
	return have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1]);
}

bool seccomp_rule_applies(const struct json *rule, uint64_t caps)
{
	const struct json *in = json_get(rule, "includes");
	const struct json *ex = json_get(rule, "excludes");
	const char *in_kernel = json_text_of(json_get(in, "minKernel"));
	const char *ex_kernel = json_text_of(json_get(ex, "minKernel"));
	const struct json *arches = json_get(in, "arches");

	if (list_has(json_get(ex, "arches"), ARCH_OF_DOCKER) ||
	    has_any_cap(json_get(ex, "caps"), caps) ||
	    (ex_kernel && kernel_is_at_least(ex_kernel)))
		return false;
	return (!json_count_of(arches) || list_has(arches, ARCH_OF_DOCKER)) &&
	       has_all_caps(json_get(in, "caps"), caps) &&
	       (!in_kernel || kernel_is_at_least(in_kernel));
}

bool seccomp_take_arch_map(const struct json *value, void *place)
{
	for (size_t i = 0; i < json_count_of(value); i++) {
		const struct json *entry = json_item(value, i);
		const char *name = json_text_of(json_get(entry, "architecture"));
		const struct json *more = json_get(entry, "subArchitectures");

		if (!name)
			return false;
		if (strcmp(name, ARCH_OF_OCI) != 0)
			continue;
		strv_add(place, name);
		if (json_count_of(more) && !FIELD_TEXTS.take(more, place))
			return false;
	}
	return json_kind_of(value) == JSON_LIST;
}
