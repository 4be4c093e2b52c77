/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit: the report. The full check is fsck's: the code that a station checks itself with.
 */
#include "ledger/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/inside.h"
#include "ledger/source.h"

/* Subjects in memory at a time while the ends are looked at. */
enum { ENDS_AT_ONCE = 4096 };

/* Of one record, what was told of it: SPEC 7.3.17b. */
enum { TOLD_MAX = 256 };

struct hearing {
    const struct ledger_listener *listener;
    struct audit_report *report;
    uint64_t *clouded; /* things of which an adoption has made what is not known here */
    size_t clouded_count, clouded_cap;
    bool failed;
    uint64_t record;
    size_t count;
    struct {
        const char *code;
        uint64_t subject;
    } told[TOLD_MAX];
};

static bool told_already(struct hearing *hearing, const struct finding *finding)
{
    hearing->count = hearing->record == finding->record ? hearing->count : 0;
    hearing->record = finding->record;
    for (size_t i = 0; i < hearing->count; i++) {
        if (hearing->told[i].subject == finding->subject && strcmp(hearing->told[i].code, finding->code) == 0) {
            return true;
        }
    }
    if (hearing->count < TOLD_MAX) {
        hearing->told[hearing->count].code = finding->code;
        hearing->told[hearing->count++].subject = finding->subject;
    }
    return false;
}

static bool is_clouded(const struct hearing *hearing, uint64_t subject)
{
    for (size_t i = 0; i < hearing->clouded_count; i++) {
        if (hearing->clouded[i] == subject) {
            return true;
        }
    }
    return false;
}

static void cloud(struct hearing *hearing, uint64_t subject)
{
    if (is_clouded(hearing, subject)) {
        return;
    }
    if (hearing->clouded_count == hearing->clouded_cap) {
        size_t cap = hearing->clouded_cap == 0 ? 64 : hearing->clouded_cap * 2;
        uint64_t *grown = realloc(hearing->clouded, cap * sizeof *grown);

        if (grown == NULL) {
            hearing->failed = true;
            return;
        }
        hearing->clouded = grown;
        hearing->clouded_cap = cap;
    }
    hearing->clouded[hearing->clouded_count++] = subject;
}

/* A breach of a thing of which nobody here knows how it stood is none that an auditor may publish. */
static void hear(void *context, const struct finding *given)
{
    struct hearing *hearing = context;
    struct finding finding = *given;

    if (finding.breach && told_already(hearing, &finding)) {
        return;
    }
    if (finding.breach && is_clouded(hearing, finding.subject)) {
        finding.breach = false;
        finding.code = "orphan";
        (void)snprintf(finding.text, sizeof finding.text, "not judged: %s: %.200s", given->code, given->text);
    } else if (!finding.breach && strcmp(finding.code, "orphan") == 0) {
        cloud(hearing, finding.subject);
    }
    hearing->report->breaches += finding.breach ? 1u : 0u;
    hearing->report->findings += finding.breach ? 0u : 1u;
    hearing->report->unjudged += !finding.breach && strcmp(finding.code, "orphan") == 0 ? 1u : 0u;
    if (hearing->listener != NULL && hearing->listener->report != NULL) {
        hearing->listener->report(hearing->listener->context, &finding);
    }
}

/* ---- what is open at the end ----------------------------------------------------------------- */

static void hear_end(void *context, const struct finding *finding)
{
    struct ledger_txn *txn = context;

    txn->listener->report(txn->listener->context, finding);
}

static enum status judge_ends(struct ledger *mirror, const struct ledger_listener *listener, uint64_t from, uint64_t now_s, uint64_t *to, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct rules_source source;
    struct replay replay = {.hasher = mirror->hasher, .source = &source, .scratch = mirror->other, .rigour = SIGNATURE_FAST};
    enum status status = ledger_begin(mirror, false, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    txn->listener = listener;
    source = source_over(txn);
    source.report = hear_end;
    replay.world = txn_world(txn, fault);
    memcpy(replay.code, mirror->identity.code, sizeof replay.code);
    for (*to = from; replay.world != NULL && status == STATUS_OK && *to < txn->meta.subjects && *to < from + ENDS_AT_ONCE; (*to)++) {
        const struct subject *subject = ledger_subject(txn, *to, fault);

        if (subject == NULL) {
            status = STATUS_DAMAGED;
        } else {
            rules_end(&replay, subject, now_s);
        }
    }
    status = replay.world == NULL ? STATUS_MEMORY : status;
    ledger_abort(txn);
    return status;
}

/* Time of the last heads record: as a bundle of the whole ledger would be judged. */
static enum status end_of(struct ledger *mirror, struct audit_report *out, uint64_t *now_s, uint64_t *subjects, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(mirror, false, &txn, fault);

    if (status == STATUS_OK) {
        out->size = txn->meta.checkpoint;
        *subjects = txn->meta.subjects;
        status = ledger_root(txn, out->size, &out->root, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_refused(txn, &out->refusal, fault);
        out->refused = status == STATUS_OK;
        status = status == STATUS_MISSING ? STATUS_OK : status;
    }
    if (status == STATUS_OK) {
        status = record_at(txn, txn->meta.heads > 0 ? txn->meta.heads - 1 : txn->meta.size - 1, mirror->earlier, fault);
        *now_s = mirror->earlier->logged_s;
    }
    ledger_abort(txn);
    return status;
}

enum status audit_mirror(struct ledger *mirror, const struct progress *progress, const struct ledger_listener *listener, struct audit_report *out,
                         struct fault *fault)
{
    struct hearing hearing = {.listener = listener, .report = out, .record = NOTHING};
    struct ledger_listener heard = {hear, &hearing};
    struct fsck_options options = {.listener = &heard};
    uint64_t subjects = 0;
    uint64_t now_s = 0;
    enum status status;

    *out = (struct audit_report){0};
    if (!mirror->mirror) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a ledger and no mirror: unbroken ledger fsck", mirror->dir);
    }
    if (progress != NULL) {
        options.progress = *progress;
    }
    status = ledger_fsck(mirror, &options, &out->fsck, fault);
    if (status == STATUS_OK && out->fsck.stop.status == 0) {
        status = end_of(mirror, out, &now_s, &subjects, fault);
    }
    for (uint64_t from = 0; from < subjects && status == STATUS_OK;) {
        status = judge_ends(mirror, &heard, from, now_s, &from, fault);
    }
    if (status == STATUS_OK && hearing.failed) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    free(hearing.clouded);
    return status;
}
