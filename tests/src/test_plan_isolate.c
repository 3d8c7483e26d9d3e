// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/src/plan_world.h"
#include "tests/tap.h"

static bool has_ns(const struct world *w, enum ns_kind kind)
{
	return w->plan.spec->ns[kind].wanted;
}

static void shares_most_namespaces(void)
{
	struct world w;

	world_make(&w);
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(has_ns(&w, NS_USER) && has_ns(&w, NS_MOUNT) && has_ns(&w, NS_PID));
	ok(!has_ns(&w, NS_NET) && !has_ns(&w, NS_IPC) && !has_ns(&w, NS_UTS) &&
	   !has_ns(&w, NS_CGROUP));
	ok(w.plan.spec->urun.keep_fds == -1);
	ok(!w.plan.spec->seccomp);
	world_done(&w);
}

static void shares_processes_between_ranks(void)
{
	static const char *const variables[] = { "PMI_RANK=1", "PMIX_RANK=0",
						 "OMPI_COMM_WORLD_RANK=0",
						 "SLURM_STEP_NUM_TASKS=4" };
	static const char *const others[] = { "SLURM_STEP_NUM_TASKS=1", "SLURM_PROCID=0",
					      "SLURM_NTASKS=4" };

	for (size_t i = 0; i < ARRAY_SIZE(variables) + ARRAY_SIZE(others); i++) {
		bool is_rank = i < ARRAY_SIZE(variables);
		struct world w;

		world_make(&w);
		env_put(&w.host.env,
			is_rank ? variables[i] : others[i - ARRAY_SIZE(variables)]);
		ok(world_plan(&w, PLAN_EXEC) == 0);
		ok(has_ns(&w, NS_PID) == !is_rank);
		ok_text(world_mount(&w, "/proc")->type, is_rank ? "bind" : "proc");
		world_done(&w);
	}
}

static void isolates_all(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "isolate", "yes");
	env_set(&w.host.env, "PMI_RANK", "1");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	for (int kind = NS_USER; kind <= NS_CGROUP; kind++)
		ok(has_ns(&w, kind));
	ok(w.plan.spec->urun.keep_fds == 0);
	ok(w.plan.spec->urun.refuse_tty_input);
	ok(w.plan.spec->urun.new_session);
	world_done(&w);
}

static void obeys_single_options(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "isolate", "yes");
	world_set(&w, "net", "host");
	world_set(&w, "pid", "host");
	world_set(&w, "ipc", "host");
	world_set(&w, "preserve-fds", "2");
	world_set(&w, "umask", "027");
	world_set(&w, "hostname", "node");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(!has_ns(&w, NS_NET) && !has_ns(&w, NS_PID) && !has_ns(&w, NS_IPC));
	ok(w.plan.spec->urun.keep_fds == 2);
	ok(w.plan.spec->process.has_umask && w.plan.spec->process.umask == 027);
	ok_text(w.plan.spec->hostname, "node");
	ok_text(world_made(&w, "/etc/hostname")->content, "node\n");
	ok(strstr(world_made(&w, "/etc/hosts")->content, "127.0.1.1\tnode\n"));
	world_done(&w);
}

static void adds_and_drops_capabilities(void)
{
	static const struct {
		const char *root, *add, *drop;
		uint64_t want;
	} cases[] = {
		{ "no", "", "", 0 },
		{ "no", "CAP_CHOWN,kill", "", 1u << 0 | 1u << 5 },
		{ "yes", "chown", "all", 1u << 0 },
		{ "no", "all", "ALL", UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t all = (UINT64_C(1) << (cap_last() + 1)) - 1;
		struct world w;

		world_make(&w);
		world_set(&w, "root", cases[i].root);
		if (cases[i].add[0])
			world_set(&w, "cap-add", cases[i].add);
		if (cases[i].drop[0])
			world_set(&w, "cap-drop", cases[i].drop);
		ok(world_plan(&w, PLAN_EXEC) == 0);
		ok(w.plan.spec->process.caps[CAPS_EFFECTIVE] == (cases[i].want & all));
		world_done(&w);
	}
}

static void sets_limits(void)
{
	struct world w;

	world_make(&w);
	world_set(&w, "ulimit", "nofile=100:200");
	world_set(&w, "ulimit", "core=unlimited");
	ok(world_plan(&w, PLAN_EXEC) == 0);
	ok(w.plan.spec->process.n_rlimits == 2);
	ok(w.plan.spec->process.rlimits[0].resource == RLIMIT_NOFILE);
	ok(w.plan.spec->process.rlimits[0].soft == 100);
	ok(w.plan.spec->process.rlimits[0].hard == 200);
	ok(w.plan.spec->process.rlimits[1].hard == UINT64_MAX);
	world_done(&w);
}

static void refuses_nonsense(void)
{
	static const struct {
		const char *option, *value, *says;
	} cases[] = {
		{ "ulimit", "nofile", "nofile" },
		{ "ulimit", "files=1", "unknown limit 'files'" },
		{ "ulimit", "nofile=1:2:3", "nofile=1:2:3" },
		{ "ulimit", "nofile=5:4", "above the hard" },
		{ "ulimit", "nofile=x", "nofile=x" },
		{ "cap-add", "CAP_MAGIC", "'CAP_MAGIC'" },
		{ "seccomp", "/nowhere/profile", "'/nowhere/profile'" },
		{ "device", "/nowhere/dev", "'/nowhere/dev'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w;

		world_make(&w);
		world_set(&w, cases[i].option, cases[i].value);
		ok(world_plan(&w, PLAN_EXEC) < 0);
		ok(strstr(last_error.text, cases[i].says));
		world_done(&w);
	}
}

int main(void)
{
	RUN(shares_most_namespaces);
	RUN(shares_processes_between_ranks);
	RUN(isolates_all);
	RUN(obeys_single_options);
	RUN(adds_and_drops_capabilities);
	RUN(sets_limits);
	RUN(refuses_nonsense);
	return tap_end();
}
