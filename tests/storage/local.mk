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

if IMAGE_SERVER
# Damages an image and reads all of it, in one process.
check_PROGRAMS += tests/storage/damage
tests_storage_damage_SOURCES = tests/storage/damage.c tests/storage/walk.c \
	tests/storage/walk.h
tests_storage_damage_LDADD = tests/libtap.a $(SERVER_LIBS)

# Mounts an image by the real server, for shell tests and benchmarks.
check_PROGRAMS += tests/storage/fsmount
tests_storage_fsmount_SOURCES = tests/storage/fsmount.c
tests_storage_fsmount_LDADD = $(TEST_LIBS)

UNIT_TESTS += \
	tests/storage/test_cache \
	tests/storage/test_confine \
	tests/storage/test_elf \
	tests/storage/test_prefetch \
	tests/storage/test_protocol \
	tests/storage/test_server \
	tests/storage/test_view \
	tests/storage/test_workers
tests_storage_test_elf_SOURCES = tests/storage/test_elf.c
tests_storage_test_elf_LDADD = tests/libtap.a $(SERVER_LIBS)
tests_storage_test_prefetch_SOURCES = tests/storage/test_prefetch.c
tests_storage_test_prefetch_LDADD = tests/libtap.a $(SERVER_LIBS)
tests_storage_test_workers_SOURCES = tests/storage/test_workers.c
tests_storage_test_workers_LDADD = tests/libtap.a $(SERVER_LIBS)
tests_storage_test_cache_SOURCES = tests/storage/test_cache.c
tests_storage_test_cache_LDADD = tests/libtap.a $(SERVER_LIBS)
tests_storage_test_protocol_SOURCES = tests/storage/test_protocol.c
tests_storage_test_protocol_LDADD = $(TEST_LIBS) -lpthread
tests_storage_test_view_SOURCES = tests/storage/test_view.c
tests_storage_test_view_LDADD = tests/libtap.a $(SERVER_LIBS)
tests_storage_test_server_SOURCES = tests/storage/test_server.c
tests_storage_test_server_LDADD = $(TEST_LIBS)
tests_storage_test_confine_SOURCES = tests/storage/test_confine.c
tests_storage_test_confine_LDADD = tests/libtap.a $(SERVER_LIBS)

SHELL_TESTS += \
	tests/storage/serve.sh \
	tests/storage/damage.sh
endif
