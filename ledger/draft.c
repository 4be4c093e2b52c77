/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draft: a finished act on its way to its signatures. Not here: the file in which it travels (draft_file.c).
 */
#include "ledger/compose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = sizeof ((struct draft *)0)->headers[0] };

static void buffers_free(struct buffer *buffers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_free(&buffers[i]);
    }
    free(buffers);
}

void draft_free(struct draft *draft)
{
    buffer_free(&draft->payload);
    buffers_free(draft->sheets, draft->sheet_count);
    /* A disclosure that failed half-way is counted too. */
    buffers_free(draft->disclosures, draft->disclosure_count);
    buffers_free(draft->attachments, draft->attachment_count);
    *draft = (struct draft){0};
}

/* ---- signing -------------------------------------------------------------------------------- */

enum status draft_sign(struct hasher *hasher, struct draft *draft, size_t i, const struct secret *secret,
                       struct fault *fault)
{
    const struct public_key *key = secret_public(secret);
    struct buffer header = {0};
    struct buffer message = {0};
    struct hash kid;
    enum status status;

    assert(i < draft->signer_count);
    public_key_id(hasher, key, &kid);
    sig_header_encode(key->algorithm, &kid, &header);
    signed_bytes(buffer_view(&header), buffer_view(&draft->payload), &message);
    status = buffer_status(&message, fault);
    if (status == STATUS_OK) {
        assert(header.len <= HEADER_MAX && !header.failed);
        status = secret_sign(secret, buffer_view(&message), draft->signatures[i], fault);
    }
    if (status == STATUS_OK) {
        memcpy(draft->headers[i], header.ptr, header.len);
        draft->header_len[i] = header.len;
        draft->is_signed[i] = true;
    }
    buffer_free(&header);
    buffer_free(&message);
    return status;
}

bool draft_complete(const struct draft *draft)
{
    for (size_t i = 0; i < draft->signer_count; i++) {
        if (!draft->is_signed[i]) {
            return false;
        }
    }
    return draft->signer_count > 0;
}

enum status draft_submission(const struct draft *draft, struct buffer *act, struct view **parts,
                             struct submission *out, struct fault *fault)
{
    struct act_signature signatures[ACT_SIGNERS_MAX];
    size_t count = draft->sheet_count + draft->disclosure_count + draft->attachment_count;
    struct view *views;
    size_t n = 0;

    if (!draft_complete(draft)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "not all signers have signed");
    }
    memset(signatures, 0, sizeof signatures);
    for (size_t i = 0; i < draft->signer_count; i++) {
        signatures[i].header = view_of(draft->headers[i], draft->header_len[i]);
        memcpy(signatures[i].value, draft->signatures[i], SIGNATURE_BYTES);
    }
    views = calloc(count + 1, sizeof *views);
    if (views == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu parts of an act", count);
    }
    for (size_t i = 0; i < draft->sheet_count; i++) {
        views[n++] = buffer_view(&draft->sheets[i]);
    }
    for (size_t i = 0; i < draft->disclosure_count; i++) {
        views[n++] = buffer_view(&draft->disclosures[i]);
    }
    for (size_t i = 0; i < draft->attachment_count; i++) {
        views[n++] = buffer_view(&draft->attachments[i]);
    }
    act_encode(buffer_view(&draft->payload), signatures, draft->signer_count, act);
    *parts = views;
    *out = (struct submission){.act = buffer_view(act),
                               .sheets = views,
                               .sheet_count = draft->sheet_count,
                               .disclosures = views + draft->sheet_count,
                               .disclosure_count = draft->disclosure_count,
                               .attachments = views + draft->sheet_count + draft->disclosure_count,
                               .attachment_count = draft->attachment_count};
    return buffer_status(act, fault);
}

bool draft_merge(struct draft *into, const struct draft *from)
{
    if (!view_equal(buffer_view(&into->payload), buffer_view(&from->payload))) {
        return false;
    }
    for (size_t i = 0; i < into->signer_count; i++) {
        if (!into->is_signed[i] && from->is_signed[i]) {
            memcpy(into->headers[i], from->headers[i], from->header_len[i]);
            into->header_len[i] = from->header_len[i];
            memcpy(into->signatures[i], from->signatures[i], SIGNATURE_BYTES);
            into->is_signed[i] = true;
        }
    }
    return true;
}
