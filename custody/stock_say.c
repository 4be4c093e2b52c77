/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock_say: what came out of a count, once it is recorded. What is as it should be is given as runs of names; what is not, one by one,
 * with what it is and its last record before the count.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/output.h"
#include "custody/stock.h"
#include "verify/text.h"

/* A description stands in one of a thing's first records: its registration, or the sample that it came from. */
enum { RECORDS_LOOKED_AT = 6 };

struct saying {
    struct session *session;
    struct whereabouts_clock clock;
    /* Of one record, which describes many things; the next one's details follow those of the one before. */
    uint64_t record;
    struct ledger_details details;
    size_t at;
};

/* The description in that record; false when there is none of that thing. */
static bool describe_in(struct saying *saying, uint64_t record, uint64_t number, struct buffer *out)
{
    struct fault ignored = {0};
    size_t count;

    if (saying->record != record) {
        ledger_details_free(&saying->details);
        saying->details = (struct ledger_details){0};
        saying->record = record;
        saying->at = 0;
        if (ledger_details(saying->session->txn, record, &saying->details, &ignored) != STATUS_OK) {
            return false;
        }
    }
    count = saying->details.disclosure_count;
    for (size_t i = 0; i < count; i++) {
        size_t at = (saying->at + i) % count;
        struct disclosure disclosure;

        if (disclosure_decode(saying->details.disclosures[at], &disclosure, &ignored) == STATUS_OK && disclosure.has_subject &&
            disclosure.subject == number && disclosure.name == NAME_DESCRIPTION) {
            value_print(&disclosure.value, out);
            saying->at = at;
            return true;
        }
    }
    return false;
}

static void say_description(struct saying *saying, const struct subject *subject)
{
    struct buffer text = {0};
    struct fault ignored = {0};
    bool found = false;

    for (uint64_t number = 1; number <= subject->count && number <= RECORDS_LOOKED_AT && !found; number++) {
        uint64_t index = 0;

        found = ledger_thread(saying->session->txn, subject->number, number, &index, &ignored) == STATUS_OK &&
                describe_in(saying, index, subject->number, &text);
    }
    if (text.len > 0) {
        (void)printf("  ");
        output_text(stdout, buffer_view(&text));
    }
    buffer_free(&text);
}

static enum status say_last(struct saying *saying, uint64_t index, struct fault *fault)
{
    uint64_t logged_s = NOTHING;
    struct buffer time = {0};
    enum status status = whereabouts_logged(saying->session, &saying->clock, index, &logged_s, fault);

    if (status == STATUS_OK) {
        text_time(&time, logged_s);
        (void)printf("; last: record %" PRIu64 ", %s, %.*s", index,
                     act_rule(saying->clock.kind) == NULL ? "unknown" : act_rule(saying->clock.kind)->name, (int)time.len,
                     (const char *)time.ptr);
    }
    buffer_free(&time);
    return status;
}

/* What is not expected here is in whose hands, or where? */
static void say_where(struct saying *saying, const struct subject *subject)
{
    struct whereabouts where;
    char name[NAME_BYTES];

    whereabouts_of(ledger_world(saying->session->txn), subject, &where);
    (void)printf("; in the record: %s", subject->thing->voided ? "void" : state_name(where.state));
    if (where.state == THING_HELD && where.place != NOTHING) {
        session_name(saying->session, where.place, name);
        (void)printf(" at %s", name);
    }
    if (where.holder != NOTHING && where.state != THING_CLOSED) {
        session_name(saying->session, where.holder, name);
        (void)printf(", %s answers for it", name);
    }
}

static enum status say_one(struct saying *saying, const struct stock_result *result, struct fault *fault)
{
    const struct subject *subject = ledger_subject(saying->session->txn, result->number, fault);
    const struct stock_line *line = result->line;
    char name[NAME_BYTES];
    enum status status;

    if (subject == NULL) {
        return fault->status;
    }
    session_name(saying->session, result->number, name);
    (void)printf("  %s", name);
    say_description(saying, subject);
    status = say_last(saying, result->last, fault);
    if (result->outcome == STOCK_NOT_EXPECTED || result->outcome == STOCK_TAG_ALONE) {
        say_where(saying, subject);
    }
    if (result->outside != NOTHING) {
        session_name(saying->session, result->outside, name);
        (void)printf("; found outside %s, whose seals are as recorded", name);
    }
    if (line != NULL && line->absent) {
        (void)printf("; its tag is there without it, instead: ");
        output_text(stdout, buffer_view(&line->instead));
    }
    if (result->differs.len > 0) {
        (void)printf("; ");
        output_text(stdout, buffer_view(&result->differs));
    }
    (void)printf("\n");
    return status;
}

/* Those of one outcome, or with differs those that differ in whatever outcome. */
static enum status say_each(struct saying *saying, const struct stock_results *results, const char *title, bool differs, unsigned outcome,
                            struct fault *fault)
{
    uint64_t count = differs ? results->differing : results->tally[outcome];
    enum status status = STATUS_OK;

    if (count > 0) {
        (void)printf("%s: %" PRIu64 "\n", title, count);
    }
    for (size_t i = 0; i < results->count && count > 0 && status == STATUS_OK; i++) {
        const struct stock_result *result = &results->list[i];

        if (differs ? result->differs.len > 0 : result->outcome == outcome) {
            status = say_one(saying, result, fault);
        }
    }
    return status;
}

static enum status say_runs(struct saying *saying, const struct stock_results *results, const char *title, unsigned outcome,
                            struct fault *fault)
{
    struct subject_list list = {0};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < results->count && status == STATUS_OK; i++) {
        if (results->list[i].outcome == outcome) {
            status = subject_list_push(&list, results->list[i].number, fault);
        }
    }
    if (status == STATUS_OK && list.count > 0) {
        (void)printf("%s: %zu: ", title, list.count);
        output_runs(saying->session, list.numbers, list.count);
        (void)printf("\n");
    }
    subject_list_free(&list);
    return status;
}

/* Contents that nobody asked for singly. */
static void say_contents(const struct saying *saying, const struct stock_results *results)
{
    if (results->vouched > 0) {
        (void)printf("vouched for by the seals of the containers that they are in: %" PRIu64 "\n", results->vouched);
    }
    if (results->uncounted > 0) {
        (void)printf("NOT COUNTED, in containers whose seals do not vouch for them: %" PRIu64 "\n", results->uncounted);
    }
    for (size_t i = 0; i < results->count; i++) {
        const struct stock_line *line = results->list[i].line;
        char name[NAME_BYTES];

        if (line != NULL && line->contents > 0 && line->vouch != STOCK_VOUCHED) {
            session_name(saying->session, line->number, name);
            (void)printf("  %s: %" PRIu64 " in it; %s\n", name, line->contents,
                         line->vouch == STOCK_UNREAD ? "it is sealed, and its seals were not read as recorded: read them again, or open it before witnesses and count what is in it"
                                                     : "its seals are as recorded, and yet a thing of it was counted outside: open it before witnesses");
        }
    }
}

enum status stock_say(struct session *session, uint64_t place, const struct stock_results *results, struct fault *fault)
{
    struct saying saying = {.session = session, .record = NOTHING};
    struct buffer title = {0};
    char name[NAME_BYTES];
    enum status status = STATUS_OK;

    session_name(session, place, name);
    describe_detail(session, place, NAME_PLACE, &title);
    (void)printf("the stock-take of %s ", name);
    output_text(stdout, buffer_view(&title));
    (void)printf(" is closed");
    if (results->first_record == NOTHING) {
        (void)printf("; nothing is expected there and nothing was found: there is nothing to record\n");
    } else {
        output_records(results->first_record, results->last_record);
    }
    buffer_free(&title);
    status = say_runs(&saying, results, "found", STOCK_FOUND, fault);
    if (status == STATUS_OK) {
        status = say_runs(&saying, results, "found, with the seals as recorded", STOCK_INTACT, fault);
    }
    say_contents(&saying, results);
    if (status == STATUS_OK) {
        status = say_each(&saying, results, "NOT FOUND", false, STOCK_NOT_FOUND, fault);
    }
    if (status == STATUS_OK) {
        status = say_each(&saying, results, "not expected here", false, STOCK_NOT_EXPECTED, fault);
    }
    if (status == STATUS_OK) {
        status = say_each(&saying, results, "the tag alone, of things that are not expected here", false, STOCK_TAG_ALONE, fault);
    }
    if (status == STATUS_OK) {
        status = say_each(&saying, results, "SEALS OR PIECES DIFFER, recorded as deviations", true, 0, fault);
    }
    ledger_details_free(&saying.details);
    free(saying.clock.scratch);
    return status;
}
