/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe: what an act says, member by member. A code or a name that version 1 does not know is shown as its number.
 */
#include "custody/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "custody/erased.h"
#include "custody/output.h"
#include "verify/text.h"

static json_t *text_of(struct buffer *text)
{
    json_t *value = text->failed ? NULL : output_string(buffer_view(text));

    buffer_free(text);
    return value;
}

static json_t *json_time(uint64_t time_s)
{
    struct buffer text = {0};

    text_time(&text, time_s);
    return text_of(&text);
}

static json_t *subject_json(const struct session *session, uint64_t number)
{
    return session->identity == NULL ? json_sprintf("no. %" PRIu64, number) : output_name(session, number);
}

static json_t *office_json(uint64_t office)
{
    return office < OFFICE_COUNT ? json_string(office_name((unsigned)office)) : json_sprintf("office %" PRIu64, office);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum status describe_read(struct session *session, uint64_t index, struct describe_scratch *scratch, struct fault *fault)
{
    struct view bytes;
    enum status status = ledger_record(session->txn, index, &bytes, fault);

    if (status == STATUS_OK) {
        status = record_decode(bytes, &scratch->record, fault);
    }
    if (status == STATUS_OK && scratch->record.type != RECORD_ACT) {
        return STATUS_MISSING;
    }
    return status == STATUS_OK ? act_decode(scratch->record.act, &scratch->act, fault) : status;
}

void describe_detail(struct session *session, uint64_t subject, uint64_t name, struct buffer *out)
{
    struct ledger_details details = {0};
    struct disclosure disclosure;
    struct fault ignored;
    uint64_t index = 0;
    bool found = false;

    fault_clear(&ignored);
    if (session->ledger == NULL || ledger_thread(session->txn, subject, 1, &index, &ignored) != STATUS_OK ||
        ledger_details(session->txn, index, &details, &ignored) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < details.disclosure_count && !found; i++) {
        found = disclosure_decode(details.disclosures[i], &disclosure, &ignored) == STATUS_OK && disclosure.has_subject &&
                disclosure.subject == subject && disclosure.name == name;
        if (found) {
            value_print(&disclosure.value, out);
        }
    }
    ledger_details_free(&details);
    if (!found) {
        erased_mention(session, index, subject, name, out);
    }
}

void describe_offices(const struct person *person, struct buffer *out)
{
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        if (person_office(person, office) != NULL) {
            buffer_printf(out, "%s%s", out->len == 0 ? "" : ", ", office_name(office));
        }
    }
}

const char *describe_key_state(const struct person *person)
{
    return person->revoked != NOTHING ? "revoked" : person->key_count > 1 ? "replaced" : "first";
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *signers_json(struct session *session, const struct act *act, const struct describe_parts *parts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < act->signer_count; i++) {
        const struct signer *signer = &act->signers[i];
        struct buffer name = {0};
        json_t *one;

        describe_detail(session, signer->person, NAME_PERSON, &name);
        one = json_pack("{s:o,s:o,s:o,s:b}", "person", subject_json(session, signer->person), "name", text_of(&name), "office",
                        signer->capacity == 0 ? json_string("person concerned") : office_json(signer->capacity), "signed",
                        parts->is_signed == NULL || parts->is_signed[i] ? 1 : 0);
        (void)json_array_append_new(list, one);
    }
    return list;
}

static json_t *party_json(struct session *session, const struct party *party)
{
    json_t *out = json_object();

    if (party->has_person) {
        (void)json_object_set_new(out, "person", subject_json(session, party->person));
    }
    if (party->has_office) {
        (void)json_object_set_new(out, "office", office_json(party->office));
    }
    if (party->has_place) {
        (void)json_object_set_new(out, "place", subject_json(session, party->place));
    }
    return out;
}

static json_t *seals_json(struct view encoded)
{
    json_t *list = json_array();
    struct seals seals;

    seals_read(encoded, &seals);
    for (size_t i = 0; i < seals.count; i++) {
        (void)json_array_append_new(list, output_string(seals.numbers[i]));
    }
    return list;
}

static json_t *names_json(struct view encoded)
{
    uint64_t names[FACT_NAMES_MAX];
    size_t count = names_read(encoded, names);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct detail_name *known = detail_by_number(names[i]);

        (void)json_array_append_new(list, known == NULL ? json_sprintf("%" PRIu64, names[i]) : json_string(known->name));
    }
    return list;
}

static void put_number(json_t *out, const struct facts *facts, unsigned fact, const char *name, uint64_t value)
{
    if ((facts->present & BIT(fact)) != 0) {
        (void)json_object_set_new(out, name, json_integer((json_int_t)value));
    }
}

static json_t *facts_json(struct session *session, const struct facts *facts)
{
    json_t *out = json_object();

    if ((facts->present & BIT(FACT_TYPE)) != 0) {
        (void)json_object_set_new(out, "type", json_string(type_name(facts->type)));
    }
    if ((facts->present & BIT(FACT_CASE)) != 0) {
        (void)json_object_set_new(out, "case", subject_json(session, facts->of_case));
    }
    put_number(out, facts, FACT_PIECES, "pieces", facts->pieces);
    put_number(out, facts, FACT_GROSS, "gross-mg", facts->gross_mg);
    put_number(out, facts, FACT_TARE, "tare-mg", facts->tare_mg);
    put_number(out, facts, FACT_NET, "net-mg", facts->net_mg);
    if ((facts->present & BIT(FACT_FOUND)) != 0) {
        (void)json_object_set_new(out, "seals-found", seals_json(facts->found));
    }
    if ((facts->present & BIT(FACT_REMOVED)) != 0) {
        (void)json_object_set_new(out, "seals-removed", seals_json(facts->removed));
    }
    if ((facts->present & BIT(FACT_PUT_ON)) != 0) {
        (void)json_object_set_new(out, "seals-put-on", seals_json(facts->put_on));
    }
    if ((facts->present & BIT(FACT_OUTCOME)) != 0) {
        (void)json_object_set_new(out, "outcome", json_string(outcome_name(facts->outcome)));
    }
    if ((facts->present & BIT(FACT_KEY)) != 0) {
        struct buffer key = {0};

        public_key_print(&facts->key, &key);
        (void)json_object_set_new(out, "key", text_of(&key));
    }
    if ((facts->present & BIT(FACT_OFFICE)) != 0) {
        (void)json_object_set_new(out, "office", office_json(facts->office));
    }
    put_number(out, facts, FACT_DOUBTED, "doubted-from", facts->doubted);
    put_number(out, facts, FACT_PRINT, "print", facts->print);
    if ((facts->present & BIT(FACT_NAMES)) != 0) {
        (void)json_object_set_new(out, "detail-names", names_json(facts->names));
    }
    return out;
}

static json_t *entries_json(struct session *session, const struct act *act)
{
    json_t *list = json_array();

    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];

        (void)json_array_append_new(list, json_pack("{s:o,s:s,s:o}", "subject", subject_json(session, entry->subject), "role",
                                                    role_name(entry->role), "facts", facts_json(session, &entry->facts)));
    }
    return list;
}

static json_t *details_json(struct session *session, const struct describe_parts *parts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < parts->disclosure_count; i++) {
        const struct detail_name *known;
        struct disclosure disclosure;
        struct buffer value = {0};
        struct fault ignored;

        fault_clear(&ignored);
        if (disclosure_decode(parts->disclosures[i], &disclosure, &ignored) != STATUS_OK) {
            continue; /* the ledger and draft_file_decode have checked them */
        }
        known = detail_by_number(disclosure.name);
        describe_value(&disclosure, &value);
        (void)json_array_append_new(
            list, json_pack("{s:o,s:o,s:o}", "subject",
                            disclosure.has_subject ? subject_json(session, disclosure.subject) : json_null(), "name",
                            known == NULL ? json_sprintf("%" PRIu64, disclosure.name) : json_string(known->name), "value",
                            text_of(&value)));
    }
    return list;
}

static void put_payload(struct session *session, const struct act *act, json_t *out)
{
    struct buffer hex = {0};

    if ((act->present & BIT(PAY_FROM)) != 0) {
        (void)json_object_set_new(out, "from", party_json(session, &act->from));
    }
    if ((act->present & BIT(PAY_TO)) != 0) {
        (void)json_object_set_new(out, "to", party_json(session, &act->to));
    }
    if ((act->present & BIT(PAY_CODE)) != 0) {
        const char *word = code_name(act->kind, act->code);

        (void)json_object_set_new(out, "code", word[0] == '\0' ? json_sprintf("%" PRIu64, act->code) : json_string(word));
    }
    if ((act->present & BIT(PAY_PLACE)) != 0) {
        (void)json_object_set_new(out, "place", subject_json(session, act->place));
    }
    if ((act->present & BIT(PAY_DUE)) != 0) {
        (void)json_object_set_new(out, "due", json_time(act->due_s));
    }
    if ((act->present & BIT(PAY_ANSWERS)) != 0) {
        text_hex(&hex, hash_view(&act->answers));
        (void)json_object_set_new(out, "answers", text_of(&hex));
    }
    if ((act->present & BIT(PAY_CLOCK)) != 0) {
        (void)json_object_set_new(out, "clock", json_pack("{s:o,s:o}", "record-before", json_time(act->clock_old_s), "now",
                                                          json_time(act->clock_new_s)));
    }
    if ((act->present & BIT(PAY_AMENDS)) != 0) {
        (void)json_object_set_new(out, "amends", json_integer((json_int_t)act->amends_index));
    }
    if ((act->present & BIT(PAY_FOUNDING)) != 0) {
        (void)json_object_set_new(out, "founding",
                                  json_pack("{s:o,s:o,s:I,s:b}", "origin", output_string(act->founding.origin), "code",
                                            output_string(act->founding.code), "threshold",
                                            (json_int_t)act->founding.threshold, "training", act->founding.training ? 1 : 0));
        if (act->founding.has_succeeds) {
            (void)json_object_set_new(out, "succeeds", output_succeeds_json(&act->founding.succeeds));
        }
    }
    if ((act->present & BIT(PAY_DEVIATION)) != 0) {
        (void)json_object_set_new(out, "deviation", json_true());
    }
    if ((act->present & BIT(PAY_OFFLINE)) != 0) {
        (void)json_object_set_new(out, "offline", json_true());
    }
    if ((act->present & BIT(PAY_SEEN)) != 0) {
        (void)json_object_set_new(out, "seen", json_integer((json_int_t)act->seen_size));
    }
}

json_t *describe_act(struct session *session, const struct act *act, const struct describe_parts *parts)
{
    const struct act_rule *rule = act_rule(act->kind);
    struct buffer claimed = {0};
    json_t *out = json_object();
    json_t *orphan;

    if (out == NULL) {
        return NULL;
    }
    text_time_local(&claimed, act->claimed_s, act->offset_min);
    (void)json_object_set_new(out, "kind", rule == NULL ? json_sprintf("kind %u", act->kind) : json_string(rule->name));
    (void)json_object_set_new(out, "claimed", text_of(&claimed));
    (void)json_object_set_new(out, "signers", signers_json(session, act, parts));
    put_payload(session, act, out);
    (void)json_object_set_new(out, "entries", entries_json(session, act));
    (void)json_object_set_new(out, "details", details_json(session, parts));
    orphan = describe_orphan(session, act, parts);
    if (orphan != NULL) {
        (void)json_object_set_new(out, "kept-act", orphan);
    }
    return out;
}

enum status describe_record(struct session *session, uint64_t index, json_t **out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct ledger_details details = {0};
    struct describe_parts parts = {0};
    bool heads;
    enum status status;

    *out = json_object();
    if (scratch == NULL || *out == NULL) {
        free(scratch);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a record");
    }
    status = describe_read(session, index, scratch, fault);
    /* STATUS_MISSING is also said of a record that is not there: of that one nothing was read. */
    heads = status == STATUS_MISSING && index < ledger_size(session->txn);
    if (status == STATUS_OK || heads) {
        (void)json_object_set_new(*out, "record", json_integer((json_int_t)index));
        (void)json_object_set_new(*out, "logged", json_time(scratch->record.logged_s));
    }
    if (heads) {
        struct buffer root = {0};

        text_hex(&root, hash_view(&scratch->record.root));
        (void)json_object_set_new(*out, "heads", json_pack("{s:I,s:o}", "subjects", (json_int_t)scratch->record.subjects, "root",
                                                           text_of(&root)));
        status = STATUS_OK;
    } else if (status == STATUS_OK) {
        status = ledger_details(session->txn, index, &details, fault);
        parts.disclosures = details.disclosures;
        parts.disclosure_count = details.disclosure_count;
        if (status == STATUS_OK) {
            (void)json_object_set_new(*out, "act", describe_act(session, &scratch->act, &parts));
            status = erased_list_all(session, index, json_object_get(json_object_get(*out, "act"), "details"), fault);
        }
        ledger_details_free(&details);
    }
    free(scratch);
    if (status != STATUS_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return status;
}
