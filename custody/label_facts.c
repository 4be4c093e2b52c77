/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_facts: see the header. Things come in the order of their numbers, and a hundred of them share the record that registered them: that
 * record and its details are kept until another is needed.
 */
#include "custody/label_facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "custody/describe.h"
#include "custody/label_stated.h"
#include "verify/text.h"

enum { TAG_LEDGER_CHARS = 16, TEXTS = 7, TEXT_AGENCY = 0, TEXT_CASE, TEXT_DESCRIPTION, TEXT_WHEN, TEXT_SEALS, TEXT_NAME, TEXT_TAG };

/* Where each text of a label begins in `text`, and how long it is. */
struct row {
    struct label label;
    size_t at[TEXTS], len[TEXTS];
};

/* A thing of a case, and which of them it is. */
struct place_in_case {
    uint64_t thing, item;
};

struct label_facts {
    struct session *session;
    const char *web, *agency, *initials;
    char ledger[TAG_LEDGER_CHARS + 1];
    struct row *rows;
    struct label *labels;
    size_t count, cap;
    struct buffer text;
    struct describe_scratch *scratch; /* the act of `record` */
    uint64_t record;
    struct label_stated stated;
    uint64_t of_case;                 /* whose things are in `items`, ascending by thing */
    struct place_in_case *items;
    size_t item_count, item_cap;
};

enum status label_facts_open(struct session *session, const char *web, const char *agency, const char *initials, struct label_facts **out,
                             struct fault *fault)
{
    struct label_facts *facts = calloc(1, sizeof *facts);
    struct buffer id = {0};

    *out = facts;
    if (facts != NULL) {
        *facts = (struct label_facts){.session = session, .web = web, .agency = agency, .initials = initials, .record = NOTHING, .stated = {.record = NOTHING}, .of_case = NOTHING};
        facts->scratch = malloc(sizeof *facts->scratch);
    }
    if (facts == NULL || facts->scratch == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    text_base32(&id, hash_view(&session->identity->id));
    for (size_t i = 0; i < TAG_LEDGER_CHARS && !id.failed; i++) {
        facts->ledger[i] = (char)(id.ptr[i] >= 'a' && id.ptr[i] <= 'z' ? id.ptr[i] - 'a' + 'A' : id.ptr[i]);
    }
    buffer_free(&id);
    return STATUS_OK;
}

void label_facts_close(struct label_facts *facts)
{
    if (facts == NULL) {
        return;
    }
    label_stated_free(&facts->stated);
    buffer_free(&facts->text);
    free(facts->scratch);
    free(facts->rows);
    free(facts->labels);
    free(facts->items);
    free(facts);
}

/* ---- records --------------------------------------------------------------------------------- */

static enum status read_record(struct label_facts *facts, uint64_t index, struct fault *fault)
{
    enum status status;

    if (facts->record == index) {
        return STATUS_OK;
    }
    facts->record = NOTHING;
    status = describe_read(facts->session, index, facts->scratch, fault);
    if (status == STATUS_OK) {
        facts->record = index;
    }
    return status;
}

/* Has this act made a thing of that number? */
static bool makes(const struct act *act, uint64_t subject)
{
    if (act->kind != KIND_REGISTER && act->kind != KIND_SAMPLE && act->kind != KIND_SPLIT && act->kind != KIND_ANIMAL) {
        return false;
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return act->kind == KIND_REGISTER ? act->entries[i].role == ROLE_SUBJECT : act->entries[i].role == ROLE_CHILD;
        }
    }
    return false;
}

/* Leaves the making record in scratch; *found false for a number that is unused. */
static enum status find_making(struct label_facts *facts, const struct subject *subject, bool *found, struct fault *fault)
{
    enum status status = STATUS_OK;

    *found = false;
    for (uint64_t n = 2; n <= subject->count && status == STATUS_OK && !*found; n++) {
        uint64_t index = 0;

        status = ledger_thread(facts->session->txn, subject->number, n, &index, fault);
        if (status == STATUS_OK) {
            status = read_record(facts, index, fault);
        }
        *found = status == STATUS_OK && makes(&facts->scratch->act, subject->number);
    }
    return status;
}

static int compare_items(const void *a, const void *b)
{
    const struct place_in_case *x = a, *y = b;

    return x->thing < y->thing ? -1 : x->thing > y->thing;
}

static enum status put_item(struct label_facts *facts, uint64_t thing, struct fault *fault)
{
    if (facts->item_count == facts->item_cap) {
        size_t cap = facts->item_cap == 0 ? 256 : facts->item_cap * 2;
        struct place_in_case *grown = realloc(facts->items, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        facts->items = grown;
        facts->item_cap = cap;
    }
    facts->items[facts->item_count] = (struct place_in_case){.thing = thing, .item = facts->item_count + 1};
    facts->item_count++;
    return STATUS_OK;
}

/* Everything that was registered in the case, in the order of the records. */
static enum status read_case(struct label_facts *facts, uint64_t of_case, struct fault *fault)
{
    const struct subject *subject = ledger_subject(facts->session->txn, of_case, fault);
    enum status status = subject == NULL ? fault->status : STATUS_OK;

    if (facts->of_case == of_case) {
        return STATUS_OK;
    }
    facts->of_case = NOTHING;
    facts->item_count = 0;
    for (uint64_t n = 1; status == STATUS_OK && n <= subject->count; n++) {
        uint64_t index = 0;

        status = ledger_thread(facts->session->txn, of_case, n, &index, fault);
        if (status == STATUS_OK) {
            status = read_record(facts, index, fault);
        }
        for (size_t i = 0; status == STATUS_OK && facts->scratch->act.kind == KIND_REGISTER && i < facts->scratch->act.entry_count; i++) {
            if (facts->scratch->act.entries[i].role == ROLE_SUBJECT) {
                status = put_item(facts, facts->scratch->act.entries[i].subject, fault);
            }
        }
    }
    if (status == STATUS_OK && facts->item_count > 0) {
        qsort(facts->items, facts->item_count, sizeof *facts->items, compare_items);
    }
    facts->of_case = status == STATUS_OK ? of_case : NOTHING;
    return status;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void begin_text(struct label_facts *facts, struct row *row, size_t which)
{
    row->at[which] = facts->text.len;
}

static void end_text(struct label_facts *facts, struct row *row, size_t which)
{
    row->len[which] = facts->text.len - row->at[which];
}

static bool is_text(const struct value *value, const char *text)
{
    return value->type == VALUE_TEXT && view_equal(value->text, view_text(text));
}

/* Description, signs: of the record in scratch. */
static enum status put_stated(struct label_facts *facts, const struct subject *subject, struct row *row, struct fault *fault)
{
    enum status status = label_stated_read(facts->session, facts->record, &facts->stated, fault);

    const struct value *description, *specimen, *hazard;

    if (status != STATUS_OK) {
        return status;
    }
    description = label_stated_find(&facts->stated, subject->number, NAME_DESCRIPTION);
    specimen = label_stated_find(&facts->stated, subject->number, NAME_SPECIMEN);
    hazard = label_stated_find(&facts->stated, subject->number, NAME_HAZARD);
    row->label.live = specimen != NULL && (is_text(specimen, "LIV") || is_text(specimen, "EGL"));
    row->label.hazard = hazard != NULL && !is_text(hazard, "live");
    begin_text(facts, row, TEXT_DESCRIPTION);
    if (description != NULL) {
        value_print(description, &facts->text);
    }
    end_text(facts, row, TEXT_DESCRIPTION);
    begin_text(facts, row, TEXT_WHEN);
    {
        struct buffer iso = {0};

        text_time_local(&iso, facts->scratch->act.claimed_s, facts->scratch->act.offset_min);
        if (iso.len >= 16 && iso.ptr[0] != '@') {
            iso.ptr[10] = ' ';
            buffer_append(&facts->text, iso.ptr, 16);
        }
        buffer_free(&iso);
    }
    end_text(facts, row, TEXT_WHEN);
    return status;
}

static enum status put_case(struct label_facts *facts, const struct subject *subject, struct row *row, struct fault *fault)
{
    char name[NAME_BYTES];
    struct place_in_case key = {.thing = subject->number};
    const struct place_in_case *found;
    enum status status;

    if (subject->thing->of_case == NOTHING) {
        return STATUS_OK;
    }
    status = read_case(facts, subject->thing->of_case, fault);
    if (status != STATUS_OK) {
        return status;
    }
    found = facts->item_count == 0 ? NULL : bsearch(&key, facts->items, facts->item_count, sizeof key, compare_items);
    row->label.item = found == NULL ? 0 : found->item;
    row->label.items = facts->item_count;
    session_name(facts->session, subject->thing->of_case, name);
    begin_text(facts, row, TEXT_CASE);
    buffer_printf(&facts->text, "%s · ", name);
    describe_detail(facts->session, subject->thing->of_case, NAME_DOCKET, &facts->text);
    end_text(facts, row, TEXT_CASE);
    return STATUS_OK;
}

static void put_seals(struct label_facts *facts, const struct thing *thing, struct row *row)
{
    struct seals seals = {0};

    if (thing->seals != NULL) {
        seal_set_view(thing->seals, &seals);
    }
    begin_text(facts, row, TEXT_SEALS);
    for (size_t i = 0; i < seals.count; i++) {
        buffer_printf(&facts->text, "%s", i == 0 ? "" : ", ");
        buffer_append_view(&facts->text, seals.numbers[i]);
    }
    end_text(facts, row, TEXT_SEALS);
}

static void put_names(struct label_facts *facts, const struct subject *subject, struct row *row)
{
    char name[NAME_BYTES];

    session_name(facts->session, subject->number, name);
    begin_text(facts, row, TEXT_NAME);
    buffer_printf(&facts->text, "%s", name);
    end_text(facts, row, TEXT_NAME);
    begin_text(facts, row, TEXT_TAG);
    buffer_printf(&facts->text, "%sU1/%s/%s/%" PRIu64, facts->web, name, facts->ledger, row->label.print);
    end_text(facts, row, TEXT_TAG);
    begin_text(facts, row, TEXT_AGENCY);
    buffer_append_view(&facts->text, view_text(facts->agency));
    end_text(facts, row, TEXT_AGENCY);
}

enum status label_facts_add(struct label_facts *facts, const struct subject *subject, struct fault *fault)
{
    struct row *row;
    bool made = false;
    enum status status;

    if (facts->count == facts->cap) {
        size_t cap = facts->cap == 0 ? 64 : facts->cap * 2;
        struct row *grown = realloc(facts->rows, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        facts->rows = grown;
        facts->cap = cap;
    }
    row = &facts->rows[facts->count++];
    memset(row, 0, sizeof *row);
    row->label.print = subject->thing->prints + 1;
    row->label.training = facts->session->identity->training;
    row->label.blank = subject->thing->state == THING_UNUSED;
    put_names(facts, subject, row);
    put_seals(facts, subject->thing, row);
    status = find_making(facts, subject, &made, fault);
    if (status == STATUS_OK && made) {
        status = put_stated(facts, subject, row, fault);
    }
    return status == STATUS_OK ? put_case(facts, subject, row, fault) : status;
}

enum status label_facts_labels(struct label_facts *facts, const struct label **labels, size_t *count, struct fault *fault)
{
    enum status status = buffer_status(&facts->text, fault);

    free(facts->labels);
    facts->labels = calloc(facts->count + 1, sizeof *facts->labels);
    if (status != STATUS_OK || facts->labels == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < facts->count; i++) {
        const struct row *row = &facts->rows[i];
        struct label *label = &facts->labels[i];
        struct view *const slots[TEXTS] = {[TEXT_AGENCY] = &label->agency, [TEXT_CASE] = &label->of_case, [TEXT_DESCRIPTION] = &label->description,
                                           [TEXT_WHEN] = &label->when, [TEXT_SEALS] = &label->seals, [TEXT_NAME] = &label->name, [TEXT_TAG] = &label->tag};

        *label = row->label;
        for (size_t k = 0; k < TEXTS; k++) {
            *slots[k] = view_of(facts->text.ptr + row->at[k], row->len[k]);
        }
        label->initials = view_text(facts->initials);
    }
    *labels = facts->labels;
    *count = facts->count;
    return STATUS_OK;
}
