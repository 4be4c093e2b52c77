/* SPDX-License-Identifier: Apache-2.0 */
/*
 * court: the table of questions, and who is named beside them.
 */
#include "verify/court.h"
#include "verify/pen.h"

#include "verify/text.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS_MAX = 4 }; /* of one act: after these, "and others" */

static const struct court_topic topics[] = {
    { "deviation", { "Why was the rule not kept, and who decided that?", "Who was there and saw it?" } },
    { "signers-rule", { "By what right did these people sign this, when the rule asks for somebody else?",
                        "Who should have signed, and where was that person?" } },
    { "seal-differs", { "Which seal was on it, and who opened or changed it, when, and before whom?",
                        "How does the court know that what is inside was not exchanged?" } },
    { "pieces", { "Where are the pieces that are missing, or where do those come from that are too many?",
                  "Who counted, and before whom?" } },
    { "mass", { "What became of the mass that is missing, or where does the mass come from that is too much?",
                "Which scale was it, and when was it calibrated?" } },
    { "missing", { "Where is it, and when was it last seen, by whom?", "Who has the key to the place where it should be?" } },
    { "overdue", { "Where was it after the time by which it should have arrived?", "Who noticed that it was late, and what was done?" } },
    { "unanswered", { "Who has it? It was released, and nobody has confirmed that it arrived.", NULL } },
    { "unseen", { "Did those who signed know what had happened to it in the meantime?", NULL } },
    { "state", { "By the records this could not be done to it then: what happened in truth, and in which order?", NULL } },
    { "packed", { "Was it in the container or not, and how was it reached?", NULL } },
    { "container", { "What was put in or taken out, by whom, and was the container open?",
                     "How does the court know what was in it before?" } },
    { "void", { "Why does something carry a number that was declared void?", "What is it, and where does it come from?" } },
    { "superseded", { "Where is the label that was printed later, and why is the old one still on something?", NULL } },
    { "correction", { "What was corrected, who asked for that, and what does the record say without the correction?", NULL } },
    { "orphan", { "Who signed the late act that was taken over, and why was it not recorded in its time?", NULL } },
    { "must-state", { "Why was this not written down, and who knows what should stand there?", NULL } },
    { "not-open", { "Which handover does this answer? That one was not open.", NULL } },
    { "print", { "How many labels with this number are there, and where is each of them?", NULL } },
    { "other", { "What was broken at the other station, and does it touch this case?", NULL } },
};

const struct court_topic *court_topics(size_t *count)
{
    *count = sizeof topics / sizeof topics[0];
    return topics;
}

const struct court_topic *court_topic(const char *code)
{
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        if (strcmp(topics[i].code, code) == 0) {
            return &topics[i];
        }
    }
    return NULL;
}

/* --- who can answer --- */

/* "KHPP-3-A (Sok Dara), officer; ..." */
static void put_signers(const struct pen *pen, uint64_t record, struct buffer *out)
{
    struct check *check = pen->check;
    const struct row *row = record == NOTHING ? NULL : check_row(check, record);
    if (row == NULL || !check_decode(row, check->record, check->act)) {
        return;
    }
    for (size_t i = 0; i < check->act->signer_count; i++) {
        uint64_t capacity = check->act->signers[i].capacity;
        buffer_printf(out, "%s", i == 0 ? "" : "; ");
        pen_called(pen, check->act->signers[i].person, out);
        buffer_printf(out, "%s%s", capacity == 0 ? "" : ", ", capacity == 0 ? "" : office_name((unsigned)capacity));
    }
}

static struct verdict_topic *topic_of(struct verdict *verdict, const char *code)
{
    for (size_t i = 0; i < verdict->topic_count; i++) {
        if (strcmp(verdict->topics[i].about->code, code) == 0) {
            return &verdict->topics[i];
        }
    }
    const struct court_topic *about = court_topic(code);
    if (about == NULL) {
        return NULL;
    }
    verdict->topics[verdict->topic_count] = (struct verdict_topic){ .about = about };
    return &verdict->topics[verdict->topic_count++];
}

/* Breaches of one record and code stand for many things; the record is named once. */
static void ask(const struct pen *pen, struct verdict_topic *topic, uint64_t record)
{
    for (size_t i = 0; i < topic->count; i++) {
        if (topic->records[i] == record) {
            return;
        }
    }
    if (topic->count == VERDICT_TOPIC_RECORDS) {
        topic->more = true;
        return;
    }
    topic->records[topic->count] = record;
    put_signers(pen, record, &topic->who[topic->count]);
    topic->count++;
}

/* --- why a rule was not kept --- */

/* The reasons that stand on a sheet; false once there are enough. */
static bool put_reasons(struct check *check, const struct hash *sheet_id, size_t *count, struct buffer *out)
{
    struct view sheet, bytes;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct fault fault = { 0 };
    if (!check_sheet(check, sheet_id, &sheet) || sheet_open(sheet, &cursor, &fault) != STATUS_OK) {
        return true;
    }
    while (sheet_next(&cursor, &line)) {
        struct buffer text = { 0 };
        if (line.name != NAME_REASON) {
            continue;
        }
        if (check_disclosure(check, &line.digest, &bytes) && disclosure_decode(bytes, &disclosure, &fault) == STATUS_OK) {
            value_print(&disclosure.value, &text);
            if (!text.failed && text.len == 0) {
                continue; /* it says nothing */
            }
        } else {
            buffer_printf(&text, "(withheld or erased)");
        }
        bool room = *count < REASONS_MAX;
        buffer_printf(out, "%s", *count == 0 ? "" : room ? "; " : "; and others");
        if (room) {
            text_escape(out, buffer_view(&text));
            (*count)++;
        }
        out->failed = out->failed || text.failed;
        buffer_free(&text);
        if (!room) {
            return false;
        }
    }
    return true;
}

static void reason_of(struct check *check, uint64_t record, struct buffer *out)
{
    const struct row *row = check_row(check, record);
    const struct act *act = check->act;
    size_t count = 0;
    if (row == NULL || !check_decode(row, check->record, check->act)) {
        return;
    }
    bool more = (act->present & BIT(PAY_SHEET)) == 0 || put_reasons(check, &act->sheet, &count, out);
    for (size_t i = 0; more && i < act->entry_count; i++) {
        more = !act->entries[i].has_sheet || put_reasons(check, &act->entries[i].sheet, &count, out);
    }
}

static bool remember_reason(struct check *check, uint64_t record)
{
    struct verdict *verdict = check->verdict;
    void *reasons = verdict->reasons;
    if (!check_room(&reasons, verdict->reason_count, &verdict->reason_cap, sizeof *verdict->reasons)) {
        return false;
    }
    verdict->reasons = reasons;
    verdict->reasons[verdict->reason_count] = (struct buffer){ 0 };
    reason_of(check, record, &verdict->reasons[verdict->reason_count]);
    return !verdict->reasons[verdict->reason_count++].failed;
}

static bool any_breach(const struct verdict *verdict)
{
    bool any = false;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        any = any || verdict->findings[i].breach;
    }
    return any;
}

enum status court_prepare(struct check *check, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    struct pen pen = { .check = check };
    bool kept = true;
    if (!any_breach(verdict)) {
        return STATUS_OK;
    }
    enum status status = told_read(check, &pen.told, fault);
    if (status != STATUS_OK) {
        return status;
    }
    verdict->topics = calloc(sizeof topics / sizeof topics[0], sizeof *verdict->topics);
    for (size_t i = 0; verdict->topics != NULL && kept && i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        struct verdict_topic *topic = finding->breach ? topic_of(verdict, finding->code) : NULL;
        if (topic != NULL && finding->record != NOTHING) {
            ask(&pen, topic, finding->record);
            kept = topic->count == 0 || !topic->who[topic->count - 1].failed;
        }
        if (kept && finding->breach && strcmp(finding->code, "deviation") == 0) {
            kept = remember_reason(check, finding->record);
        }
    }
    kept = kept && verdict->topics != NULL;
    told_close(pen.told, check->leaf_count);
    return kept ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}
