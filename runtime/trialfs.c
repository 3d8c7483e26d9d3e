// SPDX-License-Identifier: Apache-2.0
/* trialfs.c - a FUSE server of a few fixed files, in the kernel's own protocol */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "runtime/trialfs.h"

#define CONTENT "hello"
#define REQUEST_MAX (FUSE_MIN_READ_BUFFER + 128 * 1024)
#define FOREVER_S 86400

static const struct node {
	const char *name;
	uint64_t parent; /* inode numbers are places in this table, plus 1 */
	mode_t mode;
	uint32_t uid;
} nodes[] = {
	{ "/", 0, S_IFDIR | 0755, 0 },
	{ "folder", 1, S_IFDIR | 0755, 0 },
	{ "file", 2, S_IFREG | 0644, 0 },
	{ "script", 1, S_IFREG | 0755, 0 },
	{ "foreign", 1, S_IFREG | 0644, TRIALFS_FOREIGN_UID },
	{ "gone", 1, S_IFCHR, 0 },
};

static const struct node *node_of(uint64_t id)
{
	return id >= 1 && id <= ARRAY_SIZE(nodes) ? &nodes[id - 1] : NULL;
}

static struct fuse_attr attr_of(uint64_t id)
{
	const struct node *node = node_of(id);
	bool is_file = S_ISREG(node->mode);

	return (struct fuse_attr){ .ino = id,
				   .mode = node->mode,
				   .uid = node->uid,
				   .size = is_file ? strlen(CONTENT) : 0,
				   .nlink = 1,
				   .blocks = 1,
				   .blksize = 4096 };
}

static int answer(int fd, const struct fuse_in_header *in, int err, const void *data,
		  size_t len)
{
	char reply[8192];
	struct fuse_out_header out = { .unique = in->unique,
				       .error = -err,
				       .len = (uint32_t)(sizeof(out) + len) };

	memcpy(reply, &out, sizeof(out));
	if (len)
		memcpy(reply + sizeof(out), data, len);
	/* ENOENT: the request was interrupted meanwhile. */
	return write(fd, reply, out.len) < 0 && errno != ENOENT ? -errno : 1;
}

static int answer_init(int fd, const struct fuse_in_header *in)
{
	const struct fuse_init_in *init = (const void *)(in + 1);
	struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION,
				     .minor = 31,
				     .max_readahead = init->max_readahead,
				     .max_write = 4096,
				     .time_gran = 1,
				     .flags = FUSE_NO_OPEN_SUPPORT & init->flags };

	return answer(fd, in, 0, &out, sizeof(out));
}

static int answer_lookup(struct trialfs *fs, const struct fuse_in_header *in)
{
	const char *name = (const char *)(in + 1);
	struct fuse_entry_out out = { .entry_valid = FOREVER_S, .attr_valid = FOREVER_S };

	fs->last_uid = in->uid;
	if (strcmp(name, "zero") == 0)
		return answer(fs->fuse_fd, in, 0, &out, sizeof(out));
	for (uint64_t id = 2; id <= ARRAY_SIZE(nodes); id++) {
		if (nodes[id - 1].parent != in->nodeid ||
		    strcmp(nodes[id - 1].name, name) != 0)
			continue;
		out.nodeid = id;
		out.attr = attr_of(id);
		return answer(fs->fuse_fd, in, 0, &out, sizeof(out));
	}
	return answer(fs->fuse_fd, in, ENOENT, NULL, 0);
}

static int answer_readdir(int fd, const struct fuse_in_header *in)
{
	const struct fuse_read_in *how = (const void *)(in + 1);
	_Alignas(struct fuse_dirent) char list[1024] = { 0 };
	size_t len = 0;

	for (uint64_t id = 2; how->offset == 0 && id <= ARRAY_SIZE(nodes); id++) {
		struct fuse_dirent *entry = (struct fuse_dirent *)(list + len);

		if (nodes[id - 1].parent != in->nodeid)
			continue;
		entry->ino = id;
		entry->off = id;
		entry->type = nodes[id - 1].mode >> 12;
		entry->namelen = (uint32_t)strlen(nodes[id - 1].name);
		memcpy(entry->name, nodes[id - 1].name, entry->namelen);
		len += FUSE_DIRENT_SIZE(entry);
	}
	return answer(fd, in, 0, list, len);
}

static int answer_read(int fd, const struct fuse_in_header *in)
{
	const struct fuse_read_in *how = (const void *)(in + 1);
	size_t at = how->offset < strlen(CONTENT) ? how->offset : strlen(CONTENT);

	return answer(fd, in, 0, CONTENT + at, strlen(CONTENT) - at);
}

static int answer_request(struct trialfs *fs, const struct fuse_in_header *in)
{
	int fd = fs->fuse_fd;
	struct fuse_attr_out attr = { .attr_valid = FOREVER_S };
	struct fuse_open_out opened = { 0 };
	struct fuse_statfs_out totals = { .st = { .bsize = 4096, .namelen = 255 } };

	switch (in->opcode) {
	case FUSE_INIT:
		return answer_init(fd, in);
	case FUSE_LOOKUP:
		return answer_lookup(fs, in);
	case FUSE_GETATTR:
		attr.attr = attr_of(in->nodeid);
		return answer(fd, in, 0, &attr, sizeof(attr));
	case FUSE_OPENDIR:
		return answer(fd, in, 0, &opened, sizeof(opened));
	case FUSE_READDIR:
		return answer_readdir(fd, in);
	case FUSE_READ:
		return answer_read(fd, in);
	case FUSE_STATFS:
		return answer(fd, in, 0, &totals, sizeof(totals));
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return 1; /* these take no answer */
	case FUSE_RELEASEDIR:
	case FUSE_DESTROY:
		return answer(fd, in, 0, NULL, 0);
	default:
		return answer(fd, in, ENOSYS, NULL, 0); /* open: never asked again */
	}
}

int trialfs_answer_one(struct trialfs *fs)
{
	static _Alignas(8) char request[REQUEST_MAX];
	ssize_t n;

	do {
		n = read(fs->fuse_fd, request, sizeof(request));
	} while (n < 0 && (errno == EINTR || errno == ENOENT)); /* ENOENT: taken back */
	if (n < 0)
		return errno == ENODEV ? 0 : -errno;
	return answer_request(fs, (const struct fuse_in_header *)request);
}

int trialfs_serve(struct trialfs *fs)
{
	int r;

	do {
		r = trialfs_answer_one(fs);
	} while (r > 0);
	return r;
}

int trialfs_mount(const char *path)
{
	auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];

	if (fd < 0)
		return -errno;
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40000,user_id=%u,group_id=%u,default_permissions,"
		       "allow_other",
		       fd, geteuid(), getegid()); /* fits */
	if (mount("trial", path, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return -errno;
	return take_fd(&fd);
}
