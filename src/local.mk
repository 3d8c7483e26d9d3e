# SPDX-License-Identifier: Apache-2.0
# liburun is all of urun but main.c, so that tests can link its parts.
noinst_LIBRARIES += src/liburun.a
src_liburun_a_SOURCES = \
	src/places.c src/places.h \
	src/plan.h \
	src/settings.h

bin_PROGRAMS += urun
urun_SOURCES = src/main.c
urun_LDADD = src/liburun.a runtime/libruntime.a storage/libstorage.a src/base/libbase.a \
	$(SECCOMP_LIBS) $(JANSSON_LIBS)
