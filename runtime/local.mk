# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += runtime/libruntime.a
runtime_libruntime_a_SOURCES = \
	runtime/runtime.h \
	runtime/spec.c
