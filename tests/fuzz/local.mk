# SPDX-License-Identifier: Apache-2.0
# A fuzzer is fuzz_x.c with LLVMFuzzerTestOneInput(), a line in FUZZERS, and its seeds in
# seeds/x/. main.c says how libFuzzer runs it; test_seeds.sh runs all seeds.
FUZZERS = \
	tests/fuzz/fuzz_probe \
	tests/fuzz/fuzz_passwd \
	tests/fuzz/fuzz_mountspec \
	tests/fuzz/fuzz_imageconf \
	tests/fuzz/fuzz_envfile \
	tests/fuzz/fuzz_conf \
	tests/fuzz/fuzz_option \
	tests/fuzz/fuzz_protocol \
	tests/fuzz/fuzz_seccomp \
	tests/fuzz/fuzz_spec \
	tests/fuzz/fuzz_subid
if IMAGE_SERVER
FUZZERS += tests/fuzz/fuzz_squash
endif
check_PROGRAMS += $(FUZZERS)
SHELL_TESTS += tests/fuzz/test_seeds.sh
EXTRA_DIST += tests/fuzz/seeds

FUZZ_MAIN = tests/fuzz/main.c tests/fuzz/fuzz.h

tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_conf_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_option_SOURCES = tests/fuzz/fuzz_option.c $(FUZZ_MAIN)
tests_fuzz_fuzz_option_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_protocol_SOURCES = tests/fuzz/fuzz_protocol.c $(FUZZ_MAIN)
tests_fuzz_fuzz_protocol_LDADD = $(TEST_LIBS)
tests_fuzz_fuzz_seccomp_SOURCES = tests/fuzz/fuzz_seccomp.c $(FUZZ_MAIN)
tests_fuzz_fuzz_seccomp_LDADD = $(TEST_LIBS)
tests_fuzz_fuzz_spec_SOURCES = tests/fuzz/fuzz_spec.c $(FUZZ_MAIN)
tests_fuzz_fuzz_spec_LDADD = $(TEST_LIBS)
tests_fuzz_fuzz_subid_SOURCES = tests/fuzz/fuzz_subid.c $(FUZZ_MAIN)
tests_fuzz_fuzz_subid_LDADD = $(TEST_LIBS)
tests_fuzz_fuzz_squash_SOURCES = tests/fuzz/fuzz_squash.c tests/storage/walk.c \
	tests/storage/walk.h $(FUZZ_MAIN)
tests_fuzz_fuzz_squash_LDADD = $(SERVER_LIBS)
tests_fuzz_fuzz_envfile_SOURCES = tests/fuzz/fuzz_envfile.c $(FUZZ_MAIN)
tests_fuzz_fuzz_envfile_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_imageconf_SOURCES = tests/fuzz/fuzz_imageconf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_imageconf_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_mountspec_SOURCES = tests/fuzz/fuzz_mountspec.c $(FUZZ_MAIN)
tests_fuzz_fuzz_mountspec_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_passwd_SOURCES = tests/fuzz/fuzz_passwd.c $(FUZZ_MAIN)
tests_fuzz_fuzz_passwd_LDADD = $(SRC_TEST_LIBS)
tests_fuzz_fuzz_probe_SOURCES = tests/fuzz/fuzz_probe.c $(FUZZ_MAIN)
tests_fuzz_fuzz_probe_LDADD = $(SRC_TEST_LIBS)
