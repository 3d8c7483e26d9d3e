# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += urun
urun_SOURCES = \
	src/main.c \
	src/plan.h \
	src/settings.h
urun_LDADD = runtime/libruntime.a storage/libstorage.a src/base/libbase.a \
	$(SECCOMP_LIBS) $(JANSSON_LIBS)
