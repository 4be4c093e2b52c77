/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose: from entries, facts and details to a payload with its sheets and disclosures (SPEC 3.7, 4). What is made
 * here is decoded again before it is given out: an act that no reader would take is refused before anyone signs it.
 */
#include "ledger/compose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "verify/record.h"
#include "verify/state.h"

/* One detail as it was put in: `seq` keeps the order of calls. The value's views point into `bytes`. */
struct noted {
    uint64_t subject; /* NOTHING: of the act as a whole */
    uint64_t name;
    size_t seq;
    struct value value;
    uint8_t *bytes;
};

struct composer {
    struct hasher *hasher;
    struct act act;
    struct noted *details;
    size_t detail_count, detail_cap;
    struct buffer *files;
    size_t file_count;
    bool failed; /* out of memory, told by composer_finish */
};

enum { SIGNATURE_ROOM = 128, LINK_ROOM = 29, RECORD_ROOM = 96 };

enum status composer_open(struct hasher *hasher, enum kind kind, struct composer **out, struct fault *fault)
{
    struct composer *composer = calloc(1, sizeof *composer);

    if (composer == NULL || sodium_init() < 0) {
        free(composer);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for an act");
    }
    composer->hasher = hasher;
    composer->act.kind = kind;
    composer->act.present = BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES);
    randombytes_buf(composer->act.nonce, NONCE_BYTES);
    *out = composer;
    return STATUS_OK;
}

void composer_close(struct composer *composer)
{
    if (composer == NULL) {
        return;
    }
    for (size_t i = 0; i < composer->detail_count; i++) {
        free(composer->details[i].bytes);
    }
    for (size_t i = 0; i < composer->file_count; i++) {
        buffer_free(&composer->files[i]);
    }
    free(composer->details);
    free(composer->files);
    free(composer);
}

struct act *composer_act(struct composer *composer)
{
    return &composer->act;
}

struct entry *composer_entry(struct composer *composer, uint64_t subject, enum role role)
{
    struct act *act = &composer->act;
    struct entry *entry;

    if (act->entry_count == ACT_ENTRIES_MAX) {
        return NULL;
    }
    entry = &act->entries[act->entry_count++];
    *entry = (struct entry){.subject = subject, .role = role};
    return entry;
}

/* ---- details -------------------------------------------------------------------------------- */

/* Copies what the value's views point to into one block. */
static bool value_copy(const struct value *from, struct value *to, uint8_t **block)
{
    struct view part = from->type == VALUE_FILE ? from->file.media_type : from->type == VALUE_LIST ? from->list : from->text;
    uint8_t *bytes = malloc(part.len == 0 ? 1 : part.len);

    if (bytes == NULL) {
        return false;
    }
    *to = *from;
    if (from->type != VALUE_INT && part.len > 0) {
        memcpy(bytes, part.ptr, part.len);
    }
    to->text = to->list = to->file.media_type = view_of(bytes, part.len);
    *block = bytes;
    return true;
}

void composer_detail(struct composer *composer, uint64_t subject, uint64_t name, const struct value *value)
{
    struct noted *noted;

    if (composer->detail_count == composer->detail_cap) {
        size_t cap = composer->detail_cap == 0 ? 64 : composer->detail_cap * 2;
        struct noted *grown = realloc(composer->details, cap * sizeof *grown);

        if (grown == NULL) {
            composer->failed = true;
            return;
        }
        composer->details = grown;
        composer->detail_cap = cap;
    }
    noted = &composer->details[composer->detail_count];
    *noted = (struct noted){.subject = subject, .name = name, .seq = composer->detail_count};
    if (!value_copy(value, &noted->value, &noted->bytes)) {
        composer->failed = true;
        return;
    }
    composer->detail_count++;
}

void composer_text(struct composer *composer, uint64_t subject, uint64_t name, const char *text)
{
    struct value value = {.type = VALUE_TEXT, .text = view_text(text)};

    composer_detail(composer, subject, name, &value);
}

void composer_file(struct composer *composer, uint64_t subject, uint64_t name, struct view bytes, const char *media_type)
{
    struct value value = {.type = VALUE_FILE};
    struct buffer *grown;

    value.file.length_bytes = bytes.len;
    value.file.media_type = view_text(media_type);
    hash_data(composer->hasher, bytes, &value.file.hash);
    composer_detail(composer, subject, name, &value);
    /* The same file in two details travels once. */
    for (size_t i = 0; i < composer->file_count; i++) {
        if (view_equal(buffer_view(&composer->files[i]), bytes)) {
            return;
        }
    }
    grown = realloc(composer->files, (composer->file_count + 1) * sizeof *grown);
    if (grown == NULL) {
        composer->failed = true;
        return;
    }
    composer->files = grown;
    composer->files[composer->file_count] = (struct buffer){0};
    buffer_append_view(&composer->files[composer->file_count], bytes);
    composer->failed = composer->failed || composer->files[composer->file_count].failed;
    composer->file_count++;
}

/* ---- finishing ------------------------------------------------------------------------------ */

static int entry_order(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;

    return (x->subject > y->subject) - (x->subject < y->subject);
}

/* By subject (the act as a whole last), name, order of calls. */
static int noted_order(const void *a, const void *b)
{
    const struct noted *x = a;
    const struct noted *y = b;

    if (x->subject != y->subject) {
        return x->subject > y->subject ? 1 : -1;
    }
    if (x->name != y->name) {
        return x->name > y->name ? 1 : -1;
    }
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* One disclosure of a sheet; its digest goes onto the line. */
static enum status disclose(struct composer *composer, const struct noted *noted, uint64_t ordinal, struct draft *out,
                            struct sheet_line *line, struct fault *fault)
{
    const struct act *act = &composer->act;
    struct disclosure disclosure = {.has_ledger = (act->present & BIT(PAY_LEDGER)) != 0, .ledger = act->ledger};
    struct buffer *bytes = &out->disclosures[out->disclosure_count];
    struct disclosure again;
    struct fault trouble;
    enum status status;

    disclosure.author = act->signers[0].person;
    memcpy(disclosure.nonce, act->nonce, NONCE_BYTES);
    disclosure.has_subject = noted->subject != NOTHING;
    disclosure.subject = noted->subject;
    disclosure.name = noted->name;
    disclosure.ordinal = ordinal;
    disclosure.value = noted->value;
    randombytes_buf(disclosure.salt, SALT_BYTES);
    disclosure_encode(&disclosure, bytes);
    out->disclosure_count++;
    status = buffer_status(bytes, fault);
    if (status != STATUS_OK) {
        return status;
    }
    fault_clear(&trouble);
    if (bytes->len > DISCLOSURE_BYTES_MAX || disclosure_decode(buffer_view(bytes), &again, &trouble) != STATUS_OK) {
        const struct detail_name *name = detail_by_number(noted->name);

        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "detail %s: %s", name == NULL ? "of unknown name" : name->name,
                         bytes->len > DISCLOSURE_BYTES_MAX ? "is longer than 65535 bytes" : trouble.text);
    }
    hash_data(composer->hasher, buffer_view(bytes), &line->digest);
    line->name = noted->name;
    line->ordinal = ordinal;
    return STATUS_OK;
}

/* The sheet over details [from, to), all of one subject; its hash goes into the entry or the act. */
static enum status make_sheet(struct composer *composer, size_t from, size_t to, struct draft *out, struct fault *fault)
{
    struct act *act = &composer->act;
    struct sheet_line *lines = NULL;
    struct buffer *sheet = &out->sheets[out->sheet_count];
    struct entry key = {.subject = composer->details[from].subject};
    struct entry *entry = NULL;
    enum status status = STATUS_OK;
    struct hash hash;

    if (to - from > SHEET_LINES_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu details of one subject, at most 4096", to - from);
    }
    lines = calloc(to - from, sizeof *lines);
    if (lines == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a sheet");
    }
    for (size_t i = from; i < to && status == STATUS_OK; i++) {
        bool same = i > from && composer->details[i].name == composer->details[i - 1].name;
        uint64_t ordinal = same ? lines[i - from - 1].ordinal + 1 : 0;

        status = disclose(composer, &composer->details[i], ordinal, out, &lines[i - from], fault);
    }
    if (status == STATUS_OK) {
        sheet_encode(lines, to - from, sheet);
        out->sheet_count++;
        sheet_hash(composer->hasher, buffer_view(sheet), &hash);
        status = buffer_status(sheet, fault);
    }
    free(lines);
    if (status != STATUS_OK) {
        return status;
    }
    if (key.subject == NOTHING) {
        act->present |= BIT(PAY_SHEET);
        act->sheet = hash;
        return STATUS_OK;
    }
    entry = bsearch(&key, act->entries, act->entry_count, sizeof key, entry_order);
    assert(entry != NULL); /* a detail of a subject that the act does not touch is our bug */
    entry->has_sheet = true;
    entry->sheet = hash;
    return STATUS_OK;
}

static enum status make_sheets(struct composer *composer, struct draft *out, struct fault *fault)
{
    size_t count = composer->detail_count;
    enum status status = STATUS_OK;

    if (count == 0) {
        return STATUS_OK;
    }
    qsort(composer->details, count, sizeof *composer->details, noted_order);
    out->disclosures = calloc(count, sizeof *out->disclosures);
    out->sheets = calloc(count, sizeof *out->sheets); /* one a detail at most */
    if (out->disclosures == NULL || out->sheets == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu details", count);
    }
    for (size_t from = 0, to = 0; from < count && status == STATUS_OK; from = to) {
        while (to < count && composer->details[to].subject == composer->details[from].subject) {
            to++;
        }
        status = make_sheet(composer, from, to, out, fault);
    }
    return status;
}

/* The payload, decoded again; and whether the record around it will fit (SPEC 4: 65535 bytes). */
static enum status make_payload(struct composer *composer, struct draft *out, struct fault *fault)
{
    struct act *act = &composer->act;
    struct act *again = NULL;
    struct fault trouble;
    enum status status;
    size_t most;

    payload_encode(act, &out->payload);
    status = buffer_status(&out->payload, fault);
    if (status != STATUS_OK) {
        return status;
    }
    most = out->payload.len + act->signer_count * SIGNATURE_ROOM + act->entry_count * LINK_ROOM + RECORD_ROOM;
    if (most > RECORD_BYTES_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the act would make a record of %zu bytes, at most 65535: divide it", most);
    }
    again = malloc(sizeof *again);
    if (again == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for an act");
    }
    fault_clear(&trouble);
    status = payload_decode(buffer_view(&out->payload), again, &trouble);
    free(again);
    if (status != STATUS_OK) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this act cannot be written: %s", trouble.text);
    }
    out->signer_count = act->signer_count;
    return STATUS_OK;
}

enum status composer_finish(struct composer *composer, struct draft *out, struct fault *fault)
{
    struct act *act = &composer->act;
    struct draft draft = {0};
    enum status status = STATUS_OK;

    assert(act->signer_count >= 1 && act->signer_count <= ACT_SIGNERS_MAX);
    if (composer->failed) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for an act");
    }
    qsort(act->entries, act->entry_count, sizeof act->entries[0], entry_order);
    for (size_t i = 1; i < act->entry_count && status == STATUS_OK; i++) {
        if (act->entries[i].subject == act->entries[i - 1].subject) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "subject %llu is named twice in one act",
                               (unsigned long long)act->entries[i].subject);
        }
    }
    if (status == STATUS_OK) {
        status = make_sheets(composer, &draft, fault);
    }
    if (status == STATUS_OK) {
        status = make_payload(composer, &draft, fault);
    }
    if (status != STATUS_OK) {
        draft_free(&draft);
        return status;
    }
    draft.attachments = composer->files;
    draft.attachment_count = composer->file_count;
    composer->files = NULL;
    composer->file_count = 0;
    *out = draft;
    return STATUS_OK;
}
