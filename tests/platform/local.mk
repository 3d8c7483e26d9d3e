# SPDX-License-Identifier: Apache-2.0
# One program for each part of the kernel we rely on. They run where it offers that
# part, and say what they saw where kernels differ.
noinst_LIBRARIES += tests/platform/libplatform.a
tests_platform_libplatform_a_SOURCES = \
	tests/platform/image.c \
	tests/platform/image.h \
	tests/platform/sandbox.c \
	tests/platform/sandbox.h
PLATFORM_LIBS = tests/platform/libplatform.a $(TEST_LIBS)

UNIT_TESTS += \
	tests/platform/test_fuse \
	tests/platform/test_identity \
	tests/platform/test_mounts \
	tests/platform/test_overlay \
	tests/platform/test_processes

tests_platform_test_fuse_SOURCES = tests/platform/test_fuse.c
tests_platform_test_fuse_LDADD = $(PLATFORM_LIBS)
tests_platform_test_identity_SOURCES = tests/platform/test_identity.c
tests_platform_test_identity_LDADD = $(PLATFORM_LIBS)
tests_platform_test_mounts_SOURCES = tests/platform/test_mounts.c
tests_platform_test_mounts_LDADD = $(PLATFORM_LIBS)
tests_platform_test_overlay_SOURCES = tests/platform/test_overlay.c
tests_platform_test_overlay_LDADD = $(PLATFORM_LIBS)
tests_platform_test_processes_SOURCES = tests/platform/test_processes.c
tests_platform_test_processes_LDADD = $(PLATFORM_LIBS)
