/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect: see the header. No transaction is open while others are waited for: a slow witness must not hold a reader's pages.
 */
#include "ledger/collect_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger/inside.h"
#include "ledger/views.h"
#include "ledger/witness_request.h"

enum { TOTAL_MS = 10000, ANSWER_BYTES_MAX = 16384 };

static uint64_t clock_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- what is asked --------------------------------------------------------------------------- */

/*
 * The largest older checkpoint that it has cosigned; 0: none. As far back as there are any: one without a network comes round seldom, and cannot
 * answer that it has another size.
 */
static enum status remembered(struct ledger_txn *txn, const struct verifier_key *key, uint64_t size, uint64_t *out, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct buffer note = {0};
    uint64_t *sizes = NULL;
    uint64_t time_s;
    size_t count = 0;
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                            : views_sizes(txn, &sizes, &count, fault);

    *out = 0;
    for (; status == STATUS_OK && *out == 0 && count > 0; count--) {
        if (sizes[count - 1] >= size) {
            continue;
        }
        buffer_reset(&note);
        status = ledger_checkpoint_at(txn, sizes[count - 1], &note, fault);
        if (status == STATUS_OK) {
            status = checkpoint_parse(buffer_view(&note), checkpoint, fault);
        }
        *out = status == STATUS_OK && checkpoint_check(checkpoint, key, &time_s) == NOTE_VALID ? sizes[count - 1] : 0;
    }
    buffer_free(&note);
    free(sizes);
    free(checkpoint);
    return status;
}

static enum status request_in(struct ledger_txn *txn, const struct policy *policy, size_t witness, uint64_t size, uint64_t *old, struct buffer *out,
                              struct fault *fault)
{
    struct merkle_path path = {0};
    struct buffer note = {0};
    enum status status = ledger_checkpoint_at(txn, size, &note, fault);

    if (status == STATUS_OK && *old == NOTHING) {
        status = remembered(txn, &policy_witness(policy, witness)->key, size, old, fault);
    }
    if (status == STATUS_OK && *old > size) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the witness has %llu records, this ledger's checkpoint %llu",
                           (unsigned long long)*old, (unsigned long long)size);
    }
    if (status == STATUS_OK) {
        status = views_consistency(txn, *old, size, &path, fault);
    }
    if (status == STATUS_OK) {
        witness_request_format(*old, &path, buffer_view(&note), out);
        status = buffer_status(out, fault);
    }
    buffer_free(&note);
    return status;
}

enum status collect_request(struct ledger *ledger, const struct policy *policy, size_t witness, uint64_t *old, struct buffer *out,
                            struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, false, &txn, fault);

    if (status == STATUS_OK) {
        status = txn->meta.checkpoint == 0 ? fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint was signed yet")
                                           : request_in(txn, policy, witness, txn->meta.checkpoint, old, out, fault);
        ledger_abort(txn);
    }
    return status;
}

/* ---- rounds ---------------------------------------------------------------------------------- */

/* For the checkpoint that the report is about, in every round: a newer one that another program signs meanwhile is another question. */
static enum status write_bodies(struct collecting *collecting, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(collecting->ledger, false, &txn, fault);

    for (size_t i = 0; i < collecting->count && status == STATUS_OK; i++) {
        struct asking *asking = &collecting->askings[i];

        buffer_reset(&asking->body);
        status = request_in(txn, collecting->policy, asking->witness, collecting->report->size, &asking->old, &asking->body, fault);
    }
    ledger_abort(txn);
    return status;
}

/* Those that are to be asked again stay in the list. */
static enum status judge_all(struct collecting *collecting, struct fetch_answer *answers, struct fault *fault)
{
    size_t left = 0;
    size_t count = collecting->count;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        struct asking asking = collecting->askings[i];
        bool again = false;

        if (status == STATUS_OK) {
            status = collect_judge(collecting, &asking, &answers[i], &again, fault);
        }
        collecting->askings[i] = collecting->askings[left];
        collecting->askings[left] = asking;
        left += again ? 1u : 0u;
        fetch_answer_free(&answers[i]);
    }
    for (size_t i = left; i < count; i++) {
        buffer_free(&collecting->askings[i].body);
        free(collecting->askings[i].url);
    }
    collecting->count = left;
    return status;
}

/* left_ms: of the time that all rounds have together. */
static enum status round_of(struct collecting *collecting, uint64_t left_ms, struct fault *fault)
{
    const struct collect_options *options = collecting->options;
    struct fetch_request requests[FETCH_AT_ONCE_MAX];
    struct fetch_answer answers[FETCH_AT_ONCE_MAX] = {{0}};
    enum status status = write_bodies(collecting, fault);

    for (size_t i = 0; i < collecting->count; i++) {
        const struct asking *asking = &collecting->askings[i];

        requests[i] = (struct fetch_request){.url = asking->url,
                                             .post = true,
                                             .body = buffer_view(&asking->body),
                                             .content_type = "text/plain; charset=utf-8",
                                             .answer_max = ANSWER_BYTES_MAX,
                                             .connect_ms = options->connect_ms,
                                             .total_ms = left_ms,
                                             .ca_file = options->ca_file};
    }
    if (status == STATUS_OK) {
        status = fetch_all(collecting->fetcher, requests, collecting->count, answers, fault);
    }
    return status == STATUS_OK ? judge_all(collecting, answers, fault) : status;
}

/* Whom the stored note lacks, and who can be asked. */
static enum status list_askings(struct collecting *collecting, struct fault *fault)
{
    struct collect_report *report = collecting->report;

    collecting->askings = calloc(report->count + 1, sizeof *collecting->askings);
    if (collecting->askings == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < report->count; i++) {
        struct view url = policy_witness(collecting->policy, i)->url;
        struct asking *asking = &collecting->askings[collecting->count];

        if (report->results[i].answer != COLLECT_UNREACHED || url.len == 0) {
            report->results[i].answer = report->results[i].answer == COLLECT_UNREACHED ? COLLECT_NO_URL : report->results[i].answer;
            continue;
        }
        *asking = (struct asking){.witness = i, .old = NOTHING, .url = fetch_url(url, "add-checkpoint")};
        if (asking->url == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        collecting->count++;
    }
    return STATUS_OK;
}

enum status collect_stored(struct ledger *ledger, const struct policy *policy, struct collect_report *out, struct fault *fault)
{
    uint64_t times[POLICY_WITNESSES_MAX] = {0};
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, false, &txn, fault);

    memset(out, 0, sizeof *out);
    if (status != STATUS_OK) {
        return status;
    }
    out->size = txn->meta.checkpoint;
    out->count = policy_witness_count(policy);
    status = out->size == 0 ? fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint was signed yet")
                            : views_cosigned(txn, out->size, policy, out->signed_by, times, fault);
    ledger_abort(txn);
    for (size_t i = 0; i < out->count; i++) {
        out->results[i].answer = out->signed_by[i] ? COLLECT_HAD : policy_witness(policy, i)->url.len == 0 ? COLLECT_NO_URL : COLLECT_UNREACHED;
        out->results[i].time_s = times[i];
    }
    return status;
}

enum status collect_cosignatures(struct ledger *ledger, const struct policy *policy, const struct collect_options *options,
                                 struct collect_report *out, struct fault *fault)
{
    struct collecting collecting = {.ledger = ledger, .policy = policy, .options = options, .report = out};
    uint64_t until_ms = clock_ms() + (options->total_ms == 0 ? TOTAL_MS : options->total_ms);
    enum status status = collect_stored(ledger, policy, out, fault);

    assert(ledger->writing == NULL);
    if (status == STATUS_OK) {
        status = list_askings(&collecting, fault);
    }
    if (status == STATUS_OK && collecting.count > 0) {
        status = fetcher_open(&collecting.fetcher, fault);
    }
    for (int i = 0; i < 2 && status == STATUS_OK && collecting.count > 0; i++) {
        uint64_t now_ms = clock_ms();

        if (now_ms < until_ms) {
            status = round_of(&collecting, until_ms - now_ms, fault);
        }
    }
    for (size_t i = 0; i < collecting.count; i++) {
        buffer_free(&collecting.askings[i].body);
        free(collecting.askings[i].url);
    }
    free(collecting.askings);
    fetcher_close(collecting.fetcher);
    return status;
}

/* ---- lines that came another way ------------------------------------------------------------- */

enum status collect_lines(struct ledger *ledger, const struct policy *policy, struct view lines, uint64_t now_s, uint64_t *size, size_t *added,
                          struct fault *fault)
{
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    struct ledger_txn *txn = NULL;
    uint64_t *sizes = NULL;
    size_t count = 0;
    enum status status = ledger_begin(ledger, true, &txn, fault);

    if (status == STATUS_OK) {
        status = views_sizes(txn, &sizes, &count, fault);
    }
    *added = 0;
    for (; status == STATUS_OK && *added == 0 && count > 0; count--) {
        *size = sizes[count - 1];
        status = views_cosign(txn, *size, policy, lines, now_s + COLLECT_AHEAD_S, added, signed_by, fault);
    }
    if (status == STATUS_OK && *added == 0) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                           "they are no new cosignature of a witness of this ledger on a checkpoint that it has signed, or state a time more than a day ahead");
    }
    free(sizes);
    if (status == STATUS_OK) {
        return ledger_commit(txn, fault);
    }
    ledger_abort(txn);
    return status;
}
