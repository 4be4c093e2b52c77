/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_keys: Ed25519 keys made from their names as tests/vectors makes them ("station", "chan", ...), and checkpoints
 * signed with them. Anybody can make these keys again.
 */
#ifndef UNBROKEN_TESTS_SAMPLE_KEYS_H
#define UNBROKEN_TESTS_SAMPLE_KEYS_H

#include "verify/note.h"

/* Each of these ends the test program when a library fails. */
void sample_public_key(const char *name, uint8_t out[ED25519_BYTES]);
void sample_signature(const char *name, struct view message, uint8_t out[SIGNATURE_BYTES]);
/* Appends a note: the three lines, the empty one, and the line of that log key. key NULL: no line. */
void sample_note(struct hasher *hasher, struct view origin, uint64_t size, const struct hash *root, const char *key,
                 struct buffer *out);
/* Appends to a note that sample_note made the line of a witness: its name is also that of its key. */
void sample_cosign(struct hasher *hasher, const char *witness, uint64_t time_s, struct buffer *note);
/* Appends the line of a policy, without a quorum: "log ..." (type 1) or "witness NAME ..." (type 4). */
void sample_policy_line(struct hasher *hasher, uint8_t type, struct view name, const char *key, struct buffer *out);

#endif
