# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += \
	tests/base/test_base64 \
	tests/base/test_error \
	tests/base/test_fd \
	tests/base/test_file \
	tests/base/test_json \
	tests/base/test_log \
	tests/base/test_mem \
	tests/base/test_mountinfo \
	tests/base/test_nearest \
	tests/base/test_proc \
	tests/base/test_strv

tests_base_test_base64_SOURCES = tests/base/test_base64.c
tests_base_test_base64_LDADD = $(TEST_LIBS)
tests_base_test_error_SOURCES = tests/base/test_error.c
tests_base_test_error_LDADD = $(TEST_LIBS)
tests_base_test_fd_SOURCES = tests/base/test_fd.c
tests_base_test_fd_LDADD = $(TEST_LIBS)
tests_base_test_file_SOURCES = tests/base/test_file.c
tests_base_test_file_LDADD = $(TEST_LIBS)
tests_base_test_json_SOURCES = tests/base/test_json.c
tests_base_test_json_LDADD = $(TEST_LIBS)
tests_base_test_log_SOURCES = tests/base/test_log.c
tests_base_test_log_LDADD = $(TEST_LIBS)
tests_base_test_mem_SOURCES = tests/base/test_mem.c
tests_base_test_mem_LDADD = $(TEST_LIBS)
tests_base_test_mountinfo_SOURCES = tests/base/test_mountinfo.c
tests_base_test_mountinfo_LDADD = $(TEST_LIBS)
tests_base_test_nearest_SOURCES = tests/base/test_nearest.c
tests_base_test_nearest_LDADD = $(TEST_LIBS)
tests_base_test_proc_SOURCES = tests/base/test_proc.c
tests_base_test_proc_LDADD = $(TEST_LIBS)
tests_base_test_strv_SOURCES = tests/base/test_strv.c
tests_base_test_strv_LDADD = $(TEST_LIBS)
