// SPDX-License-Identifier: Apache-2.0
/* fuzz_option.c - a command line: words separated by newlines, and their values */
#include "base/mem.h"
#include "settings.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	auto_free char *text = mem_text_n((const char *)data, len);
	auto_strv struct strv words = { 0 };
	struct settings settings;
	struct opt_uses uses;

	strv_split(&words, text, "\n");
	if (opts_read(run_opts, config_opts, strv_items(&words), OPTS_FIRST, &uses) < 0)
		return 0;
	settings_init(&settings);
	for (size_t i = 0; i < uses.count; i++) {
		struct setting_source source = { SOURCE_COMMAND_LINE, uses.item[i].as,
						 0 };

		(void)opt_set(uses.item[i].opt, &settings, uses.item[i].value, &source);
	}
	for (const struct opt *opt = run_opts; opt->kind != OPT_END; opt++)
		free(opt_show(opt, &settings));
	settings_done(&settings);
	opt_uses_done(&uses);
	return 0;
}
