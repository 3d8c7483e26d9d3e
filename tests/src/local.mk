# SPDX-License-Identifier: Apache-2.0
SRC_TEST_LIBS = tests/libtap.a src/liburun.a runtime/libruntime.a storage/libstorage.a \
	src/base/libbase.a $(SECCOMP_LIBS) $(JANSSON_LIBS)

UNIT_TESTS += \
	tests/src/test_passwd \
	tests/src/test_mountspec \
	tests/src/test_envfile \
	tests/src/test_doctor \
	tests/src/test_places

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
