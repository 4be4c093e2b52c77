/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_look: see the header. Arrays are searched by halves.
 */
#include "printer/dossier_look.h"

#include "printer/dossier_inside.h"

const struct dossier_record *dossier_record(const struct dossier *dossier, uint64_t index)
{
    size_t low = 0, high = dossier->record_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dossier->records[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < dossier->record_count && dossier->records[low].index == index ? &dossier->records[low] : NULL;
}

const struct dossier_subject *dossier_subject(const struct dossier *dossier, uint64_t number)
{
    size_t at = dossier_position(dossier, number);
    return at == SIZE_MAX ? NULL : &dossier->subjects[at];
}

const char *dossier_name(const struct dossier *dossier, uint64_t number, char out[NAME_BYTES])
{
    name_format(view_text(dossier->verdict.code_text), number, out);
    return out;
}

const struct dossier_entry *dossier_entry(const struct dossier *dossier, const struct dossier_record *record, uint64_t subject)
{
    size_t low = record->entries.first, high = low + record->entries.count, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dossier->entries[middle].subject < subject) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && dossier->entries[low].subject == subject ? &dossier->entries[low] : NULL;
}

/* Details of one sheet ascend by name, ordinals from 0. */
static const struct dossier_detail *first_of(const struct dossier *dossier, const struct dossier_run *run, uint64_t name)
{
    size_t low = run->first, high = low + run->count, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dossier->details[middle].name < name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && dossier->details[low].name == name ? &dossier->details[low] : NULL;
}

const struct dossier_detail *dossier_detail(const struct dossier *dossier, const struct dossier_record *record, uint64_t subject, uint64_t name)
{
    const struct dossier_entry *entry = subject == NOTHING ? NULL : dossier_entry(dossier, record, subject);
    const struct dossier_detail *detail = entry == NULL ? NULL : first_of(dossier, &entry->details, name);
    return detail == NULL ? first_of(dossier, &record->details, name) : detail;
}

const struct dossier_detail *dossier_stated(const struct dossier *dossier, const struct dossier_subject *subject, uint64_t name)
{
    const struct dossier_detail *detail = NULL;
    for (size_t i = 0; detail == NULL && i < subject->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + i]];
        const struct dossier_entry *entry = record->kind == KIND_CORRECT ? NULL : dossier_entry(dossier, record, subject->number);
        detail = entry == NULL ? NULL : first_of(dossier, &entry->details, name);
        if (detail == NULL && i == 0 && record->entries.count == 1) { /* the act that opens it alone is about nothing else */
            detail = first_of(dossier, &record->details, name);
        }
    }
    return detail;
}

bool dossier_next(const struct dossier *dossier, const struct dossier_subject *subject, uint32_t facts, struct dossier_fact *fact)
{
    while (fact->number < subject->thread.count) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + fact->number++]];
        const struct dossier_entry *entry = dossier_entry(dossier, record, subject->number);
        bool adopted = record->kind == KIND_ADOPT && record->late != SIZE_MAX;
        if (adopted) {
            entry = dossier_entry(dossier, &dossier->late[record->late], subject->number);
        }
        if (entry != NULL && (entry->facts & facts) != 0) {
            fact->record = record;
            fact->entry = entry;
            fact->adopted = adopted;
            return true;
        }
    }
    return false;
}

static size_t first_at(const struct verdict *verdict, uint64_t index)
{
    size_t low = 0, high = verdict->finding_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (verdict->findings[middle].record < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct dossier_run dossier_findings(const struct dossier *dossier, uint64_t index)
{
    const struct verdict *verdict = &dossier->verdict;
    size_t first = first_at(verdict, index);
    size_t end = index == NOTHING ? verdict->finding_count : first_at(verdict, index + 1);
    return (struct dossier_run){ first, end - first };
}
