// SPDX-License-Identifier: Apache-2.0
/* codec.c - decompressing one block, by libsquashfuse
 *
 * Only its decompressors are used. Its reader trusts offsets within the image (in 0.1 and
 * 0.5, an inode number that points behind the end of its block is read from there), and
 * one of its handles can't serve two threads; squash.c reads the format by itself.
 */
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

#include "storage/codec.h"

bool codec_is_known(unsigned int codec)
{
	return sqfs_decompressor_get((int)codec) != NULL;
}

const char *codec_name(unsigned int codec)
{
	static const char *const names[] = { "unknown", "gzip", "lzma", "lzo",
					     "xz",	"lz4",	"zstd" };

	return names[codec < sizeof(names) / sizeof(names[0]) ? codec : 0];
}

int codec_decompress(unsigned int codec, const void *in, size_t in_len, void *out,
		     size_t *len)
{
	sqfs_decompressor decompress = sqfs_decompressor_get((int)codec);
	size_t room = *len;

	if (!decompress || decompress((void *)in, in_len, out, len) != SQFS_OK ||
	    *len > room)
		return -EIO;
	return 0;
}
