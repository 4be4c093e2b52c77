/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: the paper of one act, in copies for who gives and who receives: what was done, by whom, when, with which seals, and the signed
 * checkpoint with the record's hash and path, as letters and as QR (SPEC 13.3; verify/receipt.h). Whoever keeps it is a witness against a
 * rewritten ledger. Drawn from a verified bundle alone.
 */
#ifndef UNBROKEN_PRINTER_RECEIPT_H
#define UNBROKEN_PRINTER_RECEIPT_H

#include "printer/dossier.h"
#include "printer/words.h"
#include "verify/paper.h"

enum { RECEIPT_COPIES_MAX = 9, RECEIPT_QR_BYTES = 800 };

/* What a receipt is drawn from. Zero it before use; receipt_paper_close when done. */
struct receipt_paper {
    struct dossier dossier;
    size_t row;               /* of the record, in dossier.records */
    struct buffer bytes;      /* the receipt of SPEC 13.3 */
    struct buffer signature;  /* the station's signature, base64 */
    struct paper_texts texts; /* the same for QR and text file: one text a symbol */
};

struct receipt_form {
    bool roll;         /* 80 mm wide and as long as it gets; else A5 */
    size_t copies;     /* 1 to RECEIPT_COPIES_MAX: for who gives, who receives, and further ones */
    struct languages languages;
    struct view agency; /* whose paper it is; empty: not said; borrowed */
};

/*
 * Verifies the bundle by the policy and makes the receipt of that record. web: the address that its texts stand behind, ending in '#', or
 * empty. Errors: STATUS_REFUSED (the bundle's verdict is neither 0 nor 3, nor 2 for nothing but cosignatures that are still to come
 * (notes `quorum`, `auditors`), or the record is no act of the bundle: the text says which),
 * STATUS_UNTRUSTED, STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status receipt_paper_open(struct hasher *hasher, const struct policy *policy, struct view bundle,
                                        const struct verify_options *options, uint64_t record, struct view web, struct receipt_paper *out,
                                        struct fault *fault);
void receipt_paper_close(struct receipt_paper *receipt);
/* A rule of custody was broken: the paper says which. */
bool receipt_paper_broken(const struct receipt_paper *receipt);

/* The text of the receipt, as a scanner reads it off all its QR: a line a part. */
void receipt_paper_text(const struct receipt_paper *receipt, struct buffer *out);
/* Appends the PDF: all copies. Errors: those of paper.h. */
MUST_USE enum status receipt_paper_draw(const struct receipt_paper *receipt, const struct receipt_form *form, struct buffer *out,
                                        struct fault *fault);

#endif
