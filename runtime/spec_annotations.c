// SPDX-License-Identifier: Apache-2.0
/* spec_annotations.c - what config.json has no word for, as annotations org.urun.* */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/base64.h"
#include "base/error.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/spec_json.h"

/* An annotation is a text; place is struct spec's address plus the offset. */
struct kind {
	const char *is; /* for "annotation 'x' is not ..."; NULL: take() says more */
	int (*take)(const char *text, void *place); /* negative: it is not */
	char *(*give)(const void *place);	    /* NULL: says nothing, left out */
};

static int take_text(const char *text, void *place)
{
	char **to = place;

	free(*to);
	*to = mem_text(text);
	return 0;
}

static char *give_text(const void *place)
{
	return mem_text(*(char *const *)place);
}

static const struct kind kind_text = { "a text", take_text, give_text };

static int take_bool(const char *text, void *place)
{
	bool yes = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;

	if (!yes && strcmp(text, "false") != 0 && strcmp(text, "0") != 0)
		return -EINVAL;
	*(bool *)place = yes;
	return 0;
}

static char *give_bool(const void *place)
{
	return *(const bool *)place ? mem_text("true") : NULL;
}

static const struct kind kind_bool = { "true or false", take_bool, give_bool };

/* Another runtime's annotation: it knows 1 and 0. */
static char *give_one(const void *place)
{
	return *(const bool *)place ? mem_text("1") : NULL;
}

static const struct kind kind_one = { "1 or 0", take_bool, give_one };

static int take_bytes(const char *text, void *place)
{
	long long bytes;
	int r = text_to_number(text, 10, 0, LLONG_MAX, &bytes);

	if (r == 0)
		*(uint64_t *)place = (uint64_t)bytes;
	return r;
}

static char *give_bytes(const void *place)
{
	uint64_t bytes = *(const uint64_t *)place;

	return bytes ? mem_format("%llu", (unsigned long long)bytes) : NULL;
}

static const struct kind kind_bytes = { "a number of bytes", take_bytes, give_bytes };

static int take_keep_fds(const char *text, void *place)
{
	long long count;
	int r = text_to_number(text, 10, -1, INT_MAX - 3, &count);

	if (r == 0)
		*(int *)place = (int)count;
	return r;
}

static char *give_int(const void *place)
{
	int number = *(const int *)place;

	return number ? mem_format("%d", number) : NULL;
}

static const struct kind kind_keep_fds = { "a number of descriptors, or -1 for all",
					   take_keep_fds, give_int };

static int take_signal(const char *text, void *place)
{
	return signal_from_name(text, place);
}

static const struct kind kind_signal = { "a signal", take_signal, give_int };

/* "folder:DIR", "folder:DIR:ro"; "folder:DIR:rw" where DIR itself ends in ":ro". */
static int take_layer_folder(const char *text, struct spec_urun *urun)
{
	size_t len = strlen(text);
	bool shared = text_ends(text, ":ro");

	if (shared || text_ends(text, ":rw"))
		len -= 3;
	if (*text != '/')
		return -EINVAL;
	urun->layer = LAYER_FOLDER;
	urun->layer_shared = shared;
	free(urun->layer_folder);
	urun->layer_folder = mem_text_n(text, len);
	return 0;
}

static int take_layer(const char *text, void *place)
{
	struct spec_urun *urun = &((struct spec *)place)->urun;

	if (text_starts(text, "folder:"))
		return take_layer_folder(text + strlen("folder:"), urun);
	if (strcmp(text, "tmpfs") == 0)
		urun->layer = LAYER_TMPFS;
	else if (strcmp(text, "none") != 0)
		return -EINVAL;
	return 0;
}

static char *give_layer(const void *place)
{
	const struct spec_urun *urun = &((const struct spec *)place)->urun;
	const char *folder = urun->layer_folder;

	if (urun->layer == LAYER_NONE)
		return NULL;
	if (urun->layer == LAYER_TMPFS || !folder)
		return mem_text("tmpfs");
	if (urun->layer_shared)
		return mem_format("folder:%s:ro", folder);
	if (text_ends(folder, ":ro") || text_ends(folder, ":rw"))
		return mem_format("folder:%s:rw", folder);
	return mem_format("folder:%s", folder);
}

static const struct kind kind_layer = { "none, tmpfs or folder:/DIR[:ro]", take_layer,
					give_layer };

/* ---- org.urun.files: a JSON list in a text ----------------------------- */

static bool take_content(const struct json *value, void *place)
{
	struct spec_file *file = place;

	if (!FIELD_TEXT.take(value, &file->content))
		return false;
	file->len = strlen(file->content);
	return true;
}

/* JSON carries neither NUL nor what is no UTF-8. */
static struct json *content_as_text(const struct spec_file *file)
{
	auto_json struct json *text = NULL;

	if (!file->content || strlen(file->content) != file->len)
		return NULL;
	text = json_new_text(file->content);
	if (strcmp(json_text_of(text), file->content) != 0)
		return NULL;
	return take_ptr(&text);
}

static struct json *give_content(const void *place)
{
	return content_as_text(place);
}

static const struct field_type type_content = { .is = "a text",
						.take = take_content,
						.give = give_content };

static bool take_content_base64(const struct json *value, void *place)
{
	struct spec_file *file = place;
	const char *text = json_text_of(value);

	if (!text)
		return false;
	free(file->content);
	file->content = NULL;
	return base64_decode(text, &file->content, &file->len) == 0;
}

static struct json *give_content_base64(const void *place)
{
	const struct spec_file *file = place;
	auto_json struct json *text = content_as_text(file);
	auto_free char *encoded = NULL;

	if (!file->content || text)
		return NULL;
	encoded = base64_encode(file->content, file->len);
	return json_new_text(encoded);
}

static const struct field_type type_content_base64 = { .is = "base64",
						       .take = take_content_base64,
						       .give = give_content_base64 };

static const struct field file_fields[] = {
	{ "path", &TYPE_ABSOLUTE, .at = offsetof(struct spec_file, path),
	  .required = true },
	{ "mode", &TYPE_FILE_MODE, .at = offsetof(struct spec_file, mode) },
	{ "content", &type_content, AT_WHOLE },
	{ "contentBase64", &type_content_base64, AT_WHOLE },
	{ "linkTarget", &FIELD_TEXT, .at = offsetof(struct spec_file, link_target) },
	FIELDS_END
};

_Static_assert(offsetof(struct spec_urun, n_files) ==
		       offsetof(struct spec_urun, files) + sizeof(void *),
	       "the count stands behind the list");

static const struct field files_field = {
	"org.urun.files",
	&FIELD_LIST,
	.members = file_fields,
	.item_bytes = sizeof(struct spec_file),
};

static int take_files(const char *text, void *place)
{
	auto_json struct json *list = NULL;
	struct field_path path = { "org.urun.files" };
	int r = json_read(path.text, text, strlen(text), &list);

	return r < 0 ? r : field_read(&path, &files_field, list, place);
}

static char *give_files(const void *place)
{
	auto_json struct json *list = field_write(&files_field, place);

	return list ? json_print(list, false) : NULL;
}

static const struct kind kind_files = { NULL, take_files, give_files };

/* ---- the table ------------------------------------------------------------- */

#define AT(member) offsetof(struct spec, member)

static const struct annotation {
	const char *name;
	const struct kind *kind;
	size_t at;
} known[] = {
	{ "org.urun.image", &kind_text, AT(urun.image) },
	{ "org.urun.layer", &kind_layer, 0 },
	{ "org.urun.layer-size", &kind_bytes, AT(urun.layer_bytes) },
	{ "org.urun.files", &kind_files, AT(urun.files) },
	{ "org.urun.fake-root", &kind_bool, AT(urun.fake_root) },
	{ "org.urun.new-session", &kind_bool, AT(urun.new_session) },
	{ "org.urun.refuse-tty-input", &kind_bool, AT(urun.refuse_tty_input) },
	{ "org.urun.keep-fds", &kind_keep_fds, AT(urun.keep_fds) },
	{ "org.urun.stop-signal", &kind_signal, AT(urun.stop_signal) },
	{ "org.urun.cwd-optional", &kind_bool, AT(process.cwd_optional) },
	{ "run.oci.keep_original_groups", &kind_one, AT(process.keep_groups) },
};

static const struct annotation *annotation_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

static int read_annotation(struct field_path *path, const char *name, const char *text,
			   struct spec *spec)
{
	const struct annotation *a = annotation_find(name);
	int r;

	if (!text)
		return refuse(EINVAL, "'%s' has a '%s' that is not a text", path->text,
			      name);
	if (!a) {
		strv_addf(&spec->annotations, "%s=%s", name, text);
		return 0;
	}
	r = a->kind->take(text, (char *)spec + a->at);
	if (r < 0 && a->kind->is)
		r = refuse(EINVAL, "annotation '%s' is not %s: '%s'", name, a->kind->is,
			   text);
	return r;
}

static int read_annotations(struct field_path *path, const struct field *field,
			    const struct json *value, void *place)
{
	const struct json *item;
	void *at = NULL;
	const char *name;
	int r = 0;

	(void)field; /* the table is here */
	if (json_kind_of(value) != JSON_MAP)
		return field_refuse(path, "a map");
	while (r == 0 && json_next(value, &at, &name, &item))
		r = read_annotation(path, name, json_text_of(item), place);
	return r;
}

static void put_unknown(struct json *map, const char *assignment)
{
	size_t len = strcspn(assignment, "=");
	auto_free char *name = mem_text_n(assignment, len);

	json_put(map, name, json_new_text(assignment + len + (assignment[len] == '=')));
}

static struct json *give_annotations(const void *place)
{
	const struct spec *spec = place;
	auto_json struct json *map = json_new_map();

	for (size_t i = 0; i < spec->annotations.count; i++)
		put_unknown(map, spec->annotations.item[i]);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		auto_free char *text = known[i].kind->give((const char *)spec +
							   known[i].at);

		if (text)
			json_put(map, known[i].name, json_new_text(text));
	}
	return json_count_of(map) ? take_ptr(&map) : NULL;
}

const struct field_type TYPE_ANNOTATIONS = { .read = read_annotations,
					     .give = give_annotations };
