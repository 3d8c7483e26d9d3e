// SPDX-License-Identifier: Apache-2.0
/* imageconf.c - the configuration of an image, image-spec's config.md
 *
 * What an image may set, and nothing else. Properties of the wrong type are errors
 * with their path; null is absence, as Docker writes it. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/storage.h"

#define CONFIG_MAX_BYTES (4 << 20) /* registries refuse larger ones */
#define LIST_MAX 65536		   /* items; Linux takes 2 MiB of arguments by default */
#define TEXT_MAX_BYTES (128 << 10) /* the longest argument Linux takes */

static bool is_set(const struct json *value)
{
	enum json_kind kind = json_kind_of(value);

	return kind != JSON_ABSENT && kind != JSON_NULL_;
}

static int check_text(const struct json *value, const char *name, const char **ret)
{
	const char *text = json_text_of(value);

	if (!text)
		return refuse(EINVAL, "the image configuration's '%s' is no text", name);
	if (strlen(text) >= TEXT_MAX_BYTES)
		return refuse(EINVAL,
			      "the image configuration's '%s' is longer than 128 KiB",
			      name);
	*ret = text;
	return 0;
}

static int read_text(const struct json *map, const char *name, char **ret)
{
	const struct json *value = json_get(map, name);
	const char *text;
	int r;

	if (!is_set(value))
		return 0;
	r = check_text(value, name, &text);
	if (r < 0)
		return r;
	if (text[0])
		*ret = mem_text(text);
	return 0;
}

static int check_count(const struct json *value, const char *name, enum json_kind kind)
{
	if (json_kind_of(value) != kind)
		return refuse(EINVAL, "the image configuration's '%s' is no %s", name,
			      kind == JSON_LIST ? "list" : "map");
	if (json_count_of(value) > LIST_MAX)
		return refuse(EINVAL,
			      "the image configuration's '%s' has more than %d items",
			      name, LIST_MAX);
	return 0;
}

static int read_list(const struct json *map, const char *name, struct strv *ret)
{
	const struct json *list = json_get(map, name);
	const char *text;
	int r;

	if (!is_set(list))
		return 0;
	r = check_count(list, name, JSON_LIST);
	for (size_t i = 0; r == 0 && i < json_count_of(list); i++) {
		r = check_text(json_item(list, i), name, &text);
		if (r == 0)
			strv_add(ret, text);
	}
	return r;
}

/* Volumes: {"/data": {}}; only the keys matter. */
static int read_volumes(const struct json *map, struct strv *ret)
{
	const struct json *volumes = json_get(map, "Volumes"), *value;
	const char *path;
	void *at = NULL;
	int r;

	if (!is_set(volumes))
		return 0;
	r = check_count(volumes, "Volumes", JSON_MAP);
	while (r == 0 && json_next(volumes, &at, &path, &value))
		if (path[0] == '/' && strlen(path) < TEXT_MAX_BYTES)
			strv_add(ret, path);
	return r;
}

static int read_labels(const struct json *map, struct strv *ret)
{
	const struct json *labels = json_get(map, "Labels"), *value;
	const char *name, *text;
	void *at = NULL;
	int r;

	if (!is_set(labels))
		return 0;
	r = check_count(labels, "Labels", JSON_MAP);
	while (r == 0 && json_next(labels, &at, &name, &value)) {
		r = check_text(value, "Labels", &text);
		if (r == 0)
			strv_addf(ret, "%s=%s", name, text);
	}
	return r;
}

/* "PATH" without a value and "=x" mean nothing to execve(2). */
static void drop_odd_variables(struct strv *env)
{
	for (size_t i = env->count; i-- > 0;)
		if (env->item[i][0] == '=' || !strchr(env->item[i], '='))
			strv_remove(env, i);
}

static int read_run_part(const struct json *config, struct image_config *ret)
{
	int r;

	if ((r = read_text(config, "User", &ret->user)) < 0 ||
	    (r = read_text(config, "WorkingDir", &ret->workdir)) < 0 ||
	    (r = read_text(config, "StopSignal", &ret->stop_signal)) < 0 ||
	    (r = read_list(config, "Env", &ret->env)) < 0 ||
	    (r = read_list(config, "Entrypoint", &ret->entrypoint)) < 0 ||
	    (r = read_list(config, "Cmd", &ret->cmd)) < 0 ||
	    (r = read_volumes(config, &ret->volumes)) < 0 ||
	    (r = read_labels(config, &ret->labels)) < 0)
		return r;
	drop_odd_variables(&ret->env);
	ret->has_entrypoint = ret->entrypoint.count > 0;
	ret->has_cmd = ret->cmd.count > 0;
	return 0;
}

int image_config_read(const char *data, size_t len, struct image_config *ret)
{
	struct image_config found = { 0 };
	auto_json struct json *json = NULL;
	const struct json *config;
	int r;

	if (len > CONFIG_MAX_BYTES)
		return refuse(EINVAL, "the image configuration is larger than 4 MiB");
	r = json_read("image configuration", data, len, &json);
	if (r < 0)
		return r;
	if (json_kind_of(json) != JSON_MAP)
		return refuse(EINVAL, "the image configuration is no map");
	config = json_get(json, "config");
	if (is_set(config) && json_kind_of(config) != JSON_MAP)
		return refuse(EINVAL, "the image configuration's 'config' is no map");
	r = read_text(json, "architecture", &found.arch);
	if (r == 0)
		r = read_text(json, "os", &found.os);
	if (r == 0 && is_set(config))
		r = read_run_part(config, &found);
	if (r < 0) {
		image_config_done(&found);
		return r;
	}
	*ret = found;
	return 0;
}

void image_config_done(struct image_config *config)
{
	strv_done(&config->entrypoint);
	strv_done(&config->cmd);
	strv_done(&config->env);
	strv_done(&config->volumes);
	strv_done(&config->labels);
	free(config->user);
	free(config->workdir);
	free(config->stop_signal);
	free(config->os);
	free(config->arch);
	*config = (struct image_config){ 0 };
}
