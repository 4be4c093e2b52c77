/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witnessing: what the commands of a witness share: serving (witness_serve.c), signing without a network (witness_sign.c).
 */
#ifndef UNBROKEN_CUSTODY_WITNESSING_H
#define UNBROKEN_CUSTODY_WITNESSING_H

#include "custody/args.h"
#include "ledger/witness.h"

/* Opens the witness of the first argument; --now becomes its training clock, and *now_s that time (else the machine's). */
MUST_USE enum status witnessing_open(struct args *args, struct witness **out, uint64_t *now_s, int *offset_min, struct fault *fault);

extern const struct option witness_serve_options[];
MUST_USE enum status witness_serve_run(struct args *args, struct fault *fault);
extern const struct option witness_sign_options[];
MUST_USE enum status witness_sign_run(struct args *args, struct fault *fault);

#endif
