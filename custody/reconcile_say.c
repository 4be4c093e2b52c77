/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_say: see the header.
 */
#include "custody/reconcile_say.h"

#include <inttypes.h>
#include <stdio.h>

#include "custody/output.h"
#include "verify/text.h"

/* "1 record", "2 records". */
static void say_count(uint64_t count, const char *what)
{
    (void)printf("%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

static void say_text(const char *text)
{
    output_text(stdout, view_text(text));
}

static void say_root(const struct hash *root)
{
    struct buffer text = {0};

    text_base64(&text, hash_view(root));
    output_bytes(stdout, buffer_view(&text));
    buffer_free(&text);
}

static void say_fork(const struct reconcile_result *result)
{
    (void)printf("ANOTHER HISTORY: its first %" PRIu64 " records have the root ", result->fork.size);
    say_root(&result->fork.theirs);
    (void)printf(", those of ");
    say_text(result->fork.against == NULL ? "this ledger" : result->fork.against);
    (void)printf(" the root ");
    say_root(&result->fork.ours);
    if (result->fork.first != UINT64_MAX) {
        (void)printf("; they differ from record %" PRIu64 " on", result->fork.first);
    }
    if (result->has_head && result->fork.against == NULL) {
        (void)printf("\n    The remembered head is of that history: it is the records here that are of another.");
    }
    (void)printf("\n    One station has one history. Either a backup was put back and the station went on from it, or somebody who has its key\n"
                 "    has written another past. Change neither: keep both as they are, and show both to the court.\n");
    if (result->exhibit.len > 0) {
        (void)printf("    One file proves it, to anyone who has the station's key and needs nothing else: -o EXHIBIT writes it.\n");
    } else {
        (void)printf("    There is no exhibit, one file that proves it: %s.\n", result->no_exhibit);
    }
}

/* What of the missing records a source holds. */
static void say_held(const struct reconcile_result *result, uint64_t missing)
{
    bool has_records = result->kind == RECONCILE_BUNDLE || result->kind == RECONCILE_CERTIFICATE || result->kind == RECONCILE_LEDGER;

    if (missing == 0 || !has_records) {
        return;
    }
    if (result->holds == missing) {
        (void)printf("; holds all %" PRIu64 " that are missing", missing);
    } else if (result->holds == 0) {
        (void)printf("; holds none of those that are missing");
    } else {
        (void)printf("; holds %" PRIu64 " of the %" PRIu64 " that are missing: ", result->holds, missing);
        output_bytes(stdout, buffer_view(&result->runs));
    }
}

static void say_result(const struct reconcile_result *result, const struct reconcile_report *report)
{
    uint64_t size = result->kind == RECONCILE_LEDGER ? result->records : result->signed_size;

    (void)printf("  ");
    say_text(result->name);
    (void)printf(": ");
    switch (result->answer) {
    case RECONCILE_UNUSED:
        (void)printf("%s: %s\n", result->kind == RECONCILE_WITNESS ? "SHOWS NO HEAD" : "NOT USED", result->why);
        return;
    case RECONCILE_FORK:
        say_fork(result);
        return;
    case RECONCILE_SAME:
        (void)printf("the same history, %" PRIu64 " records", size);
        break;
    case RECONCILE_OLDER:
        (void)printf("the same history, older: %" PRIu64 " records, %" PRIu64 " fewer than here", size, report->records - size);
        break;
    case RECONCILE_NEWER:
        (void)printf("newer: %" PRIu64 " records, %" PRIu64 " more than here", size, size - report->records);
        break;
    }
    say_held(result, report->missing);
    (void)printf("\n");
}

static void say_here(struct reconcile *reconcile)
{
    const struct reconcile_report *report = reconcile_report(reconcile);

    (void)printf("%s\n", ledger_origin(reconcile_ledger(reconcile)));
    (void)printf("%" PRIu64 " records here, signed head of %" PRIu64, report->records, report->checkpoint);
    if (report->remembered) {
        (void)printf("; remembered head of %" PRIu64 "\n", report->head.size);
    } else {
        (void)printf("; no head is remembered\n");
    }
}

/* What cannot be had back in this way. */
static void say_losses(const struct reconcile_report *report)
{
    if (report->withheld > 0) {
        say_count(report->withheld, "detail");
        (void)printf(" cannot be had back: under an order or erasure, and in no source\n");
    }
    if (report->absent > 0) {
        say_count(report->absent, "attached file");
        (void)printf(" in no source: the hash stays in the record, and a verdict says that the file is absent\n");
    }
}

static void say_state(const struct reconcile_report *report)
{
    if (report->missing > 0) {
        say_count(report->missing, "record");
        (void)printf(" missing (the newest signed head is of %" PRIu64 ", says ", report->goal.size);
        say_text(report->goal_name == NULL ? "this ledger" : report->goal_name);
        (void)printf(")%s\n", report->complete ? ": all at hand, with their details" : "");
    } else if (!report->here_differs) {
        (void)printf("nothing is missing%s\n", report->goal.size == 0 ? ": no head was ever signed, as far as anyone here knows" : "");
    }
    if (report->complete && report->beyond > 0) {
        say_count(report->beyond, "further record");
        (void)printf(" at hand that no signed head covers yet: as good as the directory that holds them\n");
    }
    if (report->complete && report->worked_out > 0) {
        say_count(report->worked_out, "heads record");
        (void)printf(" among them in no source: worked out, with the hash that a signed head or the record after it names\n");
    }
    if (report->complete && report->cosignatures > 0) {
        say_count(report->cosignatures, "cosignature");
        (void)printf(" of witnesses at hand that %s not here\n", report->cosignatures == 1 ? "is" : "are");
    }
    say_losses(report);
}

void reconcile_say_successor(struct reconcile *reconcile, const char *dir, size_t count)
{
    const struct reconcile_report *report = reconcile_report(reconcile);
    const struct reconcile_result *results = reconcile_results(reconcile);
    uint64_t size = report->checkpoint;
    const struct reconcile_result *newest = NULL;

    for (size_t i = 0; i < count; i++) {
        if (results[i].answer != RECONCILE_UNUSED && results[i].answer != RECONCILE_FORK && results[i].kind != RECONCILE_WITNESS &&
            results[i].signed_size > size) {
            newest = &results[i];
            size = results[i].signed_size;
        }
    }
    (void)printf("Look for more: bundles given to courts, laboratories and experts; backups; other stations. What nobody has is lost, and this\n"
                 "ledger ends. Then a successor is founded that names it, from the newest signed head that anyone holds (here: %" PRIu64
                 " records):\n", size);
    if (report->goal.size > size) {
        (void)printf("  BUT A NEWER HEAD WAS SIGNED, of %" PRIu64 " records, says ", report->goal.size);
        say_text(report->goal_name == NULL ? "this ledger" : report->goal_name);
        (void)printf(": a successor must name that one. Get its checkpoint from whoever shows it\n"
                     "  (a witness gives it at URL/ORIGIN-HASH/checkpoint) and give that file to --succeeds.\n");
    }
    if (newest != NULL && newest->kind != RECONCILE_LEDGER) {
        (void)printf("  unbroken ledger policy --ledger ");
        say_text(dir);
        (void)printf(" > old.policy\n");
    }
    (void)printf("  unbroken ledger init NEW-DIR --succeeds ");
    say_text(newest == NULL ? dir : newest->name);
    (void)printf("%s --origin NAME --code CODE --threshold N --registrar KEY...\n",
                 newest != NULL && newest->kind != RECONCILE_LEDGER ? " --policy old.policy" : "");
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *root_json(const struct hash *root)
{
    struct buffer text = {0};
    json_t *out;

    text_base64(&text, hash_view(root));
    out = output_string(buffer_view(&text));
    buffer_free(&text);
    return out;
}

static json_t *result_json(const struct reconcile_result *result)
{
    static const char *const answers[] = {"not used", "same", "older", "newer", "another history"};
    static const char *const kinds[] = {"bundle", "certificate", "receipt", "checkpoint", "ledger", "witness"};
    json_t *out = json_pack("{s:o,s:s,s:s,s:I,s:I,s:I}", "name", output_string(view_text(result->name)), "kind", kinds[result->kind],
                            "answer", answers[result->answer], "signed", (json_int_t)result->signed_size, "records",
                            (json_int_t)result->records, "holds", (json_int_t)result->holds);

    if (out != NULL && result->answer == RECONCILE_UNUSED) {
        (void)json_object_set_new(out, "why", output_string(view_text(result->why)));
    }
    if (out != NULL && result->answer == RECONCILE_FORK) {
        (void)json_object_set_new(out, "fork", json_pack("{s:I,s:o,s:o}", "size", (json_int_t)result->fork.size, "theirs",
                                                         root_json(&result->fork.theirs), "ours", root_json(&result->fork.ours)));
        (void)json_object_set_new(out, "exhibit", json_boolean(result->exhibit.len > 0));
    }
    return out;
}

enum status reconcile_say_json(struct reconcile *reconcile, size_t count, bool taken, struct fault *fault)
{
    const struct reconcile_report *report = reconcile_report(reconcile);
    struct ledger *ledger = reconcile_ledger(reconcile);
    json_t *sources = json_array();
    json_t *body;

    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(sources, result_json(&reconcile_results(reconcile)[i]));
    }
    body = json_pack("{s:I,s:I,s:o,s:I,s:I,s:I,s:b,s:I,s:I,s:I,s:I,s:b,s:o,s:o}", "records", (json_int_t)report->records, "checkpoint",
                     (json_int_t)report->checkpoint, "remembered",
                     report->remembered ? json_integer((json_int_t)report->head.size) : json_null(), "goal",
                     (json_int_t)report->goal.size, "missing", (json_int_t)report->missing, "beyond", (json_int_t)report->beyond,
                     "complete", report->complete ? 1 : 0, "withheld", (json_int_t)report->withheld, "absent",
                     (json_int_t)report->absent, "silent", (json_int_t)report->silent, "cosignatures", (json_int_t)report->cosignatures, "taken", taken ? 1 : 0, "problem",
                     report->problem[0] == '\0' ? json_null() : output_string(view_text(report->problem)), "sources", sources);
    return output_json(json_pack("{s:s,s:b,s:o}", "ledger", ledger_origin(ledger), "training",
                                 ledger_identity(ledger)->training ? 1 : 0, "reconcile", body),
                       fault);
}

void reconcile_say_all(struct reconcile *reconcile, size_t count)
{
    say_here(reconcile);
    for (size_t i = 0; i < count; i++) {
        say_result(&reconcile_results(reconcile)[i], reconcile_report(reconcile));
    }
    say_state(reconcile_report(reconcile));
}

void reconcile_say_taken(struct reconcile *reconcile)
{
    const struct reconcile_report *report = reconcile_report(reconcile);

    (void)printf("taken back: ");
    say_count(report->missing + report->beyond, "record");
    (void)printf(", ");
    say_count(report->notes, "signed checkpoint");
    (void)printf(", ");
    say_count(report->cosignatures, "cosignature");
    if (report->head_written) {
        (void)printf("; the head of %" PRIu64 " records is remembered", report->goal.size);
        if (!report->remembered) {
            (void)printf("\nNo head was remembered. If a later one than that was ever signed, stop: its papers will contradict what is recorded "
                         "from here on");
        }
    }
    (void)printf("\nnow: unbroken ledger fsck\n");
}
