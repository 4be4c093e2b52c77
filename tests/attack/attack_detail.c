/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack_detail: details and sheets rewritten, or kept back without an order.
 */
#include "tests/attack/attack.h"
#include "tests/attack/edit.h"

/* The listed weight of the item in this record: its number among the disclosures, its digest, and what it becomes. */
static size_t find_weight(struct forge *forge, size_t at, uint64_t item, struct hash *digest, struct buffer *changed)
{
    struct forged *record = &forge->records[at];
    for (size_t i = 0; i < record->disclosure_count; i++) {
        if (edit_disclosure(buffer_view(&record->disclosures[i]), item, changed)) {
            hash_data(forge->hasher, buffer_view(&record->disclosures[i]), digest);
            return i;
        }
    }
    forge_die("record %zu has no listed weight of subject %llu", at, (unsigned long long)item);
}

static size_t registration(struct forge *forge, const struct request *request)
{
    size_t at = forge_find(forge, request->item, KIND_REGISTER, forge->count);
    if (at == SIZE_MAX) {
        forge_die("subject %llu was never registered", (unsigned long long)request->item);
    }
    return at;
}

/* The sheet that has this digest gets another one (NULL: loses the line), and so does the entry that names the sheet. */
static void change_sheet(struct forge *forge, size_t at, const struct hash *before, const struct hash *after)
{
    struct forged *record = &forge->records[at];
    struct act *act = forge_act(forge, at);
    for (size_t i = 0; i < record->sheet_count; i++) {
        struct buffer changed = { 0 };
        struct hash was, is;
        if (!edit_sheet(buffer_view(&record->sheets[i]), before, after, &changed)) {
            continue;
        }
        sheet_hash(forge->hasher, buffer_view(&record->sheets[i]), &was);
        sheet_hash(forge->hasher, buffer_view(&changed), &is);
        buffer_free(&record->sheets[i]);
        record->sheets[i] = changed;
        for (size_t j = 0; j < act->entry_count; j++) {
            if (act->entries[j].has_sheet && hash_equal(&act->entries[j].sheet, &was)) {
                act->entries[j].sheet = is;
            }
        }
    }
    forge_put_act(forge, at);
}

/* The weight that an officer wrote down for this item is rewritten; its digest, sheet, act, record and all records after it follow. */
static void rewrite_detail(struct forge *forge, const struct request *request)
{
    size_t at = registration(forge, request);
    struct buffer changed = { 0 };
    struct hash before, after;
    size_t i = find_weight(forge, at, request->item, &before, &changed);
    hash_data(forge->hasher, buffer_view(&changed), &after);
    buffer_free(&forge->records[at].disclosures[i]);
    forge->records[at].disclosures[i] = changed;
    change_sheet(forge, at, &before, &after);
}

/* The detail is not given. */
static void withhold_detail(struct forge *forge, const struct request *request)
{
    size_t at = registration(forge, request);
    struct buffer changed = { 0 };
    struct hash digest;
    buffer_reset(&forge->records[at].disclosures[find_weight(forge, at, request->item, &digest, &changed)]);
    buffer_free(&changed);
}

/* Nor is it on the sheet. */
static void erase_line(struct forge *forge, const struct request *request)
{
    size_t at = registration(forge, request);
    struct buffer changed = { 0 };
    struct hash digest;
    buffer_reset(&forge->records[at].disclosures[find_weight(forge, at, request->item, &digest, &changed)]);
    change_sheet(forge, at, &digest, NULL);
    buffer_free(&changed);
}

/* No sheet of the record is given. */
static void withhold_sheet(struct forge *forge, const struct request *request)
{
    struct forged *record = &forge->records[registration(forge, request)];
    for (size_t i = 0; i < record->sheet_count; i++) {
        buffer_free(&record->sheets[i]);
    }
    record->sheet_count = 0;
}

const struct attack attack_details[] = {
    { "detail", rewrite_detail },
    { "detail-withheld", withhold_detail },
    { "detail-erased", erase_line },
    { "sheet-withheld", withhold_sheet },
    { NULL, NULL },
};
