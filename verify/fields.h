/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields: the small fields that several layers of SPEC 4 have in common, read and written. Internal to the
 * decoders of verify/. As with the reader, failure is sticky and outputs of a failed read mean nothing.
 */
#ifndef UNBROKEN_VERIFY_FIELDS_H
#define UNBROKEN_VERIFY_FIELDS_H

#include "verify/hash.h"
#include "verify/reader.h"

/* The text that a layer begins with, exactly. */
void field_domain(struct reader *reader, const char *domain);
/* num */
uint64_t field_num(struct reader *reader, const char *what);
/* num / null: false for null, and then *out stays. */
bool field_num_or_null(struct reader *reader, uint64_t *out, const char *what);
/* bytes .size len */
void field_fixed(struct reader *reader, uint8_t *out, size_t len, const char *what);
/* hash, and hash / null (false for null, and then *out stays) */
void field_hash(struct reader *reader, struct hash *out, const char *what);
bool field_hash_or_null(struct reader *reader, struct hash *out, const char *what);
/* Fails the reader at an offset that it has passed already: the item that breaks the rule, not the one behind it. */
void field_fail_at(struct reader *reader, size_t at, const char *rule);

/*
 * Ends a layer whose reader filled `own`, a cleared fault of the decoder's, and passes it on with the layer's name in
 * front. fault->at is the offset in the layer.
 */
MUST_USE enum status field_layer_end(struct reader *reader, const char *layer, struct fault *fault);

void field_write_hash(struct buffer *out, const struct hash *hash);
void field_write_num_or_null(struct buffer *out, bool has, uint64_t value);
void field_write_hash_or_null(struct buffer *out, bool has, const struct hash *hash);

#endif
