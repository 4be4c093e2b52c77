/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: a signed checkpoint and one record with its path, small enough for a QR (SPEC 13.3). Whoever has it is a witness against a
 * rewritten ledger. Encoding and decoding live together.
 */
#ifndef UNBROKEN_VERIFY_RECEIPT_H
#define UNBROKEN_VERIFY_RECEIPT_H

#include "verify/merkle.h"
#include "verify/note.h"
#include "verify/origin.h"

enum { RECEIPT_SIGNATURES_MAX = 8 };

struct receipt_signature {
    bool own; /* the name is the origin line itself */
    struct view name;
    uint8_t id[4];
    uint8_t value[72];
    size_t len; /* 64, or 72 of a cosignature */
};

/* Views borrow what it was decoded or made from. */
struct receipt {
    struct view origin; /* of the founding, without training and ledger-id */
    struct hash ledger;
    bool training;
    uint64_t size;
    size_t signature_count;
    struct receipt_signature signatures[RECEIPT_SIGNATURES_MAX];
    uint64_t index;
    struct hash record;
    struct merkle_path path;
};

/*
 * Makes the receipt of record `index` under that checkpoint, and proves it: the note rebuilt from it must be the checkpoint's, byte for byte; of more
 * than RECEIPT_SIGNATURES_MAX lines the first are taken. out borrows origin and the checkpoint. Errors: STATUS_REFUSED (a line that a receipt cannot
 * hold, or the first line not the station's), STATUS_UNTRUSTED (record and path do not lead to its root, or another
 * ledger), STATUS_MEMORY.
 */
MUST_USE enum status receipt_make(struct hasher *hasher, const struct checkpoint *checkpoint, struct view origin, bool training,
                                  const struct hash *ledger, uint64_t index, const struct hash *record, const struct merkle_path *path,
                                  struct receipt *out, struct fault *fault);
void receipt_encode(const struct receipt *receipt, struct buffer *out);
/* Errors: STATUS_DAMAGED, fault->at = byte offset. */
MUST_USE enum status receipt_decode(struct view bytes, struct receipt *out, struct fault *fault);
/* Appends the note that the receipt stands for. Errors: STATUS_DAMAGED (no such path), STATUS_MEMORY. */
MUST_USE enum status receipt_note(struct hasher *hasher, const struct receipt *receipt, struct buffer *out, struct fault *fault);

#endif
