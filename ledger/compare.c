/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare: signed heads first, for they make exhibits; then records; then which is later. Heads that contradict records: compare_heads.c.
 */
#include "ledger/compare_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/exhibit.h"
#include "ledger/fork.h"

struct comparing {
    struct hasher *hasher;
    const struct policy *policy;
    struct copy *copies[2];
    struct compare_report *report;
};

static void say_why(struct compare_report *report, const char *why)
{
    (void)snprintf(report->why, sizeof report->why, "%.400s", why);
}

/* ---- forks ----------------------------------------------------------------------------------- */

static void set_fork(struct compare_report *report, uint64_t size, int mine, const struct hash *my_root, const struct hash *other_root)
{
    if (report->answer == COMPARE_FORK) {
        return;
    }
    report->answer = COMPARE_FORK;
    report->size = size;
    report->first = NOTHING;
    report->roots[mine] = *my_root;
    report->roots[1 - mine] = *other_root;
}

/*
 * The signed head `old` is not of the history of `other`, whose own root at that size is `root`: with a signed head of `other` and the path that
 * leads there, that is the exhibit.
 */
static enum status prove_fork(struct comparing *comparing, const struct copy_note *old, struct copy *other, const struct hash *root,
                              struct fault *fault)
{
    struct compare_report *report = comparing->report;
    const struct copy_note *newer = NULL;
    struct merkle_path path;
    struct merkle_path nodes;
    struct fault why = {0};
    struct buffer file = {0};
    enum status status = copy_consistency(other, old->size, &newer, &path, fault);

    if (status == STATUS_MISSING) {
        say_why(report, "no signed checkpoint covers what contradicts the other's; records alone are nobody's word");
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!fork_nodes(old->size, newer->size, &path, root, &nodes)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the consistency path has too many nodes");
    }
    fork_encode(old->bytes, newer->bytes, &nodes, &file);
    status = buffer_status(&file, fault);
    if (status == STATUS_OK) {
        status = exhibit_proven(comparing->hasher, comparing->policy, buffer_view(&file), "fork", &why);
        if (status == STATUS_OK) {
            report->exhibit = file;
            return STATUS_OK;
        }
        status = status == STATUS_REFUSED ? STATUS_OK : fault_set(fault, status, FAULT_NOWHERE, "%.400s", why.text);
        say_why(report, why.text);
    }
    buffer_free(&file);
    return status;
}

/* The signed heads of one against the roots that the other shows. The first contradiction is told; all are tried until one makes an exhibit. */
static enum status fork_by_heads(struct comparing *comparing, int mine, struct fault *fault)
{
    struct copy *copy = comparing->copies[mine];
    struct copy *other = comparing->copies[1 - mine];
    enum status status = STATUS_OK;

    for (size_t i = 0; i < copy->note_count && comparing->report->exhibit.len == 0 && status == STATUS_OK; i++) {
        const struct copy_note *note = &copy->notes[i];
        struct hash root;

        status = copy_root(other, note->size, &root, fault);
        if (status == STATUS_OK && !hash_equal(&root, &note->root)) {
            set_fork(comparing->report, note->size, mine, &note->root, &root);
            status = prove_fork(comparing, note, other, &root, fault);
        }
        status = status == STATUS_MISSING ? STATUS_OK : status;
    }
    return status;
}

/* Two directories: what both have must have one root, signed or not. */
static enum status fork_by_trees(struct comparing *comparing, struct fault *fault)
{
    struct compare_report *report = comparing->report;
    struct ledger_txn *a = comparing->copies[0]->txn;
    struct ledger_txn *b = comparing->copies[1]->txn;
    uint64_t size = ledger_size(a) < ledger_size(b) ? ledger_size(a) : ledger_size(b);
    struct hash in_a;
    struct hash in_b;
    enum status status = ledger_root(a, size, &in_a, fault);

    if (status == STATUS_OK) {
        status = ledger_root(b, size, &in_b, fault);
    }
    if (status != STATUS_OK || hash_equal(&in_a, &in_b)) {
        return status;
    }
    if (report->answer != COMPARE_FORK) {
        set_fork(report, size, 0, &in_a, &in_b);
        say_why(report, "no signed checkpoint covers what contradicts the other's; records alone are nobody's word");
    }
    return copy_first_difference(a, b, size, &report->first, fault);
}

/* A record that both show: each stands under a signed head of its own, but no path leads from the one to the other. */
static void fork_by_records(struct comparing *comparing)
{
    struct compare_report *report = comparing->report;
    struct hash in_a;
    struct hash in_b;
    uint64_t index;

    if (!copy_first_record(comparing->copies[0], comparing->copies[1], comparing->hasher, &index, &in_a, &in_b)) {
        return;
    }
    if (report->answer != COMPARE_FORK) {
        set_fork(report, 0, 0, &in_a, &in_b);
        say_why(report, "an exhibit needs the path from the smaller signed head to the larger: neither file has it. A bundle of the larger made with "
                        "--since the smaller, or a copy of the ledger that has it, gives one");
    }
    report->first = index;
}

static enum status find_fork(struct comparing *comparing, struct fault *fault)
{
    bool both = comparing->copies[0]->kind == COPY_LEDGER && comparing->copies[1]->kind == COPY_LEDGER;
    enum status status = fork_by_heads(comparing, 0, fault);

    if (status == STATUS_OK) {
        status = fork_by_heads(comparing, 1, fault);
    }
    if (status == STATUS_OK && both) {
        status = fork_by_trees(comparing, fault);
    } else if (status == STATUS_OK) {
        fork_by_records(comparing);
    }
    return status;
}

/* ---- which is later -------------------------------------------------------------------------- */

/* Does one of them show the smaller head's root in the history of the larger? What differs was found before. */
static enum status find_later(struct comparing *comparing, struct fault *fault)
{
    struct compare_report *report = comparing->report;
    const struct copy_note *newest[2] = {copy_newest(comparing->copies[0]), copy_newest(comparing->copies[1])};
    enum status status = STATUS_MISSING;

    for (int i = 0; i < 2; i++) {
        report->sizes[i] = newest[i] == NULL ? 0 : newest[i]->size;
    }
    report->answer = COMPARE_UNPROVEN;
    report->later = report->sizes[1] >= report->sizes[0] ? 1 : 0;
    if (newest[0] == NULL || newest[1] == NULL) {
        return STATUS_OK;
    }
    if (report->sizes[0] == report->sizes[1]) {
        report->answer = COMPARE_SAME;
        return STATUS_OK;
    }
    /* The later one has the root at the smaller size; or the smaller one is of a directory that has records up to the larger. */
    for (int i = 0; i < 2 && status == STATUS_MISSING; i++) {
        struct hash ignored;
        int prover = i == 0 ? report->later : 1 - report->later;

        status = copy_root(comparing->copies[prover], newest[i == 0 ? 1 - report->later : report->later]->size, &ignored, fault);
        if (status == STATUS_OK) {
            report->answer = COMPARE_LATER;
            report->prover = prover;
            report->proof = comparing->copies[prover]->kind == COPY_LEDGER ? COMPARE_BY_TREE : COMPARE_BY_PATH;
        }
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

enum status compare_copies(struct hasher *hasher, const struct policy *policy, struct copy *a, struct copy *b, struct compare_report *out,
                           struct fault *fault)
{
    struct comparing comparing = {.hasher = hasher, .policy = policy, .copies = {a, b}, .report = out};
    enum status status;

    *out = (struct compare_report){.first = NOTHING, .heads = NOTHING, .hidden = NOTHING, .subject = NOTHING};
    status = find_later(&comparing, fault);
    if (status == STATUS_OK) {
        status = find_fork(&comparing, fault);
    }
    for (int liar = 0; liar < 2 && status == STATUS_OK && out->answer != COMPARE_FORK && out->answer != COMPARE_FALSE_HEADS; liar++) {
        out->liar = liar;
        status = compare_heads(hasher, policy, comparing.copies[liar], comparing.copies[1 - liar], out, fault);
    }
    if (status != STATUS_OK) {
        compare_free(out);
    }
    return status;
}

void compare_free(struct compare_report *report)
{
    buffer_free(&report->exhibit);
}
