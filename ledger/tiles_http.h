/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles_http: a ledger's or mirror's tiles over HTTP, straight from the store: GET /checkpoint, /tile/... (SPEC 15). How requests come in is
 * serve.h's.
 */
#ifndef UNBROKEN_LEDGER_TILES_HTTP_H
#define UNBROKEN_LEDGER_TILES_HTTP_H

#include "ledger/ledger.h"
#include "ledger/serve.h"

struct tiles_http {
    struct ledger *ledger; /* borrowed; used by the server's thread alone */
};

/* What a server of tiles may hold at once: an answer is long, and is in memory until it is sent. */
enum { TILES_HTTP_CONNECTIONS = 32, TILES_HTTP_PER_ADDRESS = 8 };

/* A serve_handler; context: a struct tiles_http. */
void tiles_http_answer(void *context, const struct serve_request *request, struct serve_answer *answer);

#endif
