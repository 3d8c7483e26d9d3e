# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += runtime/libruntime.a
runtime_libruntime_a_SOURCES = \
	runtime/attach.c runtime/attach.h \
	runtime/attach_old.c \
	runtime/bpf.c runtime/bpf.h \
	runtime/caps.c \
	runtime/explain.c runtime/explain.h \
	runtime/fields.c runtime/fields.h \
	runtime/child.c runtime/child.h \
	runtime/container.c \
	runtime/copyup.c runtime/copyup.h \
	runtime/credentials.c runtime/credentials.h \
	runtime/device.c runtime/device.h \
	runtime/exec.c runtime/exec.h \
	runtime/forward.c runtime/forward.h \
	runtime/idmap.c runtime/idmap.h \
	runtime/init.c runtime/init.h \
	runtime/join.c runtime/join.h \
	runtime/layer.c runtime/layer.h \
	runtime/layer_folder.c \
	runtime/layer_fuse.c runtime/layer_fuse.h \
	runtime/layer_memory.c \
	runtime/layer_size.c \
	runtime/lost.c runtime/lost.h \
	runtime/layer_trial.c runtime/layer_trial.h \
	runtime/mount.c runtime/mount.h \
	runtime/mount_options.c runtime/mount_options.h \
	runtime/orphans.c runtime/orphans.h \
	runtime/probe.c \
	runtime/points.c runtime/points.h \
	runtime/rlimit.c \
	runtime/rootfs.c runtime/rootfs.h \
	runtime/runtime.h \
	runtime/seccomp.c runtime/seccomp.h \
	runtime/seccomp_block.c runtime/seccomp_block.h \
	runtime/seccomp_compile.c \
	runtime/seccomp_default.c \
	runtime/seccomp_docker.c runtime/seccomp_docker.h \
	runtime/seccomp_own.c \
	runtime/seccomp_profile.c \
	runtime/signal_name.c \
	runtime/spec.c \
	runtime/spec_annotations.c \
	runtime/spec_json.c runtime/spec_json.h \
	runtime/spec_types.c \
	runtime/subid.c runtime/subid.h \
	runtime/start.c runtime/start.h \
	runtime/sync.c runtime/sync.h \
	runtime/terminal.c runtime/terminal.h \
	runtime/trialfs.c runtime/trialfs.h \
	runtime/userns.c runtime/userns.h
runtime_libruntime_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
