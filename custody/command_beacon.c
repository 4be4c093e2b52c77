/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beacon: the ledger quotes what others have said: a checkpoint of its own with the cosignatures that came to it, a headline, a number of a public
 * beacon. Who quotes comes after: no record from here on is older (SPEC 2.2).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/session.h"
#include "custody/timeparse.h"
#include "ledger/quote.h"
#include "verify/text.h"

enum { WORDS_MAX = 1000 };

/* What the act is to quote. */
struct quoting {
    struct quote checkpoint; /* an empty note: none */
    struct buffer beacon;    /* NUL-terminated; empty: none */
};

/* --quote, --source, --at: all three or none. "2018-12-13T00:00:00Z The Phnom Penh Post, front page: ..." (SPEC 3.6). */
static enum status read_beacon(struct args *args, struct buffer *out, struct fault *fault)
{
    const char *quote = args_value(args, "--quote");
    const char *source = args_value(args, "--source");
    const char *at = args_value(args, "--at");
    int offset_min = 0;
    uint64_t time_s = 0;
    enum status status;

    if (quote == NULL && source == NULL && at == NULL) {
        return STATUS_OK;
    }
    if (quote == NULL || source == NULL || at == NULL) {
        return args_usage(args, fault, "--quote, --source and --at go together: what was said, by whom, when");
    }
    if (quote[0] == '\0' || source[0] == '\0' || strlen(quote) > WORDS_MAX || strlen(source) > WORDS_MAX || strstr(source, ": ") != NULL) {
        return args_usage(args, fault, "--quote and --source: 1 to %d bytes each, and no \": \" in the source", WORDS_MAX);
    }
    status = timeparse(at, false, &offset_min, &time_s, fault);
    if (status == STATUS_OK) {
        text_time(out, time_s);
        buffer_printf(out, " %s: %s", source, quote);
        buffer_append_byte(out, 0);
        status = buffer_status(out, fault);
    }
    return status;
}

static enum status record(struct session *session, const struct quoting *quoting, struct fault *fault)
{
    struct value note = {.type = VALUE_BYTES, .text = buffer_view(&quoting->checkpoint.note)};
    struct composer *composer = NULL;
    struct buffer words = {0};
    enum status status;

    buffer_printf(&words, "quoted, so that no record from here on is older: ");
    if (quoting->checkpoint.note.len > 0) {
        buffer_printf(&words, "the checkpoint of %" PRIu64 " records with %zu cosignature%s", quoting->checkpoint.size, quoting->checkpoint.cosignatures,
                      quoting->checkpoint.cosignatures == 1 ? "" : "s");
    }
    if (quoting->beacon.len > 0) {
        buffer_printf(&words, "%swhat was published", quoting->checkpoint.note.len > 0 ? ", and " : "");
    }
    buffer_append_byte(&words, 0);
    status = buffer_status(&words, fault);
    if (status == STATUS_OK) {
        status = session_compose(session, KIND_NOTE, &composer, fault);
    }
    if (status == STATUS_OK) {
        (void)composer_entry(composer, 0, ROLE_SUBJECT); /* the ledger: its thread is in every bundle */
        composer_text(composer, NOTHING, NAME_NOTE, (const char *)words.ptr);
        if (quoting->checkpoint.note.len > 0) {
            composer_detail(composer, NOTHING, NAME_COSIGNED, &note);
        }
        if (quoting->beacon.len > 0) {
            composer_text(composer, NOTHING, NAME_BEACON, (const char *)quoting->beacon.ptr);
        }
        status = session_finish(session, composer, (const char *)words.ptr, fault);
    }
    buffer_free(&words);
    return status;
}

static enum status run_beacon(struct args *args, struct fault *fault)
{
    struct quoting quoting = {0};
    struct session session;
    enum status status = read_beacon(args, &quoting.beacon, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_NOTE, &session, fault);
        if (status == STATUS_OK) {
            status = quote_newest(session.txn, &quoting.checkpoint, fault);
            if (status == STATUS_OK && quoting.checkpoint.note.len == 0 && quoting.beacon.len == 0) {
                args_hint(args, "unbroken ledger checkpoint asks the witnesses; or quote what is public: --quote TEXT --source NAME --at TIME");
                status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is nothing to quote: no checkpoint of this ledger has a cosignature");
            }
            if (status == STATUS_OK) {
                status = record(&session, &quoting, fault);
            }
            session_close(&session);
        }
    }
    quote_free(&quoting.checkpoint);
    buffer_free(&quoting.beacon);
    return status;
}

static const struct option beacon_options[] = {
    {"--quote", OPTION_VALUE, "TEXT", "also what was public: a headline, the value of a random beacon"},
    {"--source", OPTION_VALUE, "NAME", "who published it"},
    {"--at", OPTION_VALUE, "TIME", "when it was published"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_beacon[] = {
    {.words = "ledger beacon", .arguments = "", .summary = "quote the newest cosigned checkpoint: no record from here on is older", .shared = ARGS_ACT,
     .options = beacon_options,
     .example = "unbroken ledger beacon --key custodian.key\n"
                "unbroken ledger beacon --key custodian.key --at 2018-12-13 --source 'The Phnom Penh Post, front page' --quote 'Three tonnes of ivory seized at port'",
     .run = run_beacon},
    {.words = NULL},
};
