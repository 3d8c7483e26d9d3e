// SPDX-License-Identifier: Apache-2.0
/* plan_image.c - what an image sets, in whose format it may be
 *
 * urun's own images carry /.urun/config.json, image-spec's configuration. Others: enroot
 * (/etc/environment, /etc/rc), Charliecloud (/ch/environment), SIF (/.singularity.d), OCI
 * bundles (config.json beside the root, of which only the process counts). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "envfile.h"
#include "planning.h"

#define CONFIG "/.urun/config.json"
#define CONFIG_MAX_BYTES (4 << 20) /* as image_config_read() */
#define BUNDLE_ARGS_MAX 65536	   /* Linux takes 2 MiB of arguments by default */

void plan_image_ask(struct planning *p)
{
	look_ask(&p->looks, CONFIG, CONFIG_MAX_BYTES);
	look_ask(&p->looks, "/etc/environment", ENVFILE_MAX_BYTES);
	look_ask(&p->looks, "/etc/rc", 0);
	look_ask(&p->looks, "/ch/environment", ENVFILE_MAX_BYTES);
	look_ask(&p->looks, "/.singularity.d/env", 0);
	look_ask(&p->looks, "/.singularity.d/runscript", 0);
}

static void take_texts(const struct json *list, struct strv *ret)
{
	size_t count = json_count_of(list);

	for (size_t i = 0; i < count && i < BUNDLE_ARGS_MAX; i++)
		if (json_text_of(json_item(list, i)))
			strv_add(ret, json_text_of(json_item(list, i)));
}

/* The process of a bundle; its hooks, mounts, devices and namespaces are somebody
 * else's wishes for this host, so they don't count (design, section 5). */
static void take_bundle_process(const struct json *process, struct image_config *config)
{
	const struct json *user = json_get(process, "user");
	const char *cwd = json_text_of(json_get(process, "cwd"));

	take_texts(json_get(process, "args"), &config->cmd);
	take_texts(json_get(process, "env"), &config->env);
	config->has_cmd = config->cmd.count > 0;
	for (size_t i = config->env.count; i-- > 0;)
		if (!strchr(config->env.item[i], '='))
			strv_remove(&config->env, i);
	if (cwd && cwd[0] == '/')
		config->workdir = mem_text(cwd);
	if (user)
		config->user = mem_format("%lld:%lld",
					  json_number_of(json_get(user, "uid")),
					  json_number_of(json_get(user, "gid")));
}

static int read_bundle(struct planning *p)
{
	auto_free char *path = path_join(p->plan->image->path, "config.json");
	auto_json struct json *json = NULL;
	auto_free char *data = NULL;
	size_t len;
	int r;

	r = file_read_in(AT_FDCWD, path, CONFIG_MAX_BYTES, &data, &len);
	if (r < 0)
		return fail(-r, "read '%s'", path);
	r = json_read(path, data, len, &json);
	if (r < 0)
		return r;
	take_bundle_process(json_get(json, "process"), &p->plan->config);
	plan_note(p->plan, "image",
		  "an OCI bundle: its command, environment, user and "
		  "working directory count, its hooks, mounts, devices and "
		  "namespaces don't");
	return 0;
}

/* Formats without an image configuration. */
static void read_foreign(struct planning *p)
{
	struct strv *env = &p->plan->config.env;
	const char *etc = look_text(&p->looks, "/etc/environment");
	const char *ch = look_text(&p->looks, "/ch/environment");

	if (etc)
		envfile_etc(etc, env);
	if (ch)
		envfile_charliecloud(ch, &p->host->env, env);
	if (etc || ch)
		plan_note(p->plan, "image", "its environment is in %s%s%s",
			  etc ? "/etc/environment" : "", etc && ch ? " and " : "",
			  ch ? "/ch/environment" : "");
}

static enum image_style find_style(const struct planning *p, bool has_config)
{
	if (look_is_folder(&p->looks, "/.singularity.d/env"))
		return STYLE_SIF;
	if (!has_config && p->plan->image->kind != IMAGE_BUNDLE &&
	    look_has(&p->looks, "/etc/rc") && !look_is_folder(&p->looks, "/etc/rc"))
		return STYLE_ENROOT;
	return STYLE_OCI;
}

static void note_style(const struct planning *p)
{
	if (p->style == STYLE_SIF)
		plan_note(p->plan, "image",
			  "Apptainer's: the image's own shell reads "
			  "/.singularity.d/env/*.sh before the command");
	else if (p->style == STYLE_ENROOT && p->verb == PLAN_RUN)
		plan_note(p->plan, "image", "enroot's: /etc/rc starts the command");
}

int plan_image(struct planning *p)
{
	const struct image_query *config = look_at(&p->looks, CONFIG);
	bool has_config = config->error == 0 && config->data;
	int r = 0;

	if (p->plan->image->kind == IMAGE_BUNDLE)
		r = read_bundle(p);
	else if (has_config)
		r = image_config_read(config->data, config->len, &p->plan->config);
	else
		read_foreign(p);
	if (r < 0)
		return wrap(r, "read the configuration of '%s'", p->plan->image->name);
	p->style = find_style(p, has_config);
	note_style(p);
	return 0;
}
