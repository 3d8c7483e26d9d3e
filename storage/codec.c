// SPDX-License-Identifier: Apache-2.0
/* codec.c - decompressing one block, by libzstd or libsquashfuse
 *
 * Of libsquashfuse only the decompressors are used. Its reader trusts offsets within the
 * image (in 0.1 and 0.5, an inode number that points behind the end of its block is read
 * from there), and one of its handles can't serve two threads; squash.c reads the format
 * by itself. Libraries are loaded when an image needs them: linking with libsquashfuse
 * brings five more, which take longer to load than all the rest.
 */
#include <dlfcn.h>
#include <errno.h>

/* Its headers define these, too: it installs its own config.h. */
#undef PACKAGE
#undef PACKAGE_BUGREPORT
#undef PACKAGE_NAME
#undef PACKAGE_STRING
#undef PACKAGE_TARNAME
#undef PACKAGE_URL
#undef PACKAGE_VERSION
#undef VERSION
#include <squashfuse/decompress.h>

#include "base/mem.h"
#include "storage/codec.h"

#define ZSTD 6

static const char *const names[] = {
	"unknown", "gzip", "lzma", "lzo", "xz", "lz4", "zstd"
};

/* By its number. Written before there are threads. */
static sqfs_decompressor loaded[ARRAY_SIZE(names)];

/* The same interface that libzstd has had since 1.0. */
static struct {
	size_t (*decompress)(void *out, size_t room, const void *in, size_t in_len);
	unsigned int (*is_error)(size_t result);
} zstd;

static void *symbol(const char *library, const char *name)
{
	void *handle = dlopen(library, RTLD_NOW); /* for ever */

	return handle ? dlsym(handle, name) : NULL;
}

static sqfs_err decompress_zstd(void *in, size_t in_len, void *out, size_t *len)
{
	size_t result = zstd.decompress(out, *len, in, in_len);

	if (zstd.is_error(result))
		return SQFS_ERR;
	*len = result;
	return SQFS_OK;
}

static sqfs_decompressor load_zstd(void)
{
	zstd.decompress = symbol("libzstd.so.1", "ZSTD_decompress");
	zstd.is_error = symbol("libzstd.so.1", "ZSTD_isError");
	return zstd.decompress && zstd.is_error ? decompress_zstd : NULL;
}

static sqfs_decompressor load_any(unsigned int codec)
{
	__typeof__(sqfs_decompressor_get) *get = symbol("libsquashfuse.so.0",
							"sqfs_decompressor_get");

	return get ? get((int)codec) : NULL;
}

bool codec_load(unsigned int codec)
{
	if (codec == 0 || codec >= ARRAY_SIZE(loaded))
		return false;
	if (!loaded[codec] && codec == ZSTD)
		loaded[codec] = load_zstd();
	if (!loaded[codec])
		loaded[codec] = load_any(codec);
	return loaded[codec] != NULL;
}

const char *codec_name(unsigned int codec)
{
	return names[codec < ARRAY_SIZE(names) ? codec : 0];
}

int codec_decompress(unsigned int codec, const void *in, size_t in_len, void *out,
		     size_t *len)
{
	size_t room = *len;

	if (codec >= ARRAY_SIZE(loaded) || !loaded[codec] ||
	    loaded[codec]((void *)in, in_len, out, len) != SQFS_OK || *len > room)
		return -EIO;
	return 0;
}
