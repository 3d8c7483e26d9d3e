// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "tests/tap.h"

#define CAP(cap) (UINT64_C(1) << (cap))

static char *quoted(const char *text)
{
	char *copy = mem_text(text);

	for (char *at = copy; (at = strchr(at, '\'')); at++)
		*at = '"';
	return copy;
}

static struct seccomp *read_profile(const char *text, uint64_t caps)
{
	auto_free char *data = quoted(text);
	auto_json struct json *json = NULL;
	struct seccomp *profile = NULL;

	if (json_read("profile", data, strlen(data), &json) < 0 ||
	    seccomp_from_json(json, caps, &profile) < 0)
		return NULL;
	return profile;
}

static void every_member_comes_back(void)
{
	static const char text[] =
		"{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':38,"
		"'architectures':['SCMP_ARCH_X86_64'],"
		"'flags':['SECCOMP_FILTER_FLAG_LOG'],'listenerPath':'/l',"
		"'listenerMetadata':'m','syscalls':[{'names':['a','b'],"
		"'action':'SCMP_ACT_ALLOW'},{'names':['c'],'action':'SCMP_ACT_TRACE',"
		"'errnoRet':0,'args':[{'index':5,'value':1,'valueTwo':0,"
		"'op':'SCMP_CMP_NE'},{'index':0,'value':18446744073709551615,"
		"'valueTwo':2,'op':'SCMP_CMP_GE'}]}]}";
	struct seccomp *profile = read_profile(text, 0);
	auto_free char *want = quoted(text), *got = NULL;
	auto_json struct json *json = NULL;

	if (!ok(profile != NULL))
		return;
	json = seccomp_to_json(profile);
	got = json_print(json, false);
	ok_text(got, want);
	seccomp_free(profile);
}

static void the_older_names_are_known(void)
{
	struct seccomp *p = read_profile("{'defaultAction':'SCMP_ACT_KILL','syscalls':["
					 "{'name':'read','action':'SCMP_ACT_ALLOW',"
					 "'args':null}]}",
					 0);

	if (!ok(p != NULL))
		return;
	ok(p->default_action == ACT_KILL_THREAD);
	ok_text(p->rules[0].names.item[0], "read");
	seccomp_free(p);
}

static const char docker[] =
	"{'defaultAction':'SCMP_ACT_ERRNO','archMap':["
	"{'architecture':'SCMP_ARCH_X86_64','subArchitectures':['SCMP_ARCH_X86']},"
	"{'architecture':'SCMP_ARCH_AARCH64','subArchitectures':['SCMP_ARCH_ARM']}],"
	"'syscalls':[{'names':['always'],'action':'SCMP_ACT_ALLOW','includes':{}},"
	"{'names':['admin'],'action':'SCMP_ACT_ALLOW',"
	"'includes':{'caps':['CAP_SYS_ADMIN']}},"
	"{'names':['no-admin'],'action':'SCMP_ACT_ALLOW',"
	"'excludes':{'caps':['CAP_SYS_ADMIN']}},"
	"{'names':['both'],'action':'SCMP_ACT_ALLOW',"
	"'includes':{'caps':['CAP_SYS_ADMIN','CAP_CHOWN']}},"
	"{'names':['new'],'action':'SCMP_ACT_ALLOW','includes':{'minKernel':'4.8'}},"
	"{'names':['future'],'action':'SCMP_ACT_ALLOW','includes':{'minKernel':'999.1'}},"
	"{'names':['vax'],'action':'SCMP_ACT_ALLOW','includes':{'arches':['vax']}},"
	"{'names':['here'],'action':'SCMP_ACT_ALLOW','includes':{'arches':"
	"['amd64','arm64','ppc64le','s390x','riscv64','x86','arm']}},"
	"{'names':['elsewhere'],'action':'SCMP_ACT_ALLOW','excludes':{'arches':"
	"['amd64','arm64','ppc64le','s390x','riscv64','x86','arm']}}]}";

static char *names_of(const struct seccomp *profile)
{
	struct text names = { 0 };

	for (size_t i = 0; profile && i < profile->n_rules; i++)
		text_addf(&names, "%s ", profile->rules[i].names.item[0]);
	return text_take(&names);
}

static void conditions_decide_which_rules_are_kept(void)
{
	struct seccomp *none = read_profile(docker, 0);
	struct seccomp *admin = read_profile(docker, CAP(CAP_SYS_ADMIN));
	struct seccomp *both = read_profile(docker, CAP(CAP_SYS_ADMIN) | CAP(CAP_CHOWN));
	auto_free char *of_none = names_of(none), *of_admin = names_of(admin);
	auto_free char *of_both = names_of(both);

	ok_text(of_none, "always no-admin new here ");
	ok_text(of_admin, "always admin new here ");
	ok_text(of_both, "always admin both new here ");
	seccomp_free(none);
	seccomp_free(admin);
	seccomp_free(both);
}

static void arch_map_gives_this_machine_and_its_older_ones(void)
{
	struct seccomp *p = read_profile(docker, 0);

	if (!ok(p != NULL))
		return;
#if defined(__x86_64__)
	ok(p->architectures.count == 2);
	ok_text(p->architectures.item[1], "SCMP_ARCH_X86");
#endif
	seccomp_free(p);
}

static void mistakes_have_their_path(void)
{
	ok(!read_profile("{}", 0));
	ok_text(last_error.text, "'defaultAction' is missing");
	ok(!read_profile("[]", 0));
	ok_text(last_error.text, "the seccomp profile is not a JSON map");
	ok(!read_profile("{'defaultAction':'SCMP_ACT_LOG','syscalls':[{}]}", 0));
	ok_text(last_error.text, "'syscalls[0].action' is missing");
	ok(!read_profile("{'defaultAction':'SCMP_ACT_LOG','syscalls':[{'names':['a'],"
			 "'action':'SCMP_ACT_ERRNO','errnoRet':65536}]}",
			 0));
	ok_text(last_error.text,
		"'syscalls[0].errnoRet' is not a whole number from 0 to 65535");
	ok(!read_profile("{'defaultAction':'SCMP_ACT_LOG','syscalls':[{'names':['a'],"
			 "'action':'SCMP_ACT_LOG','args':[{},{},{},{},{},{},{}]}]}",
			 0));
	ok_text(last_error.text, "'syscalls[0].args' is not a list of at most 6");
}

int main(void)
{
	RUN(every_member_comes_back);
	RUN(the_older_names_are_known);
	RUN(conditions_decide_which_rules_are_kept);
	RUN(arch_map_gives_this_machine_and_its_older_ones);
	RUN(mistakes_have_their_path);
	return tap_end();
}
