// SPDX-License-Identifier: Apache-2.0
/* plan_env.c - the environment of the command, by design section 4
 *
 * How it works, each later one winning: the host's variables less what points into the
 * host; what the image sets; what urun sets; variables and files of the configuration;
 * --unset-env; URUNENV_* and its like; --env-file and --env. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "envfile.h"
#include "planning.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define LOCALES "/usr/lib/locale/"

/* One star at most, at either end: these are compared with each variable of each start.
 */
static const char *const points_into_host[] = {
	"LD_*",		  "PYTHON*",	 "PERL5LIB",	"R_LIBS*",   "PATH",
	"*_PATH",	  "CONDA_*",	 "_CE_CONDA",	"_CE_M",     "MAMBA_*",
	"VIRTUAL_ENV*",	  "MODULEPATH*", "MODULESHOME", "MODULES_*", "__MODULES_*",
	"LOADEDMODULES*", "_LMFILES_*",	 "LMOD_*",	"_LMOD_*",   "__LMOD_*",
	"_ModuleTable*",  "MANPATH",	 "FPATH",	"BASH_ENV",  "ENV",
	"BASH_FUNC_*",
};

/* What --clean-env leaves: the terminal, proxies, and what the launcher of a rank and
 * its binding to processors and GPUs say. */
static const char *const kept_when_clean[] = {
	"TERM",
	"COLORTERM",
	"NO_COLOR",
	"TZ",
	"http_proxy",
	"https_proxy",
	"ftp_proxy",
	"all_proxy",
	"no_proxy",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"FTP_PROXY",
	"ALL_PROXY",
	"NO_PROXY",
	"PMI_*",
	"PMI2_*",
	"PMIX_*",
	"OMPI_*",
	"PRTE_*",
	"SLURM_*",
	"PALS_*",
	"ALPS_*",
	"FLUX_*",
	"HYDRA_*",
	"MPI_LOCAL*",
	"MPIR_*",
	"OMP_*",
	"GOMP_*",
	"KMP_*",
	"CUDA_VISIBLE_DEVICES",
	"ROCR_VISIBLE_DEVICES",
	"HIP_VISIBLE_DEVICES",
	"GPU_DEVICE_ORDINAL",
	"ZE_AFFINITY_MASK",
};

/* "URUNENV_X=1" sets X; the later in this list win. */
static const char *const setting_prefixes[] = { "SINGULARITYENV_", "APPTAINERENV_",
						"URUNENV_" };

static bool matches(const char *pattern, const char *name, size_t len)
{
	size_t n = strlen(pattern);

	if (pattern[0] == '*')
		return len >= n - 1 &&
		       memcmp(name + len - (n - 1), pattern + 1, n - 1) == 0;
	if (pattern[n - 1] == '*')
		return len >= n - 1 && memcmp(name, pattern, n - 1) == 0;
	return len == n && memcmp(name, pattern, n) == 0;
}

static bool matches_any(const char *const *patterns, size_t count, const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < count; i++)
		if (matches(patterns[i], variable, len))
			return true;
	return false;
}

static const char *setting_prefix(const char *variable)
{
	for (size_t i = 0; i < ARRAY_SIZE(setting_prefixes); i++)
		if (text_starts(variable, setting_prefixes[i]))
			return setting_prefixes[i];
	return NULL;
}

static bool is_visible(const struct planning *p, const char *path)
{
	auto_free char *inside = planning_inside(p, path);

	return inside && strcmp(inside, path) == 0;
}

static bool all_visible(const struct planning *p, const char *paths)
{
	auto_strv struct strv list = { 0 };

	strv_split(&list, paths, ":");
	for (size_t i = 0; i < list.count; i++)
		if (list.item[i][0] == '/' && !is_visible(p, list.item[i]))
			return false;
	return true;
}

/* Programs look for the display's socket there; only that is bound. */
static bool has_wayland(const struct planning *p, const char *runtime_dir)
{
	const char *display = env_get(&p->host->env, "WAYLAND_DISPLAY");
	auto_free char *path = NULL;

	if (!display)
		return false;
	path = path_join(runtime_dir, display);
	return is_visible(p, path);
}

/* ---- locales --------------------------------------------------------------- */

static bool is_locale_variable(const char *variable)
{
	return text_starts(variable, "LANG=") || text_starts(variable, "LC_");
}

static bool is_plain_locale(const char *value)
{
	return !*value || strcmp(value, "C") == 0 || strcmp(value, "POSIX") == 0;
}

/* Where glibc has "en_US.UTF-8": in a folder "en_US.utf8". */
static char *locale_folder(const char *value)
{
	size_t len = strcspn(value, ".");
	struct text out = { 0 };

	text_addf(&out, LOCALES "%.*s", (int)len, value);
	if (value[len]) {
		text_add(&out, ".");
		for (const char *c = value + len + 1; *c && *c != '@'; c++)
			if (*c != '-')
				text_addf(&out, "%c",
					  *c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	}
	return text_take(&out);
}

static bool has_locale(const struct planning *p, const char *value)
{
	auto_free char *folder = locale_folder(value);

	return is_plain_locale(value) || look_has(&p->looks, folder) ||
	       look_has(&p->looks, LOCALES "locale-archive");
}

/* A locale that the image lacks makes perl complain and others forget UTF-8. */
static void keep_locale(struct planning *p, const char *variable)
{
	const char *value = strchr(variable, '=') + 1;
	size_t name_len = (size_t)(value - variable) - 1;
	bool is_utf8 = strcasestr(value, "utf-8") || strcasestr(value, "utf8");

	if (has_locale(p, value)) {
		strv_add(&p->spec->process.env, variable);
		return;
	}
	if (is_utf8 && look_has(&p->looks, LOCALES "C.utf8")) {
		strv_addf(&p->spec->process.env, "%.*s=C.UTF-8", (int)name_len, variable);
		plan_note(p->plan, "environment",
			  "%.*s is C.UTF-8: the image has no locale %s", (int)name_len,
			  variable, value);
		return;
	}
	strv_take(&p->plan->env_dropped, mem_text_n(variable, name_len));
}

/* ---- the host's -------------------------------------------------------- */

static bool is_kept(const struct planning *p, const char *variable)
{
	const char *value = strchr(variable, '=') + 1;

	if (p->settings->env_host)
		return true;
	if (p->settings->clean_env || p->settings->isolate)
		return matches_any(kept_when_clean, ARRAY_SIZE(kept_when_clean),
				   variable);
	if (matches_any(points_into_host, ARRAY_SIZE(points_into_host), variable))
		return false;
	if (text_starts(variable, "XDG_RUNTIME_DIR=") && has_wayland(p, value))
		return true;
	if (text_starts(variable, "XDG_"))
		return all_visible(p, value);
	if (text_starts(variable, "TMPDIR="))
		return is_visible(p, value);
	return true;
}

static void take_from_host(struct planning *p)
{
	const struct strv *host = &p->host->env;
	struct strv *env = &p->spec->process.env;

	for (size_t i = 0; i < host->count; i++) {
		const char *variable = host->item[i];
		bool kept = !setting_prefix(variable) && is_kept(p, variable);
		struct strv *names = kept ? &p->plan->env_kept : &p->plan->env_dropped;

		if (kept && !p->settings->env_host && is_locale_variable(variable)) {
			keep_locale(p, variable);
			continue;
		}
		if (kept)
			strv_add(env, variable);
		strv_take(names, mem_text_n(variable, strcspn(variable, "=")));
	}
}

/* ---- urun's own ------------------------------------------------------------ */

static void set_if_missing(struct strv *env, const char *name, const char *value)
{
	if (!env_get(env, name))
		env_set(env, name, value);
}

/* Variables that say who and where one is follow the container. */
static void set_own(struct planning *p)
{
	struct strv *env = &p->spec->process.env;
	const char *shell = env_get(env, "SHELL");

	env_set(env, "HOME", p->home);
	set_if_missing(env, "PATH", DEFAULT_PATH);
	set_if_missing(env, "PYTHONNOUSERSITE", "1");
	env_set(env, "container", "urun");
	env_set(env, "URUN_IMAGE", p->plan->image->name);
	if (env_get(env, "USER"))
		env_set(env, "USER", p->user_name);
	if (env_get(env, "LOGNAME"))
		env_set(env, "LOGNAME", p->user_name);
	if (shell && !p->settings->env_host && !look_has(&p->looks, shell))
		env_set(env, "SHELL", p->shell);
}

/* ---- the user's ------------------------------------------------------------ */

/* What the user sets also has to win over what scripts in the image set. */
static void set_late(struct planning *p, const char *assignment)
{
	env_put(&p->spec->process.env, assignment);
	env_put(&p->env_late, assignment);
}

static void set_by_prefix(struct planning *p, const char *prefix)
{
	const struct strv *host = &p->host->env;

	for (size_t i = 0; i < host->count; i++) {
		const char *name = host->item[i] + strlen(prefix);

		if (text_starts(host->item[i], prefix) && *name != '=')
			set_late(p, name);
	}
}

static int set_from_file(struct planning *p, const char *path)
{
	auto_strv struct strv found = { 0 };
	auto_free char *text = NULL;
	size_t len;
	int r;

	r = file_read_in(AT_FDCWD, path, ENVFILE_MAX_BYTES, &text, &len);
	if (r < 0)
		return fail(-r, "read the variables of '%s'", path);
	r = envfile_docker(path, text, &p->host->env, &found);
	for (size_t i = 0; r == 0 && i < found.count; i++)
		set_late(p, found.item[i]);
	return r;
}

static void copy_matching(struct planning *p, const char *glob)
{
	const struct strv *host = &p->host->env;

	for (size_t i = 0; i < host->count; i++) {
		auto_free char *name = mem_text_n(host->item[i],
						  strcspn(host->item[i], "="));

		if (fnmatch(glob, name, 0) == 0)
			set_late(p, host->item[i]);
	}
}

static int set_from_option(struct planning *p, const char *text)
{
	if (text[0] == '=' || !text[0])
		return refuse(EINVAL, "--env '%s': the name of the variable is missing",
			      text);
	if (strchr(text, '='))
		set_late(p, text);
	else
		copy_matching(p, text);
	return 0;
}

/* --env-file and --env that came from a config file, or those that didn't. */
static int set_by_user(struct planning *p, bool from_file)
{
	const struct setting_list *files = &p->settings->env_files,
				  *env = &p->settings->env;
	int r = 0;

	for (size_t i = 0; r == 0 && i < files->count; i++)
		if (files->item[i].from_file == from_file)
			r = set_from_file(p, files->item[i].text);
	for (size_t i = 0; r == 0 && i < env->count; i++)
		if (env->item[i].from_file == from_file)
			r = set_from_option(p, env->item[i].text);
	return r;
}

static void unset_matching(struct strv *env, const char *glob)
{
	for (size_t i = env->count; i-- > 0;) {
		auto_free char *name = mem_text_n(env->item[i],
						  strcspn(env->item[i], "="));

		if (fnmatch(glob, name, 0) == 0)
			strv_remove(env, i);
	}
}

/* ---- public ---------------------------------------------------------------- */

void plan_env_ask(struct planning *p)
{
	const struct strv *host = &p->host->env;
	const char *shell = env_get(host, "SHELL");

	if (p->settings->env_host || p->settings->clean_env || p->settings->isolate)
		return;
	if (shell && shell[0] == '/')
		look_ask(&p->looks, shell, 0);
	for (size_t i = 0; i < host->count; i++) {
		const char *value = strchr(host->item[i], '=') + 1;
		auto_free char *folder = NULL;

		if (!is_locale_variable(host->item[i]) || is_plain_locale(value) ||
		    strchr(value, '/'))
			continue;
		folder = locale_folder(value);
		look_ask(&p->looks, folder, 0);
		look_ask(&p->looks, LOCALES "locale-archive", 0);
		look_ask(&p->looks, LOCALES "C.utf8", 0);
	}
}

int plan_env(struct planning *p)
{
	const struct setting_list *unset = &p->settings->unset_env;
	struct strv *env = &p->spec->process.env;
	int r;

	take_from_host(p);
	for (size_t i = 0; i < p->plan->config.env.count; i++)
		env_put(env, p->plan->config.env.item[i]);
	set_own(p);
	r = set_by_user(p, true);
	if (r < 0)
		return r;
	for (size_t i = 0; i < unset->count; i++) {
		unset_matching(env, unset->item[i].text);
		unset_matching(&p->env_late, unset->item[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(setting_prefixes); i++)
		set_by_prefix(p, setting_prefixes[i]);
	return set_by_user(p, false);
}
