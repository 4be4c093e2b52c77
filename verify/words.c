/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words: English words for the codes of SPEC 5, and the tables of SPEC.md printed from the ones in acts.c and details.c.
 */
#include "verify/acts.h"

static const char *const offices[] = { "none", "registrar", "officer", "custodian", "expert",
                                       "carer", "carrier", "prosecutor", "court" };
static const char *const types[] = { "none", "ledger", "person", "place", "case", "item", "container" };
static const char *const roles[] = { "subject", "case", "container", "parent", "child", "former case" };
static const char *const states[] = { "none", "unused", "held", "in transit", "out", "closed", "same" };
static const char *const relations[] = { "", "holder", "receiver", "author", "outside", "carer or holder", "other",
                                         "another" };

static const char *const outcomes[] = { "none", "found", "found with seal intact", "not found", "not expected here" };

struct code_word {
    uint8_t code;
    const char *word;
};

#define LIST_END { 0, NULL }

static const struct code_word purposes[] = { { 1, "storage" }, { 2, "laboratory" }, { 3, "court" }, { 4, "return" },
    { 5, "disposal" }, { 6, "transport" }, { 7, "care" }, { 8, "examination" }, { 9, "other" }, LIST_END };
static const struct code_word modes[] = { { 1, "inventoried" }, { 2, "sealed" }, { 3, "discrepant" }, LIST_END };
static const struct code_word refusals[] = { { 1, "not present" }, { 2, "seal differs" }, { 3, "count differs" },
    { 4, "damaged" }, { 5, "wrong receiver" }, { 6, "misread" }, { 9, "other" }, LIST_END };
static const struct code_word openings[] = { { 1, "inspection" }, { 2, "examination" }, { 3, "weighing" },
    { 4, "sampling" }, { 5, "repacking" }, { 6, "court" }, { 7, "damaged on arrival" }, { 9, "other" }, LIST_END };
static const struct code_word voids[] = { { 1, "damaged" }, { 2, "lost" }, { 3, "misprinted" }, { 4, "not needed" },
    { 9, "other" }, LIST_END };
static const struct code_word identifications[] = { { 1, "presumptive" }, { 2, "confirmed" }, LIST_END };
static const struct code_word animals[] = { { 1, "condition" }, { 2, "birth" }, { 3, "death" }, { 4, "freed" }, LIST_END };
static const struct code_word manners[] = { { 1, "destroyed" }, { 2, "consumed in testing" }, { 3, "forfeited" },
    { 4, "returned to owner" }, { 5, "buried" }, { 9, "other" }, LIST_END };

static const struct code_word *codes_of(unsigned kind)
{
    switch (kind) {
    case KIND_RELEASE: case KIND_HANDOUT: return purposes;
    case KIND_ACCEPT: return modes;
    case KIND_REFUSE: case KIND_WITHDRAW: return refusals;
    case KIND_UNSEAL: case KIND_RESEAL: return openings;
    case KIND_VOID: return voids;
    case KIND_IDENTIFY: return identifications;
    case KIND_ANIMAL: return animals;
    case KIND_CONSUME: case KIND_DISPOSE: return manners;
    default: return NULL;
    }
}

const char *code_name(unsigned kind, uint64_t code)
{
    for (const struct code_word *w = codes_of(kind); w != NULL && w->word != NULL; w++) {
        if (w->code == code) {
            return w->word;
        }
    }
    return "";
}

int code_number(unsigned kind, struct view word)
{
    for (const struct code_word *w = codes_of(kind); w != NULL && w->word != NULL; w++) {
        if (view_equal(word, view_text(w->word))) {
            return w->code;
        }
    }
    return -1;
}

#define WORD_OF(list, n) ((n) < sizeof(list) / sizeof((list)[0]) ? (list)[n] : "unknown")

const char *office_name(unsigned office) { return WORD_OF(offices, office); }
const char *type_name(unsigned type) { return WORD_OF(types, type); }
const char *role_name(unsigned role) { return WORD_OF(roles, role); }
const char *state_name(enum thing_state state) { return WORD_OF(states, (size_t)state); }
const char *outcome_name(uint64_t outcome) { return WORD_OF(outcomes, outcome); }
const char *relation_name(enum relation relation) { return WORD_OF(relations, (size_t)relation); }

enum office office_number(struct view word)
{
    for (unsigned i = 1; i < OFFICE_COUNT; i++) {
        if (view_equal(word, view_text(offices[i]))) {
            return (enum office)i;
        }
    }
    return OFFICE_NONE;
}

/* Appends "a, b" for the set bits, or alternative when there is none. */
static void put_bits(struct buffer *out, uint32_t mask, const char *(*word)(unsigned), const char *prefix,
                     const char *separator)
{
    bool first = true;
    for (unsigned bit = 0; bit < 32; bit++) {
        if ((mask & BIT(bit)) == 0) {
            continue;
        }
        buffer_printf(out, "%s", first ? "" : separator);
        first = false;
        if (word != NULL) {
            buffer_printf(out, "%s%s", prefix, word(bit));
        } else {
            buffer_printf(out, "%s%u", prefix, bit);
        }
    }
}

static const char *state_word(unsigned state) { return state_name((enum thing_state)state); }

static void put_signers(struct buffer *out, const struct act_rule *rule)
{
    if (rule->authority) {
        buffer_printf(out, "threshold registrars%s", rule->kind == KIND_ENROL || rule->kind == KIND_REKEY ? " and the person" : "");
    }
    if (rule->kind == KIND_FOUND) {
        buffer_printf(out, "the founders");
    }
    for (size_t i = 0; i < ACT_SLOTS && rule->slots[i].used; i++) {
        const struct act_slot *slot = &rule->slots[i];
        buffer_printf(out, "%s", i == 0 ? "" : "; ");
        if (slot->offices == 0) {
            buffer_printf(out, "any");
        }
        put_bits(out, slot->offices, office_name, "", " or ");
        if (slot->relation != RELATION_NONE) {
            buffer_printf(out, ": %s", relation_name(slot->relation));
        }
    }
}

static void put_needs(struct buffer *out, uint32_t payload, uint32_t facts, const uint16_t *details)
{
    size_t start = out->len;
    put_bits(out, payload, NULL, "p", " ");
    buffer_printf(out, "%s", payload != 0 && facts != 0 ? " " : "");
    put_bits(out, facts, NULL, "f", " ");
    for (size_t i = 0; details != NULL && i < ACT_DETAILS && details[i] != 0; i++) {
        buffer_printf(out, "%sd `%s`", out->len > start ? " " : "", detail_by_number(details[i])->name);
    }
}

void acts_markdown(struct buffer *out)
{
    buffer_printf(out, "| kind | act | signers | roles | types of role 0 | before → after | must | may | M |\n"
                       "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        const struct act_rule *rule = act_rule(kind);
        buffer_printf(out, "| %u | %s | ", kind, rule->name);
        put_signers(out, rule);
        buffer_printf(out, " | ");
        put_bits(out, rule->roles, NULL, "", " ");
        buffer_printf(out, " | ");
        put_bits(out, rule->types, type_name, "", " ");
        buffer_printf(out, " | ");
        put_bits(out, rule->before, state_word, "", ", ");
        buffer_printf(out, "%s%s | ", rule->after == THING_NONE ? "" : " → ",
                      rule->after == THING_NONE ? "" : state_name(rule->after));
        put_needs(out, rule->must_payload, rule->must_facts, rule->must_details);
        buffer_printf(out, " | ");
        put_needs(out, rule->may_payload, rule->may_facts, NULL);
        buffer_printf(out, " | %s |\n", rule->moves ? "M" : "");
    }
}

void details_markdown(struct buffer *out)
{
    static const char *const kinds[] = { "", " (integer)", " (bytes)", " (attachment)" };
    size_t count = 0;
    const struct detail_name *list = detail_names(&count);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(out, "%s%u `%s`%s", i == 0 ? "" : ", ", list[i].number, list[i].name, kinds[list[i].type]);
    }
    buffer_printf(out, ".\n");
}
