/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape: see the header. Every rule here is a fixed property of the bytes or of the types of known subjects.
 */
#include "verify/shape.h"

#include "verify/name.h"

#include <stddef.h>

#define THING_TYPES (BIT(TYPE_ITEM) | BIT(TYPE_CONTAINER))

bool shape_opens(unsigned kind)
{
    return kind == KIND_FOUND || kind == KIND_ENROL || kind == KIND_PLACE || kind == KIND_OPEN_CASE || kind == KIND_ALLOT;
}

static bool segment_ok(struct view segment)
{
    return segment.len > 0 && !view_equal(segment, view_text(".")) && !view_equal(segment, view_text("..")) &&
           !view_equal(segment, view_text("training"));
}

bool shape_origin_check(struct view origin)
{
    if (origin.len < 1 || origin.len > 64) {
        return false;
    }
    size_t start = 0;
    for (size_t i = 0; i <= origin.len; i++) {
        if (i == origin.len || origin.ptr[i] == '/') {
            if (!segment_ok(view_part(origin, start, i - start))) {
                return false;
            }
            start = i + 1;
            continue;
        }
        uint8_t c = origin.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) {
            return false;
        }
    }
    return true;
}

static size_t count_role(const struct act *act, enum role role)
{
    size_t count = 0;
    for (size_t i = 0; i < act->entry_count; i++) {
        count += act->entries[i].role == role ? 1u : 0u;
    }
    return count;
}

static uint64_t subject_of(const struct act *act, enum role role)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].role == role) {
            return act->entries[i].subject;
        }
    }
    return NOTHING;
}

static uint32_t types_for(const struct act_rule *rule, enum role role)
{
    switch (role) {
    case ROLE_SUBJECT: return rule->types;
    case ROLE_CASE: case ROLE_FORMER_CASE: return BIT(TYPE_CASE);
    case ROLE_CONTAINER: return BIT(TYPE_CONTAINER);
    default: return THING_TYPES;
    }
}

/* Role and facts of one entry by the act's row; NULL when right, else what is wrong. */
static const char *row_fault(const struct act_rule *rule, const struct entry *entry)
{
    if (entry->role >= ROLE_COUNT || (rule->roles & BIT(entry->role)) == 0) {
        return "a role that the act does not have";
    }
    uint32_t allowed = entry->role == ROLE_SUBJECT ? rule->must_facts | rule->may_facts : act_role_facts(entry->role);
    return (entry->facts.present & ~allowed) != 0 ? "a fact that the act does not have" : NULL;
}

static bool keys_fit(const struct act *act, const struct act_rule *rule)
{
    const uint32_t always = BIT(PAY_LEDGER) | BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SEEN) |
                            BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES) | BIT(PAY_SHEET) | BIT(PAY_OFFLINE) | BIT(PAY_DEVIATION);
    return (act->present & ~(always | rule->must_payload | rule->may_payload)) == 0;
}

bool shape_fits_row(const struct act *act, const struct act_rule *rule)
{
    bool fits = keys_fit(act, rule);
    for (size_t i = 0; i < act->entry_count && fits; i++) {
        fits = row_fault(rule, &act->entries[i]) == NULL;
    }
    return fits;
}

/* The same, and the type; NULL when right. */
static const char *entry_fault(struct replay *replay, const struct act_rule *rule, const struct entry *entry)
{
    uint32_t present = entry->facts.present;
    const char *fault = row_fault(rule, entry);
    if (fault != NULL) {
        return fault;
    }
    bool opens = shape_opens(rule->kind) && entry->role == ROLE_SUBJECT;
    if (opens && ((present & BIT(FACT_TYPE)) == 0 || entry->facts.type >= 16 || (rule->types & BIT(entry->facts.type)) == 0)) {
        return "no type, or one that the act cannot open";
    }
    if (rule->kind <= KIND_CLOCK && (rule->must_facts & ~present) != 0) {
        return "a fact is missing";
    }
    if ((present & BIT(FACT_OFFICE)) != 0 && entry->facts.office == 0) {
        return "an office that is none";
    }
    if ((present & BIT(FACT_KEY)) != 0 && !public_key_check(&entry->facts.key)) {
        return "a key that is none";
    }
    bool known = !opens && (replay->has_leaf == NULL || replay->has_leaf(replay->source->context, entry->subject));
    const struct subject *subject = known ? world_find(replay->world, entry->subject) : NULL;
    if (subject != NULL && (types_for(rule, entry->role) & BIT(subject->type)) == 0) {
        return "a subject of another type";
    }
    return NULL;
}

static bool station_ok(const uint8_t bytes[ED25519_BYTES])
{
    struct public_key key = { .algorithm = KEY_ED25519, .len = ED25519_BYTES };
    for (size_t i = 0; i < ED25519_BYTES; i++) {
        key.bytes[i] = bytes[i];
    }
    return public_key_check(&key);
}

/* SPEC 6.5: entry 0 the ledger, 1..k the founders. That all of them sign is V9.9 (authority). */
static const char *founding_fault(const struct act *act)
{
    const struct founding *founding = &act->founding;
    const uint32_t person_facts = BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE);
    if (!shape_origin_check(founding->origin) || !name_code_check(founding->code) || !station_ok(founding->station)) {
        return "origin, code or station key are not as SPEC 3.1 and 2.4 say";
    }
    if (act->entry_count < founding->threshold + 2) {
        return "too few founders";
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct facts *facts = &act->entries[i].facts;
        bool right = i == 0 ? facts->present == BIT(FACT_TYPE) && facts->type == TYPE_LEDGER
                            : facts->present == person_facts && facts->type == TYPE_PERSON && facts->office == OFFICE_REGISTRAR;
        if (!right || act->entries[i].subject != i) {
            return "its entries are not the ledger and the founders";
        }
    }
    return NULL;
}

static const char *case_fault(const struct act *act)
{
    uint64_t of_case = subject_of(act, ROLE_CASE);
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];
        if (entry->role == ROLE_SUBJECT && (entry->facts.present & BIT(FACT_CASE)) != 0 && entry->facts.of_case != of_case) {
            return "fact 1 is not the case of role 1";
        }
    }
    return NULL;
}

/* How many entries of which role (V9.6). */
static const char *counts_fault(const struct act *act)
{
    size_t subjects = count_role(act, ROLE_SUBJECT), cases = count_role(act, ROLE_CASE);
    if (cases > 1) {
        return "two cases";
    }
    switch (act->kind) {
    case KIND_FOUND:
        return founding_fault(act);
    case KIND_ALLOT:
        return act->entries[act->entry_count - 1].subject - act->entries[0].subject == act->entry_count - 1
                   ? NULL : "numbers that are not consecutive";
    case KIND_SAME_AS:
        return act->entry_count == 2 ? NULL : "not two entries";
    case KIND_PACK: case KIND_UNPACK:
        return count_role(act, ROLE_CONTAINER) == 1 && subjects >= 1 ? NULL : "not one container and its contents";
    case KIND_SAMPLE: case KIND_SPLIT:
        return count_role(act, ROLE_PARENT) == 1 && count_role(act, ROLE_CHILD) >= 1 ? NULL : "not one parent and its children";
    case KIND_REGISTER:
        return cases == 1 && subjects >= 1 ? case_fault(act) : "not one case and its things";
    case KIND_MOVE:
        return cases == 1 && count_role(act, ROLE_FORMER_CASE) == 1 && subjects >= 1 ? case_fault(act) : "not two cases and the things";
    case KIND_ANIMAL:
        return count_role(act, ROLE_CHILD) == 0 || subjects == 1 ? NULL : "children of more than one";
    default:
        return act->kind >= KIND_ENROL && act->kind <= KIND_OPEN_CASE && act->entry_count != 1 ? "not one entry" : NULL;
    }
}

static const char *act_fault(struct replay *replay, const struct act *act, const struct act_rule *rule)
{
    if (!keys_fit(act, rule)) {
        return "a payload key that the act does not have";
    }
    if ((act->kind <= KIND_CLOCK || act->kind == KIND_ERASE) && (rule->must_payload & ~act->present) != 0) {
        return "a payload key is missing";
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        const char *fault = entry_fault(replay, rule, &act->entries[i]);
        if (fault != NULL) {
            return fault;
        }
    }
    if (act->kind == KIND_STATION_KEY && !station_ok(act->entries[0].facts.station)) {
        return "a station key that is none";
    }
    return counts_fault(act);
}

void shape_check(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop)
{
    unsigned long long r = record->index;
    const struct act_rule *rule = act_rule(act->kind);
    bool same = record->link_count == act->entry_count;
    for (size_t i = 0; same && i < act->entry_count; i++) {
        same = record->links[i].subject == act->entries[i].subject;
    }
    if (!same) {
        stop_set(stop, 1, "links", record->index, NOTHING, "record %llu: its links are not the subjects of its act", r);
        return;
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        bool opens = shape_opens(act->kind) && act->entries[i].role == ROLE_SUBJECT;
        if (opens != (record->links[i].number == 1)) {
            stop_set(stop, 1, "opening", record->index, NOTHING, "record %llu: subject %llu %s", r,
                     (unsigned long long)act->entries[i].subject,
                     opens ? "is opened, but existed before" : "has its first record in an act that opens nothing");
            return;
        }
    }
    const char *fault = rule == NULL ? NULL : act_fault(replay, act, rule);
    if (fault != NULL) {
        stop_set(stop, 1, "malformed-act", record->index, NOTHING, "record %llu: \"%s\": %s", r, rule->name, fault);
    }
}
