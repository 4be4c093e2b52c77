/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote: see the header.
 */
#include "ledger/quote.h"

#include <stdlib.h>

#include "ledger/views.h"

enum { COSIGNATURE_BYTES = 72 }; /* a time and an Ed25519 signature */

/* The text, the station's own line, and those that are as long as a cosignature. Other lines nobody asks for. */
static void keep_lines(const struct checkpoint *checkpoint, struct quote *out)
{
    buffer_reset(&out->note);
    buffer_append_view(&out->note, checkpoint->text);
    buffer_append_byte(&out->note, '\n');
    out->cosignatures = 0;
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];
        bool own = view_equal(line->name, checkpoint->origin) && line->len == SIGNATURE_BYTES;
        bool others = !view_equal(line->name, checkpoint->origin) && line->len == COSIGNATURE_BYTES;

        if (own || others) {
            note_signature_line(line->name, line->id, view_of(line->bytes, line->len), &out->note);
        }
        out->cosignatures += others ? 1u : 0u;
    }
    out->size = checkpoint->size;
}

/* Into out: the checkpoint of that size, where others have signed it. */
static enum status look_at(struct ledger_txn *txn, uint64_t size, struct quote *out, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct buffer note = {0};
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                            : ledger_checkpoint_at(txn, size, &note, fault);

    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), checkpoint, fault);
    }
    if (status == STATUS_OK) {
        keep_lines(checkpoint, out);
        status = buffer_status(&out->note, fault);
    }
    free(checkpoint);
    buffer_free(&note);
    return status;
}

enum status quote_newest(struct ledger_txn *txn, struct quote *out, struct fault *fault)
{
    uint64_t *sizes = NULL;
    size_t count = 0;
    enum status status = views_sizes(txn, &sizes, &count, fault);

    while (status == STATUS_OK && count > 0 && out->cosignatures == 0) {
        status = look_at(txn, sizes[--count], out, fault);
    }
    free(sizes);
    if (status == STATUS_OK && out->cosignatures == 0) {
        quote_free(out);
    }
    return status;
}

void quote_free(struct quote *quote)
{
    buffer_free(&quote->note);
    *quote = (struct quote){0};
}
