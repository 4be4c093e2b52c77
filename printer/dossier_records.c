/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_records: the records with their signers, entries and details, what they answer, and the late acts that lodges keep.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- what answers what ------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const struct dossier_id *x = a, *y = b;
    int order = memcmp(x->id.bytes, y->id.bytes, HASH_BYTES);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at ? 1 : 0;
}

static struct dossier_id *find_id(struct dossier_id *ids, size_t count, const struct hash *id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(ids[middle].id.bytes, id->bytes, HASH_BYTES) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && hash_equal(&ids[low].id, id) ? &ids[low] : NULL;
}

/* Of several lodges of one act the first stays. */
static size_t once_each(struct dossier_id *ids, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !hash_equal(&ids[kept - 1].id, &ids[i].id)) {
            ids[kept++] = ids[i];
        }
    }
    return kept;
}

static enum status index_acts(struct dossier_filling *filling)
{
    const struct check *check = filling->check;
    filling->acts = calloc(check->row_count + 1, sizeof *filling->acts);
    filling->lodges = calloc(check->lodge_count + 1, sizeof *filling->lodges);
    if (filling->acts == NULL || filling->lodges == NULL) {
        return fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
    }
    for (size_t i = 0; i < check->row_count; i++) {
        if (check->rows[i].type == RECORD_ACT) {
            filling->acts[filling->act_count++] = (struct dossier_id){ .id = check->briefs[i].id, .at = i, .late = SIZE_MAX };
        }
    }
    for (size_t i = 0; i < check->lodge_count; i++) {
        filling->lodges[filling->lodge_count++] = (struct dossier_id){ .id = check->lodges[i].act_id, .at = check->lodges[i].row,
                                                                       .late = SIZE_MAX, .lodge = check->rows[check->lodges[i].row].index };
    }
    qsort(filling->acts, filling->act_count, sizeof *filling->acts, by_id);
    qsort(filling->lodges, filling->lodge_count, sizeof *filling->lodges, by_id);
    filling->lodge_count = once_each(filling->lodges, filling->lodge_count);
    return STATUS_OK;
}

/* ---- an act ----------------------------------------------------------------------------------- */

static enum status keep_seals(struct dossier_filling *filling, bool stated, struct view encoded, struct dossier_run *out)
{
    struct seals seals = { 0 };
    if (stated) {
        seals_read(encoded, &seals);
    }
    return dossier_keep_seals(filling->dossier, &seals, out, filling->fault);
}

static enum status keep_facts(struct dossier_filling *filling, const struct facts *facts, struct dossier_entry *out)
{
    out->facts = facts->present;
    out->of_case = facts->of_case;
    out->pieces = facts->pieces;
    out->gross_mg = facts->gross_mg;
    out->tare_mg = facts->tare_mg;
    out->net_mg = facts->net_mg;
    out->outcome = facts->outcome;
    out->office = facts->office;
    out->print = facts->print;
    enum status status = keep_seals(filling, (facts->present & BIT(FACT_FOUND)) != 0, facts->found, &out->found);
    if (status == STATUS_OK) {
        status = keep_seals(filling, (facts->present & BIT(FACT_REMOVED)) != 0, facts->removed, &out->removed);
    }
    return status == STATUS_OK ? keep_seals(filling, (facts->present & BIT(FACT_PUT_ON)) != 0, facts->put_on, &out->put_on) : status;
}

static enum status keep_entries(struct dossier_filling *filling, const struct act *act, struct dossier_record *out)
{
    struct dossier *dossier = filling->dossier;
    enum status status = STATUS_OK;
    out->entries = (struct dossier_run){ dossier->entry_count, act->entry_count };
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        const struct entry *entry = &act->entries[i];
        void *entries = dossier->entries;
        status = dossier_room(&entries, dossier->entry_count, &dossier->entry_cap, sizeof *dossier->entries, filling->fault);
        if (status == STATUS_OK) {
            dossier->entries = entries;
            struct dossier_entry *kept = &dossier->entries[dossier->entry_count++];
            *kept = (struct dossier_entry){ .subject = entry->subject, .role = entry->role,
                                            .known = dossier_position(dossier, entry->subject) != SIZE_MAX };
            status = keep_facts(filling, &entry->facts, kept);
        }
    }
    return status;
}

static enum status keep_signers(struct dossier_filling *filling, const struct act *act, struct dossier_record *out)
{
    struct dossier *dossier = filling->dossier;
    enum status status = STATUS_OK;
    out->signers = (struct dossier_run){ dossier->signer_count, act->signer_count };
    for (size_t i = 0; i < act->signer_count && status == STATUS_OK; i++) {
        void *signers = dossier->signers;
        status = dossier_room(&signers, dossier->signer_count, &dossier->signer_cap, sizeof *dossier->signers, filling->fault);
        if (status == STATUS_OK) {
            dossier->signers = signers;
            dossier->signers[dossier->signer_count++] = act->signers[i];
        }
    }
    return status;
}

/* What the payload says. Of keys that are not there nothing is taken: an act is decoded into used memory. */
static void keep_payload(const struct act *act, struct dossier_record *out)
{
    uint32_t present = act->present;
    out->is_act = true;
    out->kind = act->kind;
    out->claimed_s = act->claimed_s;
    out->offset_min = act->offset_min;
    out->seen_size = (present & BIT(PAY_SEEN)) != 0 ? act->seen_size : NOTHING;
    out->deviation = (present & BIT(PAY_DEVIATION)) != 0;
    out->offline = (present & BIT(PAY_OFFLINE)) != 0;
    out->has_code = (present & BIT(PAY_CODE)) != 0;
    out->code = out->has_code ? act->code : 0;
    out->has_from = (present & BIT(PAY_FROM)) != 0;
    out->has_to = (present & BIT(PAY_TO)) != 0;
    out->has_foreign = (present & BIT(PAY_FOREIGN)) != 0;
    out->place = (present & BIT(PAY_PLACE)) != 0 ? act->place : NOTHING;
    out->due_s = (present & BIT(PAY_DUE)) != 0 ? act->due_s : NOTHING;
    out->amends = (present & BIT(PAY_AMENDS)) != 0 ? act->amends_index : NOTHING;
    if (out->has_from) {
        out->from = act->from;
    }
    if (out->has_to) {
        out->to = act->to;
    }
    if (out->has_foreign) {
        out->foreign = act->foreign;
    }
    if ((present & BIT(PAY_CLOCK)) != 0) {
        out->clock_old_s = act->clock_old_s;
        out->clock_new_s = act->clock_new_s;
    }
}

static enum status keep_act(struct dossier_filling *filling, const struct act *act, struct dossier_record *out)
{
    keep_payload(act, out);
    act_id(filling->check->hasher, act->payload, &out->act);
    enum status status = keep_signers(filling, act, out);
    return status == STATUS_OK ? keep_entries(filling, act, out) : status;
}

/* ---- answers and late acts --------------------------------------------------------------------- */

static const struct dossier_record nothing_yet = { .index = NOTHING, .logged_s = NOTHING, .seen_size = NOTHING, .place = NOTHING,
                                                   .due_s = NOTHING, .answers = NOTHING, .amends = NOTHING, .late = SIZE_MAX };

/* Where the act that is answered is a record: its index. */
static uint64_t answered(struct dossier_filling *filling, const struct hash *id)
{
    const struct dossier_id *found = find_id(filling->acts, filling->act_count, id);
    return found == NULL ? NOTHING : filling->check->rows[found->at].index;
}

/* The act that a lodge keeps; of several lodges of one act once. check->act is the lodge itself and stays. */
static enum status keep_late(struct dossier_filling *filling, const struct row *row, struct dossier_record *out)
{
    struct dossier *dossier = filling->dossier;
    struct check *check = filling->check;
    struct act *late = check->other_act;
    struct dossier_id *lodge = find_id(filling->lodges, filling->lodge_count, &check->act->answers);
    const struct rules_source *source = &check->source;
    if (lodge != NULL && lodge->late != SIZE_MAX) {
        out->late = lodge->late;
        return STATUS_OK;
    }
    if (source->orphan(source->context, check->act->entries[0].subject, row->index + 1, &check->act->answers, late) != ORPHAN_FOUND) {
        return STATUS_OK;
    }
    void *list = dossier->late;
    enum status status = dossier_room(&list, dossier->late_count, &dossier->late_cap, sizeof *dossier->late, filling->fault);
    if (status != STATUS_OK) {
        return status;
    }
    dossier->late = list;
    out->late = dossier->late_count++;
    if (lodge != NULL) {
        lodge->late = out->late;
        lodge->lodge = row->index;
    }
    dossier->late[out->late] = nothing_yet;
    status = keep_act(filling, late, &dossier->late[out->late]);
    if (status == STATUS_OK && (late->present & BIT(PAY_ANSWERS)) != 0) {
        dossier->late[out->late].answers = answered(filling, &late->answers);
    }
    return status;
}

/* Lodges come before what adopts from them, so the records that were read already tell. */
static void find_lodge(struct dossier_filling *filling, const struct row *row, struct dossier_record *out)
{
    const struct dossier_id *lodge = find_id(filling->lodges, filling->lodge_count, &filling->check->act->answers);
    if (lodge != NULL && lodge->lodge < row->index) {
        out->answers = lodge->lodge;
        out->late = lodge->late;
    }
}

static enum status keep_answers(struct dossier_filling *filling, const struct row *row, struct dossier_record *out)
{
    const struct act *act = filling->check->act;
    if ((act->present & BIT(PAY_ANSWERS)) == 0) {
        return STATUS_OK;
    }
    if (act->kind == KIND_LODGE) {
        return keep_late(filling, row, out);
    }
    if (act->kind == KIND_ADOPT) {
        find_lodge(filling, row, out);
    } else {
        out->answers = answered(filling, &act->answers);
    }
    return STATUS_OK;
}

/* ---- a record --------------------------------------------------------------------------------- */

static enum status keep_details(struct dossier_filling *filling, const struct row *row, struct dossier_record *out)
{
    struct dossier *dossier = filling->dossier;
    const struct act *act = filling->check->act;
    enum status status = STATUS_OK;
    out->details.first = out->all_details.first = dossier->detail_count;
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        status = dossier_fill_sheet(filling, row->index, NOTHING, &act->sheet);
    }
    out->details.count = dossier->detail_count - out->details.first;
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        struct dossier_entry *entry = &dossier->entries[out->entries.first + i];
        entry->details.first = dossier->detail_count;
        if (act->entries[i].has_sheet && entry->known) {
            status = dossier_fill_sheet(filling, row->index, entry->subject, &act->entries[i].sheet);
        }
        entry->details.count = dossier->detail_count - entry->details.first;
    }
    out->all_details.count = dossier->detail_count - out->all_details.first;
    return status;
}

static enum status keep_record(struct dossier_filling *filling, const struct row *row, struct dossier_record *out)
{
    struct check *check = filling->check;
    *out = nothing_yet;
    out->index = row->index;
    out->hash = row->hash;
    out->logged_s = row->logged_s;
    if (!check_decode(row, check->record, check->act)) {
        return STATUS_OK;
    }
    enum status status = keep_act(filling, check->act, out);
    if (status == STATUS_OK) {
        status = keep_details(filling, row, out);
    }
    if (status == STATUS_OK) {
        status = keep_answers(filling, row, out);
    }
    return status == STATUS_OK ? dossier_spans_step(filling, row) : status;
}

enum status dossier_fill_records(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    const struct check *check = filling->check;
    enum status status = index_acts(filling);
    dossier->records = calloc(check->row_count + 1, sizeof *dossier->records);
    if (dossier->records == NULL) {
        return fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
    }
    for (size_t i = 0; i < check->row_count && status == STATUS_OK; i++) {
        status = keep_record(filling, &check->rows[i], &dossier->records[i]);
        dossier->record_count++;
    }
    return status;
}
