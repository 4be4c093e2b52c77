/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statement: the certified statement of SPEC 13.4: what a certifier signs of a bundle and its verdict, at most 500 bytes, so that it stands in
 * one QR. Encoding and decoding live together. Not here: whether it is true (certificate.h), and signing (whoever has the key).
 */
#ifndef UNBROKEN_VERIFY_STATEMENT_H
#define UNBROKEN_VERIFY_STATEMENT_H

#include "verify/act.h"

enum { STATEMENT_BYTES_MAX = 500, STATEMENT_ASKED_MAX = 8, TEMPLATE_BYTES_MAX = 24, STATEMENT_NUMBER_BYTES = 20 };

/* Views borrow what it was decoded or made from. */
struct statement {
    struct hash ledger;
    struct view origin; /* of the founding, without training and ledger-id */
    bool training;
    uint64_t size;
    struct hash root;
    uint8_t log_id[4]; /* the station's line of the note */
    uint8_t log_signature[SIGNATURE_BYTES];
    struct hash bundle; /* whole-file check of the bundle */
    struct hash policy;
    unsigned status; /* 0 or 3 */
    uint64_t breaches, findings, withheld, asked_count;
    size_t asked_shown;
    uint64_t asked[STATEMENT_ASKED_MAX]; /* the first asked_shown of the bundle's asked */
    uint64_t records;
    uint64_t made_s; /* the certifier's word */
    int offset_min;
    struct view template; /* a name of a template, 1 to TEMPLATE_BYTES_MAX bytes */
    struct signer certifier;
};

/* A decoded statement with its signature. */
struct signed_statement {
    struct statement statement;
    struct view bytes;   /* all of it: what the number is made of */
    struct view header;  /* sig-header bytes */
    struct view payload;
    int algorithm;
    struct hash kid;
    uint8_t signature[SIGNATURE_BYTES];
};

/*
 * The payload, with as many of the asked subjects as leave the whole within STATEMENT_BYTES_MAX. Errors: STATUS_REFUSED (too long even
 * with one, or a template's name that is none), STATUS_MEMORY.
 */
MUST_USE enum status statement_encode(const struct statement *statement, struct buffer *payload, struct fault *fault);
/* What the certifier signs: the Sig_structure of RFC 9052 4.4, "Signature1". The header is sig_header_encode's (act.h). */
void statement_to_sign(struct view header, struct view payload, struct buffer *out);
/* The COSE_Sign1 around both. */
void statement_seal(struct view header, struct view payload, const uint8_t signature[SIGNATURE_BYTES], struct buffer *out);
/* Errors: STATUS_DAMAGED, fault->at = byte offset in its layer. */
MUST_USE enum status statement_decode(struct view bytes, struct signed_statement *out, struct fault *fault);
/* "XXXX-XXXX-XXXX-XXXX" and a NUL: the certificate's number, of the bytes of the signed statement. */
void statement_number(struct hasher *hasher, struct view bytes, char out[STATEMENT_NUMBER_BYTES]);
/* Appends the checkpoint that it shows, with the station's line alone. */
void statement_note(const struct statement *statement, struct buffer *out);

#endif
