/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_walk: the missing records in order, each put together from whatever source has its bytes, its sheets, its details and files.
 */
#include "ledger/reconcile_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/restore.h"

/* A growing array of views. */
struct pile {
    struct view *items;
    size_t count, cap;
};

struct walk {
    struct reconcile *reconcile;
    size_t next_root; /* in reconcile->roots */
    uint64_t index;
    struct pile sheets, disclosures, files;
};

#define R(x) ((unsigned long long)(x))

static bool pile_add(struct pile *pile, struct view view)
{
    if (pile->count == pile->cap) {
        size_t cap = pile->cap == 0 ? 32 : pile->cap * 2;
        struct view *grown = realloc(pile->items, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        pile->items = grown;
        pile->cap = cap;
    }
    pile->items[pile->count++] = view;
    return true;
}

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static bool has_problem(const struct walk *walk)
{
    return walk->reconcile->report.problem[0] != '\0';
}

static void set_problem(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void set_problem(struct walk *walk, const char *format, ...)
{
    va_list arguments;

    if (has_problem(walk)) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(walk->reconcile->report.problem, sizeof walk->reconcile->report.problem, format, arguments);
    va_end(arguments);
}

/* ---- putting a record together ---------------------------------------------------------------- */

/* Its bytes: every source that has it has the same, or that is the problem. False: none has it. */
static bool find_record(struct walk *walk, uint64_t index, struct view *out)
{
    struct reconcile *reconcile = walk->reconcile;
    const char *holder = NULL;

    for (size_t i = 0; i < reconcile->count; i++) {
        struct view bytes;

        if (!reconcile_usable(reconcile, i) || !copy_find_record(&reconcile->copies[i], reconcile->ledger->hasher, index, &bytes)) {
            continue;
        }
        if (holder != NULL && !view_equal(bytes, *out)) {
            set_problem(walk, "record %llu: %.100s and %.100s hold different records of that number: one of them is of another history",
                        R(index), holder, reconcile->results[i].name);
            return true;
        }
        *out = bytes;
        holder = reconcile->results[i].name;
    }
    return holder != NULL;
}

static bool find_sheet(const struct walk *walk, const struct hash *hash, struct view *out)
{
    struct reconcile *reconcile = walk->reconcile;

    for (size_t i = 0; i < reconcile->count; i++) {
        if (reconcile_usable(reconcile, i) &&
            copy_find_sheet(&reconcile->copies[i], reconcile->ledger->hasher, walk->index, hash, out)) {
            return true;
        }
    }
    return false;
}

static bool find_disclosure(const struct walk *walk, const struct hash *digest, struct view *out)
{
    struct reconcile *reconcile = walk->reconcile;

    for (size_t i = 0; i < reconcile->count; i++) {
        if (reconcile_usable(reconcile, i) &&
            copy_find_disclosure(&reconcile->copies[i], reconcile->ledger->hasher, walk->index, digest, out)) {
            return true;
        }
    }
    return false;
}

/* The file that a detail names, once. One that was never given to a station is no loss; one that no source has may be either. */
static enum status add_file(struct walk *walk, struct view disclosure, struct fault *fault)
{
    struct reconcile *reconcile = walk->reconcile;
    struct disclosure decoded;
    struct fault ignored = {0};
    struct view bytes = {0};
    bool found = false;

    if (disclosure_decode(disclosure, &decoded, &ignored) != STATUS_OK || decoded.value.type != VALUE_FILE) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < reconcile->count && !found; i++) {
        found = reconcile_usable(reconcile, i) &&
                copy_find_file(&reconcile->copies[i], reconcile->ledger->hasher, &decoded.value.file, &bytes);
    }
    if (!found) {
        found = ledger_attachment(reconcile->txn, &decoded.value.file.hash, &bytes, NULL) == STATUS_OK;
        reconcile->report.absent += found ? 0u : 1u;
        return STATUS_OK;
    }
    for (size_t i = 0; i < walk->files.count; i++) {
        if (view_equal(walk->files.items[i], bytes)) {
            return STATUS_OK;
        }
    }
    return pile_add(&walk->files, bytes) ? STATUS_OK : no_memory(fault);
}

static enum status add_sheet(struct walk *walk, uint64_t subject, const struct hash *hash, struct fault *fault)
{
    struct fault ignored = {0};
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct view sheet;
    enum status status = STATUS_OK;

    if (!find_sheet(walk, hash, &sheet)) {
        walk->reconcile->report.first_lost = walk->index;
        if (subject == NOTHING) {
            set_problem(walk, "record %llu: its sheet of details is in none of the sources", R(walk->index));
        } else {
            set_problem(walk, "record %llu: the sheet of details of no. %llu is in none of the sources: a bundle that was asked for it has it",
                        R(walk->index), R(subject));
        }
        return STATUS_OK;
    }
    if (!pile_add(&walk->sheets, sheet)) {
        return no_memory(fault);
    }
    if (sheet_open(sheet, &cursor, &ignored) != STATUS_OK) {
        return STATUS_OK; /* taking it back says what is wrong */
    }
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        struct view disclosure;

        if (!find_disclosure(walk, &line.digest, &disclosure)) {
            continue; /* taking it back asks about the gap */
        }
        status = pile_add(&walk->disclosures, disclosure) ? add_file(walk, disclosure, fault) : no_memory(fault);
    }
    return status;
}

static enum status gather(struct walk *walk, struct view bytes, struct fault *fault)
{
    struct reconcile *reconcile = walk->reconcile;
    struct record *record = reconcile->record;
    struct act *act = reconcile->act;
    struct fault inner = {0};
    enum status status = STATUS_OK;

    walk->sheets.count = walk->disclosures.count = walk->files.count = 0;
    if (record_decode(bytes, record, &inner) != STATUS_OK || record->index != walk->index ||
        (record->type == RECORD_ACT && act_decode(record->act, act, &inner) != STATUS_OK)) {
        set_problem(walk, "record %llu: what the source holds is not that record", R(walk->index));
        return STATUS_OK;
    }
    if (record->type != RECORD_ACT) {
        return STATUS_OK;
    }
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        status = add_sheet(walk, NOTHING, &act->sheet, fault);
    }
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        if (act->entries[i].has_sheet) {
            status = add_sheet(walk, act->entries[i].subject, &act->entries[i].sheet, fault);
        }
    }
    return status;
}

/* ---- taking back ----------------------------------------------------------------------------- */

static bool note_line(void *context, uint64_t subject, const struct sheet_line *line, bool there)
{
    struct walk *walk = context;

    /* An adoption is judged by the orphan's bytes: a lodging act without them would change what custody became. */
    if (!there && line->name == NAME_ORPHAN) {
        walk->reconcile->report.first_lost = walk->index;
        set_problem(walk, "record %llu: the act that it lodged is withheld in every source", R(walk->index));
        return false;
    }
    if (!there) {
        gaps_add(&walk->reconcile->gaps, walk->index, subject, line);
    }
    return true;
}

/* Trouble of the machine ends the walk; anything else is wrong with what the sources hold. */
static enum status told(struct walk *walk, enum status status, const struct fault *inner, struct fault *fault)
{
    if (status == STATUS_MEMORY || status == STATUS_ENVIRONMENT || status == STATUS_FULL) {
        return fault_set(fault, status, inner->at, "%s", inner->text);
    }
    if (status != STATUS_OK) {
        set_problem(walk, "%s", inner->text);
    }
    return STATUS_OK;
}

static enum status take_back(struct walk *walk, struct fault *fault)
{
    const struct attached_lines lines = {.line = note_line, .context = walk};
    struct submission details = {.sheets = walk->sheets.items,
                                 .sheet_count = walk->sheets.count,
                                 .disclosures = walk->disclosures.items,
                                 .disclosure_count = walk->disclosures.count,
                                 .attachments = walk->files.items,
                                 .attachment_count = walk->files.count};
    struct fault inner = {0};
    enum status status = restore_record(walk->reconcile->txn, walk->reconcile->record, &details, &lines, &inner);

    return told(walk, status, &inner, fault);
}

/* The root that is known of the tree with the missing record; NULL: none is. */
static const struct hash *known_root(const struct walk *walk)
{
    const struct reconcile *reconcile = walk->reconcile;

    return walk->next_root < reconcile->root_count && reconcile->roots[walk->next_root].size == walk->index + 1
               ? &reconcile->roots[walk->next_root].root
               : NULL;
}

/*
 * Nobody holds it. Bundles have only those heads records that they end with; but a heads record can be worked out, and the record after it, or a
 * signed head behind it, says whether it is the one.
 */
static enum status work_out(struct walk *walk, struct fault *fault)
{
    struct reconcile *reconcile = walk->reconcile;
    struct record *next = reconcile->record;
    const struct hash *root = known_root(walk);
    struct fault inner = {0};
    struct view bytes = {0};
    bool found = false;
    bool has_next = find_record(walk, walk->index + 1, &bytes) && !has_problem(walk) &&
                    record_decode(bytes, next, &inner) == STATUS_OK && next->has_prev;
    enum status status = STATUS_OK;

    fault_clear(&inner);
    if (has_next || root != NULL) {
        bool forward = has_next && next->logged_s >= reconcile->ledger->warm.logged_s;

        status = restore_heads(reconcile->txn, has_next ? &next->prev : NULL, root, forward ? next->logged_s : NOTHING, &found, &inner);
        status = told(walk, status, &inner, fault);
    }
    if (status == STATUS_OK && !found) {
        reconcile->report.first_lost = walk->index;
        set_problem(walk, "record %llu is in none of the sources", R(walk->index));
    }
    reconcile->report.worked_out += found ? 1u : 0u;
    return status;
}

/* Every root that is known of the tree as it is now. */
static enum status check_roots(struct walk *walk, struct fault *fault)
{
    struct reconcile *reconcile = walk->reconcile;
    enum status status = STATUS_OK;

    for (; walk->next_root < reconcile->root_count && status == STATUS_OK; walk->next_root++) {
        const struct reconcile_root *known = &reconcile->roots[walk->next_root];
        struct hash root;

        if (known->size > ledger_size(reconcile->txn)) {
            break;
        }
        status = ledger_root(reconcile->txn, known->size, &root, fault);
        if (status == STATUS_OK && !hash_equal(&known->root, &root)) {
            set_problem(walk, "the %llu records that the sources make have another root than %.100s says: they are not of one history",
                        R(known->size), known->name);
        }
    }
    return status;
}

/* ---- the walk -------------------------------------------------------------------------------- */

/* One record; *ended: no source has another, and none needs to. */
static enum status step(struct walk *walk, bool *ended, struct fault *fault)
{
    struct reconcile_report *report = &walk->reconcile->report;
    bool wanted = walk->index < report->goal.size;
    struct view bytes = {0};
    bool held = find_record(walk, walk->index, &bytes);
    enum status status = STATUS_OK;

    *ended = !held && !wanted;
    if (*ended || has_problem(walk)) {
        return STATUS_OK;
    }
    if (walk->index == report->records) {
        status = restore_begin(walk->reconcile->txn, fault);
    }
    if (held && status == STATUS_OK) {
        status = gather(walk, bytes, fault);
    }
    if (status == STATUS_OK && !has_problem(walk)) {
        status = held ? take_back(walk, fault) : work_out(walk, fault);
    }
    if (status == STATUS_OK && !has_problem(walk)) {
        status = check_roots(walk, fault);
    }
    report->beyond += wanted ? 0u : 1u;
    return status;
}

enum status reconcile_walk(struct reconcile *reconcile, const struct progress *progress, struct fault *fault)
{
    struct walk walk = {.reconcile = reconcile, .index = ledger_size(reconcile->txn)};
    uint64_t first = walk.index;
    bool ended = false;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !has_problem(&walk) && !ended) {
        status = step(&walk, &ended, fault);
        walk.index++;
        if (progress != NULL && progress->step != NULL && status == STATUS_OK &&
            !progress->step(progress->context, walk.index - first, reconcile->report.missing + reconcile->report.beyond)) {
            status = fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped: nothing was taken back");
        }
    }
    if (status == STATUS_OK && !has_problem(&walk)) {
        status = reconcile_gaps(reconcile, fault);
    }
    free(walk.sheets.items);
    free(walk.disclosures.items);
    free(walk.files.items);
    return status;
}
