/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_since: V14: does this file continue the older paper in somebody's drawer, and is it new enough.
 */
#include "verify/check.h"
#include "verify/shown.h"

#define R(x) ((unsigned long long)(x))

bool check_view(const struct check *check, struct view note, struct checkpoint *out)
{
    struct fault fault = { 0 };
    return checkpoint_parse(note, out, &fault) == STATUS_OK && view_equal(out->origin, check->checkpoint->origin);
}

static void compare(struct check *check, const struct checkpoint *since)
{
    uint64_t n = check->checkpoint->size;
    const struct hash *root = check_proven_root(check, since->size);
    if (root != NULL && !hash_equal(root, &since->root)) {
        stop_set(check->stop, 1, "fork", NOTHING, NOTHING, "the older paper shows another history of the first %llu records: both are signed",
                 R(since->size));
    } else if (since->size > n) {
        check_note(check, "stale", NOTHING, "the older paper covers %llu records, this file only %llu: records are missing at its end",
                   R(since->size), R(n));
    } else if (root == NULL) {
        check_note(check, "since-unproven", NOTHING,
                   "this file does not prove that it continues the paper of size %llu: ask for a bundle made with --since %llu",
                   R(since->size), R(since->size));
    } else {
        check->verdict->since_size = since->size;
    }
}

/* A receipt's record is proven to stand in the paper's tree: here it must be the same, whatever the sizes. */
static bool same_record(struct check *check, const struct shown *shown)
{
    const struct row *row = shown->has_record ? check_row(check, shown->index) : NULL;
    if (row == NULL || hash_equal(&row->hash, &shown->record)) {
        return true;
    }
    stop_set(check->stop, 1, "fork", NOTHING, NOTHING, "the receipt shows another record %llu than this file: both are signed", R(shown->index));
    return false;
}

static enum status check_since(struct check *check, struct checkpoint *since, struct fault *fault)
{
    struct shown shown = { 0 };
    struct fault why = { 0 };
    enum status status = shown_read(check->hasher, check->options->since, &shown, &why);
    if (status == STATUS_MEMORY) {
        return fault_set(fault, status, FAULT_NOWHERE, "out of memory");
    }
    if (status != STATUS_OK || !check_view(check, buffer_view(&shown.note), since) ||
        (check_signer(check, since) != SIGNER_STATION && check_signer(check, since) != SIGNER_POLICY)) {
        stop_set(check->stop, 2, "since-unreadable", NOTHING, NOTHING, "the older paper is no checkpoint, bundle, receipt or certificate of this ledger, "
                 "or its signature does not hold%s%.300s", status != STATUS_OK ? ": " : "", status != STATUS_OK ? why.text : "");
    } else if (same_record(check, &shown)) {
        compare(check, since);
    }
    shown_close(&shown);
    return STATUS_OK;
}

static void check_as_of(struct check *check)
{
    const struct verdict *verdict = check->verdict;
    uint64_t time_s = 0;
    for (size_t i = 0; i < verdict->witness_count; i++) {
        time_s = verdict->witnesses[i].time_s > time_s ? verdict->witnesses[i].time_s : time_s;
    }
    time_s = verdict->witness_count == 0 ? verdict->logged_s : time_s;
    if (check->options->as_of_s != NOTHING && time_s < check->options->as_of_s) {
        check_note(check, "stale", NOTHING, "this file is older than the time asked for");
    }
}

enum status check_freshness(struct check *check, struct checkpoint *scratch, struct fault *fault)
{
    enum status status = check->options->since.len > 0 ? check_since(check, scratch, fault) : STATUS_OK;
    if (check->stop->status == 0) {
        check_as_of(check);
    }
    return status;
}
