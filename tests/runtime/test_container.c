// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "tests/runtime/box.h"
#include "tests/tap.h"

/* Run script and compare; NULL: any output. */
static void expect(struct spec *spec, int status, const char *output)
{
	struct box_result result = box_run(spec);

	ok_text(last_error.text, "");
	ok(result.error == 0);
	ok(result.status == status);
	if (output)
		ok_text(result.output, output);
	box_result_done(&result);
}

static void gives_the_status(void)
{
	needs(NEED_USERNS);
	expect(box_spec("exit 3"), 3, "");
	expect(box_spec("kill -TERM $$"), 128 + 15, "");
	expect(box_spec("true"), 0, "");
}

static void shows_only_the_root(void)
{
	needs(NEED_USERNS);
	expect(box_spec("echo /*"), 0,
	       "/bin /data /dev /etc /home /proc /run /sys /tmp /var\n");
}

static void is_the_only_process(void)
{
	needs(NEED_USERNS);
	expect(box_spec("echo $$; cd /proc; echo [0-9]*"), 0, "2\n1 2\n");
}

static void keeps_our_ids(void)
{
	char want[64];

	needs(NEED_USERNS);
	(void)snprintf(want, sizeof(want), "%u %u\n", geteuid(), getegid());
	expect(box_spec("echo $(id -u) $(id -g)"), 0, want);
}

static void has_no_capabilities(void)
{
	needs(NEED_USERNS);
	expect(box_spec("grep -E '^Cap|NoNew' /proc/self/status"), 0,
	       "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"
	       "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n"
	       "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n");
}

static void leaks_no_descriptor(void)
{
	needs(NEED_USERNS);
	expect(box_spec("cd /proc/self/fd; echo *"), 0, "0 1 2 3\n"); /* 3: the shell's */
}

static void hides_init(void)
{
	needs(NEED_USERNS | NEED_NOT_ROOT);
	expect(box_spec("cat /proc/1/environ; readlink /proc/1/exe; ls /proc/1/fd; "
			"ls /proc/1/root"),
	       1,
	       "cat: can't open '/proc/1/environ': Permission denied\n"
	       "ls: can't open '/proc/1/fd': Permission denied\n"
	       "ls: /proc/1/root: Permission denied\n");
}

static void binds_a_folder(void)
{
	struct spec *spec = box_spec("ls /data/there; touch /data/there/x");
	char path[256];

	needs(NEED_USERNS);
	(void)snprintf(path, sizeof(path), "%s/root/data", box_folder());
	spec_add_mount(spec, "/data/there", "bind", path, "rbind,ro");
	expect(spec, 1, "sub\nthere\ntouch: /data/there/x: Read-only file system\n");
}

static void binds_a_file(void)
{
	struct spec *spec = box_spec("grep -c root: /etc/passwd.host");

	needs(NEED_USERNS);
	spec_add_mount(spec, "/etc/passwd.host", "bind", "/etc/passwd", "bind,ro");
	expect(spec, 0, "1\n");
}

static void names_a_missing_source(void)
{
	struct spec *spec = box_spec("true");
	struct box_result result;

	needs(NEED_USERNS);
	spec_add_mount(spec, "/data", "bind", "/no/such/place", "rbind");
	result = box_run(spec);
	ok(result.error == -ENOENT);
	ok_text(last_error.text,
		"bind '/no/such/place' on '/data': No such file or directory");
	box_result_done(&result);
}

static void skips_an_optional_source(void)
{
	struct spec *spec = box_spec("true");

	needs(NEED_USERNS);
	spec_add_mount(spec, "/data", "bind", "/no/such/place", "rbind")->optional = true;
	expect(spec, 0, "");
}

static void tells_why_it_cannot_execute(void)
{
	static const struct {
		const char *command;
		int status;
		const char *text;
	} table[] = {
		{ "nothing", 127,
		  "execute 'nothing': not found in the container's PATH" },
		{ "/bin/nothing", 127,
		  "execute '/bin/nothing': No such file or directory" },
		{ "/etc", 126, "execute '/etc': it is a folder" },
		{ "/proc/version", 126, "execute '/proc/version': Permission denied" },
	};

	needs(NEED_USERNS);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct spec *spec = box_spec("");
		struct box_result result;

		strv_done(&spec->process.args);
		strv_add(&spec->process.args, table[i].command);
		result = box_run(spec);
		ok(result.error < 0);
		ok(result.status == table[i].status);
		ok_text(last_error.text, table[i].text);
		box_result_done(&result);
	}
}

static void ends_orphans(void)
{
	needs(NEED_USERNS);
	expect(box_spec("sleep 1000 & setsid sleep 1000 & exit 4"), 4, "");
}

static void ends_orphans_with_shared_pids(void)
{
	struct spec *spec = box_spec(
		"sleep 1000 & setsid sh -c 'sleep 1000 & sleep 1000' & "
		"exit 4");

	needs(NEED_USERNS);
	spec->ns[NS_PID].wanted = false;
	expect(spec, 4, "");
}

static void sets_the_host_name(void)
{
	struct spec *spec = box_spec("hostname");

	needs(NEED_USERNS);
	spec->hostname = mem_text("boxed");
	expect(spec, 0, "boxed\n");
}

static void applies_the_umask_and_folder(void)
{
	struct spec *spec = box_spec("umask; pwd");

	needs(NEED_USERNS);
	spec->process.has_umask = true;
	spec->process.umask = 027;
	free(spec->process.cwd);
	spec->process.cwd = mem_text("/data/sub");
	expect(spec, 0, "0027\n/data/sub\n");
}

static void makes_default_devices(void)
{
	struct spec *spec = box_spec("echo x > /dev/null; head -c 3 /dev/zero | wc -c; "
				     "readlink /dev/fd; ls /dev");

	needs(NEED_USERNS);
	spec_add_mount(spec, "/dev", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755");
	spec_add_mount(spec, "/dev/pts", "devpts", "devpts",
		       "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5");
	expect(spec, 0,
	       "3\n/proc/self/fd\nfd\nfull\nnull\nptmx\npts\nrandom\nstderr\nstdin\n"
	       "stdout\ntty\nurandom\nzero\n");
}

static void masks_paths(void)
{
	struct spec *spec = box_spec("cat /bin/busybox; ls /data; touch /etc/x");

	needs(NEED_USERNS);
	strv_add(&spec->masked_paths, "/bin/ls.missing");
	strv_add(&spec->masked_paths, "/data");
	strv_add(&spec->readonly_paths, "/etc");
	strv_done(&spec->process.args);
	strv_add(&spec->process.args, "sh");
	strv_add(&spec->process.args, "-c");
	strv_add(&spec->process.args, "ls /data; touch /etc/x");
	expect(spec, 1, "touch: /etc/x: Read-only file system\n");
}

static void writes_into_a_layer(void)
{
	struct spec *spec = box_spec(
		"cat /etc/hello && touch /etc/new /tmp/t && rm -r /data && "
		"mkdir /data && ls /data");
	struct box_result result;

	needs(NEED_USERNS | NEED_OVERLAY);
	spec->urun.layer = LAYER_TMPFS;
	spec_add_file(spec, "/etc/hello", "hi\n", 3, 0644);
	result = box_run(spec);
	ok_text(last_error.text, "");
	ok(result.status == 0);
	ok_text(result.output, "hi\n");
	ok(result.lost_files == 1);
	ok_text(result.lost_example, "/etc/new");
	box_result_done(&result);
}

static void fills_a_tmpfs(void)
{
	struct spec *spec = box_spec("cat /data/sub/f; readlink /data/l; touch /data/x");
	char path[256];

	needs(NEED_USERNS);
	(void)snprintf(path, sizeof(path),
		       "cd %s/data && echo content >sub/f && ln -s sub l", box_root());
	ok(system(path) == 0);
	spec_add_mount(spec, "/data", "tmpfs", "tmpfs", "tmpcopyup,ro,mode=755");
	expect(spec, 1, "content\nsub\ntouch: /data/x: Read-only file system\n");
}

static void refuses_an_argument_that_is_too_long(void)
{
	struct spec *spec = box_spec("true");
	char *argument = mem_alloc(200000);
	struct box_result result;

	needs(NEED_USERNS);
	memset(argument, 'x', 199999);
	strv_take(&spec->process.args, argument);
	result = box_run(spec);
	ok(result.error == -E2BIG);
	ok(result.status == 126);
	ok(last_error.hint[0]);
	box_result_done(&result);
}

static void does_not_execute_itself(void)
{
	static const char *const commands[] = { "/proc/self/exe", "/etc/script" };

	needs(NEED_USERNS);
	if (access("/proc/self/exe", W_OK) < 0)
		return; /* nobody could write to it */
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		struct spec *spec = box_spec("");
		struct box_result result;

		strv_done(&spec->process.args);
		strv_add(&spec->process.args, commands[i]);
		spec->urun.layer = LAYER_TMPFS;
		spec_add_file(spec, "/etc/script", "#! /proc/self/exe -x\n", 21, 0755);
		result = box_run(spec);
		ok(result.error == -EACCES);
		ok(result.status == 126);
		box_result_done(&result);
	}
}

static void joins_namespaces(void)
{
	struct spec *spec = box_spec("hostname; echo $(id -u)");
	static const struct {
		enum ns_kind kind;
		const char *name;
	} joined[] = { { NS_USER, "user" }, { NS_UTS, "uts" }, { NS_IPC, "ipc" } };
	char want[64];
	pid_t pid;

	needs(NEED_USERNS);
	pid = box_stranger("stranger");
	for (size_t i = 0; i < ARRAY_SIZE(joined); i++) {
		spec->ns[joined[i].kind].wanted = true;
		spec->ns[joined[i].kind].path = mem_format("/proc/%d/ns/%s", (int)pid,
							   joined[i].name);
	}
	(void)snprintf(want, sizeof(want), "stranger\n%u\n", geteuid());
	expect(spec, 0, want);
	box_stranger_end(pid);
}

static void names_a_namespace_that_is_none(void)
{
	struct spec *spec = box_spec("true");
	struct box_result result;

	needs(NEED_USERNS);
	spec->ns[NS_NET].wanted = true;
	spec->ns[NS_NET].path = mem_text("/proc/self/ns/uts");
	result = box_run(spec);
	ok(result.error == -EINVAL);
	ok_text(last_error.text,
		"enter the namespace '/proc/self/ns/uts': Invalid argument");
	box_result_done(&result);
}

int main(void)
{
	if (!box_root()) {
		printf("1..0 # SKIP needs a static busybox\n");
		return 0;
	}
	RUN(gives_the_status);
	RUN(shows_only_the_root);
	RUN(is_the_only_process);
	RUN(keeps_our_ids);
	RUN(has_no_capabilities);
	RUN(leaks_no_descriptor);
	RUN(hides_init);
	RUN(binds_a_folder);
	RUN(binds_a_file);
	RUN(names_a_missing_source);
	RUN(skips_an_optional_source);
	RUN(tells_why_it_cannot_execute);
	RUN(ends_orphans);
	RUN(ends_orphans_with_shared_pids);
	RUN(sets_the_host_name);
	RUN(applies_the_umask_and_folder);
	RUN(makes_default_devices);
	RUN(masks_paths);
	RUN(writes_into_a_layer);
	RUN(fills_a_tmpfs);
	RUN(refuses_an_argument_that_is_too_long);
	RUN(does_not_execute_itself);
	RUN(joins_namespaces);
	RUN(names_a_namespace_that_is_none);
	box_end();
	return tap_end();
}
