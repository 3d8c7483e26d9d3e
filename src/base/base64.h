// SPDX-License-Identifier: Apache-2.0
/* base64.h - bytes as text (RFC 4648, section 4: with padding, without line ends) */
#ifndef URUN_BASE_BASE64_H
#define URUN_BASE_BASE64_H

#include <stddef.h>

char *base64_encode(const void *data, size_t len); /* the caller frees */

/* The caller frees; a NUL follows the data. -EINVAL, without a sentence: not base64. */
int base64_decode(const char *text, char **ret_data, size_t *ret_len);

#endif
