/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_queue: batches between the replay and the workers. Their number bounds the memory.
 */
#include "ledger/fsck_inside.h"

#include <stdlib.h>

enum status queue_open(struct fsck_queue *queue, size_t batches, struct fault *fault)
{
    if (pthread_mutex_init(&queue->lock, NULL) != 0 || pthread_cond_init(&queue->changed, NULL) != 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "cannot make a lock");
    }
    for (size_t i = 0; i < batches; i++) {
        struct fsck_batch *batch = calloc(1, sizeof *batch);

        if (batch == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        batch->next = queue->free;
        queue->free = batch;
    }
    return STATUS_OK;
}

static void free_batches(struct fsck_batch *batch)
{
    while (batch != NULL) {
        struct fsck_batch *next = batch->next;

        free(batch->parts);
        free(batch->references);
        free(batch->signatures);
        free(batch);
        batch = next;
    }
}

void queue_free(struct fsck_queue *queue)
{
    free_batches(queue->free);
    free_batches(queue->first);
    queue->free = NULL;
    queue->first = NULL;
}

struct fsck_batch *queue_take_free(struct fsck_queue *queue)
{
    struct fsck_batch *batch;

    (void)pthread_mutex_lock(&queue->lock);
    while (queue->free == NULL) {
        (void)pthread_cond_wait(&queue->changed, &queue->lock);
    }
    batch = queue->free;
    queue->free = batch->next;
    (void)pthread_mutex_unlock(&queue->lock);
    batch->next = NULL;
    batch->count = 0;
    batch->part_count = 0;
    batch->reference_count = 0;
    batch->signature_count = 0;
    return batch;
}

void queue_put(struct fsck_queue *queue, struct fsck_batch *batch)
{
    (void)pthread_mutex_lock(&queue->lock);
    if (queue->first == NULL) {
        queue->first = batch;
    } else {
        queue->last->next = batch;
    }
    queue->last = batch;
    (void)pthread_cond_broadcast(&queue->changed);
    (void)pthread_mutex_unlock(&queue->lock);
}

struct fsck_batch *queue_take(struct fsck_queue *queue)
{
    struct fsck_batch *batch;

    (void)pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->closed) {
        (void)pthread_cond_wait(&queue->changed, &queue->lock);
    }
    batch = queue->first;
    if (batch != NULL) {
        queue->first = batch->next;
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return batch;
}

void queue_give_back(struct fsck_queue *queue, struct fsck_batch *batch)
{
    (void)pthread_mutex_lock(&queue->lock);
    batch->next = queue->free;
    queue->free = batch;
    (void)pthread_cond_broadcast(&queue->changed);
    (void)pthread_mutex_unlock(&queue->lock);
}

void queue_end(struct fsck_queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    (void)pthread_cond_broadcast(&queue->changed);
    (void)pthread_mutex_unlock(&queue->lock);
}
