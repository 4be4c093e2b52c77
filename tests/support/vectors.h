/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors: the files of tests/vectors, each with the verdict that expected.json gives it. Programs run from the top of
 * the tree (tests/run.sh). Whatever is missing or malformed here ends the test program: nothing is passed over.
 */
#ifndef UNBROKEN_TESTS_VECTORS_H
#define UNBROKEN_TESTS_VECTORS_H

#include "verify/verdict.h"

#include <jansson.h>

/* expected.json: an array of objects; json_decref when done. */
json_t *vectors_load(void);
/* A file of tests/vectors; the caller frees the buffer. */
void vectors_read(const char *name, struct buffer *out);

/* One verification: everything that has to stay alive while its verdict is looked at. Zero it before use. */
struct vector_run {
    struct buffer file, policy_text, since;
    struct hasher *hasher;
    struct policy *policy;
    struct verify_options options; /* since and tag borrow the buffers and the vector */
    struct verdict verdict;
};

/* Opens file, policy and options of a vector; no verdict yet. policy is NULL when it is none of the form of V3. */
void vector_open(const json_t *vector, struct vector_run *run);
/* Verifies `file`; the verdict before, if any, must have been closed. Without a policy: stop 2 `policy`. */
void vector_verify(struct vector_run *run, struct view file);
void vector_close(struct vector_run *run);

#endif
