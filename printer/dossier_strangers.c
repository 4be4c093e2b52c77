/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_strangers: whom and what records name that the bundle says nothing of: a closure has no places, and nobody to whom something was
 * released and who never signed (SPEC 8).
 */
#include "printer/dossier_look.h"

#include <stdlib.h>

#include "printer/dossier_inside.h"

struct strangers {
    const struct dossier *dossier;
    uint64_t *numbers;
    size_t count, cap;
    struct fault *fault;
};

static enum status add(struct strangers *strangers, bool named, uint64_t number)
{
    void *numbers = strangers->numbers;
    if (!named || number == NOTHING || dossier_position(strangers->dossier, number) != SIZE_MAX) {
        return STATUS_OK;
    }
    enum status status = dossier_room(&numbers, strangers->count, &strangers->cap, sizeof *strangers->numbers, strangers->fault);
    if (status == STATUS_OK) {
        strangers->numbers = numbers;
        strangers->numbers[strangers->count++] = number;
    }
    return status;
}

static enum status add_party(struct strangers *strangers, bool named, const struct party *party)
{
    enum status status = add(strangers, named && party->has_person, party->person);
    return status == STATUS_OK ? add(strangers, named && party->has_place, party->place) : status;
}

static enum status add_named(struct strangers *strangers, const struct dossier_record *record)
{
    enum status status = add(strangers, true, record->place);
    if (status == STATUS_OK) {
        status = add_party(strangers, record->has_from, &record->from);
    }
    return status == STATUS_OK ? add_party(strangers, record->has_to, &record->to) : status;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static void once_each(struct strangers *strangers)
{
    size_t kept = 0;
    if (strangers->count > 0) {
        qsort(strangers->numbers, strangers->count, sizeof *strangers->numbers, by_number);
    }
    for (size_t i = 0; i < strangers->count; i++) {
        if (kept == 0 || strangers->numbers[kept - 1] != strangers->numbers[i]) {
            strangers->numbers[kept++] = strangers->numbers[i];
        }
    }
    strangers->count = kept;
}

enum status dossier_strangers(const struct dossier *dossier, uint64_t **numbers, size_t *count, struct fault *fault)
{
    struct strangers strangers = { .dossier = dossier, .fault = fault };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < dossier->record_count && status == STATUS_OK; i++) {
        status = add_named(&strangers, &dossier->records[i]);
    }
    for (size_t i = 0; i < dossier->late_count && status == STATUS_OK; i++) {
        status = add_named(&strangers, &dossier->late[i]);
    }
    if (status != STATUS_OK) {
        free(strangers.numbers);
        strangers = (struct strangers){ 0 };
    }
    once_each(&strangers);
    *numbers = strangers.numbers;
    *count = strangers.count;
    return status;
}
