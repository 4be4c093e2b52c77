/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_keep: memory of a dossier: arrays that grow, and texts in blocks that never move, so that views of them stay good.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 65536 };

struct block {
    struct block *before;
    size_t used, size;
    uint8_t bytes[];
};

struct dossier_store {
    struct block *last;
};

enum status dossier_room(void **array, size_t count, size_t *cap, size_t size, struct fault *fault)
{
    return check_room(array, count, cap, size) ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
}

static struct block *add_block(struct dossier_store *store, size_t len)
{
    size_t size = len > BLOCK_BYTES ? len : BLOCK_BYTES;
    struct block *block = malloc(sizeof *block + size);
    if (block != NULL) {
        *block = (struct block){ .before = store->last, .size = size };
        store->last = block;
    }
    return block;
}

enum status dossier_keep(struct dossier *dossier, struct view text, struct view *out, struct fault *fault)
{
    if (dossier->store == NULL) {
        dossier->store = calloc(1, sizeof *dossier->store);
    }
    struct block *block = dossier->store == NULL ? NULL : dossier->store->last;
    if (dossier->store != NULL && (block == NULL || block->size - block->used < text.len)) {
        block = add_block(dossier->store, text.len);
    }
    if (block == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
    }
    if (text.len > 0) {
        memcpy(block->bytes + block->used, text.ptr, text.len);
    }
    *out = view_of(block->bytes + block->used, text.len);
    block->used += text.len;
    return STATUS_OK;
}

enum status dossier_keep_seals(struct dossier *dossier, const struct seals *seals, struct dossier_run *out, struct fault *fault)
{
    enum status status = STATUS_OK;
    *out = (struct dossier_run){ dossier->seal_count, seals->count };
    for (size_t i = 0; i < seals->count && status == STATUS_OK; i++) {
        void *list = dossier->seals;
        status = dossier_room(&list, dossier->seal_count, &dossier->seal_cap, sizeof *dossier->seals, fault);
        if (status == STATUS_OK) {
            dossier->seals = list;
            status = dossier_keep(dossier, seals->numbers[i], &dossier->seals[dossier->seal_count++], fault);
        }
    }
    return status;
}

void dossier_store_close(struct dossier_store *store)
{
    struct block *block = store == NULL ? NULL : store->last;
    while (block != NULL) {
        struct block *before = block->before;
        free(block);
        block = before;
    }
    free(store);
}
