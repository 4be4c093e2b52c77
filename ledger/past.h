/* SPDX-License-Identifier: Apache-2.0 */
/*
 * past: the state of things as it was after any record: the effects of the records (SPEC 7.3), one after the other, over a world of their
 * own. Judges nothing: the recorder and fsck do. Not here: which questions are asked of it (custody/).
 */
#ifndef UNBROKEN_LEDGER_PAST_H
#define UNBROKEN_LEDGER_PAST_H

#include "ledger/ledger.h"

struct past;

/*
 * Before record 0: an empty world. member says which subjects are followed (NULL: all); who leaves out what another one's state comes from
 * (containers, parents, who signed an orphan) gets a state that never was. Borrows txn, a reader. Errors: STATUS_MEMORY.
 */
MUST_USE enum status past_open(struct ledger_txn *txn, bool (*member)(void *context, uint64_t subject), void *context,
                               struct past **out, struct fault *fault);
void past_close(struct past *past); /* accepts NULL */

/*
 * The record with that index is next. Records go up; those that touch no member may be left out. Errors: STATUS_DAMAGED (fault->at = record
 * index), STATUS_MISSING, STATUS_MEMORY.
 */
MUST_USE enum status past_step(struct past *past, uint64_t index, struct fault *fault);
/* The record of the last step, and its act: NULL when it is a heads record. Live until the next step. */
const struct record *past_record(const struct past *past);
const struct act *past_act(const struct past *past);
/* As it is after the last step. */
struct world *past_world(const struct past *past);

#endif
