/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare_open: opening the two. Which ledger they are of is what both must agree on; what proves station keys is opened first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/compare_inside.h"
#include "verify/shown.h"
#include "verify/text.h"

struct compare {
    struct hasher *hasher;
    struct buffer origin; /* with a NUL */
    const struct policy *policy; /* borrowed, or `own` */
    struct policy *own;
    struct copy_of of;
    struct copy_keys keys;
    struct copy copies[2];
    char doubts[2][FAULT_TEXT_BYTES];
    struct compare_report report;
};

static enum status origin_of(struct hasher *hasher, const struct reconcile_source *source, struct buffer *out, struct fault *fault)
{
    struct ledger *ledger = NULL;
    struct shown shown = {0};
    struct fault inner = {0};
    enum status status;

    if (source->is_ledger) {
        status = ledger_open(source->name, LEDGER_READ, NULL, &ledger, fault);
        buffer_append_view(out, view_text(status == STATUS_OK ? ledger_origin(ledger) : ""));
        ledger_close(ledger);
    } else if (file_kind(source->file) != FILE_BUNDLE) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "%.200s: is an exhibit, and proves by itself what it says: unbroken-verify --policy POLICY EXHIBIT", source->name);
    } else {
        status = shown_read(hasher, source->file, &shown, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, FAULT_NOWHERE, "%.200s: shows no checkpoint: %.300s", source->name, inner.text);
        }
        buffer_append_view(out, shown.origin);
        shown_close(&shown);
    }
    buffer_append_byte(out, '\0');
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

static enum status refuse_two(struct view a, struct view b, struct fault *fault)
{
    struct buffer told = {0};
    enum status status;

    text_escape(&told, view_part(a, 0, a.len - 1));
    buffer_append_view(&told, view_text(" and "));
    text_escape(&told, view_part(b, 0, b.len - 1));
    status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "they are of two ledgers, which have nothing to agree on: %.*s", (int)told.len,
                       told.ptr == NULL ? "" : (const char *)told.ptr);
    buffer_free(&told);
    return status;
}

static enum status find_origin(struct compare *compare, const struct reconcile_source sources[2], struct fault *fault)
{
    struct buffer other = {0};
    enum status status = origin_of(compare->hasher, &sources[0], &compare->origin, fault);

    if (status == STATUS_OK) {
        status = origin_of(compare->hasher, &sources[1], &other, fault);
    }
    if (status == STATUS_OK && !view_equal(buffer_view(&other), buffer_view(&compare->origin))) {
        status = refuse_two(buffer_view(&compare->origin), buffer_view(&other), fault);
    }
    buffer_free(&other);
    compare->of = (struct copy_of){.hasher = compare->hasher, .origin = (const char *)compare->origin.ptr};
    return status;
}

static enum status take_policy(struct compare *compare, const struct policy *policy, struct fault *fault)
{
    for (size_t i = 0; policy != NULL && i < policy_log_count(policy); i++) {
        const struct verifier_key *log = policy_log(policy, i);

        if (view_equal(log->name, view_text(compare->of.origin))) {
            copy_keys_add(&compare->keys, log->key.bytes);
        }
    }
    compare->policy = policy;
    return policy == NULL || compare->keys.count > 0 ? STATUS_OK
                                                     : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the policy names no key of this ledger");
}

/* What it is in words, with the name of what is wrong. */
static enum status name_fault(const struct compare *compare, const struct reconcile_source *source, enum status status, const char *why,
                              struct fault *fault)
{
    bool keyless = compare->keys.count == 0 && !source->is_ledger;

    return fault_set(fault, status, FAULT_NOWHERE, "%.200s: %.300s%s", source->name, why,
                     keyless && status == STATUS_UNTRUSTED ? "; neither file proves that key: give it with --policy" : "");
}

/* What proves station keys. A bundle that does not verify is left for later. */
static enum status open_proving(struct compare *compare, const struct reconcile_source *source, int i, struct fault *fault)
{
    struct copy *copy = &compare->copies[i];
    struct fault inner = {0};
    enum status status;

    if (!source->is_ledger && copy_is_text(source->file)) {
        return STATUS_OK;
    }
    status = source->is_ledger ? copy_open_ledger(&compare->of, &compare->keys, source->name, copy, &inner)
                               : copy_open_file(&compare->of, &compare->keys, source->file, copy, &inner);
    compare->of.dir = source->is_ledger ? source->name : compare->of.dir;
    if (status == STATUS_UNTRUSTED && !source->is_ledger) {
        (void)snprintf(compare->doubts[i], sizeof compare->doubts[i], "%.400s", inner.text);
        return STATUS_OK;
    }
    return status == STATUS_OK ? status : name_fault(compare, source, status, inner.text, fault);
}

/* Papers; and of a bundle that does not verify what its signed head covers all the same. */
static enum status open_shown(struct compare *compare, const struct reconcile_source *source, int i, struct fault *fault)
{
    struct fault inner = {0};
    enum status status;

    if (compare->doubts[i][0] == '\0' && (source->is_ledger || !copy_is_text(source->file))) {
        return STATUS_OK;
    }
    status = compare->doubts[i][0] != '\0' ? copy_open_paths(&compare->of, &compare->keys, source->file, &compare->copies[i], &inner)
                                           : copy_open_file(&compare->of, &compare->keys, source->file, &compare->copies[i], &inner);
    if (status == STATUS_OK) {
        return status;
    }
    return name_fault(compare, source, status, compare->doubts[i][0] != '\0' ? compare->doubts[i] : inner.text, fault);
}

static enum status open_both(struct compare *compare, const struct reconcile_source sources[2], struct fault *fault)
{
    enum status status = STATUS_OK;

    for (int i = 0; i < 2 && status == STATUS_OK; i++) {
        status = open_proving(compare, &sources[i], i, fault);
    }
    for (int i = 0; i < 2 && status == STATUS_OK; i++) {
        status = open_shown(compare, &sources[i], i, fault);
    }
    if (status == STATUS_OK && compare->policy == NULL) {
        status = copy_policy(&compare->of, &compare->keys, &compare->own, fault);
        compare->policy = compare->own;
    }
    return status;
}

enum status compare_open(const struct reconcile_source sources[2], const struct policy *policy, struct compare **out, struct fault *fault)
{
    struct compare *compare = calloc(1, sizeof *compare);
    enum status status = compare == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : hasher_open(&compare->hasher, fault);

    if (status == STATUS_OK) {
        status = find_origin(compare, sources, fault);
    }
    if (status == STATUS_OK) {
        status = take_policy(compare, policy, fault);
    }
    if (status == STATUS_OK) {
        status = open_both(compare, sources, fault);
    }
    if (status != STATUS_OK) {
        compare_close(compare);
        return status;
    }
    *out = compare;
    return STATUS_OK;
}

void compare_close(struct compare *compare)
{
    if (compare == NULL) {
        return;
    }
    compare_free(&compare->report);
    copy_close(&compare->copies[0]);
    copy_close(&compare->copies[1]);
    policy_close(compare->own);
    buffer_free(&compare->origin);
    hasher_close(compare->hasher);
    free(compare);
}

const char *compare_origin(const struct compare *compare)
{
    return compare->of.origin;
}

uint64_t compare_records(const struct compare *compare, int i)
{
    return compare->copies[i].kind == COPY_LEDGER ? ledger_size(compare->copies[i].txn) : NOTHING;
}

enum status compare_run(struct compare *compare, const struct compare_report **out, struct fault *fault)
{
    struct compare_report *report = &compare->report;
    enum status status = compare_copies(compare->hasher, compare->policy, &compare->copies[0], &compare->copies[1], report, fault);

    memcpy(report->doubts, compare->doubts, sizeof report->doubts);
    if (status == STATUS_OK && (report->doubts[0][0] != '\0' || report->doubts[1][0] != '\0') &&
        (report->answer == COMPARE_SAME || report->answer == COMPARE_LATER)) {
        report->answer = COMPARE_UNPROVEN;
    }
    *out = report;
    return status;
}
