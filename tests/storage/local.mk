# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += \
	tests/storage/test_image \
	tests/storage/test_imageconf \
	tests/storage/test_probe \
	tests/storage/test_unpack

tests_storage_test_image_SOURCES = tests/storage/test_image.c
tests_storage_test_image_LDADD = $(TEST_LIBS)
tests_storage_test_imageconf_SOURCES = tests/storage/test_imageconf.c
tests_storage_test_imageconf_LDADD = $(TEST_LIBS)
tests_storage_test_probe_SOURCES = tests/storage/test_probe.c
tests_storage_test_probe_LDADD = $(TEST_LIBS)
tests_storage_test_unpack_SOURCES = tests/storage/test_unpack.c
tests_storage_test_unpack_LDADD = $(TEST_LIBS)
