/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_source: what the replay asks of a bundle, and what it reports. Acts in brief and the names on sheets are kept, because a
 * hostile bundle makes the replay ask for the same ones without end.
 */
#include "verify/check.h"

#include <stdlib.h>
#include <string.h>

static bool source_sheet(void *context, uint64_t index, const struct hash *hash, struct view *out)
{
    (void)index;
    return check_sheet(context, hash, out);
}

static bool source_act_at(void *context, uint64_t index, struct act *scratch)
{
    struct check *check = context;
    const struct row *row = check_row(check, index);
    return row != NULL && check_decode(row, check->other_record, scratch);
}

static bool source_thread(void *context, uint64_t subject, uint64_t number, uint64_t *index)
{
    const struct check *check = context;
    const struct leaf_row *row = check_leaf(check, subject);
    if (row == NULL || number < 1 || number > row->count) {
        return false;
    }
    *index = check->rows[check->threads[row->first + number - 1].row].index;
    return true;
}

/* The bytes of the orphan stand in the detail `orphan-act` of the lodging act as a whole. */
static enum orphan_answer read_orphan(struct check *check, const struct lodged *lodged, struct act *scratch)
{
    struct view sheet, bytes;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct fault fault = { 0 };
    struct hash found;
    if (!check_decode(&check->rows[lodged->row], check->other_record, scratch) || (scratch->present & BIT(PAY_SHEET)) == 0 ||
        !check_sheet(check, &scratch->sheet, &sheet) || sheet_open(sheet, &cursor, &fault) != STATUS_OK) {
        return ORPHAN_NONE;
    }
    uint64_t author = scratch->from.has_person && (scratch->present & BIT(PAY_FROM)) != 0 ? scratch->from.person : NOTHING;
    while (sheet_next(&cursor, &line)) {
        if (line.name != NAME_ORPHAN) {
            continue;
        }
        if (!check_disclosure(check, &line.digest, &bytes)) {
            return ORPHAN_WITHHELD;
        }
        if (disclosure_decode(bytes, &disclosure, &fault) != STATUS_OK || disclosure.value.type != VALUE_BYTES ||
            act_decode(disclosure.value.text, scratch, &fault) != STATUS_OK) {
            return ORPHAN_NONE;
        }
        act_id(check->hasher, scratch->payload, &found);
        return hash_equal(&found, &lodged->act_id) && scratch->signers[0].person == author ? ORPHAN_FOUND : ORPHAN_NONE;
    }
    return ORPHAN_NONE;
}

/* The links of a row ascend by subject. */
static bool touches(const struct check *check, const struct row *row, uint64_t subject)
{
    size_t low = row->link_first, high = row->link_first + row->link_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (check->links[middle].subject < subject) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < row->link_first + row->link_count && check->links[low].subject == subject;
}

/* Any lodge in the subject's thread that serves. They stand in order of their records. */
static enum orphan_answer source_orphan(void *context, uint64_t subject, uint64_t before, const struct hash *id, struct act *scratch)
{
    struct check *check = context;
    enum orphan_answer best = ORPHAN_NONE;
    for (size_t i = 0; i < check->lodge_count && best != ORPHAN_FOUND; i++) {
        struct lodged *lodged = &check->lodges[i];
        if (check->rows[lodged->row].index >= before) {
            break;
        }
        if (!hash_equal(&lodged->act_id, id) || !touches(check, &check->rows[lodged->row], subject)) {
            continue;
        }
        /* What is no orphan stays none: it is read once, not for every entry of every act that adopts it. */
        if (!lodged->judged || lodged->answer == ORPHAN_FOUND) {
            lodged->answer = read_orphan(check, lodged, scratch);
            lodged->judged = true;
        }
        best = lodged->answer == ORPHAN_NONE ? best : lodged->answer;
    }
    return best;
}

/* SPEC 7.3.17b: the same breach of the same subject stands once at a record. Those of one record arrive together. */
static bool told_already(const struct verdict *verdict, const struct finding *finding)
{
    for (size_t i = verdict->finding_count; finding->breach && i > 0 && verdict->findings[i - 1].record == finding->record; i--) {
        const struct finding *old = &verdict->findings[i - 1];
        if (old->breach && old->subject == finding->subject && strcmp(old->code, finding->code) == 0) {
            return true;
        }
    }
    return false;
}

static void source_report(void *context, const struct finding *finding)
{
    struct check *check = context;
    struct verdict *verdict = check->verdict;
    void *findings = verdict->findings;
    if (told_already(verdict, finding)) {
        return;
    }
    if (!check_room(&findings, verdict->finding_count, &verdict->finding_cap, sizeof *verdict->findings)) {
        stop_set(&check->custody, 2, "memory", NOTHING, NOTHING, "out of memory");
        return;
    }
    verdict->findings = findings;
    verdict->findings[verdict->finding_count++] = *finding;
}

static const struct act_brief *source_brief(void *context, uint64_t index)
{
    const struct check *check = context;
    const struct row *row = check_row(check, index);
    return row == NULL || row->type != RECORD_ACT ? NULL : &check->briefs[row - check->rows];
}

/* Reads the names of a sheet once. */
static void read_names(struct check *check, const struct view *sheet, struct sheet_names *out)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct fault fault = { 0 };
    out->known = true;
    if (sheet_open(*sheet, &cursor, &fault) != STATUS_OK) {
        return;
    }
    out->names = calloc(cursor.left, sizeof *out->names);
    if (out->names == NULL) {
        stop_set(&check->custody, 2, "memory", NOTHING, NOTHING, "out of memory");
        return;
    }
    while (sheet_next(&cursor, &line)) {
        out->names[out->count++] = line.name;
    }
}

static bool source_names(void *context, uint64_t index, const struct hash *hash, const uint64_t **names, size_t *count)
{
    struct check *check = context;
    size_t i = check_find(check->sheet_hashes, check->bundle.sheet_count, hash);
    (void)index;
    if (i == SIZE_MAX) {
        return false;
    }
    struct sheet_names *sheet = &check->sheet_names[i];
    if (!sheet->known) {
        read_names(check, &check->bundle.sheets[i], sheet);
    }
    *names = sheet->names;
    *count = sheet->count;
    return sheet->names != NULL;
}

void check_source_open(struct check *check)
{
    check->source = (struct rules_source){ .context = check, .sheet = source_sheet, .act_at = source_act_at,
                                           .thread = source_thread, .orphan = source_orphan, .report = source_report,
                                           .brief = source_brief, .names = source_names };
}
