/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer: deterministic CBOR into a buffer, by libcbor's encoders. The caller writes map keys in
 * ascending order; a Check test decodes everything we encode with strict_check.
 */
#ifndef UNBROKEN_VERIFY_WRITER_H
#define UNBROKEN_VERIFY_WRITER_H

#include "verify/bytes.h"

void writer_uint(struct buffer *out, uint64_t value);
void writer_int(struct buffer *out, int64_t value);
void writer_bytes(struct buffer *out, struct view bytes);
void writer_text(struct buffer *out, struct view text);
void writer_array(struct buffer *out, size_t count);
void writer_map(struct buffer *out, size_t pairs);
void writer_bool(struct buffer *out, bool value);
void writer_null(struct buffer *out);

#endif
