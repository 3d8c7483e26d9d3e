// SPDX-License-Identifier: Apache-2.0
/* spec.c - the specification of a container in memory */

#include "base/mem.h"
#include "runtime/runtime.h"

void id_maps_add(struct id_maps *maps, uint32_t inside, uint32_t outside, uint32_t count)
{
	maps->item = mem_room(maps->item, maps->count, sizeof(*maps->item));
	maps->item[maps->count++] = (struct id_map){ inside, outside, count };
}

void id_maps_done(struct id_maps *maps)
{
	free(maps->item);
	*maps = (struct id_maps){ 0 };
}

struct spec_mount *spec_add_mount(struct spec *spec, const char *destination,
				  const char *type, const char *source,
				  const char *comma_separated_options)
{
	struct spec_mount *m;

	spec->mounts = mem_room(spec->mounts, spec->n_mounts, sizeof(*spec->mounts));
	m = &spec->mounts[spec->n_mounts++];
	*m = (struct spec_mount){ .destination = mem_text(destination),
				  .type = mem_text(type),
				  .source = mem_text(source) };
	if (comma_separated_options)
		strv_split(&m->options, comma_separated_options, ",");
	return m;
}

void spec_add_file(struct spec *spec, const char *path, const char *content, size_t len,
		   mode_t mode)
{
	struct spec_urun *urun = &spec->urun;

	urun->files = mem_room(urun->files, urun->n_files, sizeof(*urun->files));
	urun->files[urun->n_files++] = (struct spec_file){
		.path = mem_text(path),
		.content = content ? mem_text_n(content, len) : NULL,
		.len = content ? len : 0,
		.mode = mode,
	};
}

void spec_add_device(struct spec *spec, const struct spec_device *device)
{
	struct spec_device *d;

	spec->devices = mem_room(spec->devices, spec->n_devices, sizeof(*spec->devices));
	d = &spec->devices[spec->n_devices++];
	*d = *device;
	d->path = mem_text(device->path);
	d->source = mem_text(device->source);
}

void spec_add_rlimit(struct spec *spec, int resource, uint64_t soft, uint64_t hard)
{
	struct spec_process *p = &spec->process;

	for (size_t i = 0; i < p->n_rlimits; i++) {
		if (p->rlimits[i].resource != resource)
			continue;
		p->rlimits[i].soft = soft;
		p->rlimits[i].hard = hard;
		return;
	}
	p->rlimits = mem_room(p->rlimits, p->n_rlimits, sizeof(*p->rlimits));
	p->rlimits[p->n_rlimits++] = (struct spec_rlimit){ resource, soft, hard };
}

static void process_done(struct spec_process *process)
{
	free(process->groups);
	strv_done(&process->args);
	strv_done(&process->env);
	free(process->cwd);
	free(process->rlimits);
	free(process->apparmor_profile);
	free(process->selinux_label);
}

static void mounts_free(struct spec_mount *mounts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(mounts[i].destination);
		free(mounts[i].type);
		free(mounts[i].source);
		strv_done(&mounts[i].options);
	}
	free(mounts);
}

static void urun_done(struct spec_urun *urun)
{
	for (size_t i = 0; i < urun->n_files; i++) {
		free(urun->files[i].path);
		free(urun->files[i].content);
		free(urun->files[i].link_target);
	}
	free(urun->files);
	free(urun->image);
	free(urun->layer_folder);
}

static void devices_free(struct spec_device *devices, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(devices[i].path);
		free(devices[i].source);
	}
	free(devices);
}

void spec_free(struct spec *spec)
{
	if (!spec)
		return;
	process_done(&spec->process);
	mounts_free(spec->mounts, spec->n_mounts);
	devices_free(spec->devices, spec->n_devices);
	urun_done(&spec->urun);
	for (size_t i = 0; i < NS_KINDS; i++)
		free(spec->ns[i].path);
	id_maps_done(&spec->uid_maps);
	id_maps_done(&spec->gid_maps);
	strv_done(&spec->annotations);
	strv_done(&spec->sysctl);
	strv_done(&spec->masked_paths);
	strv_done(&spec->readonly_paths);
	free(spec->oci_version);
	free(spec->root_path);
	free(spec->hostname);
	free(spec->domainname);
	seccomp_free(spec->seccomp);
	free(spec);
}
