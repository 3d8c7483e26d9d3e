# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += \
	tests/runtime/test_container \
	tests/runtime/test_ends \
	tests/runtime/test_layer \
	tests/runtime/test_layer_trial \
	tests/runtime/test_mount_options \
	tests/runtime/test_names \
	tests/runtime/test_seccomp \
	tests/runtime/test_seccomp_compile \
	tests/runtime/test_seccomp_default \
	tests/runtime/test_seccomp_own \
	tests/runtime/test_seccomp_profile \
	tests/runtime/test_seccomp_reference \
	tests/runtime/test_spec \
	tests/runtime/test_spec_json \
	tests/runtime/test_subid \
	tests/runtime/test_userns

tests_runtime_test_mount_options_SOURCES = tests/runtime/test_mount_options.c
tests_runtime_test_mount_options_LDADD = $(TEST_LIBS)
tests_runtime_test_names_SOURCES = tests/runtime/test_names.c
tests_runtime_test_names_LDADD = $(TEST_LIBS)
SECCOMP_TRY = tests/runtime/seccomp_try.c tests/runtime/seccomp_try.h
tests_runtime_test_seccomp_SOURCES = tests/runtime/test_seccomp.c
tests_runtime_test_seccomp_LDADD = $(TEST_LIBS)
tests_runtime_test_seccomp_compile_SOURCES = tests/runtime/test_seccomp_compile.c $(SECCOMP_TRY)
tests_runtime_test_seccomp_compile_LDADD = $(TEST_LIBS)
tests_runtime_test_seccomp_default_SOURCES = tests/runtime/test_seccomp_default.c $(SECCOMP_TRY)
tests_runtime_test_seccomp_default_LDADD = $(TEST_LIBS)
tests_runtime_test_seccomp_own_SOURCES = tests/runtime/test_seccomp_own.c $(SECCOMP_TRY)
tests_runtime_test_seccomp_own_LDADD = $(TEST_LIBS)
tests_runtime_test_spec_SOURCES = tests/runtime/test_spec.c
tests_runtime_test_spec_LDADD = $(TEST_LIBS)
tests_runtime_test_seccomp_profile_SOURCES = tests/runtime/test_seccomp_profile.c
tests_runtime_test_seccomp_profile_LDADD = $(TEST_LIBS)
tests_runtime_test_spec_json_SOURCES = tests/runtime/test_spec_json.c
tests_runtime_test_spec_json_LDADD = $(TEST_LIBS)
tests_runtime_test_subid_SOURCES = tests/runtime/test_subid.c
tests_runtime_test_subid_LDADD = $(TEST_LIBS)
tests_runtime_test_userns_SOURCES = tests/runtime/test_userns.c $(SECCOMP_TRY)
tests_runtime_test_userns_LDADD = $(TEST_LIBS)

# A container of busybox, for the tests that start one.
BOX = tests/runtime/box.c tests/runtime/box.h

tests_runtime_test_container_SOURCES = tests/runtime/test_container.c $(BOX)
tests_runtime_test_container_LDADD = $(TEST_LIBS)
tests_runtime_test_layer_trial_SOURCES = tests/runtime/test_layer_trial.c
tests_runtime_test_layer_trial_LDADD = $(TEST_LIBS)
tests_runtime_test_seccomp_reference_SOURCES = tests/runtime/test_seccomp_reference.c \
	tests/runtime/seccomp_reference.c tests/runtime/seccomp_reference.h
tests_runtime_test_seccomp_reference_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
tests_runtime_test_seccomp_reference_LDADD = $(TEST_LIBS)
tests_runtime_test_layer_SOURCES = tests/runtime/test_layer.c $(BOX)
tests_runtime_test_layer_LDADD = $(TEST_LIBS)
tests_runtime_test_ends_SOURCES = tests/runtime/test_ends.c $(BOX)
tests_runtime_test_ends_LDADD = $(TEST_LIBS)
