// SPDX-License-Identifier: Apache-2.0
/* mountspec.c - what --bind, --mount, --tmpfs and --device say */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/strv.h"
#include "mountspec.h"

/* What may stand in a list of options, and what it becomes; NULL: nothing. */
static const struct {
	const char *word, *option;
} bind_options[] = {
	{ "ro", "rro" },
	{ "rw", "rw" },
	{ "readonly", "rro" },
	{ "bind", "bind" },
	{ "rbind", "rbind" },
	{ "exec", "exec" },
	{ "noexec", "noexec" },
	{ "suid", NULL },
	{ "nosuid", "nosuid" },
	{ "dev", NULL },
	{ "nodev", "nodev" },
	{ "private", "private" },
	{ "rprivate", "rprivate" },
	{ "slave", "slave" },
	{ "rslave", "rslave" },
	{ "shared", "shared" },
	{ "rshared", "rshared" },
	{ "z", NULL },
	{ "Z", NULL },
	{ "U", NULL },
	{ "consistent", NULL },
	{ "cached", NULL },
	{ "delegated", NULL },
	{ "noatime", "noatime" },
	{ "nosymfollow", "nosymfollow" },
};

static const char *const tmpfs_words[] = { "ro",    "rw",      "exec", "noexec", "nosuid",
					   "nodev", "noatime", "suid", "dev" };
static const char *const tmpfs_values[] = { "size=", "mode=", "nr_inodes=", "uid=",
					    "gid=" };

static void add_option(struct text *options, const char *word)
{
	text_addf(options, "%s%s", options->len ? "," : "", word);
}

static int refuse_word(const char *text, const char *word)
{
	return hint(refuse(EINVAL, "'%s': unknown option '%s'", text, word),
		    "the commonest ones are ro, rw, optional, noexec");
}

static int add_bind_option(const char *text, const char *word, struct text *options,
			   struct mount_words *ret)
{
	if (strcmp(word, "optional") == 0) {
		ret->optional = true;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(bind_options); i++) {
		if (strcmp(bind_options[i].word, word) != 0)
			continue;
		if (bind_options[i].option)
			add_option(options, bind_options[i].option);
		return 0;
	}
	return refuse_word(text, word);
}

static int add_tmpfs_option(const char *text, const char *word, struct text *options)
{
	for (size_t i = 0; i < ARRAY_SIZE(tmpfs_words); i++)
		if (strcmp(tmpfs_words[i], word) == 0) {
			add_option(options, word);
			return 0;
		}
	for (size_t i = 0; i < ARRAY_SIZE(tmpfs_values); i++)
		if (text_starts(word, tmpfs_values[i])) {
			add_option(options, word);
			return 0;
		}
	return refuse_word(text, word);
}

/* Binds are recursive unless "bind" is asked for: automounts and CVMFS appear inside. */
static char *finish_bind(struct text *options)
{
	auto_strv struct strv words = { 0 };

	strv_split(&words, text_get(options), ",");
	if (!strv_has(&words, "bind") && !strv_has(&words, "rbind"))
		add_option(options, "rbind");
	return text_take(options);
}

/* Docker's "tmpfs" is writable for all and as safe as /tmp. */
static char *finish_tmpfs(struct text *options)
{
	struct text all = { 0 };

	text_add(&all, "nosuid,nodev");
	if (!strstr(text_get(options), "mode="))
		add_option(&all, "mode=1777");
	if (options->len)
		add_option(&all, options->data);
	text_done(options);
	return text_take(&all);
}

/* Only the kernel knows links, but ".." in a target is never needed. */
static int check_destination(const char *text, const char *destination)
{
	auto_strv struct strv parts = { 0 };

	if (destination[0] != '/')
		return hint(refuse(EINVAL, "'%s': the target '%s' is no absolute path",
				   text, destination),
			    "a target begins with '/', for example SOURCE:/data");
	strv_split(&parts, destination, "/");
	if (strv_has(&parts, ".."))
		return refuse(EINVAL, "'%s': the target leads out of the root by '..'",
			      text);
	if (!parts.count)
		return refuse(EINVAL, "'%s': nothing can be mounted on the root", text);
	return 0;
}

/* Is it a path of the host, and not the name of a volume? */
static int check_source(const char *text, const char *source)
{
	if (!source[0])
		return refuse(EINVAL, "'%s': the source is missing", text);
	if (strchr("/.~", source[0]))
		return 0;
	return hint(refuse(ENOTSUP, "'%s': '%s' names a volume, and there are none yet",
			   text, source),
		    "a folder of the host begins with '/', '.' or '~': ./%s", source);
}

static int finish(int r, struct mount_words *words, struct mount_words *ret)
{
	if (r < 0)
		mount_words_done(words);
	else
		*ret = *words;
	return r;
}

static int read_bind(const char *text, struct mount_words *words)
{
	size_t source = strcspn(text, ":");
	const char *rest = text[source] ? text + source + 1 : "";
	size_t target = strcspn(rest, ":");
	auto_strv struct strv options = { 0 };
	auto_text struct text found = { 0 };
	int r;

	words->type = mem_text("bind");
	words->source = mem_text_n(text, source);
	words->destination = target ? mem_text_n(rest, target) : mem_text(words->source);
	r = check_source(text, words->source);
	/* Without a target, "." and "~" are completed by the plan. */
	if (r == 0 && target)
		r = check_destination(text, words->destination);
	if (rest[target])
		strv_split(&options, rest + target + 1, ",");
	for (size_t i = 0; r == 0 && i < options.count; i++)
		r = add_bind_option(text, options.item[i], &found, words);
	words->options = finish_bind(&found);
	return r;
}

int mount_words_from_bind(const char *text, struct mount_words *ret)
{
	struct mount_words words = { 0 };

	return finish(read_bind(text, &words), &words, ret);
}

static int read_tmpfs(const char *text, struct mount_words *words)
{
	size_t len = strcspn(text, ":");
	auto_strv struct strv options = { 0 };
	auto_text struct text found = { 0 };
	int r;

	words->type = mem_text("tmpfs");
	words->destination = mem_text_n(text, len);
	r = check_destination(text, words->destination);
	if (text[len])
		strv_split(&options, text + len + 1, ",");
	for (size_t i = 0; r == 0 && i < options.count; i++)
		r = add_tmpfs_option(text, options.item[i], &found);
	words->options = finish_tmpfs(&found);
	return r;
}

int mount_words_from_tmpfs(const char *text, struct mount_words *ret)
{
	struct mount_words words = { 0 };

	return finish(read_tmpfs(text, &words), &words, ret);
}

/* ---- --mount --------------------------------------------------------------- */

static void replace(char **text, const char *by)
{
	free(*text);
	*text = mem_text(by);
}

/* One "KEY=VALUE" or "KEY" of --mount. */
static int read_mount_word(const char *text, const char *word, struct text *options,
			   struct mount_words *words)
{
	size_t len = strcspn(word, "=");
	auto_free char *key = mem_text_n(word, len);
	const char *value = word[len] ? word + len + 1 : "";
	bool is_tmpfs = words->type && strcmp(words->type, "tmpfs") == 0;

	if (strcmp(key, "type") == 0)
		replace(&words->type, value);
	else if (strcmp(key, "source") == 0 || strcmp(key, "src") == 0)
		replace(&words->source, value);
	else if (strcmp(key, "target") == 0 || strcmp(key, "destination") == 0 ||
		 strcmp(key, "dst") == 0)
		replace(&words->destination, value);
	else if (strcmp(key, "bind-propagation") == 0)
		return add_bind_option(text, value, options, words);
	else if (strcmp(key, "ro") == 0 || strcmp(key, "readonly") == 0) {
		if (strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
			add_option(options, is_tmpfs ? "ro" : "rro");
	} else if (text_starts(word, "tmpfs-size=") || text_starts(word, "tmpfs-mode="))
		add_option(options, word + strlen("tmpfs-"));
	else if (is_tmpfs)
		return add_tmpfs_option(text, word, options);
	else
		return add_bind_option(text, key, options, words);
	return 0;
}

static int check_mount(const char *text, const struct mount_words *words)
{
	if (strcmp(words->type, "bind") != 0 && strcmp(words->type, "tmpfs") != 0)
		return hint(refuse(ENOTSUP, "'%s': no mounts of type '%s'", text,
				   words->type),
			    "type=bind and type=tmpfs work");
	if (!words->destination)
		return hint(refuse(EINVAL, "'%s': the target is missing", text),
			    "type=bind,source=/SOURCE,target=/TARGET");
	if (strcmp(words->type, "bind") == 0 && !words->source)
		return hint(refuse(EINVAL, "'%s': the source is missing", text),
			    "type=bind,source=/SOURCE,target=/TARGET");
	return check_destination(text, words->destination);
}

static int read_mount(const char *text, struct mount_words *words)
{
	auto_strv struct strv parts = { 0 };
	auto_text struct text options = { 0 };
	int r = 0;

	strv_split(&parts, text, ",");
	/* The type decides what the other words mean, wherever it stands. */
	for (size_t i = 0; i < parts.count; i++)
		if (text_starts(parts.item[i], "type="))
			replace(&words->type, parts.item[i] + strlen("type="));
	if (!words->type)
		words->type = mem_text("bind");
	for (size_t i = 0; r == 0 && i < parts.count; i++)
		r = read_mount_word(text, parts.item[i], &options, words);
	if (r == 0)
		r = check_mount(text, words);
	if (r == 0 && words->source)
		r = check_source(text, words->source);
	words->options = strcmp(words->type, "tmpfs") == 0 ? finish_tmpfs(&options)
							   : finish_bind(&options);
	return r;
}

int mount_words_from_mount(const char *text, struct mount_words *ret)
{
	struct mount_words words = { 0 };

	return finish(read_mount(text, &words), &words, ret);
}

/* ---- --device -------------------------------------------------------------- */

static int read_device(const char *text, struct mount_words *words)
{
	auto_strv struct strv parts = { 0 };

	strv_split(&parts, text, ":");
	if (!parts.count || parts.item[0][0] != '/')
		return hint(refuse(ENOTSUP, "device '%s': no path of the host", text),
			    "--device /dev/NAME[:/INSIDE[:rwm]]");
	words->source = mem_text(parts.item[0]);
	words->destination = mem_text(parts.item[0]);
	for (size_t i = 1; i < parts.count; i++) {
		if (i == 1 && parts.item[i][0] == '/')
			replace(&words->destination, parts.item[i]);
		else if (i + 1 != parts.count ||
			 strspn(parts.item[i], "rwm") != strlen(parts.item[i]))
			return refuse(EINVAL,
				      "device '%s': '%s' is neither a path nor of the "
				      "letters rwm",
				      text, parts.item[i]);
	}
	words->options = mem_text("");
	return check_destination(text, words->destination);
}

int mount_words_from_device(const char *text, struct mount_words *ret)
{
	struct mount_words words = { 0 };

	return finish(read_device(text, &words), &words, ret);
}

void mount_words_done(struct mount_words *words)
{
	free(words->type);
	free(words->source);
	free(words->destination);
	free(words->options);
	*words = (struct mount_words){ 0 };
}
