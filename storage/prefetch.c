// SPDX-License-Identifier: Apache-2.0
/* prefetch.c - decompressing what a start will read before it is asked for */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/mem.h"
#include "storage/elf.h"
#include "storage/path.h"
#include "storage/prefetch.h"

#define FILES_MAX 24
#define FILE_BYTES (2 << 20) /* of one file; a C library is smaller */
#define ALL_BYTES (6 << 20)  /* a small part of the cache: it may be in vain */

struct file {
	struct squash_inode inode;
	char folder[PATH_MAX]; /* where libraries are looked for first */
	uint64_t bytes;	       /* read, from the beginning; under the lock */
};

struct prefetch {
	struct squash *squash;
	char command[PATH_MAX];
	uint64_t bytes_left;
	uint64_t began_us, patience_us;
	pthread_t thread;
	bool has_thread; /* of whoever stops it */

	pthread_mutex_t lock; /* of what follows */
	struct file *files;
	size_t n_files;
	bool is_over;
};

/* ---- the files ------------------------------------------------------- */

static bool is_over(struct prefetch *prefetch)
{
	bool over;

	(void)pthread_mutex_lock(&prefetch->lock); /* not ours, so no deadlock */
	over = prefetch->is_over;
	(void)pthread_mutex_unlock(&prefetch->lock); /* ours */
	return over;
}

/* Enter the file at path. 0; -EEXIST: it is there already. */
static int add_file(struct prefetch *prefetch, const char *path)
{
	struct path_end end;
	struct file *file;
	int r = path_follow(prefetch->squash, path, &end);

	if (r == 0 && (end.missing[0] || !S_ISREG(end.inode.mode)))
		r = -ENOENT;
	if (r < 0)
		return r;
	for (size_t i = 0; i < prefetch->n_files; i++)
		if (prefetch->files[i].inode.ref == end.inode.ref)
			return -EEXIST;
	if (prefetch->n_files == FILES_MAX)
		return -ENOSPC;
	file = &prefetch->files[prefetch->n_files];
	file->inode = end.inode;
	(void)snprintf(file->folder, sizeof(file->folder), "%.*s",
		       (int)(strrchr(end.reached, '/') - end.reached), end.reached);
	(void)pthread_mutex_lock(&prefetch->lock); /* not ours, so no deadlock */
	prefetch->n_files++;
	(void)pthread_mutex_unlock(&prefetch->lock); /* ours */
	return 0;
}

static void add_command(struct prefetch *prefetch)
{
	static const char *const folders[] = { "/usr/local/sbin", "/usr/local/bin",
					       "/usr/sbin",	  "/usr/bin",
					       "/sbin",		  "/bin" };

	if (strchr(prefetch->command, '/')) {
		(void)add_file(prefetch, prefetch->command);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		auto_free char *path = mem_format("%s/%s", folders[i], prefetch->command);

		if (add_file(prefetch, path) == 0)
			return;
	}
}

/* The loader's own folder is where a distribution has its libraries. */
static void add_library(struct prefetch *prefetch, const char *near, const char *name)
{
	const char *const folders[] = { near, "/usr/lib64", "/usr/lib" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		auto_free char *path = mem_format("%s/%s", folders[i], name);
		int r = add_file(prefetch, path);

		if (r == 0 || r == -EEXIST)
			return;
	}
}

static void add_needs(struct prefetch *prefetch, size_t at)
{
	struct elf_needs needs;
	size_t loader = prefetch->n_files;

	if (elf_needs(prefetch->squash, &prefetch->files[at].inode, &needs) == 0) {
		if (!needs.interpreter[0] || add_file(prefetch, needs.interpreter) < 0)
			loader = at;
		for (size_t i = 0; i < needs.libraries.count; i++)
			add_library(prefetch, prefetch->files[loader].folder,
				    needs.libraries.item[i]);
	}
	elf_needs_done(&needs);
}

/* ---- is there a CPU for it? ------------------------------------------- */

static uint64_t now_us(clockid_t clock)
{
	struct timespec now = { 0 };

	(void)clock_gettime(clock, &now); /* 0 for both: a CPU of our own */
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Did others take the time that this thread could have had? Then they may be the ones
 * that we want to save it. */
static bool is_crowded(const struct prefetch *prefetch)
{
	uint64_t wall = now_us(CLOCK_MONOTONIC) - prefetch->began_us;

	return wall > prefetch->patience_us + 2 * now_us(CLOCK_THREAD_CPUTIME_ID);
}

/* ---- reading --------------------------------------------------------- */

/* Have a part of a file decompressed, and let it stay in the cache. */
static int read_part(struct prefetch *prefetch, struct file *file, size_t len)
{
	struct squash_pieces pieces;
	int r = squash_read(prefetch->squash, &file->inode, file->bytes, len, &pieces);

	if (r < 0)
		return r;
	for (size_t i = 0; i < pieces.count; i++)
		pieces.used_up[i] = false;
	(void)pthread_mutex_lock(&prefetch->lock); /* not ours, so no deadlock */
	file->bytes += pieces.bytes;
	(void)pthread_mutex_unlock(&prefetch->lock); /* ours */
	r = pieces.bytes ? 0 : -ENODATA;
	squash_release(prefetch->squash, &pieces);
	return r;
}

static void read_file(struct prefetch *prefetch, struct file *file)
{
	struct squash_about about;
	uint64_t limit = file->inode.size;

	squash_describe(prefetch->squash, &about);
	if (limit > FILE_BYTES)
		limit = FILE_BYTES;
	if (limit > prefetch->bytes_left)
		limit = prefetch->bytes_left;
	while (file->bytes < limit && !is_over(prefetch) && !is_crowded(prefetch)) {
		if (read_part(prefetch, file, about.block_size) < 0)
			break;
		(void)sched_yield(); /* somebody may be waiting for an answer */
	}
	prefetch->bytes_left -= file->bytes < limit ? file->bytes : limit;
}

static void *thread_main(void *argument)
{
	struct prefetch *prefetch = argument;

	prefetch->began_us = now_us(CLOCK_MONOTONIC);
	add_command(prefetch);
	for (size_t i = 0; i < prefetch->n_files && !is_over(prefetch); i++) {
		add_needs(prefetch, i);
		read_file(prefetch, &prefetch->files[i]);
	}
	return NULL;
}

/* ---- from other threads ---------------------------------------------- */

struct prefetch *prefetch_begin(struct squash *squash, const char *command,
				uint64_t patience_us)
{
	struct prefetch *prefetch = mem_alloc(sizeof(*prefetch));

	prefetch->squash = squash;
	prefetch->bytes_left = ALL_BYTES;
	prefetch->patience_us = patience_us;
	prefetch->files = mem_array(FILES_MAX, sizeof(*prefetch->files));
	(void)snprintf(prefetch->command, sizeof(prefetch->command), "%s",
		       command[0] ? command : "/bin/sh"); /* cut: it is not found */
	(void)pthread_mutex_init(&prefetch->lock, NULL);  /* cannot fail on Linux */
	prefetch->has_thread = pthread_create(&prefetch->thread, NULL, thread_main,
					      prefetch) == 0;
	if (prefetch->has_thread)
		return prefetch;
	prefetch_free(prefetch);
	return NULL;
}

uint64_t prefetch_bytes(struct prefetch *prefetch, uint64_t ref)
{
	uint64_t bytes = 0;

	(void)pthread_mutex_lock(&prefetch->lock); /* not ours, so no deadlock */
	for (size_t i = 0; i < prefetch->n_files; i++)
		if (prefetch->files[i].inode.ref == ref)
			bytes = prefetch->files[i].bytes;
	(void)pthread_mutex_unlock(&prefetch->lock); /* ours */
	return bytes;
}

void prefetch_stop(struct prefetch *prefetch)
{
	if (!prefetch || !prefetch->has_thread)
		return;
	(void)pthread_mutex_lock(&prefetch->lock); /* not ours, so no deadlock */
	prefetch->is_over = true;
	(void)pthread_mutex_unlock(&prefetch->lock); /* ours */
	(void)pthread_join(prefetch->thread, NULL);  /* ours, and joinable */
	prefetch->has_thread = false;
}

void prefetch_free(struct prefetch *prefetch)
{
	if (!prefetch)
		return;
	prefetch_stop(prefetch);
	(void)pthread_mutex_destroy(&prefetch->lock); /* nobody holds it */
	free(prefetch->files);
	free(prefetch);
}
