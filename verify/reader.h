/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader: walks CBOR that strict_check has accepted, with libcbor's streaming decoder.
 * Failure is sticky: after the first, every call does nothing and yields 0, false or the empty
 * view, so that a decoder reads straight down and asks once (reader_end).
 */
#ifndef UNBROKEN_VERIFY_READER_H
#define UNBROKEN_VERIFY_READER_H

#include "verify/bytes.h"

enum reader_type {
    READER_UINT, READER_NEGATIVE, READER_BYTES, READER_TEXT, READER_ARRAY, READER_MAP,
    READER_BOOL, READER_NULL, READER_END /* nothing left, or failed */
};

/* Borrows input; fault is the caller's and receives the first failure (at = byte offset). */
struct reader {
    struct view input;
    size_t offset;
    bool failed;
    struct fault *fault;
};

/* Runs strict_check over input, then stands at its first item. A failed check leaves it failed. */
struct reader reader_open(struct view input, struct fault *fault);
/* The same for input that has been checked already (an inner item of a checked layer). */
struct reader reader_open_checked(struct view input, struct fault *fault);

/* What the next item is; consumes nothing. */
enum reader_type reader_peek(const struct reader *reader);

/* Each consumes one item head; `what` names the field in the message ("record index"). */
uint64_t reader_uint(struct reader *reader, uint64_t max, const char *what);
int64_t reader_int(struct reader *reader, const char *what);          /* uint or negative */
bool reader_bool(struct reader *reader, const char *what);
/* Bytes or text with min <= length <= max bytes. The view borrows the input. */
struct view reader_bytes(struct reader *reader, size_t min, size_t max, const char *what);
struct view reader_text(struct reader *reader, size_t min, size_t max, const char *what);
/* Array or map heads: the number of items or pairs, min <= n <= max. */
size_t reader_array(struct reader *reader, size_t min, size_t max, const char *what);
size_t reader_map(struct reader *reader, size_t min, size_t max, const char *what);
/* If the next item is null, consumes it and says true. */
bool reader_take_null(struct reader *reader);
/* Steps over one whole item, whatever it is, and returns its bytes. */
struct view reader_skip(struct reader *reader, const char *what);
/* Fails the reader here with a rule of the caller's own. */
void reader_fail(struct reader *reader, const char *rule) ;
/* STATUS_OK when nothing failed and the input is used up. */
MUST_USE enum status reader_end(struct reader *reader);

#endif
