/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wholefile: whole files in, whole files out. A file that is written appears complete under its name or not at all.
 */
#ifndef UNBROKEN_CUSTODY_WHOLEFILE_H
#define UNBROKEN_CUSTODY_WHOLEFILE_H

#include "verify/bytes.h"

/*
 * "-" is standard input; a named file must be a regular one: a pipe could keep us waiting for ever.
 * Errors: STATUS_MISSING, STATUS_REFUSED (over max, no regular file), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status wholefile_read(const char *path, size_t max_bytes, struct buffer *out, struct fault *fault);
/* The same; an empty file is refused: it shows nothing. */
MUST_USE enum status wholefile_read_filled(const char *path, size_t max_bytes, struct buffer *out, struct fault *fault);
/* Errors: STATUS_REFUSED (exists, and replace is false), STATUS_FULL, STATUS_ENVIRONMENT. Nothing is left behind. */
MUST_USE enum status wholefile_write(const char *path, struct view bytes, bool replace, struct fault *fault);
/* Early word, before long work; wholefile_write decides. */
bool wholefile_exists(const char *path);

#endif
