// SPDX-License-Identifier: Apache-2.0
/* explain.c - the sentence about a step that failed between clone and exec */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "runtime/child.h"
#include "runtime/exec.h"
#include "runtime/explain.h"
#include "runtime/points.h"
#include "runtime/start.h"
#include "runtime/sync.h"

#define STATUS_FAILED 125

static int explain_mount(const struct start_plan *plan,
			 const struct sync_message *message)
{
	const struct spec_mount *mount = &plan->spec->mounts[message->count];

	if (message->error == EXDEV)
		return refuse(EXDEV,
			      "mount on '%s': a link of the image leads to a folder of "
			      "the host, where nothing is made",
			      mount->destination);
	if (plan->mounts[message->count].way == MOUNT_BIND)
		return fail(message->error, "bind '%s' on '%s'", mount->source,
			    mount->destination);
	(void)fail(message->error, "mount %s on '%s'", mount->type, mount->destination);
	if (message->error == EPERM && strcmp(mount->type, "proc") == 0)
		(void)hint(0, "an outer container hides parts of /proc; --pid host does "
			      "without one of its own");
	return -message->error;
}

/* Each gives NULL for a number that is none of the spec's items. */

const char *item_file(const struct spec *spec, size_t at)
{
	return at < spec->urun.n_files ? spec->urun.files[at].path : NULL;
}

const char *item_device(const struct spec *spec, size_t at)
{
	return at < spec->n_devices ? spec->devices[at].path : NULL;
}

const char *item_masked_path(const struct spec *spec, size_t at)
{
	return at < spec->masked_paths.count ? spec->masked_paths.item[at] : NULL;
}

const char *item_readonly_path(const struct spec *spec, size_t at)
{
	return at < spec->readonly_paths.count ? spec->readonly_paths.item[at] : NULL;
}

const char *item_sysctl(const struct spec *spec, size_t at)
{
	return at < spec->sysctl.count ? spec->sysctl.item[at] : NULL;
}

const char *item_limit(const struct spec *spec, size_t at)
{
	const struct spec_process *process = &spec->process;

	return at < process->n_rlimits ? rlimit_name(process->rlimits[at].resource)
				       : NULL;
}

const char *item_folder(const struct spec *spec, size_t at)
{
	(void)at; /* there is one */
	return spec->process.cwd;
}

/* Some systems let everyone make a user namespace, but give no rights in it (Ubuntu's
 * AppArmor): the first step that needs one fails. */
static bool is_about_rights(const struct start_plan *plan,
			    const struct sync_message *message)
{
	return message->stage == STAGE_CONTAINER &&
	       (message->error == EPERM || message->error == EACCES) &&
	       plan->spec->ns[NS_USER].wanted && !plan->spec->ns[NS_USER].path;
}

int explain_failure(const struct start_plan *plan, const struct sync_message *message,
		    int *ret_status)
{
	enum sync_stage stage = (enum sync_stage)message->stage;
	const struct start_step *step = child_step(stage, message->step);
	const char *item;

	*ret_status = STATUS_FAILED;
	if (!step)
		return fail(message->error, "start the command");
	if (step->run == exec_command)
		return exec_explain(plan, message, ret_status);
	if (is_about_rights(plan, message) && userns_diagnose() < 0)
		return -message->error;
	if (step->run == mount_all || step->run == points_make)
		return explain_mount(plan, message);
	item = step->item ? step->item(plan->spec, message->count) : NULL;
	if (item)
		return fail(message->error, "%s: '%s'", step->does, item);
	return fail(message->error, "%s", step->does);
}
