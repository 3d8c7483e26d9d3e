// SPDX-License-Identifier: Apache-2.0
/* cmd_spec.c - urun spec: the config.json of a run, for urun-oci */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "commands.h"
#include "plan.h"

int cmd_spec(const struct settings *settings, const struct strv *words, int *ret_status)
{
	auto_json struct json *config = NULL;
	auto_free char *text = NULL;
	struct plan *plan = NULL;
	int r;

	r = plan_from_words(settings, words, &plan);
	if (r < 0)
		return r;
	config = spec_to_json(plan->spec);
	text = json_print(config, true);
	(void)fputs(text, stdout); /* main() checks the stream at the end */
	plan_free(plan);
	*ret_status = 0;
	return 0;
}
