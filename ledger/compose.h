/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose: making an act: entries, facts and details in; payload, sheets, disclosures and signatures out. And the draft file in which
 * an unsigned or half-signed act travels between its signers.
 */
#ifndef UNBROKEN_LEDGER_COMPOSE_H
#define UNBROKEN_LEDGER_COMPOSE_H

#include "ledger/ledger.h"
#include "ledger/secret.h"

/* One act being made. Owns copies of everything put in. */
struct composer;

MUST_USE enum status composer_open(struct hasher *hasher, enum kind kind, struct composer **out, struct fault *fault);
void composer_close(struct composer *composer); /* accepts NULL */
/*
 * The act itself, for the caller to fill: present bits and members (ledger, claimed, seen, signers, parties, code ...), except entries, sheets
 * and nonce (random, set by open). Views put into it must stay alive until composer_finish.
 */
struct act *composer_act(struct composer *composer);
/* A new entry; facts are copied (the seals' encoded views are kept by reference). Entries may come in any order. NULL: 512 are there. */
struct entry *composer_entry(struct composer *composer, uint64_t subject, enum role role);
/* A detail of that subject, or of the act as a whole (NOTHING). Ordinals follow the order of calls. The value is copied. */
void composer_detail(struct composer *composer, uint64_t subject, uint64_t name, const struct value *value);
void composer_text(struct composer *composer, uint64_t subject, uint64_t name, const char *text);
/* A file: its bytes travel as attachment, the detail holds its hash, length and media type. Copied. */
void composer_file(struct composer *composer, uint64_t subject, uint64_t name, struct view bytes, const char *media_type);

/* A finished act: payload, sheets, disclosures, attachments; signatures as they come. Owned. */
struct draft {
    struct buffer payload;
    struct buffer *sheets, *disclosures, *attachments;
    size_t sheet_count, disclosure_count, attachment_count;
    size_t signer_count;
    bool is_signed[ACT_SIGNERS_MAX];
    uint8_t headers[ACT_SIGNERS_MAX][64]; /* sig-header bytes */
    size_t header_len[ACT_SIGNERS_MAX];
    uint8_t signatures[ACT_SIGNERS_MAX][SIGNATURE_BYTES];
    /* The key that each signer held when the draft was made: which slot is whose, far from the ledger. Not signed, and no proof. */
    bool has_kid[ACT_SIGNERS_MAX];
    struct hash kids[ACT_SIGNERS_MAX];
};

/* Sorts entries, makes salts, digests, sheets and the payload. Errors: STATUS_MEMORY, STATUS_REFUSED (too large: the text says what and the limit). */
MUST_USE enum status composer_finish(struct composer *composer, struct draft *out, struct fault *fault);
void draft_free(struct draft *draft);

/* Signs as signer number i. */
MUST_USE enum status draft_sign(struct hasher *hasher, struct draft *draft, size_t i, const struct secret *secret,
                                struct fault *fault);
bool draft_complete(const struct draft *draft);
/* Takes over the signatures that `from`, another copy of the same act, has more. False: it is another act. */
bool draft_merge(struct draft *into, const struct draft *from);
/* Builds the act; views in *out borrow the draft and *act (caller frees act and *parts with free). */
MUST_USE enum status draft_submission(const struct draft *draft, struct buffer *act, struct view **parts,
                                      struct submission *out, struct fault *fault);

/*
 * The draft file: deterministic CBOR
 *   [ "unbroken draft/2", ledger: hash, [+ [ payload: bytes, [* bytes sheet], [* bytes disclosure], [* bytes attachment],
 *     [* [ signer: num, header: bytes, signature: bytes .size 64 ]], [+ kid: hash / null] ]], check: hash ]
 * Several acts (batches of one command) travel in one file.
 */
MUST_USE enum status draft_file_encode(struct hasher *hasher, const struct hash *ledger, const struct draft *drafts,
                                       size_t count, struct buffer *out, struct fault *fault);
MUST_USE enum status draft_file_decode(struct hasher *hasher, struct view file, struct hash *ledger,
                                       struct draft **drafts, size_t *count, struct fault *fault);

#endif
