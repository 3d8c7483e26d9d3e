# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/base64.c src/base/base64.h \
	src/base/error.c src/base/error.h \
	src/base/fd.c src/base/fd.h \
	src/base/file.c src/base/file.h \
	src/base/file_make.c \
	src/base/file_remove.c \
	src/base/file_walk.c src/base/file_walk.h \
	src/base/json.c src/base/json.h \
	src/base/log.c src/base/log.h \
	src/base/mem.c src/base/mem.h \
	src/base/mountinfo.c src/base/mountinfo.h \
	src/base/nearest.c src/base/nearest.h \
	src/base/proc.c src/base/proc.h \
	src/base/strv.c src/base/strv.h
src_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
