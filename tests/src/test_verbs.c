// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "command_line.h"
#include "tests/tap.h"
#include "verbs.h"

#define ARGS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static bool refuses(char *const *args, const char *text, const char *hint_text)
{
	int status = 0;

	error_clear();
	return ok(command_line_run(args, &status) < 0) && ok(status == STATUS_FAILED) &&
	       ok_text(last_error.text, text) && ok_text(last_error.hint, hint_text);
}

/* design, section 9: reserved from the first release, built or not. */
static void reserves_all_verbs(void)
{
	static const char all[] =
		"run shell exec attach wait spec explain unshare build "
		"ps create start restart logs stop kill pause resume rm rename inspect "
		"stats "
		"top cp diff commit export port update events pod container "
		"pull push convert images rmi tag history mount verify sign login logout "
		"prune save load import search trace optimize abi lint image "
		"instance cache doctor config volume network serve migrate info version "
		"system help completion";
	auto_strv struct strv names = { 0 };
	size_t count = 0;

	strv_split(&names, all, " ");
	for (size_t i = 0; i < names.count; i++)
		if (!verb_find(names.item[i]))
			ok_text(names.item[i], "a verb");
	while (verbs[count].name)
		count++;
	ok(count == names.count);
}

static void takes_no_path_for_a_verb(void)
{
	ok(verb_find("run") != NULL);
	ok(!verb_find("./run") && !verb_find("run.sqsh") && !verb_find("run:1"));
	ok(!verb_find("Run") && !verb_find("") && !verb_find("ru"));
}

static void suggests_verbs(void)
{
	ok_text(verb_nearest("pul"), "pull");
	ok_text(verb_nearest("exce"), "exec");
	ok_text(verb_nearest("doktor"), "doctor");
	ok_text(verb_nearest("alpine"), NULL);
	ok_text(verb_nearest("./pull"), NULL);
}

static void answers_for_reserved_verbs(void)
{
	ok(refuses(ARGS("pull", "x", "--whatever"), "pull: not built yet", ""));
	ok(refuses(ARGS("ps"), "ps: not built yet", ""));
}

static void wants_an_image(void)
{
	ok(refuses((char *[]){ NULL }, "no IMAGE or verb is given",
		   "'urun IMAGE COMMAND' executes COMMAND in IMAGE; 'urun help' tells "
		   "more"));
	ok(refuses(ARGS("run", "--read-only"), "run: no IMAGE is given",
		   "urun run [OPTION]... IMAGE [ARG]..."));
	ok(refuses(ARGS("--read-only"), "no IMAGE is given",
		   "urun [OPTION]... IMAGE [COMMAND [ARG]...]"));
	ok(refuses(ARGS(""), "IMAGE is empty", ""));
	ok(refuses(ARGS("exec", "", "x"), "exec: IMAGE is empty", ""));
}

static void knows_unknown_options_first(void)
{
	ok(refuses(ARGS("run", "--redonly", "x"),
		   "read option '--redonly': no such option",
		   "did you mean '--read-only'?"));
	ok(refuses(ARGS("--isolat", "x"), "read option '--isolat': no such option",
		   "did you mean '--isolate'?"));
	ok(refuses(ARGS("version", "x"), "version: 'x' is not expected", ""));
	ok(refuses(ARGS("help", "exce"), "help: 'exce' is no verb",
		   "did you mean 'exec'?"));
	ok(refuses(ARGS("help", "--man=x"), "help: there is no page 'x'", ""));
	ok(refuses(ARGS("completion", "csh"),
		   "completion: 'csh' is none of bash, zsh, fish", ""));
}

int main(void)
{
	RUN(reserves_all_verbs);
	RUN(takes_no_path_for_a_verb);
	RUN(suggests_verbs);
	RUN(answers_for_reserved_verbs);
	RUN(wants_an_image);
	RUN(knows_unknown_options_first);
	return tap_end();
}
