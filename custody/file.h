/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file: whole files in, whole files out. A file that is written appears complete under its name or not at all.
 */
#ifndef UNBROKEN_CUSTODY_FILE_H
#define UNBROKEN_CUSTODY_FILE_H

#include "verify/bytes.h"

/* "-" is standard input. Errors: STATUS_MISSING, STATUS_REFUSED (over max), STATUS_ENVIRONMENT, STATUS_MEMORY. */
MUST_USE enum status file_read(const char *path, size_t max_bytes, struct buffer *out, struct fault *fault);
/* Errors: STATUS_REFUSED (exists, and replace is false), STATUS_FULL, STATUS_ENVIRONMENT. Nothing is left behind. */
MUST_USE enum status file_write(const char *path, struct view bytes, bool replace, struct fault *fault);
/* Early word, before long work; file_write decides. */
bool file_exists(const char *path);

#endif
