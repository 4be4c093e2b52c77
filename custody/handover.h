/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover: what release, accept, refuse and withdraw have in common: things named or scanned, in batches of one act.
 */
#ifndef UNBROKEN_CUSTODY_HANDOVER_H
#define UNBROKEN_CUSTODY_HANDOVER_H

#include "custody/session.h"

struct handover {
    struct session session;
    enum kind kind;
    uint64_t code;
    bool states_pieces;      /* entries state the pieces that the ledger has, or --pieces */
    struct party to;         /* release */
    bool has_due;
    uint64_t due_s;
    uint64_t place;          /* accept; NOTHING: none */
    const char *done;        /* "released" */
    struct subject_list things;
    size_t refused_lines;
    uint64_t first_record, last_record;
};

/* Opens the session and finds the signers; then fill the rest, then handover_run. */
MUST_USE enum status handover_open(struct args *args, enum kind kind, struct handover *out, struct fault *fault);
/* Things from the arguments or --scan, all acts, one commit; says what was done. */
MUST_USE enum status handover_run(struct handover *handover, struct fault *fault);
void handover_close(struct handover *handover);

#endif
