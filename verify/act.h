/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act: one handling of evidence as its signers signed it (SPEC 4, `act` and `payload`). Decoding and
 * encoding of one message live together. Not here: whether the act is right (authority.c, rules.c).
 */
#ifndef UNBROKEN_VERIFY_ACT_H
#define UNBROKEN_VERIFY_ACT_H

#include "verify/acts.h"
#include "verify/hash.h"
#include "verify/key.h"
#include "verify/reader.h"

enum { ACT_SIGNERS_MAX = 16, ACT_ENTRIES_MAX = 512, SEALS_MAX = 16, SEAL_BYTES_MAX = 64, NONCE_BYTES = 16,
       FACT_NAMES_MAX = 64 };

#define NUM_MAX UINT64_C(9007199254740991)

struct signer {
    uint64_t person;
    uint64_t appointment;
    uint64_t capacity;
};

/* A member that is null in the bytes has has_... false. */
struct party {
    bool has_person, has_office, has_place;
    uint64_t person, office, place;
};

/* Facts: `present` is a mask of BIT(FACT_...); other members mean something only where their bit is set. */
struct facts {
    uint32_t present;
    unsigned type;
    uint64_t of_case;
    uint64_t pieces;
    uint64_t gross_mg, tare_mg, net_mg;
    struct view found, removed, put_on; /* the CBOR arrays as encoded; read with seals_read */
    uint64_t outcome;
    struct public_key key;
    uint64_t office;
    uint64_t doubted;
    uint64_t print;
    uint8_t station[ED25519_BYTES];
    struct view names; /* the CBOR array as encoded; read with names_read */
};

struct entry {
    uint64_t subject;
    enum role role;
    struct facts facts;
    bool has_sheet;
    struct hash sheet;
};

struct foreign {
    struct hash ledger;
    uint64_t size;
    struct hash root;
    bool has_subject, has_act;
    uint64_t subject;
    struct hash act;
};

struct founding {
    struct view origin; /* "kh-pp.example/custody" */
    struct view code;   /* "KHPP" */
    bool training;
    uint64_t threshold;
    uint8_t station[ED25519_BYTES];
    bool has_succeeds;
    struct foreign succeeds;
};

struct act_signature {
    struct view header; /* bytes of the sig-header */
    int algorithm;
    struct hash kid;
    uint8_t value[SIGNATURE_BYTES];
};

/*
 * About 150 kB: allocate it once and use it again. Borrows the bytes it was decoded from.
 * `present` is a mask of BIT(PAY_...).
 */
struct act {
    struct view bytes;   /* the whole act */
    struct view payload; /* what the act-id and the signatures cover */
    uint32_t present;
    struct hash ledger;
    unsigned kind;
    uint8_t nonce[NONCE_BYTES];
    uint64_t claimed_s;
    int offset_min;
    uint64_t seen_size;
    struct hash seen_root;
    size_t signer_count;
    struct signer signers[ACT_SIGNERS_MAX];
    size_t entry_count;
    struct entry entries[ACT_ENTRIES_MAX];
    struct party from, to;
    struct hash answers;
    uint64_t amends_index;
    struct hash amends_hash;
    uint64_t place;
    uint64_t code;
    struct hash sheet;
    struct founding founding;
    struct foreign foreign;
    uint64_t clock_old_s, clock_new_s;
    uint64_t due_s;
    size_t signature_count; /* 0 after payload_decode */
    struct act_signature signatures[ACT_SIGNERS_MAX];
};

/*
 * Decodes an act with all its layers (act, sig-headers, payload), each scanned by strict_check, and every
 * rule of the CDDL and of SPEC 4: bounds, ascending and distinct entries, seals and names; key 1 and 5
 * absent together (they are absent exactly in kind 0). The number of signatures must be that of the signers.
 * Errors: STATUS_DAMAGED, fault->at = byte offset in the layer, text names the layer and the rule.
 */
MUST_USE enum status act_decode(struct view bytes, struct act *out, struct fault *fault);
/* The payload alone (a draft not yet signed by all). */
MUST_USE enum status payload_decode(struct view payload, struct act *out, struct fault *fault);

/* Deterministic CBOR of the payload, from every member above but bytes, payload and the signatures. */
void payload_encode(const struct act *act, struct buffer *out);
/* sig-header { 1: algorithm, 4: kid } */
void sig_header_encode(int algorithm, const struct hash *kid, struct buffer *out);
/* The Sig_structure of RFC 9052 4.4 that a signer signs (SPEC 2.4). */
void signed_bytes(struct view header, struct view payload, struct buffer *out);
/* The COSE_Sign: signatures[i].header and value in order of the signers. */
void act_encode(struct view payload, const struct act_signature *signatures, size_t count, struct buffer *out);
/* act-id (SPEC 2.3) */
void act_id(struct hasher *hasher, struct view payload, struct hash *out);

/* A set of seal numbers; borrows. */
struct seals {
    size_t count;
    struct view numbers[SEALS_MAX];
};

/* From the encoded array of a decoded act (asserts that it is well-formed). */
void seals_read(struct view encoded, struct seals *out);
/* Sorts bytewise, refuses duplicates (false), encodes. */
bool seals_encode(struct seals *seals, struct buffer *out);
/* fact 15 */
size_t names_read(struct view encoded, uint64_t names[FACT_NAMES_MAX]);
void names_encode(const uint64_t *names, size_t count, struct buffer *out); /* ascending, asserted */

#endif
