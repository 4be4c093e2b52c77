/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tlog_proof: see the header.
 */
#include "ledger/tlog_proof.h"

#include "ledger/inside.h"
#include "ledger/views.h"
#include "verify/text.h"

enum status tlog_proof_write(struct ledger_txn *txn, uint64_t index, struct buffer *out, struct fault *fault)
{
    uint64_t size = txn->meta.checkpoint;
    struct merkle_path path;
    struct buffer note = {0};
    enum status status = ledger_latest_checkpoint(txn, &note, fault);

    if (status == STATUS_OK && index >= txn->meta.size) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no record %llu: the ledger has %llu", (unsigned long long)index,
                           (unsigned long long)txn->meta.size);
    } else if (status == STATUS_OK && index >= size) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "record %llu is not covered yet: the latest checkpoint has %llu records",
                           (unsigned long long)index, (unsigned long long)size);
    }
    if (status == STATUS_OK) {
        status = views_inclusion(txn, index, size, &path, fault);
    }
    if (status == STATUS_OK) {
        buffer_printf(out, "c2sp.org/tlog-proof@v1\nindex %llu\n", (unsigned long long)index);
        for (size_t i = 0; i < path.count; i++) {
            text_base64(out, hash_view(&path.nodes[i]));
            buffer_append_byte(out, '\n');
        }
        buffer_append_byte(out, '\n');
        buffer_append_view(out, buffer_view(&note));
        status = buffer_status(out, fault);
    }
    buffer_free(&note);
    return status;
}
