/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: lookups that the steps share.
 */
#include "verify/check.h"

#include "verify/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool check_room(void **array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap) {
        return true;
    }
    size_t wanted = *cap == 0 ? 16 : *cap * 2;
    void *grown = realloc(*array, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *cap = wanted;
    return true;
}

const struct row *check_row(const struct check *check, uint64_t index)
{
    size_t low = 0, high = check->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (check->rows[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < check->row_count && check->rows[low].index == index ? &check->rows[low] : NULL;
}

const struct leaf_row *check_leaf(const struct check *check, uint64_t subject)
{
    size_t low = 0, high = check->leaf_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (check->leaves[middle].leaf.subject < subject) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < check->leaf_count && check->leaves[low].leaf.subject == subject ? &check->leaves[low] : NULL;
}

size_t check_find(const struct hash *hashes, size_t count, const struct hash *hash)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(hashes[middle].bytes, hash->bytes, HASH_BYTES);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}

bool check_decode(const struct row *row, struct record *record, struct act *act)
{
    struct fault fault = { 0 };
    return row->type == RECORD_ACT && record_decode(row->bytes, record, &fault) == STATUS_OK &&
           act_decode(record->act, act, &fault) == STATUS_OK;
}

bool check_sheet(const struct check *check, const struct hash *hash, struct view *out)
{
    size_t i = check_find(check->sheet_hashes, check->bundle.sheet_count, hash);
    if (i != SIZE_MAX) {
        *out = check->bundle.sheets[i];
    }
    return i != SIZE_MAX;
}

bool check_disclosure(const struct check *check, const struct hash *digest, struct view *out)
{
    size_t i = check_find(check->digests, check->bundle.disclosure_count, digest);
    if (i != SIZE_MAX) {
        *out = check->bundle.disclosures[i];
    }
    return i != SIZE_MAX;
}

void check_note(struct check *check, const char *code, uint64_t record, const char *format, ...)
{
    struct verdict *verdict = check->verdict;
    if (verdict->note_count == VERDICT_NOTES_MAX) {
        return;
    }
    struct verdict_note *note = &verdict->notes[verdict->note_count++];
    note->code = code;
    note->record = record;
    note->subject = NOTHING;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(note->text, sizeof note->text, format, arguments);
    va_end(arguments);
}

/* By record, breaches first, subject, code: the same file gives the same text everywhere. */
static int finding_order(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    if (x->record != y->record) {
        return x->record < y->record ? -1 : 1;
    }
    if (x->breach != y->breach) {
        return x->breach ? -1 : 1;
    }
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : strcmp(x->text, y->text);
}

void check_sort_findings(struct check *check)
{
    struct verdict *verdict = check->verdict;
    if (verdict->finding_count > 0) {
        qsort(verdict->findings, verdict->finding_count, sizeof *verdict->findings, finding_order);
    }
}

void check_escape(struct view text, char *out, size_t size)
{
    struct buffer escaped = { 0 };
    text_escape(&escaped, text);
    (void)snprintf(out, size, "%.*s", escaped.len > size - 1 ? (int)(size - 1) : (int)escaped.len,
                   escaped.ptr == NULL ? "" : (const char *)escaped.ptr);
    buffer_free(&escaped);
}

enum note_answer check_log_signature(const struct policy *policy, const struct checkpoint *checkpoint, bool *known_origin)
{
    enum note_answer answer = NOTE_UNSIGNED;
    uint64_t time_s = 0;
    *known_origin = false;
    for (size_t i = 0; i < policy_log_count(policy); i++) {
        const struct verifier_key *key = policy_log(policy, i);
        if (!view_equal(key->name, checkpoint->origin)) {
            continue;
        }
        *known_origin = true;
        enum note_answer one = checkpoint_check(checkpoint, key, &time_s);
        if (one == NOTE_FAILED || one == NOTE_DISAGREED) {
            return one;
        }
        answer = one == NOTE_VALID ? NOTE_VALID : answer;
    }
    return answer;
}
