/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_http: tlog-witness over HTTP: POST /add-checkpoint, GET /ORIGIN-HASH/checkpoint. Both prefixes of the specification are the server's
 * root. What is answered is witness.h's; how requests come in is serve.h's.
 */
#ifndef UNBROKEN_LEDGER_WITNESS_HTTP_H
#define UNBROKEN_LEDGER_WITNESS_HTTP_H

#include "ledger/serve.h"
#include "ledger/witness.h"

struct witness_http {
    struct witness *witness;           /* borrowed; used by the server's thread alone */
    uint64_t (*now_s)(void *context);  /* the clock */
    void *context;
};

/* A serve_handler; context: a struct witness_http. */
void witness_http_answer(void *context, const struct serve_request *request, struct serve_answer *answer);

#endif
