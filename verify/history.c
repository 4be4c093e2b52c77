/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history: the lives of the asked things in plain words, from the bundle that was just verified. A line a record:
 * index, time logged, act, in which container, by whom, to whom, why. A thing's time in containers is told in its place.
 */
#include "verify/exhibit.h"

#include "verify/name.h"
#include "verify/passage.h"
#include "verify/text.h"

#include <string.h>

enum { HISTORY_LINES_MAX = 200, SAME_TIME_S = 60 };

/* The disclosed detail of that name on an entry's sheet, escaped; nothing when withheld or not stated. */
static void put_detail(struct check *check, const struct hash *sheet_id, unsigned name, struct buffer *out)
{
    struct view sheet, bytes;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct fault fault = { 0 };
    if (!check_sheet(check, sheet_id, &sheet) || sheet_open(sheet, &cursor, &fault) != STATUS_OK) {
        return;
    }
    while (sheet_next(&cursor, &line)) {
        if (line.name == name && check_disclosure(check, &line.digest, &bytes) &&
            disclosure_decode(bytes, &disclosure, &fault) == STATUS_OK) {
            struct buffer text = { 0 };
            value_print(&disclosure.value, &text);
            text_escape(out, buffer_view(&text));
            buffer_free(&text);
            return;
        }
    }
}

/* "KHPP-3-A (Sok Dara)": a person, with the name that the enrolment gave; escaped. Uses check->other_record and other_act. */
static void put_person(struct check *check, uint64_t person, struct buffer *out)
{
    char name[NAME_BYTES];
    name_format(view_text(check->replay.code), person, name);
    buffer_printf(out, "%s", name);
    const struct leaf_row *leaf = check_leaf(check, person);
    if (leaf == NULL || leaf->count == 0 ||
        !check_decode(&check->rows[check->threads[leaf->first].row], check->other_record, check->other_act)) {
        return;
    }
    const struct act *act = check->other_act;
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == person && act->entries[i].has_sheet) {
            struct buffer text = { 0 };
            put_detail(check, &act->entries[i].sheet, NAME_PERSON, &text);
            if (text.len > 0) {
                buffer_printf(out, " (%.*s)", (int)text.len, (const char *)text.ptr);
            }
            buffer_free(&text);
        }
    }
}

/* What is claimed, where that is not what is logged, and what others prove (SPEC 2.2). */
static void put_moment(const struct check *check, const struct row *row, struct buffer *out)
{
    const struct verdict *verdict = check->verdict;
    size_t at = (size_t)(row - check->rows);
    const struct verdict_moment *moment = at < verdict->moment_count ? &verdict->moments[at] : NULL;
    const char *comma = "";
    if (moment == NULL) {
        return;
    }
    uint64_t apart = moment->claimed_s > moment->logged_s ? moment->claimed_s - moment->logged_s : moment->logged_s - moment->claimed_s;
    bool claimed = moment->claimed_s != NOTHING && apart > SAME_TIME_S;
    if (!claimed && moment->not_before == SIZE_MAX && moment->not_after == SIZE_MAX) {
        return;
    }
    buffer_printf(out, "      ");
    if (claimed) {
        buffer_printf(out, "claimed ");
        text_time_local(out, moment->claimed_s, moment->offset_min);
        comma = ", ";
    }
    if (moment->not_before != SIZE_MAX) {
        const struct verdict_quote *quote = &verdict->quotes[moment->not_before];
        buffer_printf(out, "%snot before ", comma);
        text_time(out, quote->time_s);
        buffer_printf(out, " (%s, in record %llu)", quote->who, (unsigned long long)quote->record);
        comma = ", ";
    }
    if (moment->not_after != SIZE_MAX) {
        buffer_printf(out, "%snot after ", comma);
        text_time(out, verdict->times[moment->not_after].time_s);
        buffer_printf(out, " (%s)", verdict->times[moment->not_after].who);
    }
    buffer_printf(out, "\n");
}

/* around: the container in whose thread the record stands, or NOTHING. */
static void put_line(struct check *check, const struct row *row, const struct act *act, uint64_t around, struct buffer *out)
{
    const struct act_rule *rule = act_rule(act->kind);
    char name[NAME_BYTES];
    buffer_printf(out, "  record %llu  ", (unsigned long long)row->index);
    text_time(out, row->logged_s);
    buffer_printf(out, "  %s", rule == NULL ? "act of unknown kind" : rule->name);
    const char *code = (act->present & BIT(PAY_CODE)) != 0 ? code_name(act->kind, act->code) : "";
    buffer_printf(out, "%s%s%s", code[0] == '\0' ? "" : " (", code, code[0] == '\0' ? "" : ")");
    if (around != NOTHING) {
        name_format(view_text(check->replay.code), around, name);
        buffer_printf(out, ", in %s,", name);
    }
    if (act->entry_count > 1) {
        buffer_printf(out, "%s %zu subjects,", around == NOTHING ? "," : "", act->entry_count);
    }
    for (size_t i = 0; i < act->signer_count; i++) {
        buffer_printf(out, "%s", i == 0 ? " by " : " and ");
        put_person(check, act->signers[i].person, out);
        if (act->signers[i].capacity != 0 && act->signers[i].capacity < OFFICE_COUNT) {
            buffer_printf(out, ", %s", office_name((unsigned)act->signers[i].capacity));
        }
    }
    if ((act->present & BIT(PAY_TO)) != 0 && act->to.has_person) {
        buffer_printf(out, " to ");
        put_person(check, act->to.person, out);
    } else if ((act->present & BIT(PAY_TO)) != 0 && act->to.has_office) {
        buffer_printf(out, " to any %s", act->to.office < OFFICE_COUNT ? office_name((unsigned)act->to.office) : "office");
    }
    buffer_printf(out, "%s\n", (act->present & BIT(PAY_DEVIATION)) != 0 ? "  DEVIATION" : "");
    put_moment(check, row, out);
}

/* Every disclosed detail on a sheet: "name: value; ...". */
static void put_sheet(struct check *check, const struct hash *sheet_id, struct buffer *out)
{
    struct view sheet, bytes;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct fault fault = { 0 };
    if (!check_sheet(check, sheet_id, &sheet) || sheet_open(sheet, &cursor, &fault) != STATUS_OK) {
        return;
    }
    while (sheet_next(&cursor, &line)) {
        const struct detail_name *name = detail_by_number(line.name);
        struct buffer text = { 0 };
        buffer_printf(out, "      %s: ", name == NULL ? "detail of unknown name" : name->name);
        if (check_disclosure(check, &line.digest, &bytes) && disclosure_decode(bytes, &disclosure, &fault) == STATUS_OK) {
            value_print(&disclosure.value, &text);
            text_escape(out, buffer_view(&text));
        } else {
            buffer_printf(out, "(withheld or erased)");
        }
        buffer_printf(out, "\n");
        buffer_free(&text);
    }
}

/* "seals found: A, B", or "none" where none were there. */
static void put_seals(const char *what, struct view encoded, struct buffer *out)
{
    struct seals seals;
    seals_read(encoded, &seals);
    buffer_printf(out, "      seals %s: %s", what, seals.count == 0 ? "none" : "");
    for (size_t i = 0; i < seals.count; i++) {
        buffer_printf(out, "%s", i == 0 ? "" : ", ");
        text_escape(out, seals.numbers[i]);
    }
    buffer_printf(out, "\n");
}

static void put_facts(const struct facts *facts, struct buffer *out)
{
    if ((facts->present & BIT(FACT_OUTCOME)) != 0) {
        buffer_printf(out, "      %s\n", outcome_name(facts->outcome));
    }
    if ((facts->present & BIT(FACT_PIECES)) != 0) {
        buffer_printf(out, "      pieces: %llu\n", (unsigned long long)facts->pieces);
    }
    if ((facts->present & BIT(FACT_NET)) != 0) {
        buffer_printf(out, "      net: %llu.%06llu kg\n", (unsigned long long)(facts->net_mg / 1000000),
                      (unsigned long long)(facts->net_mg % 1000000));
    }
    if ((facts->present & BIT(FACT_FOUND)) != 0) {
        put_seals("found", facts->found, out);
    }
    if ((facts->present & BIT(FACT_REMOVED)) != 0) {
        put_seals("removed", facts->removed, out);
    }
    if ((facts->present & BIT(FACT_PUT_ON)) != 0) {
        put_seals("put on", facts->put_on, out);
    }
}

/* What this record states of the subject: facts that people compare, and the details. */
static void put_statement(struct check *check, const struct act *act, uint64_t subject, struct buffer *out)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];
        if (entry->subject != subject) {
            continue;
        }
        put_facts(&entry->facts, out);
        if (entry->has_sheet) {
            put_sheet(check, &entry->sheet, out);
        }
    }
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        put_sheet(check, &act->sheet, out);
    }
}

/* The chain of a thing begins with the opening of its case and the record of search and seizure. */
static void put_life(struct check *check, uint64_t subject, bool beginning_only, struct buffer *out)
{
    struct passage passage;
    struct fault fault = { 0 };
    char name[NAME_BYTES];
    size_t told = 0, more = 0;
    if (passage_find(&check->source, &subject, 1, check->other_act, &passage, &fault) != STATUS_OK) {
        out->failed = true;
        return;
    }
    name_format(view_text(check->replay.code), subject, name);
    buffer_printf(out, "%s %s\n", beginning_only ? "Its case" : "History of", name);
    for (size_t i = 0; i < passage.count; i++) {
        const struct passage_row *at = &passage.rows[i];
        const struct row *row = check_row(check, at->index);
        bool told_already = i > 0 && at[-1].index == at->index && at[-1].subject != at->subject;
        if (told_already || row == NULL) {
            continue;
        }
        if (told == HISTORY_LINES_MAX) {
            more++;
            continue;
        }
        told++;
        if (check_decode(row, check->record, check->act) &&
            (!beginning_only || check->act->kind == KIND_OPEN_CASE || check->act->kind == KIND_SEIZE)) {
            put_line(check, row, check->act, at->subject == subject ? NOTHING : at->subject, out);
            put_statement(check, check->act, at->subject, out);
        }
    }
    if (more > 0) {
        buffer_printf(out, "  and %zu more records\n", more);
    }
    passage_close(&passage);
}

void history_of(struct check *check, uint64_t number, struct buffer *out)
{
    const struct subject *subject = world_find(check->world, number);
    if (check_leaf(check, number) == NULL || subject == NULL) {
        return;
    }
    if (subject->thing != NULL && check_leaf(check, subject->thing->of_case) != NULL) {
        put_life(check, subject->thing->of_case, true, out);
    }
    put_life(check, subject->number, false, out);
}

/* What a thing that was carried over lived through before (SPEC 3.9). */
static void put_old_life(const struct check *check, uint64_t number, struct buffer *out)
{
    const struct verdict *verdict = check->verdict;
    char name[NAME_BYTES];
    for (size_t i = 0; i < verdict->old_life_count; i++) {
        const struct verdict_old_life *life = &verdict->old_lives[i];
        if (life->subject != number) {
            continue;
        }
        name_format(view_text(check->replay.code), number, name);
        buffer_printf(out, "%s was number %llu in the ledger that this one succeeds, says record %llu. %s\n", name, (unsigned long long)life->old,
                      (unsigned long long)life->record,
                      life->text.len > 0 ? "There:" : "No bundle of that ledger with its history is in this file.");
        buffer_append_view(out, buffer_view(&life->text));
        buffer_printf(out, "%s", life->text.len > 0 ? "And in this ledger:\n" : "");
    }
}

void history_write(struct check *check, struct buffer *out)
{
    for (size_t i = 0; i < check->bundle.asked_count && check->bundle.asked_count <= HISTORY_ASKED_MAX; i++) {
        put_old_life(check, check->bundle.asked[i], out);
        history_of(check, check->bundle.asked[i], out);
    }
}
