// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

static void make_users(struct world *w)
{
	world_make(w);
	world_file(w, "image/etc/passwd",
		   "root:x:0:0:root:/root:/bin/sh\napp:x:33:44::/srv/app:/bin/sh\n");
	world_file(w, "image/etc/group", "root:x:0:\nweb:x:44:\nops:x:55:app\n");
	w->host.home = mem_text("/home/ann");
}

static void check_ids(const struct world *w, uint32_t uid, uint32_t gid, const char *home)
{
	const struct spec *spec = w->plan.spec;

	ok(spec->process.uid == uid);
	ok(spec->process.gid == gid);
	ok(spec->uid_maps.count == 1 && spec->uid_maps.item[0].inside == uid &&
	   spec->uid_maps.item[0].outside == 1000 && spec->uid_maps.item[0].count == 1);
	ok(spec->gid_maps.count == 1 && spec->gid_maps.item[0].inside == gid);
	ok_text(env_get(&spec->process.env, "HOME"), home);
	ok(spec->process.keep_groups);
}

static void is_you(void)
{
	struct world w;

	make_users(&w);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	check_ids(&w, 1000, 1000, "/home/ann");
	ok(w.plan.spec->process.no_new_privs);
	ok(w.plan.spec->process.caps[CAPS_EFFECTIVE] == 0);
	world_done(&w);
}

static void ignores_the_images_user(void)
{
	struct world w;

	make_users(&w);
	world_file(&w, "image/.urun/config.json", "{\"config\": {\"User\": \"app\"}}");
	ok(world_plan(&w, PLAN_RUN) == 0);
	check_ids(&w, 1000, 1000, "/home/ann");
	ok(world_has_note(&w, "'app' is ignored"));
	world_done(&w);
}

static void takes_users_by_name_and_number(void)
{
	static const struct {
		const char *user;
		uint32_t uid, gid;
		const char *home;
	} cases[] = {
		{ "app", 33, 44, "/srv/app" },
		{ "33", 33, 44, "/srv/app" },
		{ "app:ops", 33, 55, "/srv/app" },
		{ "7:8", 7, 8, "/home/ann" },
		{ "7", 7, 1000, "/home/ann" },
		{ "image", 33, 44, "/srv/app" },
		{ "0", 0, 0, "/root" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w;

		make_users(&w);
		world_file(&w, "image/.urun/config.json",
			   "{\"config\": {\"User\": \"app\"}}");
		world_set(&w, "user", cases[i].user);
		ok(world_plan(&w, PLAN_EXEC) == 0);
		check_ids(&w, cases[i].uid, cases[i].gid, cases[i].home);
		ok(w.plan.spec->process.caps[CAPS_EFFECTIVE] == 0);
		world_done(&w);
	}
}

static void names_unknown_users(void)
{
	static const char *const users[] = { "nobody", "app:none", "4294967295", "-1" };

	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		struct world w;

		make_users(&w);
		world_set(&w, "user", users[i]);
		ok(world_plan(&w, PLAN_EXEC) == -EINVAL);
		ok(last_error.hint[0]);
		world_done(&w);
	}
}

static void isolation_takes_the_images_user(void)
{
	struct world w;

	make_users(&w);
	world_set(&w, "isolate", "yes");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	check_ids(&w, 0, 0, "/root");
	world_done(&w);
}

static void makes_passwd_and_group_entries(void)
{
	struct world w;
	uint32_t groups[] = { 1000, 2000, 3000 };

	make_users(&w);
	world_file(&w, "host/etc/group", "ann:x:1000:\nlab:x:2000:\n");
	w.host.groups = mem_array(3, sizeof(*groups));
	memcpy(w.host.groups, groups, sizeof(groups));
	w.host.n_groups = 3;
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(strstr(world_made(&w, "/etc/passwd")->content,
		  "\nann:x:1000:1000:ann:/home/ann:/bin/sh\n"));
	ok(strstr(world_made(&w, "/etc/passwd")->content, "app:x:33:44:"));
	ok(strstr(world_made(&w, "/etc/group")->content, "ann:x:1000:\n"));
	ok(strstr(world_made(&w, "/etc/group")->content, "lab:x:2000:\n"));
	ok(!strstr(world_made(&w, "/etc/group")->content, "3000"));
	world_done(&w);
}

static void starts_from_the_kept_layer(void)
{
	struct world w;

	make_users(&w);
	world_file(&w, "host/keep/upper/etc/passwd", "new:x:7:7::/:/bin/sh\n");
	w.layer_folder = "/keep";
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(strstr(world_made(&w, "/etc/passwd")->content, "new:x:7:7::/:/bin/sh\nann:"));
	ok(!strstr(world_made(&w, "/etc/passwd")->content, "app:"));
	world_done(&w);
}

/* Whether this machine gives ann ranges decides. */
static void tells_apt_when_there_is_one_id(void)
{
	struct world w;

	make_users(&w);
	world_folder(&w, "image/etc/apt/apt.conf.d");
	world_set(&w, "root", "yes");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(w.plan.spec->urun.fake_root ==
	   (world_made(&w, "/etc/apt/apt.conf.d/99urun") != NULL));
	world_done(&w);
}

int main(void)
{
	RUN(is_you);
	RUN(ignores_the_images_user);
	RUN(takes_users_by_name_and_number);
	RUN(names_unknown_users);
	RUN(isolation_takes_the_images_user);
	RUN(makes_passwd_and_group_entries);
	RUN(starts_from_the_kept_layer);
	RUN(tells_apt_when_there_is_one_id);
	return tap_end();
}
