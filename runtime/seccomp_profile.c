// SPDX-License-Identifier: Apache-2.0
/* seccomp_profile.c - profiles of system calls, in memory and as JSON
 *
 * Read are the "seccomp" object of config.json and the files of docker and podman,
 * which are the same plus "archMap", and "includes" and "excludes" in each rule.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/fields.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "runtime/seccomp_docker.h"

#define ERRNO_MAX 65535 /* the bits that a filter's answer has for it */

struct seccomp_rule *seccomp_add_rule(struct seccomp *profile)
{
	struct seccomp_rule *rule;

	profile->rules = mem_room(profile->rules, profile->n_rules,
				  sizeof(*profile->rules));
	rule = &profile->rules[profile->n_rules++];
	rule->action = ACT_ALLOW;
	return rule;
}

void seccomp_free(struct seccomp *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->n_rules; i++)
		strv_done(&profile->rules[i].names);
	free(profile->rules);
	strv_done(&profile->architectures);
	strv_done(&profile->flags);
	free(profile->listener_path);
	free(profile->listener_metadata);
	free(profile);
}

/* ---- names ------------------------------------------------------------------------- */

static bool take_name(const struct json *value, const char *const *names, int count,
		      int *ret)
{
	const char *text = json_text_of(value);

	for (int i = 0; text && i < count; i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static const char *const action_names[ACTIONS] = {
	[ACT_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	[ACT_KILL_THREAD] = "SCMP_ACT_KILL_THREAD",
	[ACT_TRAP] = "SCMP_ACT_TRAP",
	[ACT_ERRNO] = "SCMP_ACT_ERRNO",
	[ACT_NOTIFY] = "SCMP_ACT_NOTIFY",
	[ACT_TRACE] = "SCMP_ACT_TRACE",
	[ACT_LOG] = "SCMP_ACT_LOG",
	[ACT_ALLOW] = "SCMP_ACT_ALLOW",
};

static bool take_action(const struct json *value, void *place)
{
	const char *text = json_text_of(value);
	int action;

	if (text && strcmp(text, "SCMP_ACT_KILL") == 0)
		action = ACT_KILL_THREAD; /* the older name */
	else if (!take_name(value, action_names, ACTIONS, &action))
		return false;
	*(enum seccomp_action *)place = (enum seccomp_action)action;
	return true;
}

static struct json *give_action(const void *place)
{
	return json_new_text(action_names[*(const enum seccomp_action *)place]);
}

static const struct field_type type_action = { .is = "a seccomp action",
					       .take = take_action,
					       .give = give_action };

static const char *const compare_names[ARG_COMPARES] = {
	[ARG_NE] = "SCMP_CMP_NE",
	[ARG_LT] = "SCMP_CMP_LT",
	[ARG_LE] = "SCMP_CMP_LE",
	[ARG_EQ] = "SCMP_CMP_EQ",
	[ARG_GE] = "SCMP_CMP_GE",
	[ARG_GT] = "SCMP_CMP_GT",
	[ARG_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
};

static bool take_compare(const struct json *value, void *place)
{
	int compare;

	if (!take_name(value, compare_names, ARG_COMPARES, &compare))
		return false;
	*(enum seccomp_compare *)place = (enum seccomp_compare)compare;
	return true;
}

static struct json *give_compare(const void *place)
{
	return json_new_text(compare_names[*(const enum seccomp_compare *)place]);
}

static const struct field_type type_compare = { .is = "a seccomp operator",
						.take = take_compare,
						.give = give_compare };

/* ---- a rule ------------------------------------------------------------ */

static bool take_errno(const struct json *value, bool *has, uint32_t *number)
{
	uint64_t n;

	if (!json_unsigned_of(value, &n) || n > ERRNO_MAX)
		return false;
	*has = true;
	*number = (uint32_t)n;
	return true;
}

static bool take_rule_errno(const struct json *value, void *place)
{
	struct seccomp_rule *rule = place;

	return take_errno(value, &rule->has_errno, &rule->errno_ret);
}

static struct json *give_rule_errno(const void *place)
{
	const struct seccomp_rule *rule = place;

	return rule->has_errno ? json_new_number(rule->errno_ret) : NULL;
}

static const struct field_type type_rule_errno = { .is = "a whole number from 0 to 65535",
						   .take = take_rule_errno,
						   .give = give_rule_errno };

static bool take_arg_at(const struct json *value, void *place)
{
	uint64_t n;

	if (!json_unsigned_of(value, &n) || n >= SECCOMP_ARGS_MAX)
		return false;
	*(unsigned int *)place = (unsigned int)n;
	return true;
}

static struct json *give_arg_at(const void *place)
{
	return json_new_number(*(const unsigned int *)place);
}

static const struct field_type type_arg_at = { .is = "a whole number from 0 to 5",
					       .take = take_arg_at,
					       .give = give_arg_at };

static const struct field arg_fields[] = {
	{ "index", &type_arg_at, .at = offsetof(struct seccomp_arg, at),
	  .required = true },
	{ "value", &FIELD_U64, .at = offsetof(struct seccomp_arg, value),
	  .required = true },
	{ "valueTwo", &FIELD_U64, .at = offsetof(struct seccomp_arg, value_two) },
	{ "op", &type_compare, .at = offsetof(struct seccomp_arg, compare),
	  .required = true },
	FIELDS_END
};

static int read_args(struct field_path *path, const struct field *field,
		     const struct json *value, void *place)
{
	struct seccomp_rule *rule = place;
	size_t count = json_count_of(value);

	(void)field; /* the table is here */
	if (json_kind_of(value) != JSON_LIST)
		return field_refuse(path, "a list");
	if (count > SECCOMP_ARGS_MAX)
		return field_refuse(path, "a list of at most 6");
	for (size_t i = 0; i < count; i++) {
		size_t length = field_enter_item(path, i);
		int r = fields_read(path, arg_fields, json_item(value, i),
				    &rule->args[i]);

		if (r < 0)
			return r;
		field_leave(path, length);
	}
	rule->n_args = count;
	return 0;
}

static struct json *give_args(const void *place)
{
	const struct seccomp_rule *rule = place;
	struct json *list;

	if (!rule->n_args)
		return NULL;
	list = json_new_list();
	for (size_t i = 0; i < rule->n_args; i++)
		json_append(list, fields_write(arg_fields, &rule->args[i]));
	return list;
}

static const struct field_type type_args = { .read = read_args, .give = give_args };

/* Docker's older files have one "name" in each rule. */
static bool take_name_alone(const struct json *value, void *place)
{
	if (!json_text_of(value))
		return false;
	strv_add(place, json_text_of(value));
	return true;
}

static struct json *give_nothing(const void *place)
{
	(void)place; /* is written as "names" */
	return NULL;
}

static const struct field_type type_name_alone = { .is = "a text",
						   .take = take_name_alone,
						   .give = give_nothing };

static const struct field rule_fields[] = {
	{ "names", &FIELD_TEXTS, .at = offsetof(struct seccomp_rule, names) },
	{ "name", &type_name_alone, .at = offsetof(struct seccomp_rule, names) },
	{ "action", &type_action, .at = offsetof(struct seccomp_rule, action),
	  .required = true },
	{ "errnoRet", &type_rule_errno, AT_WHOLE },
	{ "args", &type_args, AT_WHOLE },
	FIELDS_END
};

/* ---- the whole ------------------------------------------------------------- */

static bool take_default_errno(const struct json *value, void *place)
{
	struct seccomp *profile = place;

	return take_errno(value, &profile->has_default_errno, &profile->default_errno);
}

static struct json *give_default_errno(const void *place)
{
	const struct seccomp *profile = place;

	return profile->has_default_errno ? json_new_number(profile->default_errno)
					  : NULL;
}

static const struct field_type type_default_errno = {
	.is = "a whole number from 0 to 65535",
	.take = take_default_errno,
	.give = give_default_errno
};

static const struct field_type type_arch_map = { .is = "a list of architectures",
						 .take = seccomp_take_arch_map,
						 .give = give_nothing };

/* Rules that do not apply to this machine and these capabilities are not kept. */
struct reader {
	struct seccomp profile; /* first: the other places are offsets in it */
	uint64_t caps;
};

static int read_rules(struct field_path *path, const struct field *field,
		      const struct json *value, void *place)
{
	struct reader *reader = place;

	if (json_kind_of(value) != JSON_LIST)
		return field_refuse(path, "a list");
	for (size_t i = 0; i < json_count_of(value); i++) {
		size_t length = field_enter_item(path, i);
		int r;

		if (seccomp_rule_applies(json_item(value, i), reader->caps)) {
			r = fields_read(path, field->members, json_item(value, i),
					seccomp_add_rule(&reader->profile));
			if (r < 0)
				return r;
		}
		field_leave(path, length);
	}
	return 0;
}

static struct json *give_rules(const void *place)
{
	const struct seccomp *profile = place;
	struct json *list;

	if (!profile->n_rules)
		return NULL;
	list = json_new_list();
	for (size_t i = 0; i < profile->n_rules; i++)
		json_append(list, fields_write(rule_fields, &profile->rules[i]));
	return list;
}

static const struct field_type type_rules = { .read = read_rules, .give = give_rules };

#define AT(member) .at = offsetof(struct seccomp, member)

static const struct field profile_fields[] = {
	{ "defaultAction", &type_action, AT(default_action), .required = true },
	{ "defaultErrnoRet", &type_default_errno, AT_WHOLE },
	{ "architectures", &FIELD_TEXTS, AT(architectures) },
	{ "archMap", &type_arch_map, AT(architectures) },
	{ "flags", &FIELD_TEXTS, AT(flags) },
	{ "listenerPath", &FIELD_TEXT, AT(listener_path) },
	{ "listenerMetadata", &FIELD_TEXT, AT(listener_metadata) },
	{ "syscalls", &type_rules, .members = rule_fields },
	FIELDS_END
};

int seccomp_read(struct field_path *path, const struct json *profile, uint64_t caps,
		 struct seccomp **ret)
{
	struct reader *reader = mem_alloc(sizeof(*reader));
	int r;

	reader->caps = caps;
	r = fields_read(path, profile_fields, profile, reader);
	if (r < 0) {
		seccomp_free(&reader->profile);
		return r;
	}
	*ret = &reader->profile;
	return 0;
}

int seccomp_from_json(const struct json *profile, uint64_t caps, struct seccomp **ret)
{
	struct field_path path = { "" };

	if (json_kind_of(profile) != JSON_MAP)
		return refuse(EINVAL, "the seccomp profile is not a JSON map");
	return seccomp_read(&path, profile, caps, ret);
}

struct json *seccomp_to_json(const struct seccomp *profile)
{
	return fields_write(profile_fields, profile);
}
