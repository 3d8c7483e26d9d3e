// SPDX-License-Identifier: Apache-2.0
/* fuse.c - serving a tree to the kernel over a FUSE descriptor
 *
 * How it works: nothing in a tree ever changes, so the kernel is told once and for all:
 * names, absent names and attributes never time out, and open() and opendir() are not
 * even asked, which makes the kernel keep pages and listings. What is answered here is
 * asked for the first time.
 */
#define FUSE_USE_VERSION 312
#include <errno.h>
#include <fuse3/fuse_lowlevel.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/mem.h"
#include "storage/fuse.h"
#include "storage/workers.h"

#define FOREVER 1e9		 /* seconds: 30 years */
#define LIST_BYTES_MAX (1 << 20) /* what one request may ask for: FUSE's 256 pages */
#define BACKGROUND_MAX 64	 /* read-ahead requests under way; 12 by default */

struct server {
	struct fuse_session *session;
	struct tree *tree;
	bool no_open, no_opendir; /* the kernel need not ask */
};

static struct server *server_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* A reply fails only when the mount is going away; the next receive tells. */

static void reply_error(fuse_req_t req, int r)
{
	/* What the kernel would turn into a wrong meaning: no memory for a block. */
	(void)fuse_reply_err(req, r == -ENOBUFS || r == -ENOMEM ? EIO : -r);
}

static void entry_fill(struct server *server, const struct tree_node *node,
		       struct fuse_entry_param *ret)
{
	*ret = (struct fuse_entry_param){
		.ino = node->id,
		.attr_timeout = FOREVER,
		.entry_timeout = FOREVER,
	};
	tree_stat(server->tree, node, &ret->attr);
}

/* ---- attributes and names -------------------------------------------- */

static void on_init(void *data, struct fuse_conn_info *conn)
{
	struct server *server = data;
	unsigned int want = FUSE_CAP_ASYNC_READ | FUSE_CAP_PARALLEL_DIROPS |
			    FUSE_CAP_READDIRPLUS | FUSE_CAP_CACHE_SYMLINKS |
			    FUSE_CAP_NO_OPENDIR_SUPPORT;

	server->no_open = conn->capable & FUSE_CAP_NO_OPEN_SUPPORT;
	server->no_opendir = conn->capable & FUSE_CAP_NO_OPENDIR_SUPPORT;
	conn->want = conn->capable & want;
	conn->max_background = BACKGROUND_MAX;
	conn->congestion_threshold = BACKGROUND_MAX;
}

static void on_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct server *server = server_of(req);
	struct fuse_entry_param entry;
	struct tree_node folder, node;
	int r = tree_node(server->tree, parent, &folder);

	if (r == 0)
		r = tree_lookup(server->tree, &folder, name, &node);
	if (r == 0)
		entry_fill(server, &node, &entry);
	else if (r == -ENOENT)
		entry = (struct fuse_entry_param){ .entry_timeout = FOREVER };
	if (r == 0 || r == -ENOENT)
		(void)fuse_reply_entry(req, &entry);
	else
		reply_error(req, r);
}

static void on_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count)
{
	(void)ino;
	(void)count;
	fuse_reply_none(req); /* nothing was remembered */
}

static void on_forget_multi(fuse_req_t req, size_t count,
			    struct fuse_forget_data *forgets)
{
	(void)count;
	(void)forgets;
	fuse_reply_none(req); /* nothing was remembered */
}

static void on_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct server *server = server_of(req);
	struct tree_node node;
	struct stat st;
	int r = tree_node(server->tree, ino, &node);

	(void)fi;
	if (r < 0) {
		reply_error(req, r);
		return;
	}
	tree_stat(server->tree, &node, &st);
	(void)fuse_reply_attr(req, &st, FOREVER);
}

static void on_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct server *server = server_of(req);
	char target[PATH_MAX];
	struct tree_node node;
	int r = tree_node(server->tree, ino, &node);

	if (r == 0)
		r = tree_readlink(server->tree, &node, target);
	if (r == 0)
		(void)fuse_reply_readlink(req, target);
	else
		reply_error(req, r);
}

static void on_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct squash_about about;
	struct statvfs st;

	(void)ino;
	tree_statvfs(server_of(req)->tree, &about);
	st = (struct statvfs){
		.f_bsize = about.block_size,
		.f_frsize = about.block_size,
		.f_blocks = (about.bytes + about.block_size - 1) / about.block_size,
		.f_files = about.inodes,
		.f_namemax = SQUASH_NAME_MAX,
	};
	(void)fuse_reply_statfs(req, &st);
}

/* ---- files ----------------------------------------------------------- */

static void on_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	if (server_of(req)->no_open) {
		(void)fuse_reply_err(req, ENOSYS); /* "need not be asked, for any file" */
		return;
	}
	fi->keep_cache = 1;
	(void)fuse_reply_open(req, fi);
}

static void on_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	if (server_of(req)->no_opendir) {
		(void)fuse_reply_err(req, ENOSYS); /* as above, for folders */
		return;
	}
	fi->keep_cache = 1;
	fi->cache_readdir = 1;
	(void)fuse_reply_open(req, fi);
}

static void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		    struct fuse_file_info *fi)
{
	struct server *server = server_of(req);
	struct squash_pieces pieces;
	struct tree_node node;
	int r = offset < 0 ? -EINVAL : tree_node(server->tree, ino, &node);

	(void)fi;
	if (r == 0)
		r = tree_read(server->tree, &node, (uint64_t)offset, size, &pieces);
	if (r < 0) {
		reply_error(req, r);
		return;
	}
	(void)fuse_reply_iov(req, pieces.piece, (int)pieces.count);
	tree_release(server->tree, &pieces);
	if (!tree_can_read_ahead(server->tree))
		return;
	workers_give_lead(); /* while this is done, requests are not to wait */
	if (!workers_is_leading())
		tree_read_ahead(server->tree);
}

static void on_lseek(fuse_req_t req, fuse_ino_t ino, off_t offset, int whence,
		     struct fuse_file_info *fi)
{
	struct server *server = server_of(req);
	struct tree_node node;
	uint64_t found = 0;
	int r = offset < 0 ? -ENXIO : tree_node(server->tree, ino, &node);

	(void)fi;
	if (r == 0 && whence != SEEK_DATA && whence != SEEK_HOLE)
		r = -EINVAL;
	if (r == 0)
		r = tree_seek(server->tree, &node, (uint64_t)offset, whence == SEEK_HOLE,
			      &found);
	if (r == 0)
		(void)fuse_reply_lseek(req, (off_t)found);
	else
		reply_error(req, r);
}

/* ---- folders --------------------------------------------------------- */

/* Add one entry at data. How much it takes; more than room: it was not added. */
static size_t list_add(fuse_req_t req, char *data, size_t room,
		       const struct tree_entry *entry, bool with_attributes)
{
	struct server *server = server_of(req);
	struct fuse_entry_param param = { 0 };
	struct tree_node node;

	/* An inode that can't be read is named without attributes: a lookup tells why. */
	if (with_attributes && entry->id &&
	    tree_node(server->tree, entry->id, &node) == 0)
		entry_fill(server, &node, &param);
	if (!param.ino) {
		param.attr.st_ino = entry->number;
		param.attr.st_mode = entry->type;
	}
	return with_attributes ? fuse_add_direntry_plus(req, data, room, entry->name,
							&param, (off_t)entry->cookie)
			       : fuse_add_direntry(req, data, room, entry->name,
						   &param.attr, (off_t)entry->cookie);
}

static void reply_list(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		       bool with_attributes)
{
	struct server *server = server_of(req);
	auto_free char *data = NULL;
	struct tree_entry entry;
	struct tree_list list;
	struct tree_node folder;
	size_t used = 0;
	int r = offset < 0 ? -EINVAL : tree_node(server->tree, ino, &folder);

	if (r == 0)
		r = tree_list_open(server->tree, &folder, (uint64_t)offset, &list);
	if (size > LIST_BYTES_MAX)
		size = LIST_BYTES_MAX;
	if (r == 0)
		data = mem_alloc(size);
	while (r == 0 && (r = tree_list_next(server->tree, &list, &entry)) == 1) {
		size_t took = list_add(req, data + used, size - used, &entry,
				       with_attributes);

		if (took > size - used)
			break;
		used += took;
		r = 0;
	}
	if (r < 0 && used == 0)
		reply_error(req, r);
	else
		(void)fuse_reply_buf(req, data, used);
}

static void on_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		       struct fuse_file_info *fi)
{
	(void)fi;
	reply_list(req, ino, size, offset, false);
}

static void on_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
			   struct fuse_file_info *fi)
{
	(void)fi;
	reply_list(req, ino, size, offset, true);
}

/* ---- extended attributes --------------------------------------------- */

static void reply_xattr(fuse_req_t req, int r, const struct text *value, size_t size)
{
	if (r < 0)
		reply_error(req, r);
	else if (size == 0)
		(void)fuse_reply_xattr(req, value->len);
	else if (value->len > size)
		(void)fuse_reply_err(req, ERANGE);
	else
		(void)fuse_reply_buf(req, value->data, value->len);
}

static void on_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	struct server *server = server_of(req);
	auto_text struct text value = { 0 };
	struct tree_node node;
	int r = -ENOSYS; /* "need not be asked, for any file": overlays ask for each */

	if (tree_has_xattrs(server->tree)) {
		r = tree_node(server->tree, ino, &node);
		if (r == 0)
			r = tree_get_xattr(server->tree, &node, name, &value);
	}
	reply_xattr(req, r, &value, size);
}

static void on_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	struct server *server = server_of(req);
	auto_text struct text names = { 0 };
	struct tree_node node;
	int r = -ENOSYS;

	if (tree_has_xattrs(server->tree)) {
		r = tree_node(server->tree, ino, &node);
		if (r == 0)
			r = tree_list_xattrs(server->tree, &node, &names);
	}
	reply_xattr(req, r, &names, size);
}

/* ---- the session ----------------------------------------------------- */

static const struct fuse_lowlevel_ops operations = {
	.init = on_init,
	.lookup = on_lookup,
	.forget = on_forget,
	.forget_multi = on_forget_multi,
	.getattr = on_getattr,
	.readlink = on_readlink,
	.open = on_open,
	.read = on_read,
	.statfs = on_statfs,
	.opendir = on_opendir,
	.readdir = on_readdir,
	.readdirplus = on_readdirplus,
	.getxattr = on_getxattr,
	.listxattr = on_listxattr,
	.lseek = on_lseek,
};

static void work(struct workers *workers, void *context)
{
	struct server *server = context;
	struct fuse_buf buffer = { 0 };

	while (workers_lead(workers)) {
		int r = fuse_session_receive_buf(server->session, &buffer);

		if (r == -EINTR)
			continue;
		if (r <= 0 || fuse_session_exited(server->session)) {
			workers_end(workers); /* the mount is gone */
			break;
		}
		fuse_session_process_buf(server->session, &buffer);
	}
	free(buffer.mem);
}

int fuse_serve(struct tree *tree, struct prefetch *prefetch, int fuse_fd,
	       unsigned int threads)
{
	char name[] = "urun-fs", fd_name[32];
	char *argv[] = { name, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct server server = { .tree = tree };

	server.session = fuse_session_new(&args, &operations, sizeof(operations),
					  &server);
	fuse_opt_free_args(&args);
	if (!server.session) {
		fd_release(&fuse_fd);
		return refuse(ENOMEM, "begin a FUSE session");
	}
	(void)snprintf(fd_name, sizeof(fd_name), "/dev/fd/%d", fuse_fd); /* it fits */
	if (fuse_session_mount(server.session, fd_name) < 0) {
		fuse_session_destroy(server.session);
		fd_release(&fuse_fd);
		return refuse(EINVAL, "serve the FUSE descriptor");
	}
	workers_run(threads, fuse_session_fd(server.session), work, &server);
	prefetch_stop(prefetch);
	fuse_session_unmount(server.session);
	fuse_session_destroy(server.session);
	return 0;
}
