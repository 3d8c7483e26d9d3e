// SPDX-License-Identifier: Apache-2.0
/* log.h - lines on standard error, each with the prefix "urun: " */
#ifndef URUN_BASE_LOG_H
#define URUN_BASE_LOG_H

enum log_level {
	LOG_QUIET, /* nothing: --quiet */
	LOG_WARN,  /* a fallback that changes what the user gets: the default */
	LOG_INFO,
	LOG_DEBUG, /* --debug, with microseconds since the program began */
};

void log_set_level(enum log_level level);
enum log_level log_get_level(void);

void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
