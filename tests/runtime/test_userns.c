// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "runtime/seccomp.h"
#include "runtime/userns.h"
#include "tests/runtime/seccomp_try.h"
#include "tests/tap.h"

/* A plain machine on which it failed with error. */
static struct userns_facts facts_of(int error)
{
	return (struct userns_facts){ .error = error,
				      .max_namespaces = 15000,
				      .clone_allowed = -1,
				      .apparmor_restricts = -1 };
}

static void told(const struct userns_facts *facts, const char *why, const char *remedy)
{
	ok(userns_explain(facts) == -facts->error);
	if (!ok(strstr(last_error.text, why)))
		ok_text(last_error.text, why);
	if (!ok(remedy ? strstr(last_error.hint, remedy) != NULL : !*last_error.hint))
		ok_text(last_error.hint, remedy);
}

static void success_has_no_cause(void)
{
	struct userns_facts f = facts_of(0);

	ok(userns_explain(&f) == 0);
}

static void each_cause_has_its_remedy(void)
{
	struct userns_facts f = facts_of(ENOSPC);

	told(&f, "too many", "sysctl user.max_user_namespaces=15000");
	f.max_namespaces = 0;
	told(&f, "user.max_user_namespaces is 0", "user.max_user_namespaces=15000");
	f = facts_of(EPERM);
	f.clone_allowed = 0;
	told(&f, "to root only", "kernel.unprivileged_userns_clone=1");
	f = facts_of(EPERM);
	f.is_chrooted = true;
	told(&f, "inside a chroot", "pivot_root");
	f = facts_of(EPERM);
	f.is_filtered = true;
	told(&f, "seccomp filter", "seccomp=unconfined");
	f = facts_of(EINVAL);
	told(&f, "this kernel has none", "CONFIG_USER_NS");
	f = facts_of(EACCES);
	told(&f, "security module", "audit log");
	f = facts_of(EPERM);
	told(&f, "make a user namespace: Operation not permitted", NULL);
}

static void apparmor_also_when_only_the_use_fails(void)
{
	struct userns_facts f = facts_of(EPERM);

	f.apparmor_restricts = 1;
	told(&f, "make a user namespace: AppArmor", "share/apparmor/urun");
	f.made = true;
	told(&f, "use a user namespace: AppArmor", "share/apparmor/urun");
	f.apparmor_restricts = 0;
	told(&f, "use a user namespace: Operation not permitted", NULL);
}

static void switches_for_users_do_not_concern_root(void)
{
	struct userns_facts f = facts_of(EPERM);

	f.clone_allowed = 0;
	f.apparmor_restricts = 1;
	f.is_privileged = true;
	told(&f, "make a user namespace: Operation not permitted", NULL);
}

static void chroot_is_seen_in_mountinfo(void)
{
	char whole[] = "21 20 0:1 / /proc rw - proc proc rw\n"
		       "20 1 8:1 / / rw - ext4 /dev/sda rw\n";
	char inside[] = "21 20 0:1 / /proc rw - proc proc rw\n";

	ok(!userns_is_chroot(whole));
	ok(userns_is_chroot(inside));
}

static void works_here(void)
{
	needs(NEED_USERNS);
	ok(userns_diagnose() == 0);
}

static void forbidden_by_a_filter(void)
{
	struct spec *spec = mem_alloc(sizeof(*spec));
	struct seccomp_rule *rule;

	needs(NEED_USERNS);
	spec->seccomp = mem_alloc(sizeof(*spec->seccomp));
	spec->seccomp->default_action = ACT_ALLOW;
	rule = seccomp_add_rule(spec->seccomp);
	strv_add(&rule->names, "unshare");
	rule->action = ACT_ERRNO;
	ok(seccomp_try(spec, userns_diagnose) == -EPERM);
	spec_free(spec);
}

int main(void)
{
	RUN(success_has_no_cause);
	RUN(each_cause_has_its_remedy);
	RUN(apparmor_also_when_only_the_use_fails);
	RUN(switches_for_users_do_not_concern_root);
	RUN(chroot_is_seen_in_mountinfo);
	RUN(works_here);
	RUN(forbidden_by_a_filter);
	return tap_end();
}
