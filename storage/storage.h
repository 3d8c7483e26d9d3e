// SPDX-License-Identifier: Apache-2.0
/* storage.h - images: find one, look into it, serve it
 *
 * An image is looked at through struct image_tree, whether it is a folder or a file.
 * A file is served by the program urun-fs, which image_open_tree() starts: urun itself
 * parses nothing of a squashfs but its first bytes. */
#ifndef URUN_STORAGE_H
#define URUN_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strv.h"

struct json;

/* ---- what an image is ---------------------------------------------------------- */

enum image_kind {
	IMAGE_SQUASHFS,
	IMAGE_SIF,     /* Apptainer's: the squashfs is a partition inside */
	IMAGE_FOLDER,  /* a root file system */
	IMAGE_BUNDLE,  /* an OCI bundle: config.json and a root file system */
	IMAGE_LAYOUT,  /* an OCI layout folder: recognised, not run here */
	IMAGE_ARCHIVE, /* a tar: recognised, not run here */
};

struct image {
	enum image_kind kind;
	char *name;	    /* as the user wrote it */
	char *path;	    /* absolute */
	int fd;		    /* the file, or the root folder as O_PATH */
	uint64_t offset;    /* of the squashfs in the file, bytes */
	uint64_t size;	    /* of the squashfs, bytes; 0 for folders */
	unsigned int codec; /* what compressed it, by squashfs's number; 0 for folders */
	char *arch;	    /* SIF says: "amd64"; NULL: unknown */
};

/* Is name a path, by design section 5 ("app.sqsh", "./x", "dir/x" that exists)? */
bool image_name_is_path(const char *name);

/* Does name have a known "scheme:"? Gives its length without the colon, else 0. */
size_t image_name_scheme(const char *name);

/* Open what path names and find out by content what it is. -ENOENT: no such file;
 * -ENOEXEC: no image; -EINVAL: damaged; each with its sentence. */
int image_open(const char *path, struct image **ret);
void image_free(struct image *image);

/* Look a name without path or scheme up in the stores (colon-separated folders, the
 * user's own first). -ENOENT with a sentence and a hint. */
int image_find(const char *name, const char *stores, struct image **ret);

/* ---- looking into it -------------------------------------------------------------- */

/* The image's tree. Links are followed inside the image, never out of it. */
struct image_tree;

struct image_query {
	const char *path;  /* absolute, inside the image */
	size_t read_bytes; /* > 0: also read that much of a regular file at most */
	/* answers: */
	int error;	   /* 0, or -errno: -ENOENT, -ENOTDIR, -ELOOP, -EIO ... */
	mode_t mode;	   /* type and permissions of what the links lead to */
	uint32_t uid, gid; /* as stored in the image */
	uint64_t size;
	bool is_empty; /* of a folder */
	char *data;    /* NUL-terminated; NULL: not read. Owned by the query */
	size_t len;
};

enum owner_view {
	OWNERS_MINE,  /* everything belongs to (view_uid, view_gid) */
	OWNERS_IMAGE, /* as stored; ids that the maps lack show as nobody's */
};

struct image_tree_options {
	const char *helper_dir; /* where urun-fs is */
	uint64_t cache_bytes;	/* bound of decompressed data kept; 0: the default */
	unsigned int threads;	/* at most; 0: by the CPUs allowed */
	const char *command;	/* likely to be executed first; NULL: can't tell */
	bool debug;
};

/* Starts the image server of a file (it reads its tables while we go on). */
int image_tree_open(const struct image *image, const struct image_tree_options *options,
		    struct image_tree **ret);
void image_tree_free(struct image_tree *tree); /* our server has ended afterwards */

/* Answer all queries in one round trip. 0 if each has its answer (or its error);
 * negative when the image as a whole can't be read, with a sentence. */
int image_tree_look(struct image_tree *tree, struct image_query *queries, size_t count);
void image_query_done(struct image_query *query);

/* A mount point the plan needs; shown by the server where the image lacks it. */
struct image_point {
	const char *path; /* absolute; its parents are shown, too */
	bool is_folder;
};

struct image_serving {
	enum owner_view owners;
	uint32_t view_uid, view_gid; /* in the terms of the container's user namespace */
	const struct image_point *points;
	size_t n_points;
};

/* Tell the server what to show. From then on it waits for the FUSE descriptor on the
 * socket *ret_fd (borrowed, as is *ret_pid) and lives as long as that mount. Files only.
 */
int image_tree_serve(struct image_tree *tree, const struct image_serving *how,
		     int *ret_fd, pid_t *ret_pid);

/* ---- configuration inside an image --------------------------------------------- */

/* What an image may set, and nothing else. image-spec, config.md. */
struct image_config {
	struct strv entrypoint, cmd, env, volumes;
	bool has_entrypoint, has_cmd;
	char *user, *workdir, *stop_signal; /* NULL: not set */
	char *os, *arch;
	struct strv labels; /* "NAME=VALUE" */
};

int image_config_read(const char *data, size_t len, struct image_config *ret);
void image_config_done(struct image_config *config);

/* ---- where there is no FUSE ------------------------------------------------------ */

/* Unpack a file image below dir once and give the folder back for reuse; several
 * processes may do it at once. Says so when it does. dir may be shared, as /tmp is. Path
 * owned by the caller. -ENOSPC, -EACCES and the like: dir is no good place; -EIO,
 * -EINVAL: the image is damaged. */
int image_unpack(const struct image *image, const char *helper_dir, const char *dir,
		 char **ret_folder);

#endif
