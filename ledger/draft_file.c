/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draft_file: the file in which drafts travel. A draft that is read is bound together first: what a signer is shown (details,
 * files) is what the payload's hashes name, or it is refused.
 */
#include "ledger/compose.h"

#include <stdlib.h>
#include <string.h>

#include "verify/writer.h"

static const char magic[] = "unbroken draft/2";

enum { DRAFT_ACTS_MAX = 65536, DRAFT_PARTS_MAX = 1 << 20, HEADER_MAX = sizeof ((struct draft *)0)->headers[0], CHECK_HEAD_BYTES = 2 };

/* ---- binding -------------------------------------------------------------------------------- */

static size_t find_digest(struct hasher *hasher, const struct buffer *parts, size_t count, const struct hash *digest)
{
    struct hash hash;

    for (size_t i = 0; i < count; i++) {
        hash_data(hasher, buffer_view(&parts[i]), &hash);
        if (hash_equal(&hash, digest)) {
            return i;
        }
    }
    return count;
}

/* The lines of one sheet against the draft's disclosures, which stand in the order of the lines. */
static enum status bind_sheet(struct hasher *hasher, const struct draft *draft, const struct act *act, size_t sheet,
                              uint64_t subject, bool has_subject, size_t *next, struct fault *fault)
{
    struct sheet_cursor cursor;
    struct disclosure disclosure;
    struct sheet_line line;
    struct hash hash;
    enum status status = sheet_open(buffer_view(&draft->sheets[sheet]), &cursor, fault);

    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        const struct buffer *bytes = &draft->disclosures[*next];
        bool known = *next < draft->disclosure_count;

        if (known) {
            hash_data(hasher, buffer_view(bytes), &hash);
            known = hash_equal(&hash, &line.digest);
        }
        if (!known) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a detail is missing or is not the one on its sheet");
        }
        status = disclosure_decode(buffer_view(bytes), &disclosure, fault);
        if (status == STATUS_OK &&
            (disclosure.name != line.name || disclosure.ordinal != line.ordinal || disclosure.has_subject != has_subject ||
             (has_subject && disclosure.subject != subject) || disclosure.author != act->signers[0].person ||
             memcmp(disclosure.nonce, act->nonce, NONCE_BYTES) != 0)) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a detail belongs to another act or subject");
        }
        if (status == STATUS_OK && disclosure.value.type == VALUE_FILE &&
            find_digest(hasher, draft->attachments, draft->attachment_count, &disclosure.value.file.hash) ==
                draft->attachment_count) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "an attached file is missing");
        }
        (*next)++;
    }
    return status;
}

/* Sheets and disclosures stand in the order of the entries, those of the act as a whole last (compose.c). */
static enum status bind(struct hasher *hasher, const struct draft *draft, const struct act *act, struct fault *fault)
{
    bool whole = (act->present & BIT(PAY_SHEET)) != 0;
    size_t sheet = 0;
    size_t next = 0;
    struct hash hash;
    enum status status = STATUS_OK;

    for (size_t i = 0; i <= act->entry_count && status == STATUS_OK; i++) {
        bool last = i == act->entry_count;
        const struct entry *entry = last ? NULL : &act->entries[i];

        if (last ? !whole : !entry->has_sheet) {
            continue;
        }
        if (sheet < draft->sheet_count) {
            sheet_hash(hasher, buffer_view(&draft->sheets[sheet]), &hash);
        }
        if (sheet == draft->sheet_count || !hash_equal(&hash, last ? &act->sheet : &entry->sheet)) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a sheet of details is missing or is another one");
        }
        status = bind_sheet(hasher, draft, act, sheet, last ? 0 : entry->subject, !last, &next, fault);
        sheet++;
    }
    if (status == STATUS_OK && (sheet != draft->sheet_count || next != draft->disclosure_count)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "there are details that the act does not name");
    }
    return status;
}

/* ---- the file ------------------------------------------------------------------------------- */

static void write_parts(struct buffer *out, const struct buffer *parts, size_t count)
{
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_bytes(out, buffer_view(&parts[i]));
    }
}

static void write_draft(struct buffer *out, const struct draft *draft)
{
    size_t signatures = 0;

    for (size_t i = 0; i < draft->signer_count; i++) {
        signatures += draft->is_signed[i] ? 1 : 0;
    }
    writer_array(out, 6);
    writer_bytes(out, buffer_view(&draft->payload));
    write_parts(out, draft->sheets, draft->sheet_count);
    write_parts(out, draft->disclosures, draft->disclosure_count);
    write_parts(out, draft->attachments, draft->attachment_count);
    writer_array(out, signatures);
    for (size_t i = 0; i < draft->signer_count; i++) {
        if (draft->is_signed[i]) {
            writer_array(out, 3);
            writer_uint(out, i);
            writer_bytes(out, view_of(draft->headers[i], draft->header_len[i]));
            writer_bytes(out, view_of(draft->signatures[i], SIGNATURE_BYTES));
        }
    }
    writer_array(out, draft->signer_count);
    for (size_t i = 0; i < draft->signer_count; i++) {
        if (draft->has_kid[i]) {
            writer_bytes(out, hash_view(&draft->kids[i]));
        } else {
            writer_null(out);
        }
    }
}

enum status draft_file_encode(struct hasher *hasher, const struct hash *ledger, const struct draft *drafts,
                              size_t count, struct buffer *out, struct fault *fault)
{
    struct hash check;

    writer_array(out, 4);
    writer_text(out, view_text(magic));
    writer_bytes(out, hash_view(ledger));
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        write_draft(out, &drafts[i]);
    }
    hash_data(hasher, buffer_view(out), &check);
    writer_bytes(out, hash_view(&check));
    return buffer_status(out, fault);
}

/* An array of byte strings, copied. */
static void read_parts(struct reader *reader, struct buffer **parts, size_t *count, const char *what)
{
    size_t n = reader_array(reader, 0, DRAFT_PARTS_MAX, what);

    *parts = n == 0 || reader->failed ? NULL : calloc(n, sizeof **parts);
    if (n > 0 && *parts == NULL) {
        reader_fail(reader, "out of memory");
        return;
    }
    for (size_t i = 0; i < n && !reader->failed; i++) {
        buffer_append_view(&(*parts)[i], reader_bytes(reader, 0, SIZE_MAX, what));
        *count = i + 1;
    }
}

static void read_signatures(struct reader *reader, struct draft *draft)
{
    size_t n = reader_array(reader, 0, ACT_SIGNERS_MAX, "signatures");

    for (size_t i = 0; i < n && !reader->failed; i++) {
        uint64_t at;
        struct view header;
        struct view value;

        (void)reader_array(reader, 3, 3, "signature");
        at = reader_uint(reader, ACT_SIGNERS_MAX - 1, "signer");
        header = reader_bytes(reader, 1, HEADER_MAX, "signature header");
        value = reader_bytes(reader, SIGNATURE_BYTES, SIGNATURE_BYTES, "signature");
        if (reader->failed) {
            return;
        }
        if (draft->is_signed[at]) {
            reader_fail(reader, "a signer stands twice");
            return;
        }
        memcpy(draft->headers[at], header.ptr, header.len);
        draft->header_len[at] = header.len;
        memcpy(draft->signatures[at], value.ptr, value.len);
        draft->is_signed[at] = true;
    }
}

/* One for each signer. */
static void read_kids(struct reader *reader, struct draft *draft, size_t *count)
{
    *count = reader_array(reader, 1, ACT_SIGNERS_MAX, "keys of signers");
    for (size_t i = 0; i < *count && !reader->failed; i++) {
        draft->has_kid[i] = !reader_take_null(reader);
        if (draft->has_kid[i]) {
            struct view kid = reader_bytes(reader, HASH_BYTES, HASH_BYTES, "key of a signer");

            draft->kids[i] = reader->failed ? (struct hash){{0}} : hash_of_view(kid);
        }
    }
}

static enum status read_draft(struct hasher *hasher, struct reader *reader, const struct hash *ledger, struct act *act,
                              struct draft *draft, struct fault *fault)
{
    size_t kids = 0;
    enum status status;

    (void)reader_array(reader, 6, 6, "draft");
    buffer_append_view(&draft->payload, reader_bytes(reader, 1, RECORD_BYTES_MAX, "payload"));
    read_parts(reader, &draft->sheets, &draft->sheet_count, "sheets");
    read_parts(reader, &draft->disclosures, &draft->disclosure_count, "disclosures");
    read_parts(reader, &draft->attachments, &draft->attachment_count, "attachments");
    read_signatures(reader, draft);
    read_kids(reader, draft, &kids);
    if (reader->failed) {
        return STATUS_DAMAGED;
    }
    status = payload_decode(buffer_view(&draft->payload), act, fault);
    if (status != STATUS_OK) {
        return status;
    }
    draft->signer_count = act->signer_count;
    if (kids != act->signer_count) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the act has another number of signers than the draft says");
    }
    for (size_t i = act->signer_count; i < ACT_SIGNERS_MAX; i++) {
        if (draft->is_signed[i]) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a signature by nobody whom the act names");
        }
    }
    if ((act->present & BIT(PAY_LEDGER)) == 0 || !hash_equal(&act->ledger, ledger)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the act belongs to another ledger than the draft says");
    }
    return bind(hasher, draft, act, fault);
}

/* H(all before `check`) and its head 58 20, as in a bundle. */
static bool whole_file(struct hasher *hasher, struct view file)
{
    size_t body = file.len < CHECK_HEAD_BYTES + HASH_BYTES ? 0 : file.len - CHECK_HEAD_BYTES - HASH_BYTES;
    struct hash check;

    if (body == 0 || file.ptr[body] != 0x58 || file.ptr[body + 1] != 0x20) {
        return false;
    }
    hash_data(hasher, view_part(file, 0, body), &check);
    return memcmp(check.bytes, file.ptr + body + CHECK_HEAD_BYTES, HASH_BYTES) == 0;
}

enum status draft_file_decode(struct hasher *hasher, struct view file, struct hash *ledger,
                              struct draft **drafts, size_t *count, struct fault *fault)
{
    struct draft *read = NULL;
    struct act *act = NULL;
    enum status status;
    struct reader reader;
    struct view named;
    size_t n;

    if (!whole_file(hasher, file)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "is not a draft, or was damaged on its way");
    }
    reader = reader_open(file, fault);
    (void)reader_array(&reader, 4, 4, "draft file");
    if (!view_equal(reader_text(&reader, 1, 64, "magic"), view_text(magic)) && !reader.failed) {
        reader_fail(&reader, "is not a draft of this version");
    }
    named = reader_bytes(&reader, HASH_BYTES, HASH_BYTES, "ledger");
    if (!reader.failed) {
        *ledger = hash_of_view(named);
    }
    n = reader_array(&reader, 1, DRAFT_ACTS_MAX, "acts");
    status = reader.failed ? STATUS_DAMAGED : STATUS_OK;
    read = status == STATUS_OK ? calloc(n, sizeof *read) : NULL;
    act = malloc(sizeof *act);
    if (status == STATUS_OK && (read == NULL || act == NULL)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a draft of %zu acts", n);
    }
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        status = read_draft(hasher, &reader, ledger, act, &read[i], fault);
    }
    if (status == STATUS_OK) {
        (void)reader_bytes(&reader, HASH_BYTES, HASH_BYTES, "check");
        status = reader_end(&reader);
    }
    free(act);
    if (status != STATUS_OK) {
        for (size_t i = 0; read != NULL && i < n; i++) {
            draft_free(&read[i]);
        }
        free(read);
        return status;
    }
    *drafts = read;
    *count = n;
    return STATUS_OK;
}
