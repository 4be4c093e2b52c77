/* SPDX-License-Identifier: Apache-2.0 */
/*
 * past: see the header. The rules are those of verify/, so that what is answered here is what a verdict says.
 */
#include "ledger/past.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/inside.h"
#include "verify/shape.h"

struct past {
    struct ledger_txn *txn;
    struct world *world;
    struct replay replay;
    struct rules_source source;
    bool (*member)(void *context, uint64_t subject);
    void *context;
    struct record record;
    struct act act, scratch;
};

enum status past_open(struct ledger_txn *txn, bool (*member)(void *context, uint64_t subject), void *context,
                      struct past **out, struct fault *fault)
{
    struct past *past = calloc(1, sizeof *past);
    enum status status = past == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK) {
        status = world_open(NULL, NULL, &past->world, fault);
    }
    if (status != STATUS_OK) {
        past_close(past);
        return status;
    }
    past->txn = txn;
    past->member = member;
    past->context = context;
    past->source = ledger_source(txn);
    past->replay = (struct replay){.world = past->world, .hasher = txn->ledger->hasher, .source = &past->source,
                                   .scratch = &past->scratch, .rigour = SIGNATURE_FAST};
    memcpy(past->replay.code, txn->ledger->identity.code, sizeof past->replay.code);
    *out = past;
    return STATUS_OK;
}

void past_close(struct past *past)
{
    if (past != NULL) {
        world_close(past->world);
        free(past);
    }
}

/* What is opened must be new: bits that flipped in the store are not to end the program (shape_check sees to the rest). */
static bool opens_anew(const struct past *past)
{
    bool anew = true;

    for (size_t i = 0; i < past->act.entry_count && shape_opens(past->act.kind); i++) {
        anew = anew && world_find(past->world, past->act.entries[i].subject) == NULL;
    }
    return anew;
}

static enum status apply(struct past *past, uint64_t index, struct fault *fault)
{
    const struct hash nobody_asks = {{0}}; /* of a record's hash: no heads are made here */
    struct fault inner = {0};
    struct stop stop = {0};
    enum status status;

    if (act_decode(past->record.act, &past->act, &inner) != STATUS_OK) {
        return damaged(fault, index, inner.text);
    }
    shape_check(&past->replay, &past->record, &past->act, &stop);
    if (stop.status == 0 && !opens_anew(past)) {
        return damaged(fault, index, "it opens a subject that is there already");
    }
    if (stop.status == 0) {
        rules_apply(&past->replay, &past->record, &past->act, &stop);
    }
    if (stop.status != 0) {
        return damaged(fault, index, stop.text);
    }
    status = authority_apply(&past->replay, &past->record, &nobody_asks, &past->act, past->member, past->context, &inner);
    return status == STATUS_OK ? STATUS_OK : damaged(fault, index, inner.text);
}

enum status past_step(struct past *past, uint64_t index, struct fault *fault)
{
    enum status status = record_at(past->txn, index, &past->record, fault);

    return status == STATUS_OK && past->record.type == RECORD_ACT ? apply(past, index, fault) : status;
}

const struct record *past_record(const struct past *past)
{
    return &past->record;
}

const struct act *past_act(const struct past *past)
{
    return past->record.type == RECORD_ACT ? &past->act : NULL;
}

struct world *past_world(const struct past *past)
{
    return past->world;
}
