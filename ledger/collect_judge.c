/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_judge: what a witness's answer means (tlog-witness). A witness is believed in nothing: what it says of itself is only repeated.
 */
#include "ledger/collect_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/views.h"
#include "verify/text.h"

static void say(struct collect_result *result, enum collect_answer answer, const char *what, struct view text)
{
    struct buffer escaped = {0};

    text_escape(&escaped, view_part(text, 0, text.len > 200 ? 200 : text.len));
    result->answer = answer;
    (void)snprintf(result->why, sizeof result->why, "%s%.*s", what, (int)escaped.len, escaped.ptr == NULL ? "" : (const char *)escaped.ptr);
    buffer_free(&escaped);
}

/* A sentence of our own. */
static void state(struct collect_result *result, enum collect_answer answer, const char *what)
{
    say(result, answer, what, view_of(NULL, 0));
}

/* The first line of an answer that says why not. */
static struct view first_line(const struct buffer *body)
{
    struct view all = buffer_view(body);
    const uint8_t *newline = all.len == 0 ? NULL : memchr(all.ptr, '\n', all.len);

    return newline == NULL ? all : view_part(all, 0, (size_t)(newline - all.ptr));
}

/* tlog-witness: a size in decimal and a newline, text/x.tlog.size. */
static bool read_size(const struct fetch_answer *answer, uint64_t *out)
{
    struct view body = buffer_view(&answer->body);

    return strcmp(answer->content_type, "text/x.tlog.size") == 0 && body.len > 1 && body.ptr[body.len - 1] == '\n' &&
           text_decimal(view_part(body, 0, body.len - 1), out);
}

/* 409: the witness has another size than was thought. True: it is worth asking once more, with that size. */
static bool conflict(struct collecting *collecting, struct asking *asking, const struct fetch_answer *answer, struct collect_result *result)
{
    uint64_t size = 0;

    if (!read_size(answer, &size)) {
        say(result, COLLECT_WRONG, "it answers 409 without a size: ", first_line(&answer->body));
        return false;
    }
    if (size > collecting->report->size) {
        result->answer = COLLECT_AHEAD;
        result->size = size;
        return false;
    }
    if (asking->again || size == asking->old) {
        state(result, COLLECT_LATER, "it named one size, and then another");
        return false;
    }
    asking->old = size;
    asking->again = true;
    return true;
}

/* The stored note as it stands with these lines: what is wrong with the one of this witness is told. */
static void judge_lines(struct collecting *collecting, size_t witness, struct view lines, struct checkpoint *scratch, struct view text)
{
    const struct verifier_key *key = &policy_witness(collecting->policy, witness)->key;
    struct collect_result *result = &collecting->report->results[witness];
    struct buffer note = {0};
    struct fault inner = {0};
    uint64_t time_s = 0;
    enum note_answer answer;

    buffer_append_view(&note, text);
    buffer_append_byte(&note, '\n');
    buffer_append_view(&note, lines);
    if (note.failed || checkpoint_parse(buffer_view(&note), scratch, &inner) != STATUS_OK) {
        say(result, COLLECT_WRONG, "its answer is no signature lines: ", view_text(inner.text));
    } else {
        answer = checkpoint_check(scratch, key, &time_s);
        if (answer == NOTE_UNSIGNED) {
            state(result, COLLECT_WRONG, "it signed with a key that the policy does not name");
        } else if (answer != NOTE_VALID) {
            state(result, COLLECT_WRONG, "its signature does not hold");
        } else if (time_s == 0 || time_s > collecting->options->now_s + COLLECT_AHEAD_S) {
            state(result, COLLECT_WRONG, "its cosignature states no time, or one more than a day ahead of this machine's clock");
        } else {
            result->answer = COLLECT_COSIGNED;
            result->time_s = time_s;
        }
    }
    buffer_free(&note);
}

static enum status keep(struct collecting *collecting, size_t witness, struct view lines, struct fault *fault)
{
    struct collect_report *report = collecting->report;
    struct checkpoint *scratch = malloc(sizeof *scratch);
    struct checkpoint *stored = malloc(sizeof *stored);
    struct buffer note = {0};
    struct ledger_txn *txn = NULL;
    struct fault inner = {0};
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    size_t added = 0;
    enum status status = scratch == NULL || stored == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                           : ledger_begin(collecting->ledger, true, &txn, fault);

    if (status == STATUS_OK) {
        status = ledger_checkpoint_at(txn, report->size, &note, fault);
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), stored, fault);
    }
    if (status == STATUS_OK) {
        judge_lines(collecting, witness, lines, scratch, stored->text);
    }
    if (status == STATUS_OK && report->results[witness].answer == COLLECT_COSIGNED) {
        status = views_cosign(txn, report->size, collecting->policy, lines, collecting->options->now_s + COLLECT_AHEAD_S, &added, signed_by, &inner);
        /* The stored note was parsed above: what is damaged now is what the note would become. */
        if (status == STATUS_DAMAGED) {
            say(&report->results[witness], COLLECT_WRONG, "it cannot be kept: ", view_text(inner.text));
            added = 0;
            status = STATUS_OK;
        } else if (status == STATUS_OK) {
            memcpy(report->signed_by, signed_by, sizeof signed_by);
            report->added += added;
        } else {
            status = fault_set(fault, status, inner.at, "%s", inner.text);
        }
    }
    if (txn != NULL && status == STATUS_OK && added > 0) {
        status = ledger_commit(txn, fault);
    } else {
        ledger_abort(txn);
    }
    buffer_free(&note);
    free(scratch);
    free(stored);
    return status;
}

enum status collect_judge(struct collecting *collecting, struct asking *asking, const struct fetch_answer *answer, bool *again,
                          struct fault *fault)
{
    struct collect_result *result = &collecting->report->results[asking->witness];
    struct view line = first_line(&answer->body);

    *again = false;
    if (answer->status != STATUS_OK) {
        result->answer = answer->status == STATUS_DAMAGED ? COLLECT_WRONG : COLLECT_UNREACHED;
        (void)snprintf(result->why, sizeof result->why, "%s", answer->fault.text); /* escaped there */
        return STATUS_OK;
    }
    switch (answer->http_status) {
    case 200:
        return keep(collecting, asking->witness, buffer_view(&answer->body), fault);
    case 409:
        *again = conflict(collecting, asking, answer, result);
        break;
    case 422:
        say(result, COLLECT_HISTORY, "", line);
        break;
    case 403:
    case 404:
        say(result, COLLECT_UNKNOWN, "", line);
        break;
    case 503:
        say(result, COLLECT_LATER, "", line);
        break;
    default:
        say(result, COLLECT_WRONG, "it answers with another status: ", line);
        break;
    }
    return STATUS_OK;
}
