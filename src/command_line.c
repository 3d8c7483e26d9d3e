// SPDX-License-Identifier: Apache-2.0
/* command_line.c - urun's grammar: which verb, which options, which words */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "command_line.h"
#include "commands.h"
#include "conf.h"
#include "verbs.h"

/* "urun --help" and its like: verbs in the clothes of options. */
static const struct verb *verb_of_first(const char *word)
{
	if (strcmp(word, "--version") == 0)
		return verb_find("version");
	return verb_find(word);
}

static int help_on(const struct verb *verb, int *ret_status)
{
	auto_strv struct strv words = { 0 };

	if (verb)
		strv_add(&words, verb->name);
	return cmd_help(NULL, &words, ret_status);
}

/* "urun pul x" is an image named "pul", and most likely not what was meant. */
static int hint_at_verb(int r, const char *image)
{
	const char *verb = verb_nearest(image);

	if (r != -ENOENT || !verb || !strstr(last_error.text, image))
		return r;
	if (strcmp(verb, image) == 0)
		return hint(r, "a verb comes first: 'urun %s [OPTION]...'", verb);
	return hint(r, "did you mean 'urun %s'?", verb);
}

/* Without a verb, the words decide: IMAGE alone is run. */
static const struct verb *verb_of_words(const struct strv *words)
{
	return verb_find(words->count > 1 ? "exec" : "run");
}

static int check_words(const struct verb *verb, const struct strv *words)
{
	const char *name = verb ? verb->name : "", *colon = verb ? ": " : "";

	if (verb && !verb->needs_word)
		return 0;
	if (words->count && !*words->item[0])
		return refuse(EINVAL, "%s%sIMAGE is empty", name, colon);
	if (words->count)
		return 0;
	(void)refuse(EINVAL, "%s%sno IMAGE is given", name, colon);
	if (verb)
		return hint(-EINVAL, "urun %s %s", verb->name, verb->args);
	return hint(-EINVAL, "urun [OPTION]... IMAGE [COMMAND [ARG]...]");
}

static void set_log_level(const struct settings *settings)
{
	if (settings->debug)
		log_set_level(LOG_DEBUG);
	else if (settings->quiet)
		log_set_level(LOG_QUIET);
}

/* Read config files for these uses, and run. */
static int run_configured(const struct verb *verb, const struct opt_uses *uses,
			  int *ret_status)
{
	bool names_image = verb->words == WORDS_IMAGE && uses->words.count;
	struct settings settings;
	struct conf *conf = NULL;
	int r;

	settings_init(&settings);
	r = conf_load(&settings, uses, names_image ? uses->words.item[0] : NULL, &conf);
	if (r == 0) {
		settings.conf = conf;
		set_log_level(&settings);
		for (size_t i = 0; i < conf_warnings(conf)->count; i++)
			log_warn("%s", conf_warnings(conf)->item[i]);
		r = verb->run(&settings, &uses->words, ret_status);
	}
	settings_done(&settings);
	conf_free(conf);
	return r;
}

/* A verb that shares the options of a run, or no verb at all. */
static int run_image(const struct verb *verb, char *const *args, int *ret_status)
{
	const struct opt *own = verb ? verb->opts : NULL;
	struct opt_uses uses;
	int r = opts_read(run_opts, own, args, OPTS_FIRST, &uses);

	if (r < 0)
		return r;
	if (uses.help) {
		r = help_on(verb, ret_status);
	} else {
		r = check_words(verb, &uses.words);
		if (r == 0)
			r = run_configured(verb ? verb : verb_of_words(&uses.words),
					   &uses, ret_status);
		if (r < 0 && !verb && uses.words.count)
			r = hint_at_verb(r, uses.words.item[0]);
	}
	opt_uses_done(&uses);
	return r;
}

/* Does --help, or -h, stand among the words of a verb before "--"? */
static bool asks_for_help(char *const *words)
{
	for (; *words && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
			return true;
	return false;
}

static int run_verb(const struct verb *verb, char *const *args, int *ret_status)
{
	struct opt_uses uses = { 0 };
	int r;

	if (!verb->run)
		return refuse(ENOSYS, "%s: not built yet", verb->name);
	if (verb->words != WORDS_OWN)
		return run_image(verb, args, ret_status);
	if (asks_for_help(args))
		return help_on(verb, ret_status);
	for (; *args; args++)
		strv_add(&uses.words, *args);
	r = verb->needs_nothing ? verb->run(NULL, &uses.words, ret_status)
				: run_configured(verb, &uses, ret_status);
	opt_uses_done(&uses);
	return r;
}

int command_line_run(char *const *args, int *ret_status)
{
	const struct verb *verb;

	*ret_status = STATUS_FAILED;
	if (!*args) {
		(void)refuse(EINVAL, "no IMAGE or verb is given");
		return hint(-EINVAL,
			    "'urun IMAGE COMMAND' executes COMMAND in IMAGE; 'urun help' "
			    "tells more");
	}
	verb = verb_of_first(*args);
	return verb ? run_verb(verb, args + 1, ret_status)
		    : run_image(NULL, args, ret_status);
}
