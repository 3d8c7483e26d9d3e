// SPDX-License-Identifier: Apache-2.0
/* cmd_explain.c - urun explain: what a run would do, in plain words
 *
 * The planners' own notes say why; what is in the spec is told from the spec, so that
 * it is what happens. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "plan.h"

#define LABEL_WIDTH 13

/* Lines below one heading; the first one stands beside it. */
struct section {
	const char *heading;
};

static void line(struct section *section, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void line(struct section *section, const char *format, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, format);
	text = mem_format_v(format, ap);
	va_end(ap);
	/* main() checks the stream at the end */
	(void)printf("%-*s%s\n", LABEL_WIDTH, section->heading, text);
	section->heading = "";
}

static void notes(struct section *section, const struct plan *plan, const char *topic)
{
	for (size_t i = 0; i < plan->n_notes; i++)
		if (strcmp(plan->notes[i].topic, topic) == 0)
			line(section, "%s", plan->notes[i].text);
}

static char *joined(const struct strv *words, const char *separator)
{
	struct text out = { 0 };

	for (size_t i = 0; i < words->count; i++)
		text_addf(&out, "%s%s", i ? separator : "", words->item[i]);
	return text_take(&out);
}

/* ---- sections ---------------------------------------------------------- */

static const char *kind_name(enum image_kind kind)
{
	switch (kind) {
	case IMAGE_SQUASHFS:
		return "a squashfs file";
	case IMAGE_SIF:
		return "a SIF file";
	case IMAGE_FOLDER:
		return "a root file system folder";
	case IMAGE_BUNDLE:
		return "an OCI bundle";
	default:
		return "not run here";
	}
}

static void explain_image(const struct plan *plan)
{
	struct section section = { "Image" };
	const struct image *image = plan->image;

	line(&section, "%s: %s", image->path, kind_name(image->kind));
	if (plan->spec->urun.root_kind == ROOT_IMAGE)
		line(&section, "shown by the image server (FUSE); its files belong to %s",
		     plan->spec->uid_maps.count > 1 ? "whom the image says" : "you");
	notes(&section, plan, "image");
}

static void explain_command(const struct plan *plan)
{
	struct section section = { "Command" };
	auto_free char *args = joined(&plan->spec->process.args, " ");

	line(&section, "%s", args);
	line(&section, "starts in %s%s", plan->spec->process.cwd,
	     plan->spec->process.terminal ? ", with a terminal of its own" : "");
	notes(&section, plan, "command");
}

static void explain_map(struct section *section, const char *what,
			const struct id_maps *maps)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct id_map *map = &maps->item[i];

		if (map->count == 1)
			line(section, "%s %" PRIu32 " inside is %" PRIu32 " outside",
			     what, map->inside, map->outside);
		else
			line(section,
			     "%ss %" PRIu32 " to %" PRIu32 " inside are %" PRIu32
			     " to %" PRIu32 " outside",
			     what, map->inside, map->inside + (map->count - 1),
			     map->outside, map->outside + (map->count - 1));
	}
}

static void explain_identity(const struct plan *plan)
{
	struct section section = { "Identity" };

	notes(&section, plan, "identity");
	explain_map(&section, "uid", &plan->spec->uid_maps);
	explain_map(&section, "gid", &plan->spec->gid_maps);
	line(&section, "%s",
	     plan->spec->process.keep_groups
		     ? "your groups still grant access, without names inside"
		     : "your groups are dropped");
}

static void explain_layer(struct section *section, const struct spec *spec)
{
	struct layer_choice choice = { "read-only", "" };

	if (spec->urun.layer == LAYER_NONE) {
		line(section, "the root is read-only");
		return;
	}
	if (spec->urun.layer_folder && access(spec->urun.layer_folder, F_OK) < 0) {
		line(section, "changes to the root: kept in %s, which is made then",
		     spec->urun.layer_folder);
		return;
	}
	if (layer_choose(spec, &choice) < 0) {
		line(section, "changes: %s", last_error.text);
		error_clear();
		return;
	}
	line(section, "changes to the root: %s, %s%s%s", choice.name,
	     spec->urun.layer == LAYER_FOLDER && !spec->urun.layer_shared
		     ? "kept in the overlay folder"
		     : "thrown away at the end",
	     choice.reason[0] ? "; " : "", choice.reason);
	if (spec->urun.layer_folder)
		line(section, "overlay folder: %s", spec->urun.layer_folder);
	if (spec->root_readonly)
		line(section, "the root is read-only once the mounts are there");
}

static void explain_mount(struct section *section, const struct spec_mount *mount)
{
	auto_free char *options = joined(&mount->options, ",");

	if (mount->type && strcmp(mount->type, "bind") == 0)
		line(section, "%s is %s of the host (%s)", mount->destination,
		     mount->source, options);
	else
		line(section, "%s is a new %s (%s)", mount->destination,
		     mount->type ? mount->type : "mount", options);
}

static void explain_files(const struct plan *plan)
{
	struct section section = { "Files" };

	explain_layer(&section, plan->spec);
	for (size_t i = 0; i < plan->spec->n_mounts; i++)
		explain_mount(&section, &plan->spec->mounts[i]);
	notes(&section, plan, "files");
}

static void explain_namespaces(struct section *section, const struct spec *spec)
{
	static const char *const names[NS_KINDS] = { "user", "mount", "pid",	"network",
						     "IPC",  "UTS",   "cgroup", "time" };
	struct strv own = { 0 }, shared = { 0 };
	auto_free char *own_text = NULL, *shared_text = NULL;

	for (size_t i = 0; i < NS_KINDS; i++)
		strv_add(spec->ns[i].wanted ? &own : &shared, names[i]);
	own_text = joined(&own, ", ");
	shared_text = joined(&shared, ", ");
	line(section, "own namespaces: %s; shared with the host: %s", own_text,
	     shared_text);
	strv_done(&own);
	strv_done(&shared);
}

static void explain_caps(struct section *section, const struct spec_process *process)
{
	uint64_t caps = process->caps[CAPS_BOUNDING];
	int last = cap_last();
	bool all = true;
	struct strv names = { 0 };
	auto_free char *text = NULL;

	for (int i = 0; i <= last; i++) {
		if (caps & (UINT64_C(1) << i))
			strv_add(&names, cap_name(i));
		else
			all = false;
	}
	text = joined(&names, " ");
	line(section, "capabilities: %s",
	     all	   ? "all, over what is the container's own"
	     : names.count ? text
			   : "none");
	strv_done(&names);
}

static void explain_isolation(const struct plan *plan)
{
	struct section section = { "Isolation" };
	const struct spec *spec = plan->spec;

	explain_namespaces(&section, spec);
	explain_caps(&section, &spec->process);
	if (spec->process.no_new_privs)
		line(&section, "no_new_privs: setuid bits have no effect");
	if (spec->hostname)
		line(&section, "hostname: %s", spec->hostname);
	for (size_t i = 0; i < spec->process.n_rlimits; i++)
		line(&section, "limit %s: %" PRIu64 ", at most %" PRIu64,
		     rlimit_name(spec->process.rlimits[i].resource),
		     spec->process.rlimits[i].soft, spec->process.rlimits[i].hard);
	line(&section, "open descriptors: %s",
	     spec->urun.keep_fds < 0	? "all are passed on"
	     : spec->urun.keep_fds == 0 ? "0 to 2 only"
					: "0 to 2 and more");
	notes(&section, plan, "isolation");
}

static void explain_environment(const struct plan *plan)
{
	struct section section = { "Environment" };
	auto_free char *kept = joined(&plan->env_kept, " ");
	auto_free char *dropped = joined(&plan->env_dropped, " ");

	line(&section, "%zu variables in all", plan->spec->process.env.count);
	line(&section, "kept of yours: %s", plan->env_kept.count ? kept : "none");
	line(&section, "dropped of yours: %s",
	     plan->env_dropped.count ? dropped : "none");
	notes(&section, plan, "environment");
}

static void explain(const struct plan *plan)
{
	explain_image(plan);
	explain_command(plan);
	explain_identity(plan);
	explain_files(plan);
	explain_isolation(plan);
	explain_environment(plan);
	(void)printf("\nThe same as config.json:\n");
}

int cmd_explain(const struct settings *settings, const struct strv *words,
		int *ret_status)
{
	auto_json struct json *config = NULL;
	auto_free char *text = NULL;
	struct plan *plan = NULL;
	int r;

	r = plan_from_words(settings, words, &plan);
	if (r < 0)
		return r;
	if (!settings->json)
		explain(plan);
	config = spec_to_json(plan->spec);
	text = json_print(config, true);
	(void)fputs(text, stdout); /* main() checks the stream at the end */
	plan_free(plan);
	*ret_status = 0;
	return 0;
}
