# SPDX-License-Identifier: Apache-2.0
# libstorage: what urun itself links. urun-fs: the image server, a program of its own.
noinst_LIBRARIES += storage/libstorage.a
storage_libstorage_a_SOURCES = \
	storage/storage.h \
	storage/image.c \
	storage/imageconf.c \
	storage/probe.c storage/probe.h \
	storage/protocol.c \
	storage/protocol.h \
	storage/server.c \
	storage/unpack.c

if IMAGE_SERVER
# libserver: the image server without its main(), which tests link, too.
noinst_LIBRARIES += storage/libserver.a
storage_libserver_a_CFLAGS = $(AM_CFLAGS) -pthread $(FUSE_CFLAGS) $(SQUASHFUSE_CFLAGS)
storage_libserver_a_SOURCES = \
	storage/answer.c \
	storage/answer.h \
	storage/cache.c \
	storage/cache.h \
	storage/codec.c \
	storage/codec.h \
	storage/confine.c \
	storage/confine.h \
	storage/elf.c \
	storage/elf.h \
	storage/extract.c \
	storage/extract.h \
	storage/extract_main.c \
	storage/fuse.c \
	storage/fuse.h \
	storage/path.c \
	storage/path.h \
	storage/prefetch.c \
	storage/prefetch.h \
	storage/squash.c \
	storage/squash.h \
	storage/squash_dir.c \
	storage/squash_file.c \
	storage/squash_inode.c \
	storage/squash_meta.c \
	storage/squash_meta.h \
	storage/squash_xattr.c \
	storage/tree.c \
	storage/tree.h \
	storage/view.c \
	storage/view.h \
	storage/workers.c \
	storage/workers.h
SERVER_LIBS = storage/libserver.a storage/libstorage.a src/base/libbase.a $(FUSE_LIBS) \
	$(JANSSON_LIBS) -lpthread -ldl

pkglibexec_PROGRAMS += urun-fs
urun_fs_SOURCES = storage/fs_main.c
urun_fs_LDADD = $(SERVER_LIBS)
endif
