/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack_ledger: whole histories: the end cut off, the past rewritten, a training ledger that says it is none.
 */
#include "tests/attack/attack.h"

#include "verify/text.h"

#include <stdio.h>

/* Everything after the checkpoint before the last goes. */
static void cut_end(struct forge *forge, const struct request *request)
{
    (void)request;
    size_t heads = 0;
    for (size_t i = 0; i + 1 < forge->count; i++) {
        heads = forge->records[i].type == RECORD_HEADS ? i : heads;
    }
    if (heads == 0) {
        forge_die("there is no earlier checkpoint");
    }
    while (forge->count > heads + 1) {
        forge_remove(forge, forge->count - 1);
    }
}

/* The label that a helper of the station is said to have printed comes after a history that was changed. */
static void rewrite_and_grow(struct forge *forge, const struct request *request)
{
    forge->records[attack_record(forge, request)].logged_s -= 60;
    attack_add_label(forge, request);
}

/* A record goes, and what it would have forbidden is done. */
static void remove_and_grow(struct forge *forge, const struct request *request)
{
    forge_remove(forge, attack_record(forge, request));
    attack_add_label(forge, request);
}

/* The founding says that the ledger is a real one; the origin line follows. */
static void pass_off(struct forge *forge, const struct request *request)
{
    struct buffer line = { 0 };
    (void)request;
    struct act *act = forge_act(forge, 0);
    act->founding.training = false;
    buffer_append_view(&line, act->founding.origin);
    buffer_append_byte(&line, '/');
    forge_put_act(forge, 0);
    forge_chain(forge);
    text_base32(&line, hash_view(&forge->ledger));
    (void)snprintf(forge->origin, sizeof forge->origin, "%.*s", (int)line.len, (const char *)line.ptr);
    buffer_free(&line);
}

const struct attack attack_ledgers[] = {
    { "cut", cut_end },
    { "passed-off", pass_off },
    { "rewritten", rewrite_and_grow },
    { "removed-then-signed", remove_and_grow },
    { NULL, NULL },
};
