# SPDX-License-Identifier: Apache-2.0
# libstorage: what urun itself links. urun-fs: the image server, a program of its own.
noinst_LIBRARIES += storage/libstorage.a
storage_libstorage_a_SOURCES = \
	storage/storage.h \
	storage/image.c \
	storage/imageconf.c \
	storage/probe.c storage/probe.h \
	storage/unpack.c
