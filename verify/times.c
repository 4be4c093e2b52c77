/* SPDX-License-Identifier: Apache-2.0 */
/*
 * times: between which moments each record was made, on others' word (SPEC 2.2): the checkpoints that records quote (V13), and for every
 * record the earliest and latest that anybody but the station vouches for. Not here: whose signatures hold (check_views.c).
 */
#include "verify/check.h"

#include "verify/text.h"

#include <stdio.h>
#include <stdlib.h>

#define R(x) ((unsigned long long)(x))

/* Clocks of honest hosts differ by less (7.3.17c). */
enum { CLOCKS_APART_S = 300 };

/* --- what records quote (V13) --- */

static enum status keep_quote(struct check *check, uint64_t record, const struct checkpoint *quoted, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    const struct policy_witness *latest = NULL;
    uint64_t latest_s = 0, time_s = 0;
    for (size_t i = 0; i < policy_witness_count(check->policy); i++) {
        const struct policy_witness *witness = policy_witness(check->policy, i);
        if (checkpoint_check(quoted, &witness->key, &time_s) == NOTE_VALID && (latest == NULL || time_s > latest_s)) {
            latest = witness;
            latest_s = time_s;
        }
    }
    void *quotes = verdict->quotes;
    if (latest == NULL) {
        return STATUS_OK;
    }
    if (!check_room(&quotes, verdict->quote_count, &verdict->quote_cap, sizeof *verdict->quotes)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    verdict->quotes = quotes;
    struct verdict_quote *slot = &verdict->quotes[verdict->quote_count++];
    slot->record = record;
    slot->time_s = latest_s;
    check_escape(latest->name, slot->who, sizeof slot->who);
    return STATUS_OK;
}

static enum status judge_quote(struct check *check, uint64_t record, const struct value *value, struct checkpoint *quoted, struct fault *fault)
{
    const char *wrong = value->type != VALUE_BYTES || !check_view(check, value->text, quoted) ? "is no checkpoint of this ledger"
                      : quoted->size < 1 || quoted->size > record                             ? "covers records that come after it"
                      : check_signer(check, quoted) != SIGNER_STATION                         ? "is not signed by the station's key of that time"
                                                                                              : NULL;
    if (wrong != NULL) {
        struct finding finding = { .code = "quote", .record = record, .subject = 0 };
        (void)snprintf(finding.text, sizeof finding.text, "what this record quotes as a checkpoint %s: it proves no time", wrong);
        check->source.report(check->source.context, &finding);
        return STATUS_OK;
    }
    const struct hash *root = check_proven_root(check, quoted->size);
    if (root != NULL && !hash_equal(root, &quoted->root)) {
        stop_set(check->stop, 1, "fork", record, NOTHING,
                 "record %llu quotes a checkpoint that shows another history of the first %llu records: both are signed", R(record), R(quoted->size));
        return STATUS_OK;
    }
    return keep_quote(check, record, quoted, fault);
}

static enum status keep_beacon(struct check *check, uint64_t record, const struct value *value, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    void *beacons = verdict->beacons;
    if (!check_room(&beacons, verdict->beacon_count, &verdict->beacon_cap, sizeof *verdict->beacons)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    verdict->beacons = beacons;
    struct verdict_beacon *slot = &verdict->beacons[verdict->beacon_count++];
    *slot = (struct verdict_beacon){ .record = record };
    buffer_reset(&check->bytes);
    value_print(value, &check->bytes);
    text_escape(&slot->text, buffer_view(&check->bytes));
    slot->text.failed = slot->text.failed || check->bytes.failed;
    return buffer_status(&slot->text, fault);
}

/* A disclosure counts at the first record that states it: so a file costs what its bytes cost, however often they are named. */
static enum status read_quotes(struct check *check, uint64_t record, const struct hash *sheet_id, bool *judged, struct checkpoint *quoted,
                               struct fault *fault)
{
    struct view sheet;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct fault ignored = { 0 };
    enum status status = STATUS_OK;
    if (!check_sheet(check, sheet_id, &sheet) || sheet_open(sheet, &cursor, &ignored) != STATUS_OK) {
        return STATUS_OK;
    }
    while (status == STATUS_OK && check->stop->status == 0 && sheet_next(&cursor, &line)) {
        bool quotes = line.name == NAME_COSIGNED || line.name == NAME_BEACON;
        size_t at = quotes ? check_find(check->digests, check->bundle.disclosure_count, &line.digest) : SIZE_MAX;
        if (at == SIZE_MAX || judged[at] || disclosure_decode(check->bundle.disclosures[at], &disclosure, &ignored) != STATUS_OK) {
            continue;
        }
        judged[at] = true;
        status = line.name == NAME_BEACON ? keep_beacon(check, record, &disclosure.value, fault)
                                          : judge_quote(check, record, &disclosure.value, quoted, fault);
    }
    return status;
}

/* Subject 0's thread is in every bundle, so no quote can be left out. */
static enum status quotes_of(struct check *check, const struct row *row, bool *judged, struct checkpoint *quoted, struct fault *fault)
{
    const struct act *act = check->act;
    if (check->briefs[row - check->rows].kind != KIND_NOTE || !check_decode(row, check->record, check->act) || act->entries[0].subject != 0) {
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        status = read_quotes(check, row->index, &act->sheet, judged, quoted, fault);
    }
    if (status == STATUS_OK && act->entries[0].has_sheet && check->stop->status == 0) {
        status = read_quotes(check, row->index, &act->entries[0].sheet, judged, quoted, fault);
    }
    return status;
}

enum status check_quotes(struct check *check, struct fault *fault)
{
    struct checkpoint *quoted = calloc(1, sizeof *quoted);
    bool *judged = calloc(check->bundle.disclosure_count + 1, sizeof *judged);
    enum status status = quoted == NULL || judged == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
    for (size_t i = 0; i < check->row_count && status == STATUS_OK && check->stop->status == 0; i++) {
        if (check->rows[i].type == RECORD_ACT) {
            status = quotes_of(check, &check->rows[i], judged, quoted, fault);
        }
    }
    free(quoted);
    free(judged);
    return status;
}

/* --- the times of each record --- */

struct sized_time {
    uint64_t size, time_s;
    size_t at; /* in verdict.times */
};

static int largest_first(const void *a, const void *b)
{
    const struct sized_time *x = a, *y = b;
    if (x->size != y->size) {
        return x->size > y->size ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at ? 1 : 0;
}

/* From the last record down, the views of a size above it become more. */
static enum status write_not_after(struct verdict *verdict, struct fault *fault)
{
    struct sized_time *times = calloc(verdict->time_count + 1, sizeof *times);
    size_t used = 0, best = SIZE_MAX;
    if (times == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < verdict->time_count; i++) {
        times[i] = (struct sized_time){ .size = verdict->times[i].size, .time_s = verdict->times[i].time_s, .at = i };
    }
    qsort(times, verdict->time_count, sizeof *times, largest_first);
    for (size_t i = verdict->moment_count; i > 0; i--) {
        struct verdict_moment *moment = &verdict->moments[i - 1];
        for (; used < verdict->time_count && times[used].size > moment->record; used++) {
            uint64_t time_s = times[used].time_s, best_s = best == SIZE_MAX ? UINT64_MAX : verdict->times[best].time_s;
            best = time_s < best_s || (time_s == best_s && times[used].at < best) ? times[used].at : best;
        }
        moment->not_after = best;
    }
    free(times);
    return STATUS_OK;
}

static void write_not_before(struct verdict *verdict)
{
    size_t used = 0, best = SIZE_MAX;
    for (size_t i = 0; i < verdict->moment_count; i++) {
        for (; used < verdict->quote_count && verdict->quotes[used].record <= verdict->moments[i].record; used++) {
            if (best == SIZE_MAX || verdict->quotes[used].time_s > verdict->quotes[best].time_s) {
                best = used;
            }
        }
        verdict->moments[i].not_before = best;
    }
}

/* SPEC 7.3.17c. One finding, for the number of records hangs on the policy's witnesses, and a wrong clock is wrong for all of them. */
static void note_logged(struct check *check)
{
    const struct verdict *verdict = check->verdict;
    struct finding finding = { .code = "logged", .record = NOTHING, .subject = NOTHING };
    uint64_t early = 0, late = 0, first = NOTHING;
    for (size_t i = 0; i < verdict->moment_count; i++) {
        const struct verdict_moment *moment = &verdict->moments[i];
        bool after = moment->not_after != SIZE_MAX && moment->logged_s > verdict->times[moment->not_after].time_s + CLOCKS_APART_S;
        bool before = moment->not_before != SIZE_MAX && moment->logged_s + CLOCKS_APART_S < verdict->quotes[moment->not_before].time_s;
        late += after ? 1 : 0;
        early += before ? 1 : 0;
        first = first == NOTHING && (after || before) ? moment->record : first;
    }
    if (first == NOTHING) {
        return;
    }
    (void)snprintf(finding.text, sizeof finding.text,
                   "the station's clock and its witnesses contradict each other: %llu records were logged at a later time than they are proven to have "
                   "existed, %llu at an earlier one than they can have existed; the first is record %llu", R(late), R(early), R(first));
    check->source.report(check->source.context, &finding);
}

enum status times_write(struct check *check, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    verdict->moments = calloc(check->row_count + 1, sizeof *verdict->moments);
    if (verdict->moments == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->row_count; i++) {
        const struct row *row = &check->rows[i];
        struct verdict_moment *moment = &verdict->moments[verdict->moment_count++];
        *moment = (struct verdict_moment){ .record = row->index, .act = "heads", .claimed_s = NOTHING, .logged_s = row->logged_s };
        if (check_decode(row, check->record, check->act)) {
            const struct act_rule *rule = act_rule(check->act->kind);
            moment->act = rule == NULL ? "unknown" : rule->name;
            moment->claimed_s = check->act->claimed_s;
            moment->offset_min = check->act->offset_min;
        }
    }
    write_not_before(verdict);
    enum status status = write_not_after(verdict, fault);
    if (status == STATUS_OK) {
        note_logged(check);
    }
    return status;
}
