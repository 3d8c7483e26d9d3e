// SPDX-License-Identifier: Apache-2.0
/* plan_files.c - files that urun makes: resolv.conf, hosts, localtime, passwd, group
 *
 * They are written into the writable layer before it is mounted, so that programs can
 * rename over them. Where the layer is kept, passwd and group start from its own. */
#include <string.h>

#include "base/mem.h"
#include "passwd.h"
#include "planning.h"

#define FILE_MAX_BYTES (1 << 20)  /* sites generate long hosts files */
#define LOCALTIME_MAX_BYTES 65536 /* the longest in tzdata is 4 KiB */
#define APT_FOLDER "/etc/apt/apt.conf.d"

void plan_files_ask(struct planning *p)
{
	look_ask(&p->looks, "/etc/passwd", FILE_MAX_BYTES);
	look_ask(&p->looks, "/etc/group", FILE_MAX_BYTES);
	if (p->settings->root != ROOT_NO)
		look_ask(&p->looks, APT_FOLDER, 0);
}

/* Does the user mount something there? Then it is the user's. */
static bool is_taken(const struct planning *p, const char *path)
{
	for (size_t i = 0; i < p->spec->n_mounts; i++)
		if (path_is_below(path, p->spec->mounts[i].destination))
			return true;
	return false;
}

static void add_file(struct planning *p, const char *path, const char *data, size_t len)
{
	if (is_taken(p, path))
		return;
	spec_add_file(p->spec, path, data, len, 0644);
	planning_add_point(p, path, false);
}

/* False: the host has none. */
static bool copy_from_host(struct planning *p, const char *path, size_t limit_bytes)
{
	size_t len;
	auto_free char *data = plan_host_file(p->host, path, limit_bytes, &len);

	if (data)
		add_file(p, path, data, len);
	return data;
}

/* ---- users and groups ------------------------------------------------------ */

/* What the container would see there without us. The caller frees. */
static char *current_text(const struct planning *p, const char *path)
{
	const char *text = look_text(&p->looks, path);
	auto_free char *place = NULL, *kept = NULL;
	size_t len;

	if (p->spec->urun.layer == LAYER_FOLDER) {
		place = mem_format("%s/upper%s", p->spec->urun.layer_folder, path);
		kept = plan_host_file(p->host, place, FILE_MAX_BYTES, &len);
	}
	return kept ? take_ptr(&kept) : mem_text(text ? text : "");
}

static bool has_id(const char *text, uint32_t id)
{
	struct passwd_entry entry;

	return passwd_by_id(text, id, &entry);
}

static void make_passwd(struct planning *p)
{
	const struct spec_process *process = &p->spec->process;
	auto_free char *text = current_text(p, "/etc/passwd");
	auto_free char *line = NULL, *whole = NULL;
	bool is_you = process->uid == p->host->uid && !p->settings->isolate &&
		      !p->is_root;

	if (!is_you && has_id(text, process->uid))
		return;
	line = mem_format("%s:x:%u:%u:%s:%s:%s", p->user_name, process->uid, process->gid,
			  p->user_name, p->home, p->shell);
	whole = passwd_with(text, line);
	add_file(p, "/etc/passwd", whole, strlen(whole));
}

/* Add the caller's group of that id, by the name that the host's file has for it. */
static void add_group(const char *host_groups, uint32_t id, const char *fallback,
		      char **text)
{
	struct passwd_entry entry;
	auto_free char *name = NULL, *line = NULL;
	char *longer;

	if (passwd_by_id(host_groups, id, &entry))
		name = mem_text_n(entry.name, entry.name_len);
	else if (fallback)
		name = mem_text(fallback);
	if (!name || has_id(*text, id))
		return;
	line = mem_format("%s:x:%u:", name, id);
	longer = passwd_with(*text, line);
	free(*text);
	*text = longer;
}

/* Groups of a site's directory have no name inside: asking for hundreds of them takes
 * longer than everything else here. */
static void make_group(struct planning *p)
{
	auto_free char *text = current_text(p, "/etc/group"), *host_groups = NULL;
	size_t len, before = strlen(text);

	if (!p->settings->isolate && !p->is_root) {
		host_groups = plan_host_file(p->host, "/etc/group", FILE_MAX_BYTES, &len);
		for (size_t i = 0; i < p->host->n_groups; i++)
			add_group(host_groups ? host_groups : "", p->host->groups[i],
				  NULL, &text);
	}
	add_group(host_groups ? host_groups : "", p->spec->process.gid, p->user_name,
		  &text);
	if (strlen(text) != before)
		add_file(p, "/etc/group", text, strlen(text));
}

/* ---- the network's and the clock's ----------------------------------------- */

static void make_hosts(struct planning *p)
{
	const char *name = p->spec->hostname ? p->spec->hostname : "localhost";
	auto_free char *text = NULL;

	if (!p->spec->ns[NS_NET].wanted && !p->spec->hostname &&
	    copy_from_host(p, "/etc/hosts", FILE_MAX_BYTES))
		return;
	text = mem_format(
		"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
		"127.0.1.1\t%s\n",
		name);
	add_file(p, "/etc/hosts", text, strlen(text));
}

static void make_hostname(struct planning *p)
{
	auto_free char *text = NULL;

	if (!p->spec->hostname)
		return;
	text = mem_format("%s\n", p->spec->hostname);
	add_file(p, "/etc/hostname", text, strlen(text));
}

/* ---- package managers ------------------------------------------------------ */

/* apt's downloaders become a user of their own, and notice when that only seemed to
 * succeed. */
static void make_apt_conf(struct planning *p)
{
	static const char text[] = "// by urun --root, where there is but one user id\n"
				   "APT::Sandbox::User \"root\";\n";

	if (p->spec->urun.fake_root && look_is_folder(&p->looks, APT_FOLDER))
		add_file(p, APT_FOLDER "/99urun", text, sizeof(text) - 1);
}

int plan_files(struct planning *p)
{
	make_passwd(p);
	make_group(p);
	make_hosts(p);
	make_hostname(p);
	make_apt_conf(p);
	/* What the host has none of is the image's own. */
	if (!p->spec->ns[NS_NET].wanted)
		(void)copy_from_host(p, "/etc/resolv.conf", FILE_MAX_BYTES);
	if (!p->settings->isolate)
		(void)copy_from_host(p, "/etc/localtime", LOCALTIME_MAX_BYTES);
	for (size_t i = 0; i < p->spec->urun.n_files; i++)
		plan_note(p->plan, "files", "'%s' is made by urun",
			  p->spec->urun.files[i].path);
	return 0;
}
