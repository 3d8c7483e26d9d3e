# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += runtime/libruntime.a
runtime_libruntime_a_SOURCES = \
	runtime/caps.c \
	runtime/fields.c runtime/fields.h \
	runtime/mount_options.c runtime/mount_options.h \
	runtime/rlimit.c \
	runtime/runtime.h \
	runtime/seccomp.c runtime/seccomp.h \
	runtime/seccomp_own.c \
	runtime/seccomp_profile.c \
	runtime/signal_name.c \
	runtime/spec.c \
	runtime/spec_annotations.c \
	runtime/spec_json.c runtime/spec_json.h \
	runtime/spec_types.c \
	runtime/subid.c runtime/subid.h \
	runtime/userns.c runtime/userns.h
runtime_libruntime_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
