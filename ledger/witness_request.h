/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_request: the body of C2SP tlog-witness `add-checkpoint`: "old SIZE", the consistency path in base64, an empty line, the checkpoint.
 * The same bytes go over HTTP, on a stick and on paper. Layout only: what it says is checked by who gets it.
 */
#ifndef UNBROKEN_LEDGER_WITNESS_REQUEST_H
#define UNBROKEN_LEDGER_WITNESS_REQUEST_H

#include "verify/merkle.h"
#include "verify/note.h"

/* 63 lines of 45 bytes, the first line, and a note of NOTE_BYTES_MAX. */
enum { WITNESS_PATH_MAX = 63, WITNESS_REQUEST_BYTES_MAX = 69632 };

struct witness_request {
    uint64_t old;
    struct merkle_path path; /* at most WITNESS_PATH_MAX nodes */
    struct view note;        /* borrows the body; to be parsed by checkpoint_parse */
};

void witness_request_format(uint64_t old, const struct merkle_path *path, struct view note, struct buffer *out);
/* Errors: STATUS_DAMAGED, fault->at = line number from 1; the text names the rule. */
MUST_USE enum status witness_request_parse(struct view body, struct witness_request *out, struct fault *fault);

#endif
