// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "storage/storage.h"
#include "tests/tap.h"

static int read_config(const char *text, struct image_config *ret)
{
	return image_config_read(text, strlen(text), ret);
}

static void reads_what_an_image_may_set(void)
{
	struct image_config config = { 0 };

	ok(read_config("{\"architecture\": \"arm64\", \"os\": \"linux\", \"config\": {"
		       "\"User\": \"app:app\", \"Env\": [\"A=1\", \"B=x=y\"],"
		       "\"Entrypoint\": [\"/init\"], \"Cmd\": [\"-v\", \"\"],"
		       "\"WorkingDir\": \"/srv\", \"StopSignal\": \"SIGQUIT\","
		       "\"Volumes\": {\"/data\": {}}, \"Labels\": {\"k\": \"v\"}}}",
		       &config) == 0);
	ok_text(config.arch, "arm64");
	ok_text(config.os, "linux");
	ok_text(config.user, "app:app");
	ok_text(env_get(&config.env, "B"), "x=y");
	ok(config.has_entrypoint && config.entrypoint.count == 1);
	ok(config.has_cmd && config.cmd.count == 2);
	ok_text(config.workdir, "/srv");
	ok_text(config.stop_signal, "SIGQUIT");
	ok(strv_has(&config.volumes, "/data"));
	ok(strv_has(&config.labels, "k=v"));
	image_config_done(&config);
}

static void takes_null_and_absence_alike(void)
{
	struct image_config config = { 0 };

	ok(read_config(
		   "{\"config\": {\"User\": \"\", \"Entrypoint\": null, \"Cmd\": []}}",
		   &config) == 0);
	ok(!config.user && !config.has_entrypoint && !config.has_cmd);
	image_config_done(&config);
	ok(read_config("{}", &config) == 0);
	ok(read_config("{\"config\": null}", &config) == 0);
	image_config_done(&config);
}

static void drops_variables_without_a_value(void)
{
	struct image_config config = { 0 };

	ok(read_config("{\"config\": {\"Env\": [\"A\", \"=x\", \"C=\"]}}", &config) == 0);
	ok(config.env.count == 1);
	ok_text(env_get(&config.env, "C"), "");
	image_config_done(&config);
}

static void refuses_wrong_types_by_name(void)
{
	static const struct {
		const char *text, *names;
	} cases[] = {
		{ "[]", "no map" },
		{ "{\"config\": 1}", "'config'" },
		{ "{\"config\": {\"Cmd\": \"sh\"}}", "'Cmd'" },
		{ "{\"config\": {\"Cmd\": [1]}}", "'Cmd'" },
		{ "{\"config\": {\"User\": 0}}", "'User'" },
		{ "{\"config\": {\"Volumes\": []}}", "'Volumes'" },
		{ "{\"config\": {\"Labels\": {\"a\": {}}}}", "'Labels'" },
		{ "{\"architecture\": []}", "'architecture'" },
		{ "{", "image configuration" },
	};
	struct image_config config = { .user = NULL };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ok(read_config(cases[i].text, &config) == -EINVAL);
		ok(strstr(last_error.text, cases[i].names));
		ok(!config.user && !config.cmd.count);
	}
}

static void bounds_what_an_image_can_make_large(void)
{
	auto_text struct text text = { 0 };
	struct image_config config = { 0 };

	text_add(&text, "{\"config\": {\"Env\": [");
	for (int i = 0; i < 70000; i++)
		text_add(&text, i ? ",\"A=\"" : "\"A=\"");
	text_add(&text, "]}}");
	ok(read_config(text.data, &config) == -EINVAL);
	ok(strstr(last_error.text, "65536"));
	ok(image_config_read(text.data, (4 << 20) + 1, &config) == -EINVAL);
	ok(strstr(last_error.text, "4 MiB"));
}

int main(void)
{
	RUN(reads_what_an_image_may_set);
	RUN(takes_null_and_absence_alike);
	RUN(drops_variables_without_a_value);
	RUN(refuses_wrong_types_by_name);
	RUN(bounds_what_an_image_can_make_large);
	return tap_end();
}
