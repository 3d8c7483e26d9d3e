# SPDX-License-Identifier: Apache-2.0
# Each test program prints TAP. A C test of folder/x.c is tests/folder/test_x.c and a
# line in UNIT_TESTS; a shell test is a line in SHELL_TESTS; a benchmark, in BENCHES.
UNIT_TESTS =
SHELL_TESTS = \
	tests/test_lib.sh \
	tests/storage/extract.sh
BENCHES =

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS) $(SHELL_TESTS)
EXTRA_DIST += $(SHELL_TESTS) $(BENCHES) tests/lib.sh tests/images.sh tests/make-sif \
	tests/on-pty tests/suite tests/install-needs \
	tests/check-layers.sh tests/check-style.sh tests/metrics.sh
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(BASH)
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = export URUN_BUILD='$(abs_top_builddir)' URUN_SOURCE='$(abs_top_srcdir)';

TEST_LIBS = tests/libtap.a runtime/libruntime.a storage/libstorage.a src/base/libbase.a \
	$(SECCOMP_LIBS) $(JANSSON_LIBS)
noinst_LIBRARIES += tests/libtap.a
tests_libtap_a_SOURCES = tests/tap.c tests/tap.h

# make check-without; tests/run/kill.sh
check_PROGRAMS += tests/without tests/killer
tests_killer_SOURCES = tests/killer.c
tests_without_SOURCES = tests/without.c
tests_without_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
tests_without_LDADD = $(SECCOMP_LIBS)

include tests/base/local.mk
include tests/bench/local.mk
include tests/platform/local.mk
include tests/real/local.mk
include tests/run/local.mk
include tests/runtime/local.mk
include tests/src/local.mk
include tests/storage/local.mk
include tests/fuzz/local.mk
