/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weighings: see the header. What was taken off as samples is no drift: it is reckoned off each earlier weight before it is compared.
 */
#include "custody/weighings.h"

#include <stdlib.h>

#include "custody/describe.h"
#include "custody/erased.h"
#include "custody/mass.h"
#include "custody/output.h"
#include "verify/text.h"

/* ---- reading --------------------------------------------------------------------------------- */

/* What an act states of the mass of one thing. */
struct stated_mass {
    const char *found, *remains;  /* what the weight before and the weight after the act are called; NULL: there is none */
    uint64_t gross_mg, tare_mg;   /* of a weighing; NOTHING: not stated */
    uint64_t found_mg, remains_mg;
    uint64_t taken_mg;            /* by samples and parts, and lost */
};

static const struct entry *entry_of(const struct act *act, uint64_t subject)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return &act->entries[i];
        }
    }
    return NULL;
}

static uint64_t fact_mg(const struct facts *facts, unsigned fact, uint64_t value)
{
    return (facts->present & BIT(fact)) != 0 ? value : NOTHING;
}

/* The parent of a sample or split: found, lost, remaining, and what its children took (SPEC 7.3.8). */
static void parent_mass(const struct act *act, const struct facts *facts, bool sample, struct stated_mass *out)
{
    if ((facts->present & BIT(FACT_GROSS)) != 0) {
        out->found = sample ? "sample: found" : "split: found";
        out->found_mg = facts->gross_mg;
    }
    if ((facts->present & BIT(FACT_NET)) != 0) {
        out->remains = sample ? "sample: remains" : "split: remains";
        out->remains_mg = facts->net_mg;
    }
    out->taken_mg = (facts->present & BIT(FACT_TARE)) != 0 ? facts->tare_mg : 0;
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *child = &act->entries[i];

        out->taken_mg += child->role == ROLE_CHILD && (child->facts.present & BIT(FACT_NET)) != 0 ? child->facts.net_mg : 0;
    }
}

static void mass_stated(const struct act *act, const struct entry *entry, struct stated_mass *out)
{
    const struct facts *facts = &entry->facts;

    *out = (struct stated_mass){.gross_mg = NOTHING, .tare_mg = NOTHING};
    if (entry->role == ROLE_PARENT) {
        parent_mass(act, facts, act->kind == KIND_SAMPLE, out);
    } else if ((entry->role == ROLE_SUBJECT || entry->role == ROLE_CHILD) && (facts->present & BIT(FACT_NET)) != 0) {
        out->found = act_rule(act->kind)->name;
        out->found_mg = facts->net_mg;
        out->gross_mg = fact_mg(facts, FACT_GROSS, facts->gross_mg);
        out->tare_mg = fact_mg(facts, FACT_TARE, facts->tare_mg);
    }
}

static struct weighing *push(struct weighings *list, struct fault *fault)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 8 : list->cap * 2;
        struct weighing *grown = realloc(list->list, cap * sizeof *grown);

        if (grown == NULL) {
            (void)fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu weighings", cap);
            return NULL;
        }
        list->list = grown;
        list->cap = cap;
    }
    list->list[list->count] = (struct weighing){0};
    return &list->list[list->count++];
}

/* Scale, calibration and explanation, on the thing's own sheet or that of the act. */
static enum status read_texts(struct session *session, uint64_t subject, struct weighing *weighing, struct fault *fault)
{
    const struct detail_name *calibration = detail_by_name(view_text("calibration"));
    struct ledger_details details = {0};
    enum status status = ledger_details(session->txn, weighing->record, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;
        struct buffer *text = NULL;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        if (status != STATUS_OK || (disclosure.has_subject && disclosure.subject != subject)) {
            continue;
        }
        if (disclosure.name == NAME_SCALE) {
            text = &weighing->scale;
        } else if (disclosure.name == NAME_DRIFT) {
            text = &weighing->explanation;
        } else if (disclosure.name == calibration->number) {
            text = &weighing->calibration;
        }
        if (text != NULL) {
            buffer_append_view(text, view_text(text->len == 0 ? "" : "; "));
            value_print(&disclosure.value, text);
        }
    }
    ledger_details_free(&details);
    /* On the thing's sheet or on that of the act. An explanation that a court had erased is not one that was never given. */
    erased_mention(session, weighing->record, subject, NAME_DRIFT, &weighing->explanation);
    erased_mention(session, weighing->record, NOTHING, NAME_DRIFT, &weighing->explanation);
    erased_mention(session, weighing->record, NOTHING, NAME_SCALE, &weighing->scale);
    return status;
}

static enum status add(struct session *session, uint64_t subject, const struct describe_scratch *at, const struct stated_mass *mass,
                       struct weighings *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (int after = 0; after < 2 && status == STATUS_OK; after++) {
        const char *called = after == 0 ? mass->found : mass->remains;
        struct weighing *weighing;

        if (called == NULL) {
            out->taken_mg += after == 0 ? mass->taken_mg : 0;
            continue;
        }
        weighing = push(out, fault);
        if (weighing == NULL) {
            return fault->status;
        }
        weighing->record = at->record.index;
        weighing->logged_s = at->record.logged_s;
        weighing->act = called;
        weighing->gross_mg = after == 0 ? mass->gross_mg : NOTHING;
        weighing->tare_mg = after == 0 ? mass->tare_mg : NOTHING;
        weighing->net_mg = after == 0 ? mass->found_mg : mass->remains_mg;
        weighing->taken_before_mg = out->taken_mg;
        status = after == 0 ? read_texts(session, subject, weighing, fault) : STATUS_OK;
        out->taken_mg += after == 0 ? mass->taken_mg : 0;
    }
    return status;
}

/* The lodged act with that act-id among the details of a record, into *out. */
static bool find_lodged(struct session *session, const struct ledger_details *details, const struct hash *wanted, struct act *out)
{
    for (size_t i = 0; i < details->disclosure_count; i++) {
        struct disclosure disclosure;
        struct fault ignored;
        struct hash id;

        fault_clear(&ignored);
        if (disclosure_decode(details->disclosures[i], &disclosure, &ignored) == STATUS_OK && disclosure.name == NAME_ORPHAN &&
            disclosure.value.type == VALUE_BYTES && act_decode(disclosure.value.text, out, &ignored) == STATUS_OK) {
            act_id(ledger_hasher(session->ledger), out->payload, &id);
            if (hash_equal(&id, wanted)) {
                return true;
            }
        }
    }
    return false;
}

/* An adopted act has its effect now: its bytes stand in the lodging record, which is in the same thread. */
static enum status adopted(struct session *session, uint64_t subject, uint64_t number, struct describe_scratch *scratch,
                           struct fault *fault)
{
    struct hash answers = scratch->act.answers;
    enum status status = STATUS_OK;
    bool found = false;

    for (uint64_t n = number - 1; n >= 1 && status == STATUS_OK && !found; n--) {
        struct ledger_details details = {0};
        uint64_t index = 0;

        status = ledger_thread(session->txn, subject, n, &index, fault);
        if (status == STATUS_OK) {
            status = ledger_details(session->txn, index, &details, fault);
        }
        found = status == STATUS_OK && find_lodged(session, &details, &answers, &scratch->act);
        ledger_details_free(&details);
    }
    return status == STATUS_OK && !found ? STATUS_MISSING : status;
}

enum status weighings_read(struct session *session, uint64_t subject, struct weighings *out, struct fault *fault)
{
    const struct subject *thing = ledger_subject(session->txn, subject, fault);
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    enum status status = STATUS_OK;

    if (thing == NULL || scratch == NULL) {
        free(scratch);
        return thing == NULL ? fault->status : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (uint64_t n = 1; n <= thing->count && status == STATUS_OK; n++) {
        const struct entry *entry = NULL;
        struct stated_mass mass;
        uint64_t index = 0;

        status = ledger_thread(session->txn, subject, n, &index, fault);
        if (status == STATUS_OK) {
            status = describe_read(session, index, scratch, fault);
        }
        if (status == STATUS_OK && scratch->act.kind == KIND_ADOPT) {
            status = adopted(session, subject, n, scratch, fault);
            if (status == STATUS_MISSING) {
                status = STATUS_OK;
                continue;
            }
        }
        if (status == STATUS_OK) {
            entry = entry_of(&scratch->act, subject);
        }
        if (entry != NULL && act_rule(scratch->act.kind) != NULL) {
            mass_stated(&scratch->act, entry, &mass);
            status = add(session, subject, scratch, &mass, out, fault);
        }
    }
    free(scratch);
    return status;
}

void weighings_free(struct weighings *weighings)
{
    for (size_t i = 0; i < weighings->count; i++) {
        buffer_free(&weighings->list[i].scale);
        buffer_free(&weighings->list[i].calibration);
        buffer_free(&weighings->list[i].explanation);
    }
    free(weighings->list);
    *weighings = (struct weighings){0};
}

/* ---- comparing ------------------------------------------------------------------------------- */

static uint64_t taken_since(const struct weighings *weighings, size_t i)
{
    return weighings->list[weighings->count - 1].taken_before_mg - weighings->list[i].taken_before_mg;
}

uint64_t weighings_expected(const struct weighings *weighings, size_t i)
{
    uint64_t taken_mg = taken_since(weighings, i);
    uint64_t net_mg = weighings->list[i].net_mg;

    return net_mg > taken_mg ? net_mg - taken_mg : 0;
}

const struct table_column weighings_columns[WEIGHINGS_COLUMNS] = {
    {"thing", false}, {"record", true},      {"logged", false}, {"act", false},   {"gross-g", true},
    {"tare-g", true}, {"net-g", true},       {"taken-since-g", true}, {"drift-g", true}, {"percent", true},
    {"limit", false}, {"explanation", false}, {"scale", false},
};

static void put_mass(struct table *table, uint64_t mg)
{
    struct buffer text = {0};

    if (mg == NOTHING) {
        table_nothing(table);
        return;
    }
    mass_print(mg, &text);
    table_text(table, buffer_view(&text));
    buffer_free(&text);
}

static void put_comparison(const struct weighings *weighings, size_t i, struct table *table)
{
    uint64_t now_mg = weighings->list[weighings->count - 1].net_mg;
    uint64_t expected_mg = weighings_expected(weighings, i);
    struct buffer text = {0};

    if (i + 1 == weighings->count) {
        for (int column = 0; column < 4; column++) {
            table_nothing(table);
        }
        return;
    }
    put_mass(table, taken_since(weighings, i));
    mass_print_change(expected_mg, now_mg, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    mass_print_percent(expected_mg, now_mg, &text);
    table_text(table, buffer_view(&text));
    table_string(table, mass_drifts(expected_mg, now_mg) ? "beyond 2 %" : "");
    buffer_free(&text);
}

void weighings_rows(const struct session *session, uint64_t subject, const struct weighings *weighings, struct table *table)
{
    struct buffer text = {0};
    char name[NAME_BYTES];

    session_name(session, subject, name);
    for (size_t i = 0; i < weighings->count; i++) {
        const struct weighing *weighing = &weighings->list[i];

        table_string(table, name);
        table_number(table, weighing->record);
        buffer_reset(&text);
        text_time(&text, weighing->logged_s);
        table_text(table, buffer_view(&text));
        table_string(table, weighing->act);
        put_mass(table, weighing->gross_mg);
        put_mass(table, weighing->tare_mg);
        put_mass(table, weighing->net_mg);
        put_comparison(weighings, i, table);
        table_text(table, buffer_view(&weighing->explanation));
        buffer_reset(&text);
        buffer_append_view(&text, buffer_view(&weighing->scale));
        buffer_printf(&text, "%s", weighing->calibration.len == 0 ? "" : "; calibration ");
        buffer_append_view(&text, buffer_view(&weighing->calibration));
        table_text(table, buffer_view(&text));
    }
    buffer_free(&text);
}

static json_t *mass_json(uint64_t mg)
{
    return mg == NOTHING ? json_null() : json_integer((json_int_t)mg);
}

json_t *weighings_json(const struct weighings *weighings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < weighings->count; i++) {
        const struct weighing *weighing = &weighings->list[i];
        json_int_t now_mg = (json_int_t)weighings->list[weighings->count - 1].net_mg;
        bool latest = i + 1 == weighings->count;
        uint64_t expected_mg = weighings_expected(weighings, i);
        struct buffer logged = {0}, percent = {0};

        text_time(&logged, weighing->logged_s);
        mass_print_percent(expected_mg, (uint64_t)now_mg, &percent);
        (void)json_array_append_new(
            list, json_pack("{s:I,s:o,s:s,s:o,s:o,s:I,s:o,s:o,s:o,s:b,s:o,s:o,s:o}", "record", (json_int_t)weighing->record, "logged",
                            output_string(buffer_view(&logged)), "act", weighing->act, "gross-mg", mass_json(weighing->gross_mg),
                            "tare-mg", mass_json(weighing->tare_mg), "net-mg", (json_int_t)weighing->net_mg, "taken-since-mg",
                            mass_json(latest ? NOTHING : taken_since(weighings, i)), "drift-mg",
                            latest ? json_null() : json_integer(now_mg - (json_int_t)expected_mg), "percent",
                            latest ? json_null() : output_string(buffer_view(&percent)), "beyond",
                            !latest && mass_drifts(expected_mg, (uint64_t)now_mg) ? 1 : 0, "explanation",
                            output_string(buffer_view(&weighing->explanation)), "scale", output_string(buffer_view(&weighing->scale)),
                            "calibration", output_string(buffer_view(&weighing->calibration))));
        buffer_free(&logged);
        buffer_free(&percent);
    }
    return list;
}
