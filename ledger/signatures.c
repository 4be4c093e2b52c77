/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signatures: a ring of jobs between the transaction and one thread.
 */
#include "ledger/signatures.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS = 256 };

struct job {
    uint64_t index;
    uint64_t person;
    size_t number; /* of the signature in the act, from 0 */
    struct public_key key;
    uint8_t value[SIGNATURE_BYTES];
    struct buffer message; /* kept between uses */
};

struct signatures {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job jobs[JOBS];
    size_t first, waiting; /* the ring; the first is the one at work */
    bool ends;
    bool failed;           /* the first failure by order of the jobs stands in fault */
    struct fault fault;
};

static void judge(struct signatures *signatures, const struct job *job, enum signature_opinion opinion)
{
    if (opinion == SIGNATURE_VALID || signatures->failed) {
        return;
    }
    signatures->failed = true;
    (void)fault_set(&signatures->fault, STATUS_UNTRUSTED, job->index,
                    "signature: record %llu: signature %zu does not match the key of person %llu", (unsigned long long)job->index,
                    job->number + 1, (unsigned long long)job->person);
}

static void *work(void *context)
{
    struct signatures *signatures = context;

    (void)pthread_mutex_lock(&signatures->lock);
    for (;;) {
        while (signatures->waiting == 0 && !signatures->ends) {
            (void)pthread_cond_wait(&signatures->changed, &signatures->lock);
        }
        if (signatures->ends) {
            break;
        }
        struct job *job = &signatures->jobs[signatures->first];

        (void)pthread_mutex_unlock(&signatures->lock);
        enum signature_opinion opinion = signature_check(&job->key, buffer_view(&job->message), job->value, SIGNATURE_FAST);

        (void)pthread_mutex_lock(&signatures->lock);
        judge(signatures, job, opinion);
        signatures->first = (signatures->first + 1) % JOBS;
        signatures->waiting--;
        /* The transaction sleeps only when the ring is full or it waits for the end. */
        if (signatures->waiting == 0 || signatures->waiting == JOBS / 2) {
            (void)pthread_cond_broadcast(&signatures->changed);
        }
    }
    (void)pthread_mutex_unlock(&signatures->lock);
    return NULL;
}

/* Signals are the program's, not this thread's: an interrupt must break the read that waits for a scanner. */
static bool start(struct signatures *signatures)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return false;
    }
    bool started = pthread_create(&signatures->thread, NULL, work, signatures) == 0;

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum status signatures_open(struct signatures **out, struct fault *fault)
{
    struct signatures *signatures = calloc(1, sizeof *signatures);

    if (signatures == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (pthread_mutex_init(&signatures->lock, NULL) != 0 || pthread_cond_init(&signatures->changed, NULL) != 0 ||
        !start(signatures)) {
        free(signatures);
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "no thread can be made");
    }
    *out = signatures;
    return STATUS_OK;
}

void signatures_close(struct signatures *signatures)
{
    if (signatures == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&signatures->lock);
    signatures->ends = true;
    (void)pthread_cond_broadcast(&signatures->changed);
    (void)pthread_mutex_unlock(&signatures->lock);
    (void)pthread_join(signatures->thread, NULL);
    (void)pthread_cond_destroy(&signatures->changed);
    (void)pthread_mutex_destroy(&signatures->lock);
    for (size_t i = 0; i < JOBS; i++) {
        buffer_free(&signatures->jobs[i].message);
    }
    free(signatures);
}

void signatures_add(struct signatures *signatures, uint64_t index, const struct act *act,
                    const struct public_key *const keys[ACT_SIGNERS_MAX])
{
    for (size_t i = 0; i < act->signer_count; i++) {
        (void)pthread_mutex_lock(&signatures->lock);
        while (signatures->waiting == JOBS) {
            (void)pthread_cond_wait(&signatures->changed, &signatures->lock);
        }
        struct job *job = &signatures->jobs[(signatures->first + signatures->waiting) % JOBS];

        /* The thread does not look at a job before it is counted. */
        (void)pthread_mutex_unlock(&signatures->lock);
        job->index = index;
        job->person = act->signers[i].person;
        job->number = i;
        job->key = *keys[i];
        memcpy(job->value, act->signatures[i].value, sizeof job->value);
        buffer_reset(&job->message);
        signed_bytes(act->signatures[i].header, act->payload, &job->message);
        (void)pthread_mutex_lock(&signatures->lock);
        if (job->message.failed && !signatures->failed) {
            signatures->failed = true;
            (void)fault_set(&signatures->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        signatures->waiting++;
        if (signatures->waiting == 1) {
            (void)pthread_cond_broadcast(&signatures->changed);
        }
        (void)pthread_mutex_unlock(&signatures->lock);
    }
}

enum status signatures_wait(struct signatures *signatures, struct fault *fault)
{
    enum status status = STATUS_OK;

    (void)pthread_mutex_lock(&signatures->lock);
    while (signatures->waiting > 0) {
        (void)pthread_cond_wait(&signatures->changed, &signatures->lock);
    }
    if (signatures->failed) {
        status = fault_set(fault, signatures->fault.status, signatures->fault.at, "%s", signatures->fault.text);
        signatures->failed = false;
        fault_clear(&signatures->fault);
    }
    (void)pthread_mutex_unlock(&signatures->lock);
    return status;
}
