// SPDX-License-Identifier: Apache-2.0
/* verbs.c - the first words of a command line, built or reserved */
#include <string.h>

#include "base/nearest.h"
#include "verbs.h"

#define RUN "run"
#define CONTAINERS "containers"
#define IMAGES "images"
#define MACHINE "machine"

const char *const verb_groups[] = { RUN, CONTAINERS, IMAGES, MACHINE, NULL };

/* One verb after the other. */
/* clang-format off */
#define RESERVED(verb, part, does)                              \
	{                                                       \
		.name = (verb), .group = (part), .help = (does) \
	}

const struct verb verbs[] = {
	{ "run", RUN, cmd_run, WORDS_IMAGE, true, false, NULL,
	  "[OPTION]... IMAGE [ARG]...", "Run an image: its entry point with the ARGs",
	  "Without an ARG the entry point gets the image's default arguments. An image "
	  "with neither starts a shell. 'urun IMAGE' alone does the same." },
	{ "exec", RUN, cmd_exec, WORDS_IMAGE, true, false, NULL,
	  "[OPTION]... IMAGE COMMAND [ARG]...", "Execute COMMAND in an image",
	  "The same as 'urun IMAGE COMMAND': the image's entry point is not used." },
	{ "shell", RUN, cmd_shell, WORDS_IMAGE, true, false, NULL,
	  "[OPTION]... IMAGE [ARG]...", "Start a shell in an image", NULL },
	RESERVED("attach", RUN, "Join the terminal of a running container"),
	RESERVED("wait", RUN, "Wait for containers to end"),
	{ "spec", RUN, cmd_spec, WORDS_IMAGE, true, false, NULL,
	  "[OPTION]... IMAGE [COMMAND [ARG]...]", "Print the config.json of a run",
	  "What is printed runs as it is under urun-oci." },
	{ "explain", RUN, cmd_explain, WORDS_IMAGE, true, false, explain_opts,
	  "[OPTION]... IMAGE [COMMAND [ARG]...]",
	  "Say in plain words what a run would do", NULL },
	{ "unshare", RUN, cmd_unshare, WORDS_COMMAND, false, false, NULL,
	  "[OPTION]... [COMMAND [ARG]...]", "Run a host command with your ids mapped",
	  "Files that belong to mapped ids can be seen and removed that way." },
	RESERVED("build", RUN, "Build an image from a Containerfile"),

	RESERVED("ps", CONTAINERS, "List containers"),
	RESERVED("create", CONTAINERS, "Make a container without starting it"),
	RESERVED("start", CONTAINERS, "Start a container that was made or stopped"),
	RESERVED("restart", CONTAINERS, "Stop and start a container"),
	RESERVED("logs", CONTAINERS, "Show what a container printed"),
	RESERVED("stop", CONTAINERS, "Stop containers, gently at first"),
	RESERVED("kill", CONTAINERS, "Send a signal to containers"),
	RESERVED("pause", CONTAINERS, "Freeze a container"),
	RESERVED("resume", CONTAINERS, "Let a frozen container go on"),
	RESERVED("rm", CONTAINERS, "Remove containers"),
	RESERVED("rename", CONTAINERS, "Give a container another name"),
	RESERVED("inspect", CONTAINERS, "Show all about a container or an image"),
	RESERVED("stats", CONTAINERS, "Show what containers use"),
	RESERVED("top", CONTAINERS, "List the processes of a container"),
	RESERVED("cp", CONTAINERS, "Copy files into a container or out of it"),
	RESERVED("diff", CONTAINERS, "List files that a container changed"),
	RESERVED("commit", CONTAINERS, "Write a container's changes as a layer"),
	RESERVED("export", CONTAINERS, "Write a container's files as a tar"),
	RESERVED("port", CONTAINERS, "Show published ports"),
	RESERVED("update", CONTAINERS, "Change the limits of a container"),
	RESERVED("events", CONTAINERS, "Report what happens to containers"),
	RESERVED("pod", CONTAINERS, "Containers that share network, IPC and name"),
	RESERVED("container", CONTAINERS, "The verbs of containers, by group"),

	RESERVED("pull", IMAGES, "Fetch an image from a registry"),
	RESERVED("push", IMAGES, "Put an image into a registry"),
	RESERVED("convert", IMAGES, "Turn one form of image into another"),
	RESERVED("images", IMAGES, "List the images of the store"),
	RESERVED("rmi", IMAGES, "Remove images from the store"),
	RESERVED("tag", IMAGES, "Give an image another name"),
	RESERVED("history", IMAGES, "Show how an image was made"),
	RESERVED("mount", IMAGES, "Show an image as a folder"),
	RESERVED("verify", IMAGES, "Check an image against its digests and signature"),
	RESERVED("sign", IMAGES, "Sign an image"),
	RESERVED("login", IMAGES, "Keep a password for a registry"),
	RESERVED("logout", IMAGES, "Forget the password for a registry"),
	RESERVED("prune", IMAGES, "Remove what nothing needs"),
	RESERVED("save", IMAGES, "Write an image as an archive"),
	RESERVED("load", IMAGES, "Read an archive of images"),
	RESERVED("import", IMAGES, "Make an image of a tar"),
	RESERVED("search", IMAGES, "Search a registry"),
	RESERVED("trace", IMAGES, "Record what a start reads"),
	RESERVED("optimize", IMAGES, "Order an image by what a start reads"),
	RESERVED("abi", IMAGES, "Compare host libraries with an image"),
	RESERVED("lint", IMAGES, "Look for mistakes in an image"),
	RESERVED("image", IMAGES, "The verbs of images, by group"),

	RESERVED("instance", MACHINE, "Apptainer's word for detached containers"),
	RESERVED("cache", MACHINE, "Show and empty caches"),
	{ "doctor", MACHINE, cmd_doctor, WORDS_OWN, false, false, doctor_opts,
	  "[OPTION]...", "Try each thing urun needs on this machine",
	  "One line each: works, or what is missing and how the administrator gives "
	  "it." },
	{ "config", MACHINE, cmd_config, WORDS_IMAGE, false, false, config_opts,
	  "[OPTION]... [IMAGE]", "Show the options that are in effect",
	  "All options of a run may be given, and IMAGE, for which [image GLOB] sections "
	  "count. The output can be used as a config file." },
	RESERVED("volume", MACHINE, "Named volumes"),
	RESERVED("network", MACHINE, "Networks between containers"),
	RESERVED("serve", MACHINE, "Answer docker's API on a socket"),
	RESERVED("migrate", MACHINE, "Take over what another program keeps"),
	RESERVED("info", MACHINE, "Show the machine as urun sees it"),
	{ "version", MACHINE, cmd_version, WORDS_OWN, false, true, NULL, "",
	  "Show the version", NULL },
	RESERVED("system", MACHINE, "Disk use and cleaning"),
	{ "help", MACHINE, cmd_help, WORDS_OWN, false, true, help_opts, "[VERB]",
	  "Explain urun, or a verb", NULL },
	{ "completion", MACHINE, cmd_completion, WORDS_OWN, false, true, NULL,
	  "bash|zsh|fish", "Print completions for a shell", NULL },
	{ .name = NULL }
};

/* clang-format on */

const struct verb *verb_find(const char *word)
{
	if (strpbrk(word, "./:"))
		return NULL;
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, word) == 0)
			return verb;
	return NULL;
}

const char *verb_nearest(const char *word)
{
	struct nearest nearest;

	if (strpbrk(word, "./:"))
		return NULL;
	nearest_start(&nearest, word);
	for (const struct verb *verb = verbs; verb->name; verb++)
		nearest_offer(&nearest, verb->name);
	return nearest.word;
}
