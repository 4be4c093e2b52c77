/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack: what an administrator of the station tries on a copy of the ledger, everything after the change hashed and signed anew with the
 * station's key. The result is a bundle that looks as a true one does.
 *
 *   attack NAME LEDGER OUT --item N [--about N] [--record N] [--from LEDGER] [--as LEDGER] [--origin LINE] [--policy FILE] [--anchor N]
 *          [--key FILE --passphrase-file FILE] [--person N] [--appointment N] [--capacity N] [--print N] [--claimed S] [--logged S]
 *          [--request FILE --old N] [--tiles FOLDER]
 */
#include "tests/attack/attack.h"
#include "tests/attack/edit.h"

#include <stdio.h>
#include <string.h>

size_t attack_record(const struct forge *forge, const struct request *request)
{
    uint64_t at = request_number(request->record, "--record");
    if (at >= forge->count || forge->records[at].type != RECORD_ACT) {
        forge_die("record %llu is no act of this ledger", (unsigned long long)at);
    }
    return at;
}

static void apply(struct forge *forge, const struct request *request)
{
    const struct attack *lists[] = { attack_records, attack_people, attack_details, attack_ledgers };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct attack *attack = lists[i]; attack->name != NULL; attack++) {
            if (strcmp(request->name, attack->name) == 0) {
                attack->apply(forge, request);
                return;
            }
        }
    }
    size_t at = attack_record(forge, request);
    if (!edit_act(request->name, request, forge_act(forge, at))) {
        forge_die("no attack is named %s", request->name);
    }
    forge_put_act(forge, at);
}

/* A policy for someone who believes this ledger. */
static void write_policy(struct forge *forge, const char *path)
{
    struct buffer text = { 0 };
    buffer_append_view(&text, view_text("log "));
    verifier_key_format(forge->hasher, view_text(forge->origin), 1, forge->station_key, &text);
    buffer_append_view(&text, view_text("\nquorum none\n"));
    request_write(path, buffer_view(&text));
    buffer_free(&text);
}

static void write_request(struct forge *forge, const struct request *request)
{
    struct buffer body = { 0 };
    forge_request(forge, request_number(request->old, "--old"), &body);
    request_write(request->request, buffer_view(&body));
    buffer_free(&body);
}

int main(int argc, char **argv)
{
    struct request request;
    struct forge forge;
    struct buffer out = { 0 };
    request_read(argc, argv, &request);
    forge_load(&forge, request.in);
    if (forge.records[forge.count - 1].type != RECORD_HEADS) {
        forge_die("%s has no checkpoint over its last record", request.in);
    }
    apply(&forge, &request);
    if (request.as != NULL) {
        forge_disguise(&forge, request.as);
    }
    if (request.origin != NULL) {
        (void)snprintf(forge.origin, sizeof forge.origin, "%s", request.origin);
    }
    if (request.policy != NULL) {
        write_policy(&forge, request.policy);
    }
    forge_chain(&forge);
    if (request.tiles != NULL) {
        forge_tiles(&forge, request.tiles);
    }
    if (request.tiles != NULL && request.about == UINT64_MAX) {
        forge_close(&forge);
        return 0;
    }
    forge_bundle(&forge, request_number(request.about, "--item"), request.anchor, &out);
    request_write(request.out, buffer_view(&out));
    if (request.request != NULL) {
        write_request(&forge, &request);
    }
    buffer_free(&out);
    forge_close(&forge);
    return 0;
}
