/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles_http: see the header. A tile is given as soon as the latest checkpoint covers it, and for ever: so all partial tiles of earlier checkpoints are
 * there too.
 */
#include "ledger/tiles_http.h"

#include <string.h>

#include "ledger/inside.h"
#include "ledger/tiles.h"

static void say(struct serve_answer *answer, unsigned http_status, const char *sentence)
{
    answer->http_status = http_status;
    answer->content_type = "text/plain; charset=utf-8";
    answer->cache_control = "no-store";
    buffer_reset(&answer->body);
    buffer_printf(&answer->body, "%s\n", sentence);
}

static enum status give_checkpoint(struct ledger_txn *txn, struct serve_answer *answer, struct fault *fault)
{
    enum status status = ledger_latest_checkpoint(txn, &answer->body, fault);

    answer->http_status = 200;
    answer->cache_control = "max-age=2";
    return status;
}

static enum status give_tile(struct ledger_txn *txn, const struct tile *tile, struct serve_answer *answer, struct fault *fault)
{
    if (!tile_within(tile, txn->meta.checkpoint)) {
        return STATUS_MISSING;
    }
    answer->http_status = 200;
    answer->content_type = "application/octet-stream";
    answer->cache_control = "public, max-age=31536000, immutable";
    return tiles_read(txn, tile, &answer->body, fault);
}

static enum status give(struct ledger *ledger, struct view path, struct serve_answer *answer, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct tile tile;
    enum status status;

    if (!view_equal(path, view_text("checkpoint")) && !tile_parse(path, &tile)) {
        return STATUS_MISSING;
    }
    status = ledger_begin(ledger, false, &txn, fault);
    if (status == STATUS_OK) {
        status = view_equal(path, view_text("checkpoint")) ? give_checkpoint(txn, answer, fault) : give_tile(txn, &tile, answer, fault);
    }
    ledger_abort(txn);
    return status;
}

void tiles_http_answer(void *context, const struct serve_request *request, struct serve_answer *answer)
{
    const struct tiles_http *http = context;
    struct view path = view_text(request->path);
    struct fault fault = {0};
    enum status status;

    if (strcmp(request->method, "GET") != 0) {
        say(answer, 405, "there is nothing here but to GET");
        answer->allow = "GET, HEAD";
        return;
    }
    status = path.len == 0 || path.ptr[0] != '/' ? STATUS_MISSING : give(http->ledger, view_part(path, 1, path.len - 1), answer, &fault);
    if (status == STATUS_MISSING) {
        say(answer, 404, "there is no such tile under the latest checkpoint");
    } else if (status != STATUS_OK) {
        say(answer, 500, "this tile cannot be read");
        buffer_printf(&answer->note, "%s", fault.text);
    }
}
