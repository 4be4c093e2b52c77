/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper: bytes as they stand in a QR on paper (SPEC 13.1, 13.2): decimal digits in numbered parts, behind a web address where an agency
 * has one. Not here: what the bytes say (receipt.h, statement.h; of requests to witnesses and their answers ledger/witness_request.h).
 */
#ifndef UNBROKEN_VERIFY_PAPER_H
#define UNBROKEN_VERIFY_PAPER_H

#include "verify/bytes.h"

/* PAPER_TEXT_BYTES_MAX: of a text file with all its parts. PAPER_BYTES_MAX: of what the parts join to. */
enum { PAPER_PARTS_MAX = 9, PAPER_TEXT_BYTES_MAX = 65536, PAPER_BYTES_MAX = 8192 };

/* Request to a witness, and the signature lines that it answers with (SPEC 14). */
enum paper_kind { PAPER_RECEIPT, PAPER_STATEMENT, PAPER_REQUEST, PAPER_COSIGNATURES, PAPER_KINDS };

/* Each part is one line or one QR, without newline; owned (paper_texts_free). Zero it before use. */
struct paper_texts {
    size_t count;
    struct buffer texts[PAPER_PARTS_MAX];
};

/* What stands behind the last '#', or all of it. */
struct view paper_behind(struct view text);
/* Is the file paper text that shows a checkpoint (its first line that is not empty, behind '#', begins U1R/ or U1C/)? A note's first line never does. */
bool paper_is_text(struct view file);

/* 7 bytes as 17 digits, the 1 to 6 left over as 3, 5, 8, 10, 13, 15. */
void paper_digits(struct view bytes, struct buffer *out);
/* The other way. False: a length that no bytes have, something else than digits, or a group too big; out is unchanged. */
MUST_USE bool paper_digits_read(struct view digits, struct buffer *out);

/*
 * Writes the parts, of at most part_bytes_max bytes (before they are digits; at least 1, asserted) and as equal as may be.
 * prefix: the address that ends in '#', or empty. Errors: STATUS_REFUSED (more than PAPER_PARTS_MAX parts, more than
 * PAPER_BYTES_MAX bytes, none at all, or a prefix that does not end in '#'), STATUS_MEMORY; out is then empty.
 */
MUST_USE enum status paper_write(enum paper_kind kind, struct view bytes, size_t part_bytes_max, struct view prefix, struct paper_texts *out,
                                 struct fault *fault);
void paper_texts_free(struct paper_texts *texts);

/*
 * Reads a text of all parts: one a line, in any order, spaces and CR around them ignored, the same line twice allowed. Appends the joined
 * bytes. Errors: STATUS_DAMAGED, fault->at = line from 1, or FAULT_NOWHERE when a part is missing; STATUS_MEMORY; out is unchanged.
 */
MUST_USE enum status paper_read(struct view text, enum paper_kind *kind, struct buffer *out, struct fault *fault);

#endif
