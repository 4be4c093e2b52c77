/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text: bytes to letters and back (hex, base64 of RFC 4648 4, base32 of RFC 4648 6), and the
 * escaping that text from records passes before it reaches a terminal or a JSON string.
 */
#ifndef UNBROKEN_VERIFY_TEXT_H
#define UNBROKEN_VERIFY_TEXT_H

#include "verify/bytes.h"

/* Lower-case hex. */
void text_hex(struct buffer *out, struct view bytes);
/* Standard alphabet with padding (libsodium). */
void text_base64(struct buffer *out, struct view bytes);
/* Strict: canonical, padded, nothing but the encoding. False: not so; out is unchanged. */
bool text_base64_decode(struct view text, struct buffer *out);
/* RFC 4648 6, lower case, without padding: 32 bytes give 52 characters. */
void text_base32(struct buffer *out, struct view bytes);
/* Lower or upper case; canonical (left-over bits zero). False: not so; out is unchanged. */
bool text_base32_decode(struct view text, struct buffer *out);

/* A decimal number of at most 19 digits without sign, space or leading zero, at most 2^53-1. */
bool text_decimal(struct view text, uint64_t *out);

/*
 * For a terminal: valid printable UTF-8 passes (Khmer and Vietnamese too); control characters,
 * bidirectional controls, invalid bytes and backslash become \xNN or \u{NNNN}.
 */
void text_escape(struct buffer *out, struct view text);
/* A JSON string with its quotes (RFC 8259 7); invalid UTF-8 becomes U+FFFD. */
void text_json(struct buffer *out, struct view text);
/* ISO 8601 UTC, "2018-12-13T02:03:04Z"; times past year 9999 are printed as "@seconds". */
void text_time(struct buffer *out, uint64_t time_s);
/* "2018-12-13T02:03:04Z", "2018-12-13" (midnight UTC) or POSIX seconds. False: not so. */
bool text_time_parse(struct view text, uint64_t *time_s);
/* Local time as claimed: "2018-12-13T09:03:04+07:00". */
void text_time_local(struct buffer *out, uint64_t time_s, int offset_min);

#endif
