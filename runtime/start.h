// SPDX-License-Identifier: Apache-2.0
/* start.h - the plan of one start, made before the clone; private to runtime
 *
 * The supervisor fills struct start_plan: every string is built, every descriptor is
 * open, the filter is compiled. The child works on its own copy of the memory; what one
 * step leaves for a later one is in struct start_state. */
#ifndef URUN_RUNTIME_START_H
#define URUN_RUNTIME_START_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strv.h"
#include "runtime/idmap.h"
#include "runtime/mount.h"
#include "runtime/rootfs.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"

/* A namespace of somebody else's that the container enters. */
struct start_join {
	int fd;
	int kind; /* CLONE_NEW* */
	const char *path;
};

/* One "key=value" of spec->sysctl, as a file below /proc/sys and what goes into it. */
struct start_sysctl {
	char *path, *value;
};

/* What the steps leave for later ones. Only in the child. */
struct start_state {
	size_t at;	  /* the item a step works on, for the sentence */
	int detail;	  /* what else the sentence needs */
	size_t n_mounted; /* of the spec's mounts, so far */
	int terminal_fd;  /* the command's side of the pty; -1: none */
	int master_fd;	  /* the supervisor's side of it */
	pid_t init_pid;	  /* as the command sees it */
	int children_fd;  /* init's list of children, where it can't end a namespace */
};

struct start_plan {
	const struct spec *spec;
	const struct container_io *io;

	uint64_t clone_flags; /* CLONE_NEW* of the namespaces to make */
	struct start_join joins[NS_KINDS];
	size_t n_joins;
	bool own_pids;	 /* init is PID 1 of a namespace */
	bool joins_pids; /* init is in a PID namespace of somebody else's */
	pid_t init_pid;	 /* in the supervisor's terms, once there is one */

	struct idmap_plan ids;
	struct rootfs_plan root;
	struct mount_plan *mounts;
	size_t n_mounts;
	struct start_sysctl *sysctls;
	size_t n_sysctls;
	struct seccomp_programs filters;
	struct strv candidates; /* where args[0] may be: paths to try in turn */
	char **args, **env;
	dev_t own_dev;		/* urun's own program, if the caller may write to it; */
	ino_t own_ino;		/* 0: else nobody inside may, either */
	size_t own_args_len;	/* bytes of our own command line */
	char oom_score_adj[16]; /* "": not asked for */
	char *apparmor_exec;	/* "exec PROFILE"; NULL: none */
	mode_t umask;		/* the caller's */
	int last_cap;		/* the kernel's highest capability */

	/* Signals as the caller had them: the command gets them back. */
	sigset_t signal_mask;
	struct sigaction child_action;

	/* Both ends of the two channels, see sync.h; each side closes the other's. */
	int sync_fd, their_sync_fd; /* ours: the supervisor's; theirs: init's */
	int exec_fd, their_exec_fd;

	struct start_state now;
};

/* Make the plan: 0 or -errno with a sentence. Borrows spec and io. */
int start_plan_make(const struct spec *spec, const struct container_io *io,
		    struct start_plan *ret);

/* For when the channels are made: sync_fd and the three after it. */
int start_plan_connect(struct start_plan *plan);
void start_plan_done(struct start_plan *plan);

/* A step between clone and exec: 0, or -1 with errno. */
struct start_step {
	const char *does; /* "<does>: <reason>" */
	int (*run)(struct start_plan *plan);
	/* The name of item number at it works on, see explain.h; NULL: it has none. */
	const char *(*item)(const struct spec *spec, size_t at);
};

#endif
