// SPDX-License-Identifier: Apache-2.0
/* runtime.h - from a specification to the processes of a container
 *
 * struct spec is the OCI runtime configuration (runtime-spec 1.2, config.json) in
 * memory. What config.json has no word for is in struct spec_urun; in JSON each of its
 * fields is an annotation "org.urun.*". There is one path that turns a spec into
 * processes: container_create(), container_start(), container_wait(). */
#ifndef URUN_RUNTIME_H
#define URUN_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strv.h"

struct json;

/* ---- the specification ------------------------------------------------------- */

enum ns_kind {
	NS_USER,
	NS_MOUNT,
	NS_PID,
	NS_NET,
	NS_IPC,
	NS_UTS,
	NS_CGROUP,
	NS_TIME,
	NS_KINDS
};

/* runtime-spec: "namespaces". Not wanted: the caller's own is used. */
struct spec_ns {
	bool wanted;
	char *path; /* join this one instead of making a new one; NULL: new */
};

/* runtime-spec: "uidMappings", "gidMappings". */
struct id_map {
	uint32_t inside, outside, count;
};

struct id_maps {
	struct id_map *item;
	size_t count;
};

/* runtime-spec: "mounts", in order. */
struct spec_mount {
	char *destination; /* absolute, resolved inside the root */
	char *type;	   /* "bind", "tmpfs", "proc", ...; NULL: from the options */
	char *source;	   /* host path for binds; NULL: none */
	struct strv options;
	bool optional; /* a missing source is skipped (urun's ":optional"); in JSON it is
			* the mount's member "org.urun.optional" */
};

struct spec_rlimit {
	int resource;	     /* RLIMIT_* */
	uint64_t soft, hard; /* UINT64_MAX: unlimited */
};

/* runtime-spec: "devices". */
struct spec_device {
	char *path;   /* inside */
	char *source; /* host node to bind where mknod is refused; NULL: path. In JSON the
		       * device's member "org.urun.source" */
	char type;    /* 'c', 'b', 'u' or 'p' */
	uint32_t major, minor;
	mode_t mode;
	uint32_t uid, gid;
};

enum cap_set {
	CAPS_BOUNDING,
	CAPS_EFFECTIVE,
	CAPS_INHERITABLE,
	CAPS_PERMITTED,
	CAPS_AMBIENT,
	CAP_SETS
};

/* runtime-spec: "process". */
struct spec_process {
	bool terminal;
	unsigned short rows, columns; /* consoleSize; 0: as the caller's terminal */
	uint32_t uid, gid;
	uint32_t *groups; /* additionalGids */
	size_t n_groups;
	bool keep_groups; /* annotation run.oci.keep_original_groups */
	bool has_umask;
	mode_t umask;
	struct strv args;
	struct strv env;
	char *cwd;
	bool cwd_optional;	 /* org.urun.cwd-optional: "/" when it can't be entered */
	bool has_caps;		 /* false: all sets empty */
	uint64_t caps[CAP_SETS]; /* bit N: capability number N */
	struct spec_rlimit *rlimits;
	size_t n_rlimits;
	bool no_new_privs;
	char *apparmor_profile, *selinux_label;
	bool has_oom_score_adj;
	int oom_score_adj;
};

struct seccomp; /* runtime-spec: "seccomp"; see seccomp_*() below */

/* A file made by urun: written into the writable layer before it is mounted, bound
 * read-only over the place where there is no such layer. */
struct spec_file {
	char *path; /* inside */
	char *content;
	size_t len;
	mode_t mode;
	char *link_target; /* a symbolic link instead; else NULL */
};

enum root_kind {
	ROOT_FOLDER, /* root.path on the host, as config.json means it */
	ROOT_IMAGE,  /* FUSE, served on the descriptor in container_io */
};

enum layer_kind {
	LAYER_NONE,   /* the root as it is */
	LAYER_TMPFS,  /* thrown away at the end */
	LAYER_FOLDER, /* kept in a folder: upper/ and work/ in it */
};

/* What config.json has no word for: annotations org.urun.*. */
struct spec_urun {
	enum root_kind root_kind;
	char *image;	       /* org.urun.image: file or folder, absolute */
	enum layer_kind layer; /* org.urun.layer: none, tmpfs, or folder:DIR[:ro] */
	char *layer_folder;
	bool layer_shared;    /* DIR:ro: its content is shown, changes are thrown away */
	uint64_t layer_bytes; /* org.urun.layer-size: bound of the tmpfs; 0: half of
			       * the cgroup's limit or of free memory */
	struct spec_file *files; /* org.urun.files */
	size_t n_files;
	bool fake_root;	       /* org.urun.fake-root: chown and its like "succeed" */
	bool new_session;      /* org.urun.new-session: setsid in the container */
	bool refuse_tty_input; /* org.urun.refuse-tty-input: TIOCSTI, TIOCLINUX fail */
	int keep_fds;	       /* org.urun.keep-fds: -1 all, else 3..3+N-1 */
	int stop_signal;       /* org.urun.stop-signal */
};

struct spec {
	char *oci_version;
	struct spec_process process;
	char *root_path; /* "root.path"; NULL for ROOT_IMAGE */
	bool root_readonly;
	char *hostname, *domainname;
	struct spec_mount *mounts;
	size_t n_mounts;
	struct strv annotations; /* "NAME=VALUE", those urun does not know */
	struct spec_ns ns[NS_KINDS];
	struct id_maps uid_maps, gid_maps;
	struct strv sysctl; /* "kernel.x=value" */
	struct spec_device *devices;
	size_t n_devices;
	struct strv masked_paths, readonly_paths;
	unsigned long root_propagation; /* MS_*: rootfsPropagation; 0: slave */
	struct seccomp *seccomp;	/* NULL: none */
	struct spec_urun urun;
};

void spec_free(struct spec *spec); /* with all it owns; accepts NULL */

/* config.json, both ways. Unknown properties are ignored, wrong types and missing
 * required ones refused with their path ("process.args"): -EINVAL. What the
 * specification defines and this version can't honour is refused by name: -ENOTSUP. */
int spec_from_json(const struct json *config, struct spec **ret);
struct json *spec_to_json(const struct spec *spec);

/* Growing the lists; texts are copied. The mount is borrowed until the next one. */
struct spec_mount *spec_add_mount(struct spec *spec, const char *destination,
				  const char *type, const char *source,
				  const char *comma_separated_options);
void spec_add_file(struct spec *spec, const char *path, const char *content, size_t len,
		   mode_t mode);
void spec_add_device(struct spec *spec, const struct spec_device *device);
void spec_add_rlimit(struct spec *spec, int resource, uint64_t soft, uint64_t hard);
void id_maps_add(struct id_maps *maps, uint32_t inside, uint32_t outside, uint32_t count);

/* Names: "CAP_CHOWN", "chown"; "ALL" is the caller's business. -EINVAL unknown. */
int cap_from_name(const char *name, int *ret_cap);
const char *cap_name(int cap); /* NULL: unknown number */
int cap_last(void);	       /* the kernel's highest number */
int rlimit_from_name(const char *name, int *ret_resource); /* "nofile", "RLIMIT_NOFILE" */
const char *rlimit_name(int resource);			   /* "RLIMIT_NOFILE" */
int signal_from_name(const char *name,
		     int *ret_signal); /* "TERM", "SIGTERM", "15", "RTMIN+3" */

/* Filters. A profile is the "seccomp" object of config.json, or docker's and podman's
 * file format with archMap and includes/excludes (caps: what the process will have). */
int seccomp_from_json(const struct json *profile, uint64_t caps, struct seccomp **ret);
struct seccomp *seccomp_default(uint64_t caps); /* what --isolate uses */
struct json *seccomp_to_json(const struct seccomp *profile);
void seccomp_free(struct seccomp *profile);

/* ---- users' ids ------------------------------------------------------------------ */

/* The ranges /etc/subuid and /etc/subgid (or libsubid's sources by getsubids) give
 * the caller. -ENOENT without a sentence: none. */
int subid_ranges(uid_t uid, const char *user_name, struct id_maps *ret_uids,
		 struct id_maps *ret_gids);
void id_maps_done(struct id_maps *maps);

/* Can a fresh /proc be mounted in a new user and PID namespace? An outer container that
 * masks parts of its own prevents it. 0: yes; -errno with a sentence: share PIDs then. */
int ns_probe_fresh_proc(void);

/* Why can't this process make a user namespace? Tries, then looks for the cause.
 * 0: it can. -errno with a sentence and the administrator's remedy as hint. */
int userns_diagnose(void);

/* ---- the container ----------------------------------------------------------------- */

/* What belongs to this start only. */
struct container_io {
	int image_fd;	 /* socket that takes the FUSE descriptor; -1: no image */
	pid_t image_pid; /* the server, a child of the caller: its death ends the
			  * container with a sentence; 0: none */
	int console_fd;	 /* where to send the pty's master (socket); -1: the caller's
			  * terminal is served by container_wait() */
	const char *runtime_dir; /* private; verdicts about overlayfs are remembered
				  * there; NULL: tried each time */
	const char *data_dir;	 /* a folder of the caller's, on a local disk, for layers
				  * that    a tmpfs can't hold; NULL: /var/tmp or /tmp */
};

struct container;

struct container_end {
	int status;	     /* exit status of the command, or 128 + signal */
	uint64_t lost_files; /* changed outside /tmp, /var and /run in a layer that is
			      * thrown away */
	char *lost_example;  /* one of them; NULL: none. Owned by the reader */
};

/* Make namespaces, maps, mounts and everything else up to the exec, which then
 * waits. Borrows spec and io until container_free(). On failure nothing is left. */
int container_create(const struct spec *spec, const struct container_io *io,
		     struct container **ret);

/* Execute the command. On failure the container is gone; *ret_status is 127 when the
 * command was not found, 126 when it can't be executed, 125 otherwise. */
int container_start(struct container *container, int *ret_status);

/* Forward signals and the terminal until the command ends, then end what it left. */
int container_wait(struct container *container, struct container_end *ret);

void container_free(struct container *container); /* kills what still runs */

pid_t container_pid(const struct container *container); /* of init, in our terms */

/* Which layers are possible where? Tries on this kernel, in a child. For doctor and
 * explain; container_create() uses the same choice and remembers it. */
struct layer_choice {
	const char *name;   /* "overlayfs on tmpfs", "fuse-overlayfs", "read-only" */
	const char *reason; /* why not the better ones; "" for the best */
};
int layer_choose(const struct spec *spec, struct layer_choice *ret);

#endif
