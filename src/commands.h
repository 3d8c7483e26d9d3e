// SPDX-License-Identifier: Apache-2.0
/* commands.h - one function per verb
 *
 * words is what follows the options: for run, exec and shell IMAGE and what comes after
 * it, for unshare the command, for the other verbs all words after the verb, which
 * parse their options by opts_parse(). Returns 0 and the status to exit with; or a
 * negative errno with a sentence, *ret_status then being 125 unless changed to 126 or
 * 127. Nothing is printed or ended here on failure: main.c does that. */
#ifndef URUN_COMMANDS_H
#define URUN_COMMANDS_H

#include "base/strv.h"
#include "settings.h"

#define STATUS_FAILED 125 /* urun itself failed, as podman and docker number it */

typedef int command(const struct settings *settings, const struct strv *words,
		    int *ret_status);

command cmd_exec;    /* IMAGE COMMAND [ARG]... */
command cmd_run;     /* IMAGE [ARG]... */
command cmd_shell;   /* IMAGE [ARG]... */
command cmd_spec;    /* IMAGE [COMMAND [ARG]...] */
command cmd_explain; /* IMAGE [COMMAND [ARG]...] */
command cmd_unshare; /* [COMMAND [ARG]...] */
command cmd_doctor;
command cmd_config; /* [IMAGE] */
command cmd_help;
command cmd_version;
command cmd_completion;

/* The options of verbs that parse their own, for help and completion. */
extern const struct opt doctor_opts[];
extern const struct opt help_opts[];

#endif
