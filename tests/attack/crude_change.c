/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crude_change: the changes by name.
 */
#include "tests/attack/crude.h"

#include <stdlib.h>
#include <string.h>

static void change_nothing(struct crude *crude, const struct request *request)
{
    (void)crude;
    (void)request;
}

static void back_date(struct crude *crude, const struct request *request)
{
    size_t i = crude_find(crude, request);
    crude->record->logged_s -= 60;
    crude_put(crude, i);
}

static void drop_record(struct crude *crude, const struct request *request)
{
    size_t i = crude_find(crude, request);
    struct bundle *bundle = &crude->bundle;
    memmove(bundle->records + i, bundle->records + i + 1, (bundle->record_count - i - 1) * sizeof *bundle->records);
    bundle->record_count--;
}

/* In the file, the record changes places with the one behind it. */
static void reorder(struct crude *crude, const struct request *request)
{
    size_t i = crude_find(crude, request);
    struct bundle_proof moved = crude->bundle.records[i];
    if (i + 1 == crude->bundle.record_count) {
        forge_die("nothing stands behind that record");
    }
    crude->bundle.records[i] = crude->bundle.records[i + 1];
    crude->bundle.records[i + 1] = moved;
}

/* The record's act becomes that of the record behind it. */
static void replay_within(struct crude *crude, const struct request *request)
{
    size_t i = crude_find(crude, request);
    struct record *other = forge_make(1, sizeof *other);
    struct fault fault = { 0 };
    forge_must(record_decode(crude->bundle.records[i + 1].bytes, other, &fault), &fault);
    if (other->type != RECORD_ACT) {
        forge_die("no act stands behind that record");
    }
    crude->record->act = other->act;
    crude_put(crude, i);
    free(other);
}

/* The record stands twice. */
static void repeat(struct crude *crude, const struct request *request)
{
    size_t i = crude_find(crude, request);
    struct bundle *bundle = &crude->bundle;
    bundle->records = realloc(bundle->records, (bundle->record_count + 1) * sizeof *bundle->records);
    if (bundle->records == NULL) {
        forge_die("out of memory");
    }
    memmove(bundle->records + i + 1, bundle->records + i, (bundle->record_count - i) * sizeof *bundle->records);
    bundle->record_count++;
}

/* Another bundle's record of the same index in the place of ours. */
static void graft(struct crude *crude, const struct request *request)
{
    struct crude other;
    size_t i = crude_find(crude, request);
    crude_open(&other, request->from);
    size_t from = crude_find(&other, request);
    struct buffer *bytes = crude_room(crude);
    buffer_append_view(bytes, other.bundle.records[from].bytes);
    crude->bundle.records[i].bytes = buffer_view(bytes);
    crude_close(&other);
}

/* The other bundle's checkpoint in the place of ours. */
static void change_note(struct crude *crude, const struct request *request)
{
    struct crude other;
    struct buffer *note = crude_room(crude);
    crude_open(&other, request->from);
    buffer_append_view(note, other.bundle.view.note);
    crude->bundle.view.note = buffer_view(note);
    crude_close(&other);
}

/* The weight in the detail becomes another; with its sheet, if so asked. */
static void change_weight(struct crude *crude, const struct request *request, bool with_sheet)
{
    struct hash before, after;
    struct buffer *detail = crude_room(crude), *sheet = crude_room(crude);
    for (size_t i = 0; i < crude->bundle.disclosure_count; i++) {
        struct view *disclosure = &crude->bundle.disclosures[i];
        if (!edit_disclosure(*disclosure, request_number(request->item, "--item"), detail)) {
            continue;
        }
        hash_data(crude->hasher, *disclosure, &before);
        *disclosure = buffer_view(detail);
        hash_data(crude->hasher, *disclosure, &after);
        for (size_t j = 0; with_sheet && j < crude->bundle.sheet_count; j++) {
            if (edit_sheet(crude->bundle.sheets[j], &before, &after, sheet)) {
                crude->bundle.sheets[j] = buffer_view(sheet);
            }
        }
        return;
    }
    forge_die("the bundle has no listed weight of that item");
}

static void rewrite_detail(struct crude *crude, const struct request *request)
{
    change_weight(crude, request, false);
}

static void rewrite_sheet(struct crude *crude, const struct request *request)
{
    change_weight(crude, request, true);
}

static void drop_detail(struct crude *crude, const struct request *request)
{
    struct bundle *bundle = &crude->bundle;
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        if (edit_disclosure(bundle->disclosures[i], request_number(request->item, "--item"), crude_room(crude))) {
            bundle->disclosures[i] = bundle->disclosures[--bundle->disclosure_count];
            return;
        }
        crude->made_count--;
    }
    forge_die("the bundle has no listed weight of that item");
}

static void drop_sheet(struct crude *crude, const struct request *request)
{
    struct bundle *bundle = &crude->bundle;
    (void)request;
    bundle->sheets[0] = bundle->sheets[--bundle->sheet_count];
}

static void replace_attachment(struct crude *crude, const struct request *request)
{
    struct buffer *bytes = crude_room(crude);
    (void)request;
    if (crude->bundle.attachment_count == 0) {
        forge_die("nothing is attached");
    }
    buffer_append_view(bytes, view_text("another photograph"));
    crude->bundle.attachments[0] = buffer_view(bytes);
}

static void drop_attachment(struct crude *crude, const struct request *request)
{
    (void)request;
    crude->bundle.attachment_count--;
}

/* Signature lines, whoever made them and over whatever, below the checkpoint. */
static void add_lines(struct crude *crude, const struct request *request)
{
    struct buffer *note = crude_room(crude);
    buffer_append_view(note, crude->bundle.view.note);
    crude_read(request->from, note);
    crude->bundle.view.note = buffer_view(note);
}

/* A training ledger's checkpoint without that word. */
static void take_training_out(struct crude *crude, const struct request *request)
{
    static const char word[] = "/training/";
    const size_t len = sizeof word - 1;
    struct view note = crude->bundle.view.note;
    struct buffer *changed = crude_room(crude);
    (void)request;
    for (size_t i = 0; i < note.len; i++) {
        if (note.len - i >= len && memcmp(note.ptr + i, word, len) == 0) {
            i += len - 1;
        }
        buffer_append_byte(changed, note.ptr[i]);
    }
    crude->bundle.view.note = buffer_view(changed);
}

/* Where the head of the item stands; decoded. */
static size_t find_leaf(struct crude *crude, const struct request *request, struct heads_leaf *leaf)
{
    struct fault fault = { 0 };
    for (size_t i = 0; i < crude->bundle.leaf_count; i++) {
        forge_must(heads_leaf_decode(crude->bundle.leaves[i].bytes, leaf, &fault), &fault);
        if (leaf->subject == request_number(request->item, "--item")) {
            return i;
        }
    }
    forge_die("the bundle has no head of that subject");
}

/* The head says that the thread is one record shorter. */
static void shorten(struct crude *crude, const struct request *request)
{
    struct heads_leaf leaf;
    size_t i = find_leaf(crude, request, &leaf);
    struct buffer *bytes = crude_room(crude);
    leaf.count--;
    heads_leaf_encode(&leaf, bytes);
    crude->bundle.leaves[i].bytes = buffer_view(bytes);
}

static void drop_leaf(struct crude *crude, const struct request *request)
{
    struct heads_leaf leaf;
    struct bundle *bundle = &crude->bundle;
    size_t i = find_leaf(crude, request, &leaf);
    memmove(bundle->leaves + i, bundle->leaves + i + 1, (bundle->leaf_count - i - 1) * sizeof *bundle->leaves);
    bundle->leaf_count--;
}

/* The bundle says that it is about that subject. */
static void ask_other(struct crude *crude, const struct request *request)
{
    crude->bundle.asked[0] = request_number(request->item, "--item");
    crude->bundle.asked_count = 1;
}

void crude_change(struct crude *crude, const struct request *request)
{
    static const struct {
        const char *name;
        void (*apply)(struct crude *crude, const struct request *request);
    } changes[] = {
        { "none", change_nothing }, { "logged", back_date },        { "drop", drop_record },        { "reorder", reorder },
        { "again", replay_within }, { "twice", repeat },            { "graft", graft },             { "note", change_note },
        { "detail", rewrite_detail }, { "detail-sheet", rewrite_sheet }, { "detail-withheld", drop_detail },
        { "sheet-withheld", drop_sheet }, { "shorten", shorten },   { "leaf-withheld", drop_leaf }, { "asked", ask_other },
        { "attachment", replace_attachment }, { "attachment-withheld", drop_attachment }, { "real", take_training_out },
        { "lines", add_lines },
    };
    struct fault fault = { 0 };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (strcmp(request->name, changes[i].name) == 0) {
            changes[i].apply(crude, request);
            return;
        }
    }
    size_t i = crude_find(crude, request);
    struct buffer *act = crude_room(crude);
    forge_must(act_decode(crude->record->act, crude->act, &fault), &fault);
    if (!edit_act(request->name, request, crude->act)) {
        forge_die("no change is named %s", request->name);
    }
    edit_encode(crude->act, act);
    crude->record->act = buffer_view(act);
    crude_put(crude, i);
}
