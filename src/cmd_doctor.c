// SPDX-License-Identifier: Apache-2.0
/* cmd_doctor.c - urun doctor: does this machine have what urun needs? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "doctor.h"
#include "options.h"
#include "places.h"

struct doctor_options {
	bool json;
};

#define AT(field) AT_OF(struct doctor_options, field)

const struct opt doctor_opts[] = {
	{ OPT_FLAG, .name = "json", AT(json), .help = "Print a JSON array" },
	{ .kind = OPT_END },
};

/* In the order in which they build on each other. */
static const struct doctor_check checks[] = {
	{ "kernel", "everything", true, doctor_try_kernel },
	{ "system calls", "everything", true, doctor_try_calls },
	{ "newer system calls", "shorter ways", false, doctor_try_new_calls },
	{ "user namespaces", "everything", true, doctor_try_userns },
	{ "AppArmor", "user namespaces", false, doctor_try_apparmor },
	{ "one mapped id", "everything", true, doctor_try_one_id },
	{ "ranges of ids", "--root with other owners, --user", false, doctor_try_ranges },
	{ "mounts", "everything", true, doctor_try_mounts },
	{ "fresh /proc", "a PID namespace of its own", false, doctor_try_proc },
	{ "FUSE", "image files without unpacking", false, doctor_try_fuse },
	{ "image server", "image files without unpacking", false, doctor_try_server },
	{ "writable layer", "changes to the image's files", false, doctor_try_layer },
	{ "fuse-overlayfs", "a writable layer where overlayfs fails", false,
	  doctor_try_fuse_overlayfs },
	{ "seccomp", "--isolate, --root without ranges", false, doctor_try_seccomp },
	{ "Landlock", "confining the image server's files", false, doctor_try_landlock },
	{ "tap devices", "a network of its own", false, doctor_try_tun },
	{ "runtime folder", "everything", true, doctor_try_runtime_dir },
	{ "data folder", "kept layers, unpacked images", false, doctor_try_data_dir },
	{ "cgroup v2", "limits", false, doctor_try_cgroup },
	{ "other architectures", "foreign images", false, doctor_try_binfmt },
};

static void print_line(const struct doctor_check *check,
		       const struct doctor_finding *finding)
{
	if (!finding->works)
		printf("%-8s %-20s %s (for %s)%s%s\n",
		       check->basic ? "MISSING" : "missing", check->name,
		       finding->problem, check->purpose,
		       *finding->remedy ? "; remedy: " : "", finding->remedy);
	else if (*finding->found)
		printf("works    %-20s %s\n", check->name, finding->found);
	else
		printf("works    %s\n", check->name);
	(void)fflush(stdout); /* each as soon as it is known */
}

static struct json *finding_to_json(const struct doctor_check *check,
				    const struct doctor_finding *finding)
{
	struct json *map = json_new_map();

	json_put(map, "name", json_new_text(check->name));
	json_put(map, "for", json_new_text(check->purpose));
	json_put(map, "basic", json_new_bool(check->basic));
	json_put(map, "works", json_new_bool(finding->works));
	json_put(map, "found", json_new_text(finding->found));
	json_put(map, "problem", json_new_text(finding->problem));
	json_put(map, "remedy", json_new_text(finding->remedy));
	return map;
}

/* How many basic things are missing? Each finding is printed, or appended to list. */
static unsigned int try_all(const struct doctor_place *place, struct json *list)
{
	unsigned int missing = 0;

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		struct doctor_finding finding = doctor_try(&checks[i], place);

		if (list)
			json_append(list, finding_to_json(&checks[i], &finding));
		else
			print_line(&checks[i], &finding);
		missing += !finding.works && checks[i].basic;
		doctor_finding_done(&finding);
	}
	return missing;
}

static int print_list(struct json *list)
{
	auto_free char *text = json_print(list, true);

	return fputs(text, stdout) < 0 ? fail(errno, "write the findings") : 0;
}

static int examine(const struct settings *settings, bool as_json, int *ret_status)
{
	auto_free char *helpers = place_helpers(), *data = place_data(settings);
	auto_free char *runtime = NULL;
	auto_json struct json *list = as_json ? json_new_list() : NULL;
	struct doctor_place place = { .helper_dir = helpers, .data_dir = data };
	unsigned int missing;

	if (place_runtime(&runtime) == 0)
		place.runtime_dir = runtime;
	missing = try_all(&place, list);
	*ret_status = missing ? 1 : 0;
	if (list)
		return print_list(list);
	printf(missing ? "urun does not work here: see MISSING\n" : "urun works here\n");
	return 0;
}

int cmd_doctor(const struct settings *settings, const struct strv *words, int *ret_status)
{
	struct doctor_options options;
	auto_strv struct strv rest = { 0 };
	int r = opts_parse(doctor_opts, &options, words, &rest);

	if (r < 0)
		return r;
	if (rest.count)
		r = refuse(EINVAL, "doctor takes no '%s'", rest.item[0]);
	else
		r = examine(settings, options.json, ret_status);
	opts_done(doctor_opts, &options);
	return r;
}
