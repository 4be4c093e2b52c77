/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe: an act in plain words: as JSON, and that JSON as lines for a person. One code for what is shown of a record
 * and for what a signer is shown of a draft.
 */
#ifndef UNBROKEN_CUSTODY_DESCRIBE_H
#define UNBROKEN_CUSTODY_DESCRIBE_H

#include <jansson.h>
#include <stdio.h>

#include "custody/session.h"

/* What belongs to an act beside its payload; borrows. */
struct describe_parts {
    const struct view *disclosures;
    size_t disclosure_count;
    const bool *is_signed; /* of each signer; NULL: all have signed */
};

/*
 * session->txn must be open, or session->ledger NULL (a draft far from its ledger; without an identity, subjects are numbers then).
 * NULL: out of memory.
 */
json_t *describe_act(struct session *session, const struct act *act, const struct describe_parts *parts);
/* The act that a lodging act keeps (describe_orphan.c); NULL: it is none, or the kept act is not disclosed. */
json_t *describe_orphan(struct session *session, const struct act *act, const struct describe_parts *parts);
/* Out becomes the word of the act's code (payload key 13); of a lodge and an adoption, the act that it keeps or takes over. */
void describe_code(struct session *session, uint64_t index, const struct act *act, struct buffer *out);
/* As value_print; but in the place of a kept act's bytes, which say nothing to a reader, how many they are. */
void describe_value(const struct disclosure *disclosure, struct buffer *out);
/* Lines for a person, escaped, indented by two spaces. */
void describe_print(const json_t *act, FILE *out);

/* Reads a record and describes it: {"record": N, "logged": TIME, "act": {...}} or for a heads record {"record", "logged", "heads": {...}}. */
MUST_USE enum status describe_record(struct session *session, uint64_t index, json_t **out, struct fault *fault);

/* Appends the first detail of that name of a subject in its opening record; "(erased)" or nothing when there is none. */
void describe_detail(struct session *session, uint64_t subject, uint64_t name, struct buffer *out);

/* Appends "KHPP-4-Y Sok Dara": a name without its person is asked for at once. */
void describe_person(struct session *session, uint64_t person, struct buffer *out);
/* Appends to whom: "KHPP-4-Y Sok Dara", "any custodian at KHPP-9-J". */
void describe_party(struct session *session, const struct party *party, struct buffer *out);
/* Appends the signers from number `from` on, with the offices in which they sign: "KHPP-4-Y Sok Dara, officer; ...". */
void describe_signers(struct session *session, const struct act *act, size_t from, struct buffer *out);

/* Appends the offices in force: "officer, custodian". */
void describe_offices(const struct person *person, struct buffer *out);
/* "first", "replaced", "revoked". */
const char *describe_key_state(const struct person *person);

/* Scratch for decoding a record and its act: one allocation for a whole listing. */
struct describe_scratch {
    struct record record;
    struct act act;
};
/* STATUS_MISSING when the record is no act. */
MUST_USE enum status describe_read(struct session *session, uint64_t index, struct describe_scratch *scratch,
                                   struct fault *fault);

#endif
