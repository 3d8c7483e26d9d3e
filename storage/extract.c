// SPDX-License-Identifier: Apache-2.0
/* extract.c - the tree of a squashfs image as files in a folder
 *
 * How it works: a walk from the root, with a descriptor of each folder on the way. A
 * name is made with O_EXCL in its folder's descriptor, so that no link of the image is
 * ever followed. An image whose folders contain each other ends at a limit.
 */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/strv.h"
#include "storage/extract.h"
#include "storage/squash.h"

/* The first name of a file that has several. */
struct first_name {
	uint64_t ref;
	char *path; /* relative to the folder */
};

struct extraction {
	struct squash *squash;
	int top_fd;
	struct text path; /* of what is being made, from the top, without a slash */
	uint64_t bytes_left;
	uint64_t names_left;
	void *first_names; /* a tree of search.h */
};

/* ---- names ----------------------------------------------------------- */

static bool name_is_safe(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static size_t path_push(struct extraction *x, const char *name)
{
	size_t len = x->path.len;

	text_addf(&x->path, "%s%s", len ? "/" : "", name);
	return len;
}

static void path_pop(struct extraction *x, size_t len)
{
	x->path.len = len;
	x->path.data[len] = '\0';
}

static int fail_here(struct extraction *x, int err, const char *tried)
{
	return fail(err, "%s '/%s'", tried, text_get(&x->path));
}

/* ---- hard links ------------------------------------------------------ */

static int first_name_compare(const void *a, const void *b)
{
	const struct first_name *left = a, *right = b;

	return left->ref < right->ref ? -1 : left->ref > right->ref;
}

static void first_name_free(void *p)
{
	struct first_name *first = p;

	free(first->path);
	free(first);
}

/* The first name of a file that has several; NULL: this is the first, and remembered. */
static const char *first_name_of(struct extraction *x, const struct squash_inode *inode)
{
	struct first_name *first, **found;

	if (inode->nlink < 2)
		return NULL;
	first = mem_alloc(sizeof(*first));
	first->ref = inode->ref;
	found = tsearch(first, &x->first_names, first_name_compare);
	if (!found)
		abort(); /* memory, as in mem_alloc() */
	if (*found != first) {
		free(first);
		return (*found)->path;
	}
	first->path = mem_text(text_get(&x->path));
	return NULL;
}

/* ---- one file -------------------------------------------------------- */

static int write_pieces(int fd, const struct squash_pieces *pieces, uint64_t offset)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const struct iovec *piece = &pieces->piece[i];

		if (pieces->held[i]) { /* else a hole */
			if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
				return -errno;
			int r = fd_write_all(fd, piece->iov_base, piece->iov_len);

			if (r < 0)
				return r;
		}
		offset += piece->iov_len;
	}
	return 0;
}

static uint64_t stored_bytes(const struct squash_pieces *pieces)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->held[i])
			bytes += pieces->piece[i].iov_len;
	return bytes;
}

/* One request's worth from offset. The number of bytes, or -errno. */
static ssize_t copy_part(struct extraction *x, const struct squash_inode *file, int fd,
			 uint64_t offset)
{
	struct squash_pieces pieces;
	uint64_t stored;
	ssize_t bytes;
	int r = squash_read(x->squash, file, offset, SQUASH_READ_MAX, &pieces);

	if (r < 0)
		return r;
	bytes = (ssize_t)pieces.bytes;
	stored = stored_bytes(&pieces);
	if (stored > x->bytes_left)
		r = -EFBIG;
	else
		r = write_pieces(fd, &pieces, offset);
	x->bytes_left -= r < 0 ? 0 : stored;
	squash_release(x->squash, &pieces);
	return r < 0 ? r : bytes;
}

static int copy_content(struct extraction *x, const struct squash_inode *file, int fd)
{
	for (uint64_t offset = 0; offset < file->size;) {
		ssize_t n = copy_part(x, file, fd, offset);

		if (n == -EFBIG)
			return hint(refuse(EFBIG,
					   "unpack '/%s': the image grows beyond %d "
					   "times its size",
					   text_get(&x->path), EXTRACT_RATIO_MAX),
				    "this is no honest image");
		if (n <= 0)
			return fail_here(x, n < 0 ? (int)-n : EIO, "unpack");
		offset += (uint64_t)n;
	}
	if (ftruncate(fd, (off_t)file->size) < 0) /* a hole at the end */
		return fail_here(x, errno, "unpack");
	return 0;
}

/* For a descriptor when name is NULL. */
static int set_time(struct extraction *x, int fd, const char *name, uint32_t mtime)
{
	struct timespec times[2] = { { .tv_sec = mtime }, { .tv_sec = mtime } };

	if ((name ? utimensat(fd, name, times, AT_SYMLINK_NOFOLLOW)
		  : futimens(fd, times)) < 0)
		return fail_here(x, errno, "set the time of");
	return 0;
}

static int make_file(struct extraction *x, int dir_fd, const char *name,
		     const struct squash_inode *inode)
{
	const char *first = first_name_of(x, inode);
	auto_close int fd = -1;
	int r;

	if (first && linkat(x->top_fd, first, dir_fd, name, 0) == 0)
		return 0;
	/* Landlock before Linux 5.19 forbids links into other folders: then it's a copy.
	 */
	if (first && errno != EXDEV && errno != EMLINK)
		return fail_here(x, errno, "link");
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return fail_here(x, errno, "make");
	r = copy_content(x, inode, fd);
	if (r < 0)
		return r;
	if (fchmod(fd, inode->mode & 0777) < 0)
		return fail_here(x, errno, "set the mode of");
	return set_time(x, fd, NULL, inode->mtime);
}

static int make_link(struct extraction *x, int dir_fd, const char *name,
		     const struct squash_inode *inode)
{
	char target[PATH_MAX];
	int r = squash_readlink(x->squash, inode, target);

	if (r < 0)
		return fail_here(x, -r, "read the link");
	if (symlinkat(target, dir_fd, name) < 0)
		return fail_here(x, errno, "make the link");
	return set_time(x, dir_fd, name, inode->mtime);
}

/* ---- folders --------------------------------------------------------- */

static int fill_folder(struct extraction *x, int dir_fd, const struct squash_inode *inode,
		       int depth);

static int make_folder(struct extraction *x, int dir_fd, const char *name,
		       const struct squash_inode *inode, int depth)
{
	auto_close int fd = -1;

	if (depth > EXTRACT_DEPTH_MAX)
		return refuse(ELOOP, "make '/%s': more than %d folders deep",
			      text_get(&x->path), EXTRACT_DEPTH_MAX);
	if (mkdirat(dir_fd, name, 0700) < 0)
		return fail_here(x, errno, "make the folder");
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_here(x, errno, "open the folder");
	return fill_folder(x, fd, inode, depth);
}

static int make_entry(struct extraction *x, int dir_fd, const struct squash_entry *entry,
		      int depth)
{
	struct squash_inode inode;
	int r;

	if (!name_is_safe(entry->name))
		return refuse(EINVAL, "make '/%s': no good name", text_get(&x->path));
	if (x->names_left-- == 0)
		return refuse(EFBIG, "make '/%s': more than %d files", text_get(&x->path),
			      EXTRACT_NAMES_MAX);
	r = squash_inode(x->squash, entry->ref, &inode);
	if (r < 0)
		return fail_here(x, -r, "read");
	if (S_ISDIR(inode.mode))
		return make_folder(x, dir_fd, entry->name, &inode, depth);
	if (S_ISREG(inode.mode))
		return make_file(x, dir_fd, entry->name, &inode);
	if (S_ISLNK(inode.mode))
		return make_link(x, dir_fd, entry->name, &inode);
	if (S_ISFIFO(inode.mode) && mkfifoat(dir_fd, entry->name, inode.mode & 0777) < 0)
		return fail_here(x, errno, "make");
	return 0; /* devices and sockets are of no use */
}

static int make_entries(struct extraction *x, int dir_fd,
			const struct squash_inode *inode, int depth)
{
	struct squash_entry entry;
	struct squash_dir dir;
	int r = squash_dir_open(x->squash, inode, 0, &dir);

	while (r == 0 && (r = squash_dir_next(x->squash, &dir, &entry)) > 0) {
		size_t len = path_push(x, entry.name);

		r = make_entry(x, dir_fd, &entry, depth + 1);
		if (r < 0)
			return r;
		path_pop(x, len);
	}
	return r < 0 ? fail_here(x, -r, "read the folder") : 0;
}

static int fill_folder(struct extraction *x, int dir_fd, const struct squash_inode *inode,
		       int depth)
{
	int r = make_entries(x, dir_fd, inode, depth);

	if (r < 0)
		return r;
	if (fchmod(dir_fd, (inode->mode & 01777) | 0700) < 0)
		return fail_here(x, errno, "set the mode of");
	return set_time(x, dir_fd, NULL, inode->mtime);
}

int extract_tree(struct squash *squash, int folder_fd)
{
	struct extraction x = { .squash = squash, .top_fd = folder_fd };
	struct squash_inode root;
	struct squash_about about;
	int r = squash_inode(squash, squash_root(squash), &root);

	if (r < 0)
		return fail(-r, "read the root folder");
	squash_describe(squash, &about);
	x.bytes_left = about.bytes * EXTRACT_RATIO_MAX + EXTRACT_ALLOWANCE;
	x.names_left = EXTRACT_NAMES_MAX;
	r = fill_folder(&x, folder_fd, &root, 0);
	tdestroy(x.first_names, first_name_free);
	text_done(&x.path);
	return r;
}
