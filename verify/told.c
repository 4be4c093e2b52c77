/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told: only acts that say what a subject is, and corrections of those, can name it: nobody relabels a thing by a note.
 */
#include "verify/told.h"

#include <stdlib.h>
#include <string.h>

#include "verify/text.h"

enum { NAME_COURT = 45 };

static const uint16_t names_person[TOLD_TEXTS] = { NAME_PERSON, NAME_AGENCY, 0 };
static const uint16_t names_place[TOLD_TEXTS] = { NAME_PLACE, 0, 0 };
static const uint16_t names_case[TOLD_TEXTS] = { NAME_DOCKET, NAME_LAW, NAME_COURT };
static const uint16_t names_thing[TOLD_TEXTS] = { NAME_DESCRIPTION, NAME_SPECIES, 0 };

static const uint16_t *names_of(enum subject_type type)
{
    return type == TYPE_PERSON ? names_person : type == TYPE_PLACE ? names_place : type == TYPE_CASE ? names_case : names_thing;
}

static bool describes(unsigned kind)
{
    switch (kind) {
    case KIND_FOUND: case KIND_ENROL: case KIND_PLACE: case KIND_OPEN_CASE: case KIND_REGISTER: case KIND_SAMPLE: case KIND_SPLIT:
    case KIND_ANIMAL: case KIND_IDENTIFY:
        return true;
    default:
        return false;
    }
}

/* The last character that is whole ends the text. True when it was too long. */
static bool cut(struct buffer *text)
{
    if (text->failed || text->len <= TOLD_BYTES_MAX) {
        return false;
    }
    text->len = TOLD_BYTES_MAX;
    while (text->len > 0 && (text->ptr[text->len] & 0xc0) == 0x80) {
        text->len--;
    }
    buffer_printf(text, "…");
    return true;
}

/* The text that a detail of that name belongs to, or TOLD_TEXTS. An expert's word is not undone by who registers. */
static size_t slot_of(const struct told *told, enum subject_type type, const struct act *act, uint64_t name)
{
    const uint16_t *names = names_of(type);
    bool thing = type == TYPE_ITEM || type == TYPE_CONTAINER;
    if (thing && name == NAME_IDENTIFICATION) {
        return 1;
    }
    if (thing && name == NAME_SPECIES &&
        (act->kind == KIND_IDENTIFY || (told->identified != NULL && strcmp(told->identified, "presumed") != 0))) {
        return TOLD_TEXTS;
    }
    size_t slot = 0;
    while (slot < TOLD_TEXTS && (names[slot] == 0 || names[slot] != name)) {
        slot++;
    }
    return slot;
}

static void take_line(struct check *check, const struct act *act, enum subject_type type, const struct sheet_line *line, struct told *told)
{
    struct view bytes;
    struct disclosure disclosure;
    struct fault ignored = { 0 };
    size_t slot = slot_of(told, type, act, line->name);
    if (slot == TOLD_TEXTS) {
        return;
    }
    struct buffer *text = &told->texts[slot];
    if (line->ordinal == 0) {
        buffer_reset(text);
        told->hidden[slot] = told->cut[slot] = false;
    }
    if (slot == 1 && (type == TYPE_ITEM || type == TYPE_CONTAINER)) {
        const char *word = act->kind == KIND_IDENTIFY ? code_name(KIND_IDENTIFY, act->code) : "";
        told->identified = act->kind == KIND_IDENTIFY ? (word[0] == '\0' ? "unknown" : word) : told->identified == NULL ? "presumed" : told->identified;
    }
    if (!check_disclosure(check, &line->digest, &bytes) || disclosure_decode(bytes, &disclosure, &ignored) != STATUS_OK) {
        told->hidden[slot] = true;
        return;
    }
    if (told->cut[slot]) {
        return;
    }
    buffer_reset(&check->bytes);
    value_print(&disclosure.value, &check->bytes);
    if (check->bytes.len > 0) {
        buffer_printf(text, "%s", text->len == 0 ? "" : "; ");
    }
    text_escape(text, buffer_view(&check->bytes));
    text->failed = text->failed || check->bytes.failed;
    told->cut[slot] = cut(text);
}

static void take_sheet(struct check *check, const struct act *act, enum subject_type type, const struct hash *hash, struct told *told)
{
    struct view sheet;
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct fault ignored = { 0 };
    if (!check_sheet(check, hash, &sheet) || sheet_open(sheet, &cursor, &ignored) != STATUS_OK) {
        return;
    }
    while (sheet_next(&cursor, &line)) {
        take_line(check, act, type, &line, told);
    }
}

/* What an expert says of several things at once is said of each. */
static void take_shared(const struct told *shared, struct told *told)
{
    if (shared->identified == NULL) {
        return;
    }
    told->identified = shared->identified;
    told->hidden[1] = shared->hidden[1];
    buffer_reset(&told->texts[1]);
    buffer_append_view(&told->texts[1], buffer_view(&shared->texts[1]));
}

/*
 * The act's own sheet speaks of its one subject where there is but one, as in kinds 1 to 9 (V9.6), and in an identification of each; it is read
 * once: an act may have 512 subjects and its sheet 4,096 lines.
 */
static void take_act(struct check *check, const struct act *act, struct told *told)
{
    bool shares = (act->present & BIT(PAY_SHEET)) != 0 && act->kind == KIND_IDENTIFY;
    bool alone = (act->present & BIT(PAY_SHEET)) != 0 && act->kind != KIND_CORRECT && act->entry_count == 1 && !shares;
    struct told shared = { 0 };
    if (shares) {
        take_sheet(check, act, TYPE_ITEM, &act->sheet, &shared);
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];
        const struct leaf_row *leaf = check_leaf(check, entry->subject);
        const struct subject *subject = leaf == NULL ? NULL : world_find(check->world, entry->subject);
        if (subject == NULL || (entry->role != ROLE_SUBJECT && entry->role != ROLE_CHILD)) {
            continue;
        }
        struct told *one = &told[leaf - check->leaves];
        take_shared(&shared, one);
        if (alone) {
            take_sheet(check, act, subject->type, &act->sheet, one);
        }
        if (entry->has_sheet) {
            take_sheet(check, act, subject->type, &entry->sheet, one);
        }
    }
    for (size_t j = 0; j < TOLD_TEXTS; j++) {
        buffer_free(&shared.texts[j]);
    }
}

/* Does the record say what its subjects are? A correction does where what it corrects did; earlier says so of the records before it. */
static bool counts(const struct check *check, const struct act *act, const bool *earlier)
{
    if (act->kind != KIND_CORRECT || (act->present & BIT(PAY_AMENDS)) == 0) {
        return describes(act->kind);
    }
    const struct row *amended = check_row(check, act->amends_index);
    return amended != NULL && earlier[amended - check->rows];
}

enum status told_read(struct check *check, struct told **out, struct fault *fault)
{
    struct told *told = calloc(check->leaf_count + 1, sizeof *told);
    bool *counted = calloc(check->row_count + 1, sizeof *counted);
    bool failed = told == NULL || counted == NULL;
    for (size_t i = 0; i < check->row_count && !failed; i++) {
        unsigned kind = check->rows[i].type == RECORD_ACT ? check->briefs[i].kind : KIND_COUNT;
        if ((describes(kind) || kind == KIND_CORRECT) && check_decode(&check->rows[i], check->record, check->act)) {
            counted[i] = counts(check, check->act, counted);
            if (counted[i]) {
                take_act(check, check->act, told);
            }
        }
    }
    for (size_t i = 0; i < check->leaf_count && !failed; i++) {
        for (size_t j = 0; j < TOLD_TEXTS; j++) {
            failed = failed || told[i].texts[j].failed;
        }
    }
    free(counted);
    if (failed) {
        told_close(told, check->leaf_count);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *out = told;
    return STATUS_OK;
}

void told_close(struct told *told, size_t count)
{
    for (size_t i = 0; told != NULL && i < count; i++) {
        for (size_t j = 0; j < TOLD_TEXTS; j++) {
            buffer_free(&told[i].texts[j]);
        }
    }
    free(told);
}
