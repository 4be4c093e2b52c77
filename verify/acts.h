/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acts: the table of acts of SPEC 7.2, the codes of SPEC 5 and the names of details of SPEC 5.4.
 * One table, read by the recorder and the verifier alike and printed into SPEC.md and by `unbroken acts`.
 */
#ifndef UNBROKEN_VERIFY_ACTS_H
#define UNBROKEN_VERIFY_ACTS_H

#include "verify/bytes.h"

enum subject_type {
    TYPE_NONE = 0, TYPE_LEDGER = 1, TYPE_PERSON = 2, TYPE_PLACE = 3, TYPE_CASE = 4, TYPE_ITEM = 5, TYPE_CONTAINER = 6
};

enum office {
    OFFICE_NONE = 0, OFFICE_REGISTRAR = 1, OFFICE_OFFICER = 2, OFFICE_CUSTODIAN = 3, OFFICE_EXPERT = 4,
    OFFICE_CARER = 5, OFFICE_CARRIER = 6, OFFICE_PROSECUTOR = 7, OFFICE_COURT = 8, OFFICE_COUNT = 9
};

enum role {
    ROLE_SUBJECT = 0, ROLE_CASE = 1, ROLE_CONTAINER = 2, ROLE_PARENT = 3, ROLE_CHILD = 4, ROLE_FORMER_CASE = 5,
    ROLE_COUNT = 6
};

enum kind {
    KIND_FOUND = 0, KIND_ENROL = 1, KIND_APPOINT = 2, KIND_END = 3, KIND_REKEY = 4, KIND_REVOKE = 5,
    KIND_STATION_KEY = 6, KIND_CLOCK = 7, KIND_PLACE = 8, KIND_OPEN_CASE = 9, KIND_ALLOT = 10, KIND_VOID = 11,
    KIND_SEIZE = 12, KIND_REGISTER = 13, KIND_MOVE = 14, KIND_PACK = 15, KIND_UNPACK = 16, KIND_SEAL = 17,
    KIND_UNSEAL = 18, KIND_RESEAL = 19, KIND_RELEASE = 20, KIND_ACCEPT = 21, KIND_REFUSE = 22, KIND_WITHDRAW = 23,
    KIND_HANDOUT = 24, KIND_TAKEBACK = 25, KIND_SHELVE = 26, KIND_STOCKTAKE = 27, KIND_WEIGH = 28,
    KIND_EXAMINE = 29, KIND_IDENTIFY = 30, KIND_SAMPLE = 31, KIND_SPLIT = 32, KIND_ANIMAL = 33, KIND_CONSUME = 34,
    KIND_DISPOSE = 35, KIND_ATTACH = 36, KIND_NOTE = 37, KIND_LABEL = 38, KIND_DISCLOSE = 39, KIND_CORRECT = 40,
    KIND_SAME_AS = 41, KIND_LODGE = 42, KIND_ADOPT = 43, KIND_ORDER = 44, KIND_ERASE = 45, KIND_COUNT = 46
};

/* States of a thing (SPEC 7.1). In a rule they are a mask of BIT(state). */
enum thing_state {
    THING_NONE = 0, THING_UNUSED = 1, THING_HELD = 2, THING_TRANSIT = 3, THING_OUT = 4, THING_CLOSED = 5,
    THING_SAME = 6 /* as "after": unchanged */
};

/* Payload keys and facts by number (SPEC 4). */
enum { PAY_LEDGER = 1, PAY_KIND = 2, PAY_NONCE = 3, PAY_CLAIMED = 4, PAY_SEEN = 5, PAY_SIGNERS = 6, PAY_ENTRIES = 7,
       PAY_FROM = 8, PAY_TO = 9, PAY_ANSWERS = 10, PAY_AMENDS = 11, PAY_PLACE = 12, PAY_CODE = 13, PAY_SHEET = 14,
       PAY_FOUNDING = 15, PAY_FOREIGN = 16, PAY_CLOCK = 17, PAY_OFFLINE = 18, PAY_DEVIATION = 19, PAY_DUE = 20,
       PAY_COUNT = 21 };
enum { FACT_TYPE = 0, FACT_CASE = 1, FACT_PIECES = 2, FACT_GROSS = 3, FACT_TARE = 4, FACT_NET = 5, FACT_FOUND = 6,
       FACT_REMOVED = 7, FACT_PUT_ON = 8, FACT_OUTCOME = 9, FACT_KEY = 10, FACT_OFFICE = 11, FACT_DOUBTED = 12,
       FACT_PRINT = 13, FACT_STATION = 14, FACT_NAMES = 15, FACT_COUNT = 16 };

enum relation {
    RELATION_NONE = 0,   /* the office is enough */
    RELATION_HOLDER,     /* holds every thing of role 0, 2 or 3 */
    RELATION_RECEIVER,   /* named by the open release, and did not sign it first */
    RELATION_AUTHOR,     /* signed the amended record, or has the capacity of its first signer */
    RELATION_OUTSIDE,    /* outside the chain of what is counted */
    RELATION_CARE,       /* a carer, or the holder */
    RELATION_OTHER,      /* another capacity than the first signer's */
    RELATION_ANOTHER     /* any other person */
};

#define BIT(n) (1u << (n))

struct act_slot {
    bool used;
    uint16_t offices; /* mask of BIT(office); 0 = any */
    enum relation relation;
};

enum { ACT_SLOTS = 3, ACT_DETAILS = 3 };

struct act_rule {
    enum kind kind;
    const char *name;        /* as in SPEC.md, on paper and in messages */
    bool authority;          /* needs the threshold of registrars (SPEC 6.5) */
    bool moves;              /* moves custody: M */
    struct act_slot slots[ACT_SLOTS];
    uint16_t types;          /* of role-0 entries: mask of BIT(subject_type) */
    uint16_t roles;          /* allowed roles: mask of BIT(role) */
    uint16_t before;         /* mask of BIT(thing_state) for things in the main role; 0: no rule */
    enum thing_state after;
    uint32_t must_payload, may_payload; /* beyond keys 1-7, 14, 18, 19 */
    uint32_t must_facts, may_facts;     /* of role-0 entries */
    uint16_t must_details[ACT_DETAILS]; /* 0: none */
};

/* NULL for a kind that version 1 does not know. */
const struct act_rule *act_rule(unsigned kind);
/* The act whose name this is, or NULL. */
const struct act_rule *act_rule_named(struct view name);

/* Facts that an entry of a role other than 0 may state: mask. */
uint32_t act_role_facts(enum role role);

/* English words for codes; never NULL: unknown codes give "office 77" in no buffer, so they give "unknown". */
const char *office_name(unsigned office);
const char *type_name(unsigned type);
const char *role_name(unsigned role);
const char *state_name(enum thing_state state);
const char *relation_name(enum relation relation);
/* Fact 9 of a stock-take (SPEC 5.3). */
const char *outcome_name(uint64_t outcome);
/* The word for payload key 13 in this kind of act, "" when the kind has none or the code is unknown. */
const char *code_name(unsigned kind, uint64_t code);
/* The code for that word, or -1. */
int code_number(unsigned kind, struct view word);
/* The office of that name, or OFFICE_NONE. */
enum office office_number(struct view word);

/* Details. */
enum detail_type { DETAIL_TEXT, DETAIL_INT, DETAIL_BYTES, DETAIL_FILE };

struct detail_name {
    uint16_t number;
    enum detail_type type;
    const char *name; /* "seizure-time" */
};

const struct detail_name *detail_names(size_t *count);
/* NULL when unknown. */
const struct detail_name *detail_by_number(uint64_t number);
const struct detail_name *detail_by_name(struct view name);

enum {
    NAME_NOTE = 1, NAME_REMARKS = 2, NAME_REASON = 3, NAME_DESCRIPTION = 4, NAME_ATTACHMENT = 5, NAME_DOCUMENT = 7,
    NAME_RECEIPT = 8,
    NAME_AUTHORITY = 9, NAME_ORDER = 10, NAME_INITIALS = 11, NAME_PERSON = 20, NAME_AGENCY = 21, NAME_PLACE = 30, NAME_DOCKET = 40,
    NAME_LAW = 41, NAME_SEIZURE_TIME = 50, NAME_SEIZURE_PLACE = 51, NAME_OWNER = 62, NAME_WITNESS = 63, NAME_REF = 70,
    NAME_SPECIES = 72, NAME_SPECIMEN = 73, NAME_UNIT = 74, NAME_LENGTH = 75, NAME_MARKS = 77, NAME_CONDITION = 78,
    NAME_PACKAGE = 79, NAME_HAZARD = 81, NAME_LISTED_WEIGHT = 85, NAME_SCALE = 90, NAME_DRIFT = 92, NAME_COUNTERPARTY = 100,
    NAME_FINDING = 110, NAME_IDENTIFICATION = 112, NAME_MANNER = 130, NAME_RECIPIENT = 140,
    NAME_DISCLOSED = 141, NAME_PRINTER = 142, NAME_ORPHAN = 150, NAME_COSIGNED = 160, NAME_BEACON = 161
};

/* Appends the table of acts / of detail names as Markdown, as it stands in SPEC.md. */
void acts_markdown(struct buffer *out);
void details_markdown(struct buffer *out);

#endif
