// SPDX-License-Identifier: Apache-2.0
/* plan_user.c - who the command is, inside and outside
 *
 * One id: the user namespace maps just the caller, under the wanted number. Ranges (with
 * --root, where newuidmap works): 0 is the caller, and 1 and up are subordinate ids. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "passwd.h"
#include "planning.h"

#define PASSWD_MAX_BYTES (1 << 20) /* an image with 10,000 users has half of that */

/* Someone inside. */
struct someone {
	uint32_t uid, gid;
	char *name, *home; /* NULL: not in the image's passwd */
};

void plan_user_ask(struct planning *p)
{
	look_ask(&p->looks, "/etc/passwd", PASSWD_MAX_BYTES);
	look_ask(&p->looks, "/etc/group", PASSWD_MAX_BYTES);
	look_ask(&p->looks, "/bin/bash", 0);
}

static const char *image_passwd(const struct planning *p)
{
	const char *text = look_text(&p->looks, "/etc/passwd");

	return text ? text : "";
}

static const char *image_group(const struct planning *p)
{
	const char *text = look_text(&p->looks, "/etc/group");

	return text ? text : "";
}

/* ---- "UID[:GID]", "NAME[:GROUP]" --------------------------------------- */

static bool read_id(const char *text, uint32_t *ret)
{
	long long value;

	if (text_to_number(text, 10, 0, UINT32_MAX - 1, &value) < 0)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static void take_entry(struct someone *who, const struct passwd_entry *entry)
{
	who->uid = entry->id;
	who->gid = entry->group;
	who->name = mem_text_n(entry->name, entry->name_len);
	if (entry->home_len && entry->home[0] == '/')
		who->home = mem_text_n(entry->home, entry->home_len);
}

static int find_user(const struct planning *p, const char *text, struct someone *ret)
{
	struct passwd_entry entry;

	if (read_id(text, &ret->uid)) {
		if (passwd_by_id(image_passwd(p), ret->uid, &entry))
			take_entry(ret, &entry);
		return 0;
	}
	if (!passwd_by_name(image_passwd(p), text, &entry))
		return hint(refuse(EINVAL,
				   "find user '%s': not in the image's /etc/passwd",
				   text),
			    "a number always works: --user UID[:GID]");
	take_entry(ret, &entry);
	return 0;
}

static int find_group(const struct planning *p, const char *text, uint32_t *ret)
{
	struct passwd_entry entry;

	if (read_id(text, ret))
		return 0;
	if (!passwd_by_name(image_group(p), text, &entry))
		return hint(refuse(EINVAL,
				   "find group '%s': not in the image's /etc/group",
				   text),
			    "a number always works: --user UID[:GID]");
	*ret = entry.id;
	return 0;
}

static int find_someone(const struct planning *p, const char *text, struct someone *ret)
{
	const char *colon = strchr(text, ':');
	auto_free char *user = mem_text_n(text,
					  colon ? (size_t)(colon - text) : strlen(text));
	int r;

	r = find_user(p, user[0] ? user : "0", ret);
	if (r == 0 && colon && colon[1])
		r = find_group(p, colon + 1, &ret->gid);
	return r;
}

/* ---- maps -------------------------------------------------------------- */

static void map_one(struct planning *p, const struct someone *who)
{
	id_maps_add(&p->spec->uid_maps, who->uid, p->host->uid, 1);
	id_maps_add(&p->spec->gid_maps, who->gid, p->host->gid, 1);
	p->owners = OWNERS_MINE;
}

static bool is_mapped(const struct id_maps *maps, uint32_t id)
{
	for (size_t i = 0; i < maps->count; i++)
		if (id >= maps->item[i].inside &&
		    id - maps->item[i].inside < maps->item[i].count)
			return true;
	return false;
}

/* ---- groups ------------------------------------------------------------ */

/* As docker: the groups that the image's /etc/group lists the user in. */
static void take_image_groups(struct planning *p, const struct someone *who)
{
	struct spec_process *process = &p->spec->process;
	const char *at = image_group(p);
	struct passwd_entry group;

	while (who->name && passwd_next(&at, &group)) {
		if (!passwd_has_member(&group, who->name) ||
		    !is_mapped(&p->spec->gid_maps, group.id))
			continue;
		process->groups = mem_grow(process->groups, process->n_groups + 1,
					   sizeof(*process->groups));
		process->groups[process->n_groups++] = group.id;
	}
}

/* ---- the cases --------------------------------------------------------- */

static void become_root(struct planning *p, struct someone *who)
{
	struct passwd_entry entry;

	*who = (struct someone){ 0 };
	if (passwd_by_id(image_passwd(p), 0, &entry))
		take_entry(who, &entry);
	who->gid = 0;
	if (!who->name)
		who->name = mem_text("root");
	if (!who->home)
		who->home = mem_text("/root");
}

/* Whom --root runs: with ranges, --user or, by "run", the image's user. */
static int choose_in_ranges(struct planning *p, struct someone *who)
{
	const char *user = p->settings->user;
	int r = 0;

	if (!user && p->verb == PLAN_RUN)
		user = p->plan->config.user;
	if (user && strcmp(user, "image") == 0)
		user = p->plan->config.user;
	if (user)
		r = find_someone(p, user, who);
	else
		become_root(p, who);
	if (r < 0)
		return r;
	if (!is_mapped(&p->spec->uid_maps, who->uid) ||
	    !is_mapped(&p->spec->gid_maps, who->gid))
		return hint(refuse(EINVAL, "run as %u:%u: not among your subordinate ids",
				   who->uid, who->gid),
			    "ask the administrator for a longer range in /etc/subuid and "
			    "/etc/subgid, or leave out --root");
	plan_note(p->plan, "identity",
		  "%s inside; 0 is you, the other ids are your subordinate "
		  "ones",
		  who->uid == 0 ? "root"
		  : who->name	? who->name
				: "the wanted uid");
	return 0;
}

static int plan_root(struct planning *p, struct someone *who)
{
	const char *why = plan_ranges(p->host, p->spec);

	p->is_root = true;
	if (!why) {
		p->has_ranges = true;
		p->owners = OWNERS_IMAGE;
		return choose_in_ranges(p, who);
	}
	if (p->settings->user && strcmp(p->settings->user, "0") != 0 &&
	    strcmp(p->settings->user, "root") != 0)
		return hint(refuse(EINVAL, "--root with --user '%s': %s",
				   p->settings->user, why),
			    "without --root, --user needs no subordinate ids");
	become_root(p, who);
	map_one(p, who);
	p->spec->urun.fake_root = p->settings->root != ROOT_STRICT;
	plan_note(p->plan, "identity", "root inside is you, and the only id: %s", why);
	if (p->spec->urun.fake_root)
		plan_note(p->plan, "identity",
			  "chown, mknod, setgroups and set*id only seem to "
			  "succeed; --root=strict lets them fail");
	return 0;
}

static int plan_someone(struct planning *p, const char *user, struct someone *who)
{
	bool is_image = strcmp(user, "image") == 0;
	int r = 0;

	who->gid = p->host->gid;
	if (is_image && !p->plan->config.user)
		become_root(p, who);
	else
		r = find_someone(p, is_image ? p->plan->config.user : user, who);
	if (r < 0)
		return r;
	map_one(p, who);
	plan_note(p->plan, "identity", "uid %u, gid %u inside%s; outside it is you",
		  who->uid, who->gid, is_image ? ", as the image says" : "");
	return 0;
}

static void plan_yourself(struct planning *p, struct someone *who)
{
	*who = (struct someone){ .uid = p->host->uid, .gid = p->host->gid };
	who->name = mem_text(plan_host_user(p->host));
	who->home = mem_text(p->host->home);
	map_one(p, who);
	plan_note(p->plan, "identity", "you: uid %u, gid %u, the only ids mapped",
		  who->uid, who->gid);
	if (p->plan->config.user)
		plan_note(p->plan, "identity",
			  "the image's user '%s' is ignored: --user image "
			  "takes its number",
			  p->plan->config.user);
}

/* HOME: what --home says, the image's user's, or yours. */
static char *choose_home(const struct planning *p, const struct someone *who)
{
	const char *image_home = env_get(&p->plan->config.env, "HOME");
	const char *option = p->settings->home;

	if (p->settings->isolate && image_home)
		return mem_text(image_home);
	if (option && strchr(option, ':'))
		return mem_text(strchr(option, ':') + 1);
	if (option)
		return planning_host_path(p, option);
	if (who->home)
		return mem_text(who->home);
	return mem_text(p->host->home && !p->settings->isolate ? p->host->home : "/");
}

int plan_user(struct planning *p)
{
	struct spec_process *process = &p->spec->process;
	const char *user = p->settings->user;
	struct someone who = { 0 };
	int r = 0;

	if (!user && p->settings->isolate)
		user = "image";
	if (p->settings->root != ROOT_NO)
		r = plan_root(p, &who);
	else if (user)
		r = plan_someone(p, user, &who);
	else
		plan_yourself(p, &who);
	if (r == 0) {
		process->uid = who.uid;
		process->gid = who.gid;
		process->keep_groups = !p->has_ranges || who.uid == 0;
		if (!process->keep_groups)
			take_image_groups(p, &who);
		p->home = choose_home(p, &who);
		p->user_name = who.name ? take_ptr(&who.name) : mem_format("%u", who.uid);
		p->shell = mem_text(look_has(&p->looks, "/bin/bash") ? "/bin/bash"
								     : "/bin/sh");
	}
	free(who.name);
	free(who.home);
	return r;
}
