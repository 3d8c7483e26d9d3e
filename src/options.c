// SPDX-License-Identifier: Apache-2.0
/* options.c - reading a command line by a table
 *
 * How it works: each word becomes "uses", pairs of an option and its value, in the order
 * typed. Nothing is stored yet: config files come first, and which of their sections
 * count depends on options and on IMAGE.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "options.h"

bool opt_is_real(const struct opt *opt)
{
	return opt->kind < OPT_NOTHING;
}

bool opt_has_value(const struct opt *opt)
{
	return opt->arg && !opt->bare;
}

static bool has_opposite(const struct opt *opt)
{
	return opt->kind == OPT_FLAG ||
	       (opt->kind == OPT_CHOICE && strcmp(opt->choices[0], "no") == 0);
}

/* Is name one of the words in aliases? One that begins with '!' means the opposite. */
static bool is_alias(const char *aliases, const char *name, bool *ret_opposite)
{
	size_t len = strlen(name);

	while (aliases && *aliases) {
		bool opposite = *aliases == '!';
		size_t word;

		aliases += opposite;
		word = strcspn(aliases, " ");
		if (word == len && strncmp(aliases, name, len) == 0) {
			*ret_opposite = opposite;
			return true;
		}
		aliases += word + strspn(aliases + word, " ");
	}
	return false;
}

static bool opt_is_called(const struct opt *opt, const char *name, bool *ret_opposite)
{
	*ret_opposite = false;
	if (opt->letter && name[0] == opt->letter && !name[1])
		return true;
	if (strcmp(opt->name, name) == 0)
		return true;
	return opt->aliases && is_alias(opt->aliases, name, ret_opposite);
}

const struct opt *opt_find(const struct opt *table, const char *name, bool *ret_opposite)
{
	if (!*name || *name == ' ')
		return NULL;
	for (const struct opt *opt = table; opt->kind != OPT_END; opt++)
		if (opt_is_called(opt, name, ret_opposite))
			return opt;
	if (strncmp(name, "no-", 3) != 0)
		return NULL;
	for (const struct opt *opt = table; opt->kind != OPT_END; opt++) {
		if (has_opposite(opt) && opt_is_called(opt, name + 3, ret_opposite)) {
			*ret_opposite = !*ret_opposite;
			return opt;
		}
	}
	return NULL;
}

static void offer_names(const struct opt *table, struct nearest *nearest)
{
	for (const struct opt *opt = table; table && opt->kind != OPT_END; opt++)
		if (opt_is_real(opt))
			nearest_offer(nearest, opt->name);
}

const char *opts_nearest(const struct opt *table, const char *name)
{
	struct nearest nearest;

	nearest_start(&nearest, name);
	offer_names(table, &nearest);
	return nearest.word;
}

/* ---- one word ---------------------------------------------------------- */

/* Where the reading of a command line stands. */
struct reader {
	const struct opt *tables[2];
	char *const *next; /* the word after the one being read */
	struct opt_uses *uses;
};

static const struct opt *find(const struct reader *reader, const char *name,
			      bool *ret_opposite)
{
	const struct opt *opt = NULL;

	for (size_t i = 0; !opt && i < ARRAY_SIZE(reader->tables); i++)
		if (reader->tables[i])
			opt = opt_find(reader->tables[i], name, ret_opposite);
	return opt;
}

static int unknown(const struct reader *reader, const char *as, const char *name)
{
	struct nearest nearest;

	nearest_start(&nearest, strncmp(name, "no-", 3) == 0 ? name + 3 : name);
	for (size_t i = 0; i < ARRAY_SIZE(reader->tables); i++)
		offer_names(reader->tables[i], &nearest);
	(void)refuse(EINVAL, "read option '%s': no such option", as);
	if (nearest.word && name[1])
		return hint(-EINVAL, "did you mean '--%s'?", nearest.word);
	return hint(-EINVAL, "'urun help' lists the options; those of the command come "
			     "after IMAGE");
}

/* Keep one use; as is taken over. */
static void add_use(struct reader *reader, const struct opt *opt, char *as,
		    const char *value)
{
	struct opt_uses *uses = reader->uses;

	uses->item = mem_room(uses->item, uses->count, sizeof(*uses->item));
	strv_take(&uses->names, as);
	uses->item[uses->count++] = (struct opt_use){ opt, as, value };
}

const char *opt_value(const struct opt *opt, const char *value, bool opposite)
{
	bool yes;

	if (!value)
		value = opt->bare ? opt->bare : "yes";
	if (!opposite)
		return value;
	if (strcmp(value, opt->bare ? opt->bare : "yes") == 0)
		return "no";
	return text_to_bool(value, &yes) < 0 ? value : yes ? "no" : "yes";
}

/* One option: name was found as opt, value is what came with it or NULL. */
static int read_use(struct reader *reader, const struct opt *opt, bool opposite, char *as,
		    const char *value)
{
	if (opposite || !opt_has_value(opt)) {
		if (value && opt->kind == OPT_NOTHING && !opt->choices)
			value = NULL; /* "--rm=true" */
		add_use(reader, opt, as, opt_value(opt, value, opposite));
		return 0;
	}
	if (!value && *reader->next)
		value = *reader->next++;
	if (!value && opt->kind != OPT_LATER && opt->kind != OPT_REFUSED) {
		int r = refuse(EINVAL, "read option '%s': its value %s is missing", as,
			       opt->arg);

		mem_release_ptr(&as);
		return r;
	}
	add_use(reader, opt, as, value ? value : "");
	return 0;
}

/* "--name", "--name=value", "--no-name". */
static int read_long(struct reader *reader, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	char *as = mem_text_n(word, len);
	const struct opt *opt;
	bool opposite = false;

	/* One character is a letter's name in the tables, and "--v" is nothing. */
	opt = len > 3 ? find(reader, as + 2, &opposite) : NULL;
	if (!opt) {
		int r = unknown(reader, as, as + 2);

		mem_release_ptr(&as);
		return r;
	}
	return read_use(reader, opt, opposite, as, equals ? equals + 1 : NULL);
}

/* "-e VALUE", "-eVALUE", "-e=VALUE", "-it", "-itw=VALUE". */
static int read_letters(struct reader *reader, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		char name[2] = { *at, '\0' };
		bool opposite = false;
		const struct opt *opt = find(reader, name, &opposite);
		const char *value = NULL;
		int r;

		if (*at == 'h' && (!opt || !(at[1] || *reader->next))) {
			reader->uses->help = true;
			continue;
		}
		if (!opt) {
			auto_free char *as = mem_format("-%.1s", at);

			return unknown(reader, as, name);
		}
		if (at[1] == '=')
			value = at + 2;
		else if (at[1] && opt_has_value(opt))
			value = at + 1;
		r = read_use(reader, opt, false, mem_format("-%c", *at), value);
		if (r < 0 || value)
			return r;
		if (opt_has_value(opt))
			break;
	}
	return 0;
}

/* ---- all words ---------------------------------------------------------------- */

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* One word that is an option, if it may be one. */
static int read_option(struct reader *reader, const char *word)
{
	if (strcmp(word, "--help") == 0) {
		reader->uses->help = true;
		return 0;
	}
	return word[1] == '-' ? read_long(reader, word) : read_letters(reader, word);
}

/* The first word that is no option ends them, if so ordered. */
static void read_word(struct reader *reader, const char *word, enum opts_order order)
{
	strv_add(&reader->uses->words, word);
	if (order != OPTS_FIRST)
		return;
	if (*reader->next && strcmp(*reader->next, "--") == 0)
		reader->next++;
	while (*reader->next)
		strv_add(&reader->uses->words, *reader->next++);
}

int opts_read(const struct opt *table, const struct opt *more, char *const *args,
	      enum opts_order order, struct opt_uses *ret)
{
	struct reader reader = { { table, more }, args, ret };
	bool ended = false;
	int r = 0;

	*ret = (struct opt_uses){ 0 };
	while (r == 0 && *reader.next) {
		const char *word = *reader.next++;

		if (!ended && strcmp(word, "--") == 0)
			ended = true;
		else if (!ended && is_option(word))
			r = read_option(&reader, word);
		else
			read_word(&reader, word, order);
	}
	if (r < 0)
		opt_uses_done(ret);
	return r;
}

void opt_uses_done(struct opt_uses *uses)
{
	mem_release_ptr(&uses->item);
	strv_done(&uses->names);
	strv_done(&uses->words);
	*uses = (struct opt_uses){ 0 };
}

int opts_parse(const struct opt *table, void *base, const struct strv *words,
	       struct strv *ret_words)
{
	struct opt_uses uses;
	int r = opts_read(table, NULL, strv_items(words), OPTS_ANYWHERE, &uses);

	if (r < 0)
		return r;
	opts_init(table, base);
	for (size_t i = 0; r == 0 && i < uses.count; i++) {
		/* Without a name, which would end with the uses. */
		struct setting_source source = { .kind = SOURCE_COMMAND_LINE };

		r = opt_set(uses.item[i].opt, base, uses.item[i].value, &source);
	}
	if (r < 0) {
		opts_done(table, base);
	} else {
		*ret_words = uses.words;
		uses.words = (struct strv){ 0 };
	}
	opt_uses_done(&uses);
	return r;
}
