// SPDX-License-Identifier: Apache-2.0
/* command_line.h - urun's grammar: which verb, which options, which words
 *
 * urun [OPTION]... IMAGE COMMAND [ARG]...	as "exec"
 * urun [OPTION]... IMAGE			as "run"
 * urun VERB [OPTION]... [WORD]... */
#ifndef URUN_COMMAND_LINE_H
#define URUN_COMMAND_LINE_H

/* Do what args say (argv without the program, NULL at the end). As a command of
 * commands.h: 0 or -errno with a sentence, and *ret_status in either case. */
int command_line_run(char *const *args, int *ret_status);

#endif
