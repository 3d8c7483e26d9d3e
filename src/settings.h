// SPDX-License-Identifier: Apache-2.0
/* settings.h - what the options, files and variables say about one run
 *
 * One table (settings.c) fills this struct from the command line, URUN_* variables and
 * config files alike. Values are texts or parsed by kind; what they mean for a
 * container is the plan's business. */
#ifndef URUN_SETTINGS_H
#define URUN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "options.h"

struct conf;

enum root_mode { ROOT_NO, ROOT_YES, ROOT_STRICT };
enum ns_mode { NSMODE_DEFAULT, NSMODE_HOST, NSMODE_PRIVATE };
enum net_mode { NETMODE_DEFAULT, NETMODE_HOST, NETMODE_NONE };
enum unpack_mode { UNPACK_AUTO, UNPACK_NEVER };

struct settings {
	/* who */
	enum root_mode root; /* --root[=strict] */
	char *user;	     /* --user UID[:GID]|NAME|image; NULL: yourself */

	/* files */
	struct setting_list binds;  /* --bind, --volume: SRC[:DST[:OPT,...]] */
	struct setting_list mounts; /* --mount type=...,source=...,target=... */
	struct setting_list tmpfs;  /* --tmpfs DST[:OPT,...] */
	char *home;		    /* --home DIR; NULL: yours */
	bool no_home;		    /* --no-home */
	bool here;		    /* --here: bind $PWD under --isolate */
	bool read_only;
	char *overlay;		 /* --overlay DIR[:ro] */
	uint64_t overlay_bytes;	 /* --overlay-size; 0: half of what is free */
	char *workdir;		 /* --workdir */
	uint64_t shm_bytes;	 /* --shm-size; 0: the host's /dev/shm or 64 MiB */
	enum unpack_mode unpack; /* --unpack=auto|never */
	char *data_dir;		 /* --data-dir */
	char *store, *stores;	 /* --store DIR, --stores DIR:DIR */

	/* environment */
	struct setting_list env;       /* --env NAME=VALUE | NAME | GLOB */
	struct setting_list env_files; /* --env-file */
	struct setting_list unset_env; /* --unset-env NAME | GLOB */
	bool env_host, clean_env;

	/* isolation */
	bool isolate;
	enum ns_mode pid, ipc, uts;
	enum net_mode net;
	char *hostname;
	struct setting_list cap_add, cap_drop;
	char *seccomp;		     /* FILE | "default" | "none"; NULL: by the mode */
	struct setting_list ulimits; /* NAME=SOFT[:HARD] */
	struct setting_list devices; /* HOST[:INSIDE[:rwm]] */
	int umask;		     /* -1: as it is */
	int preserve_fds;	     /* -1: all (none under --isolate) */

	/* the command */
	char *entrypoint; /* --entrypoint; "" drops it; NULL: the image's */
	bool tty, interactive;

	/* how urun behaves */
	bool quiet, debug;
	struct setting_list profiles; /* --profile NAME */
	bool json;		      /* --json of verbs that tell: config, explain */
	bool show_origin;	      /* urun config --show-origin */
	const struct conf *conf; /* where each value is from (conf.h); NULL in tests */
};

/* The options of a run, and those that "config", "explain" and "spec" have besides. */
extern const struct opt run_opts[];
extern const struct opt config_opts[];
extern const struct opt explain_opts[];

void settings_init(struct settings *settings); /* the defaults */
void settings_done(struct settings *settings);

#endif
