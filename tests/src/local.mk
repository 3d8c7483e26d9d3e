# SPDX-License-Identifier: Apache-2.0
SRC_TEST_LIBS = tests/libtap.a src/liburun.a runtime/libruntime.a storage/libstorage.a \
	src/base/libbase.a $(SECCOMP_LIBS) $(JANSSON_LIBS)

PLAN_WORLD = tests/src/plan_world.c tests/src/plan_world.h

UNIT_TESTS += \
	tests/src/test_machine \
	tests/src/test_plan_isolate \
	tests/src/test_plan_command \
	tests/src/test_plan_proc \
	tests/src/test_plan_user \
	tests/src/test_plan_mounts \
	tests/src/test_plan_env \
	tests/src/test_passwd \
	tests/src/test_mountspec \
	tests/src/test_envfile \
	tests/src/test_conf \
	tests/src/test_conf_file \
	tests/src/test_doctor \
	tests/src/test_options \
	tests/src/test_places \
	tests/src/test_settings \
	tests/src/test_verbs

tests_src_test_places_SOURCES = tests/src/test_places.c
tests_src_test_places_LDADD = $(SRC_TEST_LIBS)
tests_src_test_doctor_SOURCES = tests/src/test_doctor.c
tests_src_test_doctor_LDADD = $(SRC_TEST_LIBS)
tests_src_test_envfile_SOURCES = tests/src/test_envfile.c
tests_src_test_envfile_LDADD = $(SRC_TEST_LIBS)
tests_src_test_mountspec_SOURCES = tests/src/test_mountspec.c
tests_src_test_mountspec_LDADD = $(SRC_TEST_LIBS)
tests_src_test_passwd_SOURCES = tests/src/test_passwd.c
tests_src_test_passwd_LDADD = $(SRC_TEST_LIBS)
tests_src_test_options_SOURCES = tests/src/test_options.c
tests_src_test_options_LDADD = $(SRC_TEST_LIBS)
tests_src_test_settings_SOURCES = tests/src/test_settings.c
tests_src_test_settings_LDADD = $(SRC_TEST_LIBS)
tests_src_test_conf_SOURCES = tests/src/test_conf.c
tests_src_test_conf_LDADD = $(SRC_TEST_LIBS)
tests_src_test_conf_file_SOURCES = tests/src/test_conf_file.c
tests_src_test_conf_file_LDADD = $(SRC_TEST_LIBS)
tests_src_test_verbs_SOURCES = tests/src/test_verbs.c
tests_src_test_verbs_LDADD = $(SRC_TEST_LIBS)

SHELL_TESTS += \
	tests/src/test_completion.sh \
	tests/src/test_config.sh \
	tests/src/test_docs.sh
tests_src_test_plan_env_SOURCES = tests/src/test_plan_env.c $(PLAN_WORLD)
tests_src_test_plan_env_LDADD = $(SRC_TEST_LIBS)
tests_src_test_plan_mounts_SOURCES = tests/src/test_plan_mounts.c $(PLAN_WORLD)
tests_src_test_plan_mounts_LDADD = $(SRC_TEST_LIBS)
tests_src_test_plan_user_SOURCES = tests/src/test_plan_user.c $(PLAN_WORLD)
tests_src_test_plan_user_LDADD = $(SRC_TEST_LIBS)
tests_src_test_plan_command_SOURCES = tests/src/test_plan_command.c $(PLAN_WORLD)
tests_src_test_plan_command_LDADD = $(SRC_TEST_LIBS)
tests_src_test_plan_isolate_SOURCES = tests/src/test_plan_isolate.c $(PLAN_WORLD)
tests_src_test_plan_isolate_LDADD = $(SRC_TEST_LIBS)
tests_src_test_plan_proc_SOURCES = tests/src/test_plan_proc.c
tests_src_test_plan_proc_LDADD = $(SRC_TEST_LIBS)
tests_src_test_machine_SOURCES = tests/src/test_machine.c
tests_src_test_machine_LDADD = $(SRC_TEST_LIBS)
