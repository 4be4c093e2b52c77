/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock: the lines of a count, found by the number of the thing: a store has a hundred thousand.
 */
#include "custody/stock.h"

#include <stdlib.h>
#include <string.h>

struct stock_line *stock_find(const struct stock_count *count, uint64_t number)
{
    return number < count->position_count && count->positions[number] != 0 ? &count->lines[count->positions[number] - 1] : NULL;
}

static enum status make_room(struct stock_count *count, uint64_t number, struct fault *fault)
{
    if (number >= count->position_count) {
        size_t wanted = (size_t)number + 1 + count->position_count;
        uint32_t *grown = realloc(count->positions, wanted * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu subjects", wanted);
        }
        memset(grown + count->position_count, 0, (wanted - count->position_count) * sizeof *grown);
        count->positions = grown;
        count->position_count = wanted;
    }
    if (count->count == count->cap) {
        size_t cap = count->cap == 0 ? 64 : count->cap * 2;
        struct stock_line *grown = cap > UINT32_MAX ? NULL : realloc(count->lines, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu things", cap);
        }
        count->lines = grown;
        count->cap = cap;
    }
    return STATUS_OK;
}

enum status stock_put(struct stock_count *count, uint64_t number, struct stock_line **out, bool *is_new, struct fault *fault)
{
    enum status status;

    *out = stock_find(count, number);
    *is_new = *out == NULL;
    if (!*is_new) {
        return STATUS_OK;
    }
    status = make_room(count, number, fault);
    if (status == STATUS_OK) {
        *out = &count->lines[count->count++];
        **out = (struct stock_line){.number = number, .pieces = NOTHING};
        count->positions[number] = (uint32_t)count->count;
    }
    return status;
}

void stock_free(struct stock_count *count)
{
    for (size_t i = 0; i < count->count; i++) {
        buffer_free(&count->lines[i].seals);
        buffer_free(&count->lines[i].instead);
    }
    free(count->lines);
    free(count->positions);
    *count = (struct stock_count){0};
}

void stock_results_free(struct stock_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        buffer_free(&results->list[i].differs);
    }
    free(results->list);
    *results = (struct stock_results){0};
}
