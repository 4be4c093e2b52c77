/* SPDX-License-Identifier: Apache-2.0 */
/*
 * media: the media type that a file's name suggests. A label for people: nothing depends on it.
 */
#ifndef UNBROKEN_CUSTODY_MEDIA_H
#define UNBROKEN_CUSTODY_MEDIA_H

#include <stdbool.h>

/* Is it TYPE/SUBTYPE? */
bool media_type_check(const char *type);
/* "application/octet-stream" where the ending says nothing. */
const char *media_type_of(const char *path);

#endif
