// SPDX-License-Identifier: Apache-2.0
/* image.c - names of images, and what an image is, found out by its content */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/probe.h"
#include "storage/storage.h"

#define BUNDLE_CONFIG_MAX \
	(4 << 20) /* bytes; as much as image-spec asks for manifests \
		   */

/* Design, section 5. "docker:dind" is an image of Docker Hub, so some need the "//". */
static const struct {
	const char *name;
	bool has_slashes;
} schemes[] = {
	{ "oci", false },	    { "oci-archive", false }, { "docker-archive", false },
	{ "docker-daemon", false }, { "docker", true },	      { "oras", true },
	{ "https", true },	    { "http", true },	      { "library", true },
	{ "shub", true },
};

size_t image_name_scheme(const char *name)
{
	size_t len = strcspn(name, ":");

	if (!name[len])
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strlen(schemes[i].name) == len &&
		    strncmp(name, schemes[i].name, len) == 0 &&
		    (!schemes[i].has_slashes || text_starts(name + len, "://")))
			return len;
	return 0;
}

bool image_name_is_path(const char *name)
{
	static const char *const suffixes[] = { ".sqsh", ".squashfs", ".sqfs", ".sif",
						".simg", ".img",      ".tar" };

	if (!name[0] || image_name_scheme(name))
		return false;
	if (strchr("/.~", name[0]))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (text_ends(name, suffixes[i]))
			return true;
	return strchr(name, '/') && access(name, F_OK) == 0;
}

/* ---- folders --------------------------------------------------------------- */

static bool has_file(int dir_fd, const char *name)
{
	struct stat st;

	return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

/* The root file system's place in the bundle; NULL: config.json is no OCI bundle's. */
static char *bundle_root(int dir_fd)
{
	auto_json struct json *config = NULL;
	auto_free char *data = NULL;
	const char *path;
	size_t len;

	if (file_read_in(dir_fd, "config.json", BUNDLE_CONFIG_MAX, &data, &len) < 0)
		return NULL;
	if (json_read("config.json", data, len, &config) < 0) {
		error_clear(); /* a root file system may well hold another config.json */
		return NULL;
	}
	if (!json_text_of(json_get(config, "ociVersion")))
		return NULL;
	path = json_text_of(json_get(json_get(config, "root"), "path"));
	return path ? mem_text(path) : NULL;
}

static int open_bundle(struct image *image, const char *root)
{
	int fd = file_open_in(image->fd, root, O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return fail(-fd, "open the root file system '%s' of bundle '%s'", root,
			    image->name);
	(void)close(image->fd); /* O_PATH */
	image->fd = fd;
	image->kind = IMAGE_BUNDLE;
	return 0;
}

static int look_at_folder(struct image *image)
{
	auto_free char *root = NULL;

	image->kind = IMAGE_FOLDER;
	if (has_file(image->fd, "oci-layout")) {
		image->kind = IMAGE_LAYOUT;
		return 0;
	}
	if (has_file(image->fd, "config.json"))
		root = bundle_root(image->fd);
	return root ? open_bundle(image, root) : 0;
}

/* ---- files ----------------------------------------------------------------- */

static int read_exactly(const struct image *image, void *data, size_t len,
			uint64_t offset)
{
	ssize_t n = fd_read_at(image->fd, data, len, (off_t)offset);

	if (n < 0)
		return fail((int)-n, "read '%s'", image->name);
	return (size_t)n == len ? 0 : refuse(EINVAL, "the file ends too early");
}

static int look_at_squashfs(struct image *image, uint64_t room_bytes)
{
	unsigned char super[SQUASHFS_SUPER_BYTES];
	int r;

	r = read_exactly(image, super, sizeof(super), image->offset);
	if (r < 0)
		return r;
	r = squashfs_check(super, sizeof(super), room_bytes, &image->size);
	if (r == 0)
		image->codec = squashfs_codec(super);
	return r;
}

static int look_at_sif(struct image *image, const unsigned char *data, size_t len,
		       uint64_t file_bytes)
{
	auto_free unsigned char *table = NULL;
	struct sif_header header;
	struct sif_partition part;
	int r;

	r = sif_header_read(data, len, file_bytes, &header);
	if (r < 0)
		return r;
	table = mem_alloc(header.descriptors_bytes + 1);
	r = read_exactly(image, table, header.descriptors_bytes,
			 header.descriptors_offset);
	if (r < 0)
		return r;
	r = sif_partition_find(table, header.descriptors_bytes, file_bytes, &part);
	if (r < 0)
		return r;
	image->kind = IMAGE_SIF;
	image->offset = part.offset;
	image->arch = mem_text(part.arch ? part.arch : header.arch);
	return look_at_squashfs(image, part.size);
}

/* What people give by mistake, told apart. */
static int no_image(enum probe_kind kind)
{
	switch (kind) {
	case PROBE_EXT:
		return hint(refuse(ENOEXEC, "an ext file system, which urun can't read"),
			    "convert it with 'apptainer build NEW.sif OLD.img'");
	case PROBE_PROGRAM:
		return hint(refuse(ENOEXEC, "a program, not an image"),
			    "the image comes first: urun IMAGE COMMAND");
	case PROBE_SCRIPT:
		return hint(refuse(ENOEXEC, "a script, not an image"),
			    "the image comes first: urun IMAGE COMMAND");
	case PROBE_JSON:
		return hint(refuse(ENOEXEC, "a JSON file, not an image"),
			    "a bundle or an OCI layout is named by its folder");
	default:
		return hint(refuse(ENOEXEC, "no image: neither squashfs nor SIF"),
			    "a download that failed half way is often a small HTML page");
	}
}

static int look_at_file(struct image *image, uint64_t file_bytes)
{
	unsigned char data[PROBE_BYTES];
	ssize_t n = fd_read_at(image->fd, data, sizeof(data), 0);
	enum probe_kind kind;

	if (n < 0)
		return fail((int)-n, "read '%s'", image->name);
	if (n == 0)
		return refuse(ENOEXEC, "an empty file");
	kind = probe_bytes(data, (size_t)n);
	switch (kind) {
	case PROBE_SQUASHFS:
		image->kind = IMAGE_SQUASHFS;
		return look_at_squashfs(image, file_bytes);
	case PROBE_SIF:
		return look_at_sif(image, data, (size_t)n, file_bytes);
	case PROBE_TAR:
		image->kind = IMAGE_ARCHIVE;
		return 0;
	default:
		return no_image(kind);
	}
}

/* ---- both -------------------------------------------------------------- */

static char *absolute_path(const char *path)
{
	auto_free char *cwd = NULL;

	while (text_starts(path, "./"))
		path += 2 + strspn(path + 2, "/");
	if (path[0] == '/')
		return mem_text(path);
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return mem_text(path); /* a removed cwd: the descriptor still works */
	return strcmp(path, ".") == 0 || !path[0] ? mem_text(cwd) : path_join(cwd, path);
}

static int look_at(struct image *image, const char *path)
{
	struct stat st;
	int r;

	if (fstat(image->fd, &st) < 0)
		return fail(errno, "open image '%s'", path);
	if (S_ISDIR(st.st_mode))
		return look_at_folder(image);
	if (!S_ISREG(st.st_mode))
		return refuse(ENOEXEC, "open image '%s': neither a file nor a folder",
			      path);
	/* O_NONBLOCK: should it have become a FIFO meanwhile */
	(void)close(image->fd);
	image->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (image->fd < 0 || fstat(image->fd, &st) < 0)
		return fail(errno, "open image '%s'", path);
	r = look_at_file(image, (uint64_t)st.st_size);
	return r < 0 ? wrap(r, "open image '%s'", path) : 0;
}

int image_open(const char *path, struct image **ret)
{
	struct image *image = mem_alloc(sizeof(*image));
	int r;

	image->name = mem_text(path);
	image->path = absolute_path(path);
	image->fd = open(path, O_PATH | O_CLOEXEC);
	r = image->fd < 0 ? fail(errno, "open image '%s'", path) : look_at(image, path);
	if (r < 0) {
		image_free(image);
		return r;
	}
	*ret = image;
	return 0;
}

int image_find(const char *name, const char *stores, struct image **ret)
{
	(void)stores, (void)ret; /* nothing fills a store yet */
	refuse(ENOENT, "find image '%s': not in the store", name);
	if (strchr(name, '/') == NULL && access(name, F_OK) == 0)
		return hint(-ENOENT, "did you mean './%s'?", name);
	return hint(-ENOENT,
		    "image files and folders are named by their path: './%s.sqsh'", name);
}

void image_free(struct image *image)
{
	if (!image)
		return;
	free(image->name);
	free(image->path);
	free(image->arch);
	if (image->fd >= 0)
		(void)close(image->fd); /* reading only */
	free(image);
}
