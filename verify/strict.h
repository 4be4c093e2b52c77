/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strict: the scan that stands before every decoder. It accepts one deterministic CBOR item
 * (RFC 8949 4.2.1) and nothing else. Nested "bytes .cbor" layers are scanned by their own decoders.
 */
#ifndef UNBROKEN_VERIFY_STRICT_H
#define UNBROKEN_VERIFY_STRICT_H

#include "verify/bytes.h"

/*
 * Checks that input is exactly one CBOR item: shortest integers and lengths, definite lengths,
 * map keys ascending bytewise and distinct, no tags, no floats, simple values only false, true and null,
 * integers within +-(2^53-1), depth at most 16, counts bounded by the bytes left, nothing after the
 * item; text is valid UTF-8 (no surrogates, no overlong forms) without control characters
 * (C0, DEL, C1, U+2028, U+2029) and without bidirectional controls (U+061C, U+200E, U+200F,
 * U+202A..U+202E, U+2066..U+2069). SPEC 2.1.
 * Constant memory, time linear in input.len.
 * Errors: STATUS_DAMAGED, fault->at = byte offset of the first offending byte, text = the rule.
 */
MUST_USE enum status strict_check(struct view input, struct fault *fault);

/* The text rule alone, for text that is not in CBOR. fault->at = byte offset. */
MUST_USE enum status strict_check_text(struct view text, struct fault *fault);

#endif
