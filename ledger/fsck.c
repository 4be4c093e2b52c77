/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck: the full check of a store. Here: threads, and what was found.
 */
#include "ledger/fsck_inside.h"
#include "ledger/head_file.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what was found -------------------------------------------------------------------------- */

void fsck_contradiction(struct fsck *fsck, const struct stop *stop)
{
    (void)pthread_mutex_lock(&fsck->queue.lock);
    /* NOTHING is the largest number. */
    if (stop->status != 0 && (fsck->stop.status == 0 || stop->record < fsck->stop.record)) {
        fsck->stop = *stop;
    }
    (void)pthread_mutex_unlock(&fsck->queue.lock);
    atomic_store(&fsck->stopped, true);
}

void fsck_damage(struct fsck *fsck, uint64_t record, const char *format, ...)
{
    struct stop stop = {.status = 1, .code = "damaged", .record = record, .subject = NOTHING, .byte = NOTHING};
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(stop.text, sizeof stop.text, format, arguments);
    va_end(arguments);
    fsck_contradiction(fsck, &stop);
}

void fsck_trouble(struct fsck *fsck, enum status status, const struct fault *fault)
{
    (void)pthread_mutex_lock(&fsck->queue.lock);
    if (fsck->status == STATUS_OK) {
        fsck->status = status;
        fsck->fault = *fault;
    }
    (void)pthread_mutex_unlock(&fsck->queue.lock);
    atomic_store(&fsck->stopped, true);
}

void fingerprint_add(const struct fsck *fsck, struct fingerprint *fingerprint, const void *bytes, size_t len,
                     uint64_t index)
{
    uint8_t message[32];
    uint64_t hash;

    memcpy(message, bytes, len);
    memcpy(message + len, &index, sizeof index);
    (void)crypto_shorthash((unsigned char *)&hash, message, len + sizeof index, fsck->key);
    fingerprint->sum += hash;
    fingerprint->count++;
}

bool fsck_room(void **array, size_t count, size_t *cap, size_t size)
{
    size_t room;
    void *grown;

    if (count < *cap) {
        return true;
    }
    room = *cap + *cap / 4 + 16;
    grown = realloc(*array, room * size);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *cap = room;
    return true;
}

/* ---- threads --------------------------------------------------------------------------------- */

static enum status run(struct fsck *fsck, size_t count, struct fault *fault)
{
    struct fsck_worker *workers[FSCK_THREADS_MAX] = {0};
    pthread_t threads[FSCK_THREADS_MAX];
    size_t started = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = fsck_worker_open(fsck, &workers[i], fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (pthread_create(&threads[i], NULL, fsck_work, workers[i]) != 0) {
            status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "cannot start a thread");
        } else {
            started++;
        }
    }
    if (status == STATUS_OK) {
        status = fsck_replay(fsck, fault);
    }
    queue_end(&fsck->queue);
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < count; i++) {
        fsck_worker_close(workers[i]);
    }
    if (status == STATUS_OK && fsck->status != STATUS_OK) {
        status = fault_set(fault, fsck->status, fsck->fault.at, "%s", fsck->fault.text);
    }
    return status;
}

/* ---- the check -------------------------------------------------------------------------------- */

static void hear(void *context, const struct finding *finding)
{
    const struct fsck *fsck = context;
    const struct ledger_listener *listener = fsck->options->listener;

    fsck->report->breaches += finding->breach ? 1u : 0u;
    if (listener != NULL) {
        listener->report(listener->context, finding);
    }
}

static enum status check(struct fsck *fsck, size_t threads, struct fault *fault)
{
    enum status status = queue_open(&fsck->queue, 2 * threads + 2, fault);

    if (status == STATUS_OK) {
        status = shadow_open(fsck, fault);
    }
    if (status == STATUS_OK) {
        status = run(fsck, threads, fault);
    }
    if (status == STATUS_OK && !atomic_load(&fsck->stopped)) {
        status = fsck_compare(fsck, fault);
    }
    return status;
}

enum status ledger_fsck(struct ledger *ledger, const struct fsck_options *options, struct fsck_report *report,
                        struct fault *fault)
{
    struct fsck fsck = {.ledger = ledger, .options = options, .report = report};
    struct ledger_listener listener = {hear, &fsck};
    long cores = options->threads != 0 ? (long)options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = cores < 1 ? 1 : cores > FSCK_THREADS_MAX ? FSCK_THREADS_MAX : (size_t)cores;
    struct fault inner = {0}, config = {0};
    enum status configured = STATUS_MISSING;
    enum status status;

    *report = (struct fsck_report){0};
    crypto_shorthash_keygen(fsck.key);
    atomic_init(&fsck.stopped, false);
    head_before(ledger);
    status = ledger_begin(ledger, false, &fsck.txn, fault);
    if (status != STATUS_OK) {
        return status;
    }
    fsck.txn->listener = &listener;
    status = erasures_read(fsck.txn, NOTHING, &fsck.erasures, &inner);
    if (status == STATUS_OK) {
        configured = witnesses_read(ledger, &fsck.witnesses, &config);
        status = check(&fsck, threads, &inner);
    }
    if (configured == STATUS_DAMAGED || configured == STATUS_REFUSED) {
        fsck_damage(&fsck, NOTHING, "%s", config.text);
    }
    if (status == STATUS_DAMAGED) {
        /* The store could not even be read. */
        fsck_damage(&fsck, inner.at == FAULT_NOWHERE ? NOTHING : inner.at, "%s", inner.text);
        status = STATUS_OK;
    } else if (status != STATUS_OK) {
        status = fault_set(fault, status, inner.at, "%s", inner.text);
    }
    report->signatures = fsck.signatures;
    report->details = fsck.details;
    report->scrub_due = report->scrub_due || store_rewrite_left(ledger->dir);
    report->erased = fsck.erased;
    report->unfinished = fsck.unfinished;
    report->subjects = fsck.shadow_count;
    report->stop = fsck.stop;
    policy_close(fsck.witnesses);
    shadow_close(&fsck);
    queue_free(&fsck.queue);
    gaps_free(&fsck.gaps);
    extents_free(&fsck.orders);
    free(fsck.files);
    extents_free(&fsck.erasures);
    ledger_abort(fsck.txn);
    return status;
}
