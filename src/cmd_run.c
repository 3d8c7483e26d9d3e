// SPDX-License-Identifier: Apache-2.0
/* cmd_run.c - urun IMAGE COMMAND, urun run, urun shell */
#include <errno.h>
#include <inttypes.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "commands.h"
#include "machine.h"
#include "plan.h"

/* What the user may have meant instead, and what stands in the way. */
static int explain_failure(const struct plan *plan, enum plan_verb verb, int r,
			   int status)
{
	if (status == 127 && verb == PLAN_EXEC && plan->config.has_entrypoint)
		return hint(r, "the image has an entry point: urun run %s ARG...",
			    plan->image->name);
	return status == 126 && r == -ENOEXEC ? machine_explain(plan, r) : r;
}

static void tell_losses(const struct container_end *end)
{
	if (end->lost_files == 1)
		log_warn("1 file changed in the image is lost: '%s'; --overlay DIR keeps "
			 "it",
			 end->lost_example);
	else if (end->lost_files)
		log_warn("%" PRIu64 " files changed in the image are lost, '%s' for one; "
			 "--overlay DIR keeps them",
			 end->lost_files, end->lost_example);
}

static int run_plan(const struct plan *plan, const struct container_io *io,
		    enum plan_verb verb, int *ret_status)
{
	struct container *container = NULL;
	struct container_end end = { 0 };
	int r, status = STATUS_FAILED;

	r = container_create(plan->spec, io, &container);
	if (r < 0)
		return r;
	log_debug("the container is made: init is process %d", container_pid(container));
	r = container_start(container, &status);
	if (r < 0) {
		*ret_status = status;
		container_free(container);
		return explain_failure(plan, verb, r, status);
	}
	log_debug("the command runs");
	r = container_wait(container, &end);
	if (r == 0) {
		log_debug("the command ended with status %d", end.status);
		*ret_status = end.status;
		tell_losses(&end);
	}
	free(end.lost_example);
	container_free(container);
	return r;
}

static int run(const struct settings *settings, enum plan_verb verb,
	       const struct strv *words, int *ret_status)
{
	struct container_io io;
	struct plan *plan = NULL;
	struct strv args = { 0 }; /* borrows from words */
	int r;

	if (!words->count)
		return hint(refuse(EINVAL, "no image given"),
			    "urun IMAGE COMMAND [ARG]...");
	args.item = words->item + 1;
	args.count = words->count - 1;
	r = plan_make(settings, verb, words->item[0], &args, &plan, &io);
	if (r < 0)
		return r;
	for (size_t i = 0; i < plan->n_notes; i++)
		log_debug("%s: %s", plan->notes[i].topic, plan->notes[i].text);
	r = run_plan(plan, &io, verb, ret_status);
	plan_free(plan);
	return r;
}

int cmd_exec(const struct settings *settings, const struct strv *words, int *ret_status)
{
	return run(settings, words->count > 1 ? PLAN_EXEC : PLAN_RUN, words, ret_status);
}

int cmd_run(const struct settings *settings, const struct strv *words, int *ret_status)
{
	return run(settings, PLAN_RUN, words, ret_status);
}

int cmd_shell(const struct settings *settings, const struct strv *words, int *ret_status)
{
	return run(settings, PLAN_SHELL, words, ret_status);
}
