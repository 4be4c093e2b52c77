/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crude: a bundle file taken apart and put together again by someone without any key: nothing is hashed or signed anew but the whole-file
 * check.
 */
#ifndef UNBROKEN_TESTS_CRUDE_H
#define UNBROKEN_TESTS_CRUDE_H

#include "tests/attack/edit.h"
#include "verify/bundle.h"

enum { MADE_MAX = 4 };

struct crude {
    struct hasher *hasher;
    struct buffer file;
    struct bundle bundle;
    struct buffer made[MADE_MAX]; /* what the bundle's views point to instead */
    size_t made_count;
    struct record *record; /* scratch */
    struct act *act;
};

void crude_open(struct crude *crude, const char *path);
void crude_close(struct crude *crude);
/* Appends the file's bytes. */
void crude_read(const char *path, struct buffer *out);
/* A buffer that lives as long as the bundle. */
struct buffer *crude_room(struct crude *crude);
/* Where the record of --record stands in the file; decoded into the scratch. */
size_t crude_find(struct crude *crude, const struct request *request);
/* The scratch record, encoded, in the place of that one. */
void crude_put(struct crude *crude, size_t i);

/* Makes the change that the request names. It dies where there is nothing to change. */
void crude_change(struct crude *crude, const struct request *request);

#endif
