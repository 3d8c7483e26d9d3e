// SPDX-License-Identifier: Apache-2.0
/* plan_host.c - the caller's world, gathered once
 *
 * The user database is asked only when /etc/passwd does not know the caller: its
 * libraries cost more than the rest of the plan. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "passwd.h"
#include "planning.h"

#define PASSWD_MAX_BYTES (1 << 20) /* some sites keep thousands of users there */

extern char **environ;

char *plan_host_file(const struct plan_host *host, const char *path, size_t limit_bytes,
		     size_t *ret_len)
{
	auto_free char *full = mem_format("%s%s", host->root, path);
	char *data = NULL;

	if (file_read_in(AT_FDCWD, full, limit_bytes, &data, ret_len) < 0)
		return NULL;
	return data;
}

/* $PWD keeps the links by which the user came here; getcwd() doesn't. */
static char *find_cwd(const struct strv *env)
{
	const char *pwd = env_get(env, "PWD");
	struct stat here, there;

	if (pwd && pwd[0] == '/' && stat(pwd, &there) == 0 && stat(".", &here) == 0 &&
	    here.st_dev == there.st_dev && here.st_ino == there.st_ino &&
	    !strstr(pwd, "/../") && !strstr(pwd, "/./"))
		return mem_text(pwd);
	return getcwd(NULL, 0);
}

static char *find_home(const struct strv *env, uid_t uid)
{
	const char *home = env_get(env, "HOME");
	const struct passwd *entry;

	if (home && home[0] == '/')
		return mem_text(home);
	entry = getpwuid(uid);
	return entry && entry->pw_dir && entry->pw_dir[0] == '/' ? mem_text(entry->pw_dir)
								 : NULL;
}

static int find_groups(struct plan_host *host)
{
	int n = getgroups(0, NULL);

	if (n < 0)
		return fail(errno, "list your groups");
	host->groups = mem_array((size_t)n + 1, sizeof(*host->groups));
	n = getgroups(n, host->groups);
	if (n < 0)
		return fail(errno, "list your groups");
	host->n_groups = (size_t)n;
	return 0;
}

int plan_host_gather(struct plan_host *ret)
{
	*ret = (struct plan_host){ .uid = getuid(), .gid = getgid(), .root = "" };
	for (char **at = environ; *at; at++)
		if (strchr(*at, '='))
			strv_add(&ret->env, *at);
	ret->cwd = find_cwd(&ret->env);
	ret->home = find_home(&ret->env, ret->uid);
	return find_groups(ret);
}

const char *plan_host_user(struct plan_host *host)
{
	auto_free char *data = NULL;
	const struct passwd *entry;
	struct passwd_entry found;
	size_t len;

	if (host->user_name)
		return host->user_name;
	data = plan_host_file(host, "/etc/passwd", PASSWD_MAX_BYTES, &len);
	if (data && passwd_by_id(data, host->uid, &found)) {
		host->user_name = mem_text_n(found.name, found.name_len);
		return host->user_name;
	}
	entry = getpwuid(host->uid);
	host->user_name = entry ? mem_text(entry->pw_name) : mem_format("%u", host->uid);
	return host->user_name;
}

void plan_host_done(struct plan_host *host)
{
	strv_done(&host->env);
	free(host->groups);
	free(host->home);
	free(host->cwd);
	free(host->user_name);
	*host = (struct plan_host){ .root = "" };
}
