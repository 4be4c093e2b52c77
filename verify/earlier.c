/* SPDX-License-Identifier: Apache-2.0 */
/*
 * earlier: what a replay asks about sheets and earlier acts, from the source's own lists where it keeps them and out of the bytes
 * where it does not. A hostile thread or sheet is asked about as often as it is long: these questions must be cheap.
 */
#include "verify/effects.h"

void act_brief_of(struct hasher *hasher, const struct act *act, struct act_brief *out)
{
    out->kind = act->kind;
    out->signer_count = act->signer_count;
    for (size_t i = 0; i < act->signer_count; i++) {
        out->persons[i] = act->signers[i].person;
    }
    act_id(hasher, act->payload, &out->id);
    out->has_answers = (act->present & BIT(PAY_ANSWERS)) != 0;
    if (out->has_answers) {
        out->answers = act->answers;
    }
}

const struct act_brief *pass_brief(struct pass *pass, uint64_t index, struct act_brief *own)
{
    const struct rules_source *source = pass->replay->source;
    if (source->brief != NULL) {
        return source->brief(source->context, index);
    }
    if (!source->act_at(source->context, index, pass->replay->scratch)) {
        return NULL;
    }
    act_brief_of(pass->replay->hasher, pass->replay->scratch, own);
    return own;
}

bool pass_names(struct pass *pass, uint64_t index, const struct hash *hash, struct name_list *out)
{
    const struct rules_source *source = pass->replay->source;
    struct view sheet;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct fault fault = { 0 };
    out->count = 0;
    out->list = out->own;
    if (source->names != NULL) {
        return source->names(source->context, index, hash, &out->list, &out->count);
    }
    if (!source->sheet(source->context, index, hash, &sheet) || sheet_open(sheet, &cursor, &fault) != STATUS_OK) {
        return false;
    }
    while (sheet_next(&cursor, &line)) {
        out->own[out->count++] = line.name;
    }
    return true;
}

/* How many of the list are below. */
static size_t below(const struct name_list *names, uint64_t name)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->list[middle] < name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t count_on_sheet(struct pass *pass, const struct hash *hash, unsigned name)
{
    struct name_list names;
    return pass_names(pass, pass->record->index, hash, &names) ? below(&names, name + 1u) - below(&names, name) : 0;
}

size_t pass_details(struct pass *pass, const struct entry *entry, unsigned name)
{
    size_t count = 0;
    if ((pass->act->present & BIT(PAY_SHEET)) != 0) {
        count += count_on_sheet(pass, &pass->act->sheet, name);
    }
    if (entry != NULL && entry->has_sheet) {
        count += count_on_sheet(pass, &entry->sheet, name);
    }
    return count;
}
