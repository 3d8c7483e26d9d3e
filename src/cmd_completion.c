// SPDX-License-Identifier: Apache-2.0
/* cmd_completion.c - urun completion bash|zsh|fish */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "commands.h"
#include "completion.h"

static const struct {
	const char *shell;
	void (*print)(struct text *ret);
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

int cmd_completion(const struct settings *settings, const struct strv *words,
		   int *ret_status)
{
	auto_text struct text script = { 0 };

	(void)settings; /* the tables are the same everywhere */
	if (words->count != 1)
		return refuse(EINVAL,
			      "completion: one of bash, zsh and fish is expected");
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (strcmp(words->item[0], shells[i].shell) != 0)
			continue;
		shells[i].print(&script);
		(void)fputs(text_get(&script), stdout); /* main.c checks the stream */
		*ret_status = 0;
		return 0;
	}
	return refuse(EINVAL, "completion: '%s' is none of bash, zsh, fish",
		      words->item[0]);
}
