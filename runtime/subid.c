// SPDX-License-Identifier: Apache-2.0
/* subid.c - which ranges of subordinate ids a user has */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "runtime/subid.h"

#define FILE_MAX (16 << 20)  /* bytes: half a million users of a large site */
#define OUTPUT_MAX (1 << 16) /* bytes of one user's ranges */
#define RANGES_MAX 339	     /* the kernel takes 340 lines (4.15), one is our own id */
#define IDS_END ((uint64_t)UINT32_MAX) /* (uid_t)-1 is no id */

struct range {
	uint64_t first, end; /* end is not in it */
};

static void add_piece(struct id_maps *maps, struct range piece)
{
	const struct id_map *last = maps->count ? &maps->item[maps->count - 1] : NULL;
	uint64_t inside = last ? (uint64_t)last->inside + last->count : 1;

	if (inside + (piece.end - piece.first) > IDS_END)
		piece.end = piece.first + (IDS_END - inside);
	if (piece.first < piece.end && maps->count < RANGES_MAX)
		id_maps_add(maps, (uint32_t)inside, (uint32_t)piece.first,
			    (uint32_t)(piece.end - piece.first));
}

/* Add what is left of range without the pieces that maps has from number at on: the
 * kernel refuses maps in which an id comes twice. */
static void add_new_pieces(struct id_maps *maps, size_t at, struct range range)
{
	for (; at < maps->count && range.first < range.end; at++) {
		uint64_t first = maps->item[at].outside;
		uint64_t end = first + maps->item[at].count;

		if (end <= range.first || first >= range.end)
			continue;
		if (first > range.first)
			add_new_pieces(maps, at + 1,
				       (struct range){ range.first, first });
		range.first = end;
	}
	add_piece(maps, range);
}

static void add_range(struct id_maps *maps, uint64_t first, uint64_t count,
		      uint32_t own_id)
{
	uint64_t end = count < IDS_END - first ? first + count : IDS_END;

	if (own_id >= first && own_id < end) {
		add_new_pieces(maps, 0, (struct range){ first, own_id });
		first = (uint64_t)own_id + 1;
	}
	add_new_pieces(maps, 0, (struct range){ first, end });
}

static bool is_owner(const char *text, const struct subid_owner *owner)
{
	long long uid;

	if (owner->name && strcmp(text, owner->name) == 0)
		return true;
	return text_to_number(text, 10, 0, UINT32_MAX, &uid) == 0 &&
	       (uid_t)uid == owner->uid;
}

/* "100000", "65536" */
static void take_range(const char *first_text, const char *count_text,
		       const struct subid_owner *owner, struct id_maps *ret)
{
	long long first, count;

	if (text_to_number(first_text, 10, 0, UINT32_MAX - 1, &first) < 0 ||
	    text_to_number(count_text, 10, 0, INT64_MAX, &count) < 0)
		log_debug("subordinate ids '%s', '%s' are no range, ignoring", first_text,
			  count_text);
	else
		add_range(ret, (uint64_t)first, (uint64_t)count, owner->own_id);
}

void subid_parse_file(const char *data, const struct subid_owner *owner,
		      struct id_maps *ret)
{
	auto_strv struct strv lines = { 0 };

	strv_split(&lines, data, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		auto_strv struct strv parts = { 0 };

		strv_split(&parts, lines.item[i], ":");
		if (parts.count == 3 && is_owner(parts.item[0], owner))
			take_range(parts.item[1], parts.item[2], owner, ret);
	}
}

void subid_parse_output(const char *data, const struct subid_owner *owner,
			struct id_maps *ret)
{
	auto_strv struct strv lines = { 0 };

	strv_split(&lines, data, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		auto_strv struct strv parts = { 0 };

		strv_split(&parts, lines.item[i], " \t");
		if (parts.count == 4 && is_owner(parts.item[1], owner))
			take_range(parts.item[2], parts.item[3], owner, ret);
	}
}

static int read_file(const char *path, const struct subid_owner *owner,
		     struct id_maps *ret)
{
	auto_free char *data = NULL;
	int r = file_read_in(AT_FDCWD, path, FILE_MAX, &data, NULL);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return fail(-r, "read '%s'", path);
	subid_parse_file(data, owner, ret);
	return 0;
}

/* Does the system look anywhere but in the files? The line "subid: sss" says so. */
static bool has_other_sources(void)
{
	auto_free char *data = NULL;
	const char *at;

	if (file_read_in(AT_FDCWD, "/etc/nsswitch.conf", OUTPUT_MAX, &data, NULL) < 0)
		return false;
	for (at = data; (at = strstr(at, "subid:")); at++)
		if (at == data || at[-1] == '\n')
			return true;
	return false;
}

/* No such program or no ranges: nothing is added. */
static void ask_program(const struct subid_owner *owner, const char *option,
			struct id_maps *ret)
{
	char number[16];
	const char *args[] = { "getsubids", option, NULL, NULL };
	struct proc_spawn how = { .path = args[0],
				  .args = (char *const *)args,
				  .stdin_fd = -1,
				  .stdout_fd = -1,
				  .stderr_fd = -1 };
	auto_free char *output = NULL;
	int status;

	(void)snprintf(number, sizeof(number), "%u", owner->uid); /* fits */
	args[option ? 2 : 1] = owner->name ? owner->name : number;
	if (proc_output(&how, OUTPUT_MAX, &output, &status) == 0 && status == 0)
		subid_parse_output(output, owner, ret);
	else
		error_clear(); /* the same as having none */
}

static int find_ranges(const char *path, const char *option,
		       const struct subid_owner *owner, struct id_maps *ret)
{
	int r = read_file(path, owner, ret);

	if (r < 0)
		return r;
	if (ret->count == 0 && has_other_sources())
		ask_program(owner, option, ret);
	return ret->count ? 0 : -ENOENT;
}

int subid_ranges(uid_t uid, const char *user_name, struct id_maps *ret_uids,
		 struct id_maps *ret_gids)
{
	struct subid_owner owner = { user_name, uid, uid };
	struct id_maps uids = { 0 }, gids = { 0 };
	int r;

	r = find_ranges("/etc/subuid", NULL, &owner, &uids);
	owner.own_id = getgid();
	if (r == 0)
		r = find_ranges("/etc/subgid", "-g", &owner, &gids);
	if (r < 0) {
		id_maps_done(&uids);
		id_maps_done(&gids);
		return r;
	}
	*ret_uids = uids;
	*ret_gids = gids;
	return 0;
}
