// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "runtime/runtime.h"
#include "runtime/seccomp.h"
#include "tests/tap.h"

/* Every member that is not refused, as the writer orders them. */
static const char full[] =
	"{'ociVersion':'1.2.0',"
	"'process':{'terminal':true,'consoleSize':{'height':24,'width':80},"
	"'user':{'uid':1000,'gid':100,'umask':18,'additionalGids':[5,4294967295]},"
	"'args':['/bin/sh','-c','x'],'env':['A=1','B='],'cwd':'/work',"
	"'capabilities':{'bounding':['CAP_CHOWN','CAP_KILL'],'ambient':['CAP_KILL']},"
	"'rlimits':[{'type':'RLIMIT_NOFILE','soft':1024,'hard':18446744073709551615}],"
	"'noNewPrivileges':true,'apparmorProfile':'p','selinuxLabel':'l',"
	"'oomScoreAdj':-500},"
	"'root':{'path':'rootfs','readonly':true},'hostname':'h','domainname':'d',"
	"'mounts':[{'destination':'/proc','type':'proc','source':'proc'},"
	"{'destination':'/x','type':'bind','source':'/y','options':['rbind','ro'],"
	"'org.urun.optional':true}],"
	"'linux':{'namespaces':[{'type':'user'},{'type':'mount'},"
	"{'type':'network','path':'/proc/1/ns/net'}],"
	"'uidMappings':[{'containerID':0,'hostID':1000,'size':1},"
	"{'containerID':1,'hostID':100000,'size':65536}],"
	"'gidMappings':[{'containerID':0,'hostID':100,'size':1}],"
	"'devices':[{'path':'/dev/x','type':'c','major':1,'minor':3,'fileMode':438,"
	"'uid':1,'gid':2,'org.urun.source':'/dev/null'}],"
	"'sysctl':{'kernel.shm_rmid_forced':'1'},"
	"'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['mount'],"
	"'action':'SCMP_ACT_ERRNO','errnoRet':1,'args':[{'index':1,"
	"'value':18446744073709551608,'valueTwo':8,'op':'SCMP_CMP_MASKED_EQ'}]}]},"
	"'rootfsPropagation':'rslave','maskedPaths':['/proc/kcore'],"
	"'readonlyPaths':['/proc/sys']},"
	"'annotations':{'com.example.a':'b=c','org.urun.layer':'folder:/up:ro',"
	"'org.urun.layer-size':'1048576','org.urun.fake-root':'true',"
	"'org.urun.new-session':'true','org.urun.refuse-tty-input':'true',"
	"'org.urun.keep-fds':'-1','org.urun.stop-signal':'15',"
	"'org.urun.cwd-optional':'true','run.oci.keep_original_groups':'1'}}";

static const char small[] =
	"{'ociVersion':'1.0.2','process':{'user':{'uid':0,'gid':0},'args':['x'],"
	"'cwd':'/'},'root':{'path':'r'},'linux':{'namespaces':[]}}";

/* The same with double quotes; C texts are unreadable with them. */
static char *quoted(const char *text)
{
	char *copy = mem_text(text);

	for (char *at = copy; (at = strchr(at, '\'')); at++)
		*at = '"';
	return copy;
}

static int read_config(const char *text, struct spec **ret)
{
	auto_free char *config = quoted(text);
	auto_json struct json *json = NULL;

	if (json_read("config.json", config, strlen(config), &json) < 0)
		return -EPROTO;
	return spec_from_json(json, ret);
}

/* A copy of text in which old is replaced. */
static char *changed(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	return mem_format("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void everything_is_read(void)
{
	struct spec *spec = NULL;
	const struct spec_process *p;

	if (!ok(read_config(full, &spec) == 0))
		return;
	p = &spec->process;
	ok(p->terminal && p->rows == 24 && p->columns == 80);
	ok(p->uid == 1000 && p->gid == 100 && p->has_umask && p->umask == 022);
	ok(p->n_groups == 2 && p->groups[1] == UINT32_MAX);
	ok(p->keep_groups && p->cwd_optional);
	ok(p->args.count == 3 && p->env.count == 2);
	ok(p->has_caps && p->caps[CAPS_BOUNDING] == 0x21 && p->caps[CAPS_EFFECTIVE] == 0);
	ok(p->rlimits[0].resource == RLIMIT_NOFILE && p->rlimits[0].hard == UINT64_MAX);
	ok(p->has_oom_score_adj && p->oom_score_adj == -500);
	ok(spec->n_mounts == 2 && spec->mounts[1].optional && !spec->mounts[0].optional);
	ok(spec->ns[NS_USER].wanted && !spec->ns[NS_PID].wanted);
	ok_text(spec->ns[NS_NET].path, "/proc/1/ns/net");
	ok(spec->uid_maps.count == 2 && spec->uid_maps.item[1].outside == 100000);
	ok_text(spec->devices[0].source, "/dev/null");
	ok(spec->root_propagation == (MS_SLAVE | MS_REC));
	ok(spec->seccomp && spec->seccomp->rules[0].args[0].value == UINT64_MAX - 7);
	ok(spec->urun.root_kind == ROOT_FOLDER && spec->urun.layer == LAYER_FOLDER);
	ok(spec->urun.layer_shared && spec->urun.layer_bytes == 1 << 20);
	ok_text(spec->urun.layer_folder, "/up");
	ok(spec->urun.keep_fds == -1 && spec->urun.stop_signal == 15);
	ok_text(spec->annotations.item[0], "com.example.a=b=c");
	spec_free(spec);
}

static void comes_back(const char *text)
{
	auto_free char *want = quoted(text), *got = NULL;
	auto_json struct json *json = NULL;
	struct spec *spec = NULL;

	if (!ok(read_config(text, &spec) == 0))
		return;
	json = spec_to_json(spec);
	got = json_print(json, false);
	ok_text(got, want);
	spec_free(spec);
}

static void what_is_read_is_written(void)
{
	comes_back(full);
	comes_back(small);
}

static void little_means_the_defaults(void)
{
	struct spec *spec = NULL;

	if (!ok(read_config(small, &spec) == 0))
		return;
	ok(!spec->process.has_caps && !spec->process.has_umask &&
	   !spec->process.terminal);
	ok(spec->urun.layer == LAYER_NONE && spec->urun.keep_fds == 0);
	ok(spec->root_propagation == 0 && spec->seccomp == NULL);
	spec_free(spec);
}

static void files_of_any_content_come_back(void)
{
	struct spec *spec = NULL, *again = NULL;
	auto_json struct json *json = NULL;

	if (!ok(read_config(small, &spec) == 0))
		return;
	spec_add_file(spec, "/etc/hosts", "a\n\"b\"\n", 6, 0644);
	spec_add_file(spec, "/etc/localtime", "TZif\0\0\xff", 7, 0600);
	spec_add_file(spec, "/etc/empty", "", 0, 0644);
	spec_add_file(spec, "/etc/mtab", NULL, 0, 0777);
	spec->urun.files[3].link_target = mem_text("/proc/mounts");
	json = spec_to_json(spec);
	if (ok(spec_from_json(json, &again) == 0)) {
		const struct spec_file *files = again->urun.files;

		ok(again->urun.n_files == 4);
		ok_text(files[0].content, "a\n\"b\"\n");
		ok(files[1].len == 7 && memcmp(files[1].content, "TZif\0\0\xff", 7) == 0);
		ok(files[1].mode == 0600);
		ok_text(files[2].content, "");
		ok(files[3].content == NULL);
		ok_text(files[3].link_target, "/proc/mounts");
	}
	spec_free(spec);
	spec_free(again);
}

static void layers_come_back(void)
{
	static const struct {
		const char *folder;
		bool shared;
	} layers[] = { { "/a", false },	  { "/a", true },     { "/a:ro", false },
		       { "/a:ro", true }, { "/a:rw", false }, { "/a:rw", true } };

	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		struct spec *spec = NULL, *again = NULL;
		auto_json struct json *json = NULL;

		if (!ok(read_config(small, &spec) == 0))
			return;
		spec->urun.layer = LAYER_FOLDER;
		spec->urun.layer_folder = mem_text(layers[i].folder);
		spec->urun.layer_shared = layers[i].shared;
		json = spec_to_json(spec);
		if (ok(spec_from_json(json, &again) == 0)) {
			ok_text(again->urun.layer_folder, layers[i].folder);
			ok(again->urun.layer_shared == layers[i].shared);
		}
		spec_free(spec);
		spec_free(again);
	}
}

static void an_image_needs_no_root_path(void)
{
	struct spec *spec = NULL;
	auto_free char *bare = changed(small, "'path':'r'", "'path':''");
	auto_free char *image = changed(bare, "'linux'",
					"'annotations':{'org.urun.image':'/i.sqsh'},"
					"'linux'");

	ok(read_config(bare, &spec) == -EINVAL);
	ok_text(last_error.text, "'root.path' is empty");
	if (!ok(read_config(image, &spec) == 0))
		return;
	ok(spec->urun.root_kind == ROOT_IMAGE && spec->root_path == NULL);
	ok_text(spec->urun.image, "/i.sqsh");
	spec_free(spec);
}

static void unknown_members_and_null_are_ignored(void)
{
	auto_free char *text = changed(small, "'args'",
				       "'env':null,'rlimits':null,'frob':[1],'args'");
	struct spec *spec = NULL;

	ok(read_config(text, &spec) == 0);
	spec_free(spec);
}

static void unknown_capabilities_are_ignored(void)
{
	auto_free char *text = changed(
		small, "'args'",
		"'capabilities':{'bounding':['CAP_CHOWN','CAP_X']},'args'");
	struct spec *spec = NULL;

	if (ok(read_config(text, &spec) == 0))
		ok(spec->process.caps[CAPS_BOUNDING] == 1);
	spec_free(spec);
}

/* What is wrong, put in place of something right, and the sentence for it. */
static const struct {
	const char *old, *new;
	int r;
	const char *sentence;
} wrong[] = {
	{ "'ociVersion':'1.0.2',", "", -EINVAL, "'ociVersion' is missing" },
	{ "'1.0.2'", "'2.0.0'", -ENOTSUP,
	  "'ociVersion' is '2.0.0', only 1.x is supported" },
	{ "'args':['x'],", "", -EINVAL, "'process.args' is missing" },
	{ "'args':['x'],", "'args':[],", -EINVAL, "'process.args' is empty" },
	{ "['x']", "'x'", -EINVAL, "'process.args' is not a list of texts" },
	{ "['x']", "[1]", -EINVAL, "'process.args' is not a list of texts" },
	{ "'uid':0", "'uid':-1", -EINVAL,
	  "'process.user.uid' is not a whole number from 0 to 2^32 - 1" },
	{ "'uid':0", "'uid':0,'umask':512", -EINVAL,
	  "'process.user.umask' is not a whole number from 0 to 511" },
	{ "'cwd':'/'", "'cwd':'x'", -EINVAL, "'process.cwd' is not an absolute path" },
	{ "'args'", "'terminal':1,'args'", -EINVAL,
	  "'process.terminal' is not true or false" },
	{ "'args'", "'rlimits':[{'type':'RLIMIT_X','soft':1,'hard':1}],'args'", -EINVAL,
	  "'process.rlimits[0].type' is not the name of a resource limit" },
	{ "'args'", "'rlimits':[{'type':'RLIMIT_CPU','soft':1}],'args'", -EINVAL,
	  "'process.rlimits[0].hard' is missing" },
	{ "'args'",
	  "'rlimits':[{'type':'RLIMIT_CPU','soft':1,'hard':1},"
	  "{'type':'RLIMIT_CPU','soft':1,'hard':1}],'args'",
	  -EINVAL, "'process.rlimits' has 'RLIMIT_CPU' twice" },
	{ "'args'", "'scheduler':{'policy':'SCHED_FIFO'},'args'", -ENOTSUP,
	  "'process.scheduler' is not supported" },
	{ "'root':{'path':'r'}", "'root':[]", -EINVAL, "'root' is not a map" },
	{ "'linux'", "'hooks':{'prestart':[{'path':'/x'}]},'linux'", -ENOTSUP,
	  "'hooks' is not supported" },
	{ "'linux'", "'mounts':[{'destination':'/x'},7],'linux'", -EINVAL,
	  "'mounts[1]' is not a map" },
	{ "'linux'", "'mounts':[{'destination':'x'}],'linux'", -EINVAL,
	  "'mounts[0].destination' is not an absolute path" },
	{ "'linux'", "'annotations':{'org.urun.layer':'x'},'linux'", -EINVAL,
	  "annotation 'org.urun.layer' is not none, tmpfs or folder:/DIR[:ro]: 'x'" },
	{ "'linux'", "'annotations':{'org.urun.files':'[{}]'},'linux'", -EINVAL,
	  "'org.urun.files[0].path' is missing" },
	{ "'linux'", "'annotations':{'org.urun.keep-fds':'-2'},'linux'", -EINVAL,
	  "annotation 'org.urun.keep-fds' is not a number of descriptors, or -1 for all: "
	  "'-2'" },
	{ "'linux'", "'annotations':{'x':1},'linux'", -EINVAL,
	  "'annotations' has a 'x' that is not a text" },
	{ "[]}", "[{'type':'x'}]}", -EINVAL,
	  "'linux.namespaces[0].type' is not the name of a namespace" },
	{ "[]}", "[{'type':'pid'},{'type':'pid'}]}", -EINVAL,
	  "'linux.namespaces[1]' is a second 'pid'" },
	{ "[]}", "[{'type':'pid','path':'x'}]}", -EINVAL,
	  "'linux.namespaces[0].path' is not an absolute path" },
	{ "[]}", "[],'devices':[{'path':'/x','type':'z'}]}", -EINVAL,
	  "'linux.devices[0].type' is not \"c\", \"b\", \"u\" or \"p\"" },
	{ "[]}", "[],'sysctl':{'a':1}}", -EINVAL,
	  "'linux.sysctl' is not a map of texts" },
	{ "[]}", "[],'rootfsPropagation':'ro'}", -EINVAL,
	  "'linux.rootfsPropagation' is not a kind of propagation" },
	{ "[]}", "[],'resources':{'memory':{'limit':5}}}", -ENOTSUP,
	  "'linux.resources.memory' is not supported" },
	{ "[]}", "[],'seccomp':{'defaultAction':'x'}}", -EINVAL,
	  "'linux.seccomp.defaultAction' is not a seccomp action" },
	{ "[]}",
	  "[],'seccomp':{'defaultAction':'SCMP_ACT_LOG','syscalls':[{'names':['a'],"
	  "'action':'SCMP_ACT_LOG','args':[{'index':6,'value':1,'op':'SCMP_CMP_EQ'}]}]}}",
	  -EINVAL,
	  "'linux.seccomp.syscalls[0].args[0].index' is not a whole number from 0 to 5" },
};

static void mistakes_are_named_by_their_path(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		auto_free char *text = changed(small, wrong[i].old, wrong[i].new);
		struct spec *spec = NULL;

		ok(read_config(text, &spec) == wrong[i].r);
		ok(spec == NULL);
		ok_text(last_error.text, wrong[i].sentence);
	}
}

static void refused_members_that_ask_for_nothing_pass(void)
{
	auto_free char *text = changed(
		small, "[]}",
		"[],'cgroupsPath':'','personality':null,'timeOffsets':{},'resources':{"
		"'memory':{'limit':0},'pids':{},'devices':[{'allow':false,'access':'rwm'}"
		"]}},"
		"'hooks':{'prestart':[],'poststop':null}");
	struct spec *spec = NULL;

	ok(read_config(text, &spec) == 0);
	spec_free(spec);
}

static void what_is_no_map_is_refused(void)
{
	struct spec *spec = NULL;

	ok(read_config("[]", &spec) == -EINVAL);
	ok(spec_from_json(NULL, &spec) == -EINVAL);
	ok_text(last_error.text, "the configuration is not a JSON map");
}

int main(void)
{
	RUN(everything_is_read);
	RUN(what_is_read_is_written);
	RUN(little_means_the_defaults);
	RUN(files_of_any_content_come_back);
	RUN(layers_come_back);
	RUN(an_image_needs_no_root_path);
	RUN(unknown_members_and_null_are_ignored);
	RUN(unknown_capabilities_are_ignored);
	RUN(mistakes_are_named_by_their_path);
	RUN(refused_members_that_ask_for_nothing_pass);
	RUN(what_is_no_map_is_refused);
	return tap_end();
}
