/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acts: the table of acts itself. Not here: what the rules do with it (rules.c).
 */
#include "verify/acts.h"

#include <string.h>

#define THINGS (BIT(TYPE_ITEM) | BIT(TYPE_CONTAINER))
#define ALL_TYPES (THINGS | BIT(TYPE_LEDGER) | BIT(TYPE_PERSON) | BIT(TYPE_PLACE) | BIT(TYPE_CASE))
#define ROLE0 BIT(ROLE_SUBJECT)
#define HELD BIT(THING_HELD)
#define OPEN_STATES (BIT(THING_UNUSED) | HELD | BIT(THING_TRANSIT) | BIT(THING_OUT))
#define ANY_STATE (OPEN_STATES | BIT(THING_CLOSED))

#define OFFICER BIT(OFFICE_OFFICER)
#define CUSTODIAN BIT(OFFICE_CUSTODIAN)
#define PROSECUTOR BIT(OFFICE_PROSECUTOR)
#define COURT BIT(OFFICE_COURT)
#define EXPERT BIT(OFFICE_EXPERT)
#define REGISTRAR BIT(OFFICE_REGISTRAR)
#define ANY_OFFICE 0

#define SLOT(offices, relation) { true, (offices), RELATION_##relation }
#define REGISTER_ACT(k, n, t, mp, yp, mf, yf) \
    { .kind = (k), .name = (n), .authority = true, .types = (t), .roles = ROLE0, \
      .must_payload = (mp), .may_payload = (yp), .must_facts = (mf), .may_facts = (yf) }

static const struct act_rule table[KIND_COUNT] = {
    [KIND_FOUND] = { .kind = KIND_FOUND, .name = "found", .types = BIT(TYPE_LEDGER) | BIT(TYPE_PERSON), .roles = ROLE0,
        .must_payload = BIT(PAY_FOUNDING), .must_facts = BIT(FACT_TYPE), .may_facts = BIT(FACT_KEY) | BIT(FACT_OFFICE) },
    [KIND_ENROL] = REGISTER_ACT(KIND_ENROL, "enrol", BIT(TYPE_PERSON), 0, 0,
        BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE), 0),
    [KIND_APPOINT] = REGISTER_ACT(KIND_APPOINT, "appoint", BIT(TYPE_PERSON), 0, 0, BIT(FACT_OFFICE), 0),
    [KIND_END] = REGISTER_ACT(KIND_END, "end", BIT(TYPE_PERSON), 0, 0, BIT(FACT_OFFICE), 0),
    [KIND_REKEY] = REGISTER_ACT(KIND_REKEY, "rekey", BIT(TYPE_PERSON), 0, 0, BIT(FACT_KEY), BIT(FACT_DOUBTED)),
    [KIND_REVOKE] = REGISTER_ACT(KIND_REVOKE, "revoke", BIT(TYPE_PERSON), 0, 0, 0, BIT(FACT_DOUBTED)),
    [KIND_STATION_KEY] = REGISTER_ACT(KIND_STATION_KEY, "station key", BIT(TYPE_LEDGER), 0, 0, BIT(FACT_STATION), 0),
    [KIND_CLOCK] = REGISTER_ACT(KIND_CLOCK, "clock", BIT(TYPE_LEDGER), BIT(PAY_CLOCK), 0, 0, 0),
    [KIND_PLACE] = { .kind = KIND_PLACE, .name = "place", .slots = { SLOT(CUSTODIAN | REGISTRAR, NONE) },
        .types = BIT(TYPE_PLACE), .roles = ROLE0, .may_payload = BIT(PAY_PLACE), .must_facts = BIT(FACT_TYPE),
        .must_details = { NAME_PLACE } },
    [KIND_OPEN_CASE] = { .kind = KIND_OPEN_CASE, .name = "open case", .slots = { SLOT(PROSECUTOR | OFFICER, NONE) },
        .types = BIT(TYPE_CASE), .roles = ROLE0, .may_payload = BIT(PAY_FOREIGN), .must_facts = BIT(FACT_TYPE),
        .must_details = { NAME_DOCKET, NAME_LAW } },
    [KIND_ALLOT] = { .kind = KIND_ALLOT, .name = "allot", .slots = { SLOT(OFFICER | CUSTODIAN, NONE) },
        .types = THINGS, .roles = ROLE0, .after = THING_UNUSED, .must_facts = BIT(FACT_TYPE) },
    [KIND_VOID] = { .kind = KIND_VOID, .name = "void", .slots = { SLOT(OFFICER | CUSTODIAN, NONE), SLOT(ANY_OFFICE, OTHER) },
        .types = THINGS, .roles = ROLE0, .before = BIT(THING_UNUSED), .after = THING_CLOSED,
        .must_payload = BIT(PAY_CODE) },
    [KIND_SEIZE] = { .kind = KIND_SEIZE, .name = "seize", .slots = { SLOT(OFFICER, NONE), SLOT(ANY_OFFICE, ANOTHER) },
        .types = BIT(TYPE_CASE), .roles = ROLE0, .may_payload = BIT(PAY_PLACE),
        .must_details = { NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE, NAME_AUTHORITY } },
    [KIND_REGISTER] = { .kind = KIND_REGISTER, .name = "register", .slots = { SLOT(OFFICER, NONE) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CASE), .before = BIT(THING_UNUSED), .after = THING_HELD,
        .may_payload = BIT(PAY_PLACE) | BIT(PAY_FOREIGN), .must_facts = BIT(FACT_CASE),
        .may_facts = BIT(FACT_PIECES) | BIT(FACT_NET) },
    [KIND_MOVE] = { .kind = KIND_MOVE, .name = "move", .slots = { SLOT(PROSECUTOR, NONE) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CASE) | BIT(ROLE_FORMER_CASE),
        .before = HELD | BIT(THING_TRANSIT) | BIT(THING_OUT), .after = THING_SAME, .must_facts = BIT(FACT_CASE),
        .must_details = { NAME_ORDER } },
    [KIND_PACK] = { .kind = KIND_PACK, .name = "pack", .moves = true, .slots = { SLOT(ANY_OFFICE, HOLDER) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CONTAINER), .before = HELD, .after = THING_SAME },
    [KIND_UNPACK] = { .kind = KIND_UNPACK, .name = "unpack", .moves = true, .slots = { SLOT(ANY_OFFICE, HOLDER) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CONTAINER), .before = HELD, .after = THING_SAME },
    [KIND_SEAL] = { .kind = KIND_SEAL, .name = "seal", .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, ANOTHER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_facts = BIT(FACT_PUT_ON),
        .may_facts = BIT(FACT_FOUND) },
    [KIND_UNSEAL] = { .kind = KIND_UNSEAL, .name = "unseal", .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, ANOTHER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_payload = BIT(PAY_CODE),
        .must_facts = BIT(FACT_FOUND) | BIT(FACT_REMOVED) },
    [KIND_RESEAL] = { .kind = KIND_RESEAL, .name = "reseal", .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, ANOTHER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_payload = BIT(PAY_CODE),
        .must_facts = BIT(FACT_FOUND) | BIT(FACT_REMOVED) | BIT(FACT_PUT_ON) },
    [KIND_RELEASE] = { .kind = KIND_RELEASE, .name = "release", .moves = true, .slots = { SLOT(ANY_OFFICE, HOLDER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_TRANSIT,
        .must_payload = BIT(PAY_TO) | BIT(PAY_CODE), .may_payload = BIT(PAY_FROM) | BIT(PAY_DUE) | BIT(PAY_FOREIGN),
        .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND) },
    [KIND_ACCEPT] = { .kind = KIND_ACCEPT, .name = "accept", .moves = true, .slots = { SLOT(ANY_OFFICE, RECEIVER) },
        .types = THINGS, .roles = ROLE0, .before = BIT(THING_TRANSIT), .after = THING_HELD,
        .must_payload = BIT(PAY_ANSWERS) | BIT(PAY_CODE),
        .may_payload = BIT(PAY_FROM) | BIT(PAY_PLACE) | BIT(PAY_FOREIGN),
        .may_facts = BIT(FACT_PIECES) | BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET) | BIT(FACT_FOUND) },
    [KIND_REFUSE] = { .kind = KIND_REFUSE, .name = "refuse", .moves = true, .slots = { SLOT(ANY_OFFICE, RECEIVER) },
        .types = THINGS, .roles = ROLE0, .before = BIT(THING_TRANSIT), .after = THING_HELD,
        .must_payload = BIT(PAY_ANSWERS) | BIT(PAY_CODE), .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND) },
    [KIND_WITHDRAW] = { .kind = KIND_WITHDRAW, .name = "withdraw", .moves = true,
        .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, OTHER) }, .types = THINGS, .roles = ROLE0,
        .before = BIT(THING_TRANSIT), .after = THING_HELD, .must_payload = BIT(PAY_ANSWERS) | BIT(PAY_CODE) },
    [KIND_HANDOUT] = { .kind = KIND_HANDOUT, .name = "hand out", .moves = true,
        .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, ANOTHER) }, .types = THINGS, .roles = ROLE0,
        .before = HELD, .after = THING_OUT, .must_payload = BIT(PAY_CODE),
        .may_payload = BIT(PAY_TO) | BIT(PAY_DUE) | BIT(PAY_FOREIGN), .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND),
        .must_details = { NAME_COUNTERPARTY, NAME_RECEIPT } },
    [KIND_TAKEBACK] = { .kind = KIND_TAKEBACK, .name = "take back", .moves = true,
        .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, ANOTHER) }, .types = THINGS, .roles = ROLE0,
        .before = BIT(THING_OUT), .after = THING_HELD,
        .may_payload = BIT(PAY_FROM) | BIT(PAY_PLACE) | BIT(PAY_FOREIGN),
        .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND), .must_details = { NAME_COUNTERPARTY, NAME_RECEIPT } },
    [KIND_SHELVE] = { .kind = KIND_SHELVE, .name = "shelve", .slots = { SLOT(CUSTODIAN, HOLDER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_payload = BIT(PAY_PLACE) },
    [KIND_STOCKTAKE] = { .kind = KIND_STOCKTAKE, .name = "stocktake",
        .slots = { SLOT(ANY_OFFICE, OUTSIDE), SLOT(CUSTODIAN, NONE) }, .types = THINGS, .roles = ROLE0,
        .before = ANY_STATE, .after = THING_SAME, .must_payload = BIT(PAY_PLACE), .must_facts = BIT(FACT_OUTCOME),
        .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND) },
    [KIND_WEIGH] = { .kind = KIND_WEIGH, .name = "weigh", .slots = { SLOT(ANY_OFFICE, HOLDER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_facts = BIT(FACT_NET),
        .may_facts = BIT(FACT_GROSS) | BIT(FACT_TARE), .must_details = { NAME_SCALE } },
    [KIND_EXAMINE] = { .kind = KIND_EXAMINE, .name = "examine", .slots = { SLOT(ANY_OFFICE, HOLDER) },
        .types = THINGS, .roles = ROLE0, .before = HELD, .after = THING_SAME, .must_details = { NAME_FINDING } },
    [KIND_IDENTIFY] = { .kind = KIND_IDENTIFY, .name = "identify", .slots = { SLOT(EXPERT, NONE) },
        .types = THINGS, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME, .must_payload = BIT(PAY_CODE),
        .must_details = { NAME_IDENTIFICATION } },
    [KIND_SAMPLE] = { .kind = KIND_SAMPLE, .name = "sample",
        .slots = { SLOT(EXPERT | OFFICER, HOLDER), SLOT(ANY_OFFICE, ANOTHER) }, .moves = true,
        .roles = BIT(ROLE_PARENT) | BIT(ROLE_CHILD) | BIT(ROLE_CASE), .before = HELD, .after = THING_SAME },
    [KIND_SPLIT] = { .kind = KIND_SPLIT, .name = "split", .slots = { SLOT(ANY_OFFICE, HOLDER) }, .moves = true,
        .roles = BIT(ROLE_PARENT) | BIT(ROLE_CHILD) | BIT(ROLE_CASE), .before = HELD, .after = THING_SAME },
    [KIND_ANIMAL] = { .kind = KIND_ANIMAL, .name = "animal", .slots = { SLOT(ANY_OFFICE, CARE) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CHILD) | BIT(ROLE_CASE), .before = HELD, .after = THING_SAME,
        .must_payload = BIT(PAY_CODE), .may_facts = BIT(FACT_PIECES) },
    [KIND_CONSUME] = { .kind = KIND_CONSUME, .name = "consume", .moves = true,
        .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, OTHER) }, .types = THINGS,
        .roles = ROLE0 | BIT(ROLE_CASE), .before = HELD, .after = THING_CLOSED, .must_payload = BIT(PAY_CODE) },
    [KIND_DISPOSE] = { .kind = KIND_DISPOSE, .name = "dispose", .moves = true,
        .slots = { SLOT(ANY_OFFICE, HOLDER), SLOT(ANY_OFFICE, OTHER), SLOT(PROSECUTOR | COURT, NONE) },
        .types = THINGS, .roles = ROLE0 | BIT(ROLE_CASE), .before = HELD, .after = THING_CLOSED,
        .must_payload = BIT(PAY_CODE), .may_facts = BIT(FACT_PIECES) | BIT(FACT_FOUND),
        .must_details = { NAME_ORDER, NAME_WITNESS } },
    [KIND_ATTACH] = { .kind = KIND_ATTACH, .name = "attach", .slots = { SLOT(ANY_OFFICE, NONE) },
        .types = ALL_TYPES, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME,
        .may_payload = BIT(PAY_FOREIGN), .must_details = { NAME_ATTACHMENT } },
    [KIND_NOTE] = { .kind = KIND_NOTE, .name = "note", .slots = { SLOT(ANY_OFFICE, NONE) },
        .types = ALL_TYPES, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME,
        .may_payload = BIT(PAY_FOREIGN), .must_details = { NAME_NOTE } },
    [KIND_LABEL] = { .kind = KIND_LABEL, .name = "label", .slots = { SLOT(ANY_OFFICE, NONE) },
        .types = THINGS, .roles = ROLE0, .before = OPEN_STATES, .after = THING_SAME, .must_facts = BIT(FACT_PRINT) },
    [KIND_DISCLOSE] = { .kind = KIND_DISCLOSE, .name = "disclose", .slots = { SLOT(ANY_OFFICE, NONE) },
        .types = ALL_TYPES, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME,
        .must_details = { NAME_RECIPIENT, NAME_DISCLOSED } },
    [KIND_CORRECT] = { .kind = KIND_CORRECT, .name = "correct",
        .slots = { SLOT(ANY_OFFICE, AUTHOR), SLOT(ANY_OFFICE, OTHER) }, .types = ALL_TYPES, .roles = ROLE0,
        .before = ANY_STATE, .after = THING_SAME, .must_payload = BIT(PAY_AMENDS), .must_details = { NAME_REASON } },
    [KIND_SAME_AS] = { .kind = KIND_SAME_AS, .name = "same as",
        .slots = { SLOT(ANY_OFFICE, NONE), SLOT(ANY_OFFICE, OTHER) }, .types = THINGS, .roles = ROLE0,
        .before = ANY_STATE, .after = THING_SAME, .must_details = { NAME_REASON } },
    [KIND_LODGE] = { .kind = KIND_LODGE, .name = "lodge", .slots = { SLOT(CUSTODIAN, NONE) },
        .types = THINGS, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME,
        .must_payload = BIT(PAY_ANSWERS) | BIT(PAY_FROM), .must_details = { NAME_ORPHAN } },
    [KIND_ADOPT] = { .kind = KIND_ADOPT, .name = "adopt", .slots = { SLOT(ANY_OFFICE, NONE), SLOT(ANY_OFFICE, OTHER) },
        .types = THINGS, .roles = ROLE0, .before = OPEN_STATES, .after = THING_SAME,
        .must_payload = BIT(PAY_ANSWERS), .must_details = { NAME_REASON } },
    [KIND_ORDER] = { .kind = KIND_ORDER, .name = "order", .slots = { SLOT(PROSECUTOR | COURT, NONE) },
        .types = ALL_TYPES, .roles = ROLE0, .before = ANY_STATE, .after = THING_SAME, .must_facts = BIT(FACT_NAMES),
        .must_details = { NAME_ORDER } },
    [KIND_ERASE] = { .kind = KIND_ERASE, .name = "erase", .authority = true, .types = ALL_TYPES, .roles = ROLE0,
        .before = ANY_STATE, .after = THING_SAME, .must_payload = BIT(PAY_AMENDS), .must_facts = BIT(FACT_NAMES),
        .must_details = { NAME_ORDER } },
};

const struct act_rule *act_rule(unsigned kind)
{
    return kind < KIND_COUNT ? &table[kind] : NULL;
}

const struct act_rule *act_rule_named(struct view name)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (view_equal(name, view_text(table[i].name))) {
            return &table[i];
        }
    }
    return NULL;
}

uint32_t act_role_facts(enum role role)
{
    switch (role) {
    case ROLE_PARENT:
        return BIT(FACT_PIECES) | BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET);
    case ROLE_CHILD:
        return BIT(FACT_PIECES) | BIT(FACT_NET);
    default:
        return 0;
    }
}
