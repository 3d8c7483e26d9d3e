// SPDX-License-Identifier: Apache-2.0
/* places.c - the folders urun uses on the host */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "places.h"

#define PROBED_HELPER "urun-fs"

static char *own_folder(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
	char *slash;

	if (len < 0 || (size_t)len >= sizeof(path))
		return NULL;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return mem_text(path);
}

static bool has_helpers(const char *dir)
{
	auto_free char *path = path_join(dir, PROBED_HELPER);

	return access(path, X_OK) == 0;
}

char *place_helpers(void)
{
	auto_free char *own = own_folder(), *beside = NULL;

	if (own) {
		beside = path_join(own, "../libexec/urun");
		if (has_helpers(beside))
			return take_ptr(&beside);
		if (has_helpers(own)) /* a build tree */
			return take_ptr(&own);
	}
	return mem_text(LIBEXECDIR);
}

/* What the environment says, else the user database. NULL: no home. */
static char *home_folder(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user;

	if (home && home[0] == '/')
		return mem_text(home);
	user = getpwuid(geteuid());
	return user && user->pw_dir[0] == '/' ? mem_text(user->pw_dir) : NULL;
}

char *place_data(const struct settings *settings)
{
	const char *base = getenv("XDG_DATA_HOME");
	auto_free char *home = home_folder();

	if (settings->data_dir)
		return mem_text(settings->data_dir);
	if (base && base[0] == '/')
		return path_join(base, "urun");
	if (home)
		return path_join(home, ".local/share/urun");
	return mem_format("/var/tmp/urun-%u", geteuid());
}

/* Is path a folder of ours that nobody else can enter, and that can be written? An outer
 * container may show it read-only. */
static bool is_private(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	       (st.st_mode & 07777) == 0700 && faccessat(fd, ".", W_OK, 0) == 0;
}

static bool make_private(const char *path)
{
	return (mkdir(path, 0700) == 0 || errno == EEXIST) && is_private(path);
}

/* ~/.local/state/urun/HOST: the home may be shared by many machines. */
static char *runtime_in_home(void)
{
	auto_free char *home = home_folder(), *state = NULL, *path = NULL;
	auto_close int top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int state_fd = -1;
	char host[HOST_NAME_MAX + 1] = "";

	if (!home || gethostname(host, sizeof(host) - 1) < 0 || strchr(host, '/'))
		return NULL;
	state = path_join(home, ".local/state/urun");
	state_fd = file_make_folders_in(top_fd, state);
	path = path_join(state, host);
	return state_fd >= 0 && make_private(path) ? take_ptr(&path) : NULL;
}

/* urun/ in the first that the login made for us. */
static char *runtime_of_login(void)
{
	auto_free char *run_user = mem_format("/run/user/%u", geteuid());
	const char *const logins[] = { getenv("XDG_RUNTIME_DIR"), run_user };

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++) {
		auto_free char *path = NULL;

		if (!logins[i] || logins[i][0] != '/' || !is_private(logins[i]))
			continue;
		path = path_join(logins[i], "urun");
		if (make_private(path))
			return take_ptr(&path);
	}
	return NULL;
}

int place_runtime(char **ret)
{
	char *path = runtime_of_login();
	const char *const shared[] = { "/tmp", "/dev/shm" };

	for (size_t i = 0; !path && i < ARRAY_SIZE(shared); i++) {
		auto_free char *own = mem_format("%s/urun-%u", shared[i], geteuid());

		if (make_private(own))
			path = take_ptr(&own);
	}
	if (!path)
		path = runtime_in_home();
	if (!path)
		return hint(refuse(ENOENT, "find a folder for running containers"),
			    "set XDG_RUNTIME_DIR to a folder of yours with mode 0700");
	*ret = path;
	return 0;
}
