# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += runtime/libruntime.a
runtime_libruntime_a_SOURCES = \
	runtime/caps.c \
	runtime/mount_options.c runtime/mount_options.h \
	runtime/rlimit.c \
	runtime/runtime.h \
	runtime/seccomp.c runtime/seccomp.h \
	runtime/seccomp_own.c \
	runtime/seccomp_profile.c \
	runtime/signal_name.c \
	runtime/spec.c
runtime_libruntime_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
