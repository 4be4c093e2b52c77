/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beacon: the ledger quotes what others have said: a checkpoint of its own with the cosignatures that came to it, a headline, a number of a public
 * beacon. Who quotes comes after: no record from here on is older (SPEC 2.2).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/session.h"
#include "custody/timeparse.h"
#include "ledger/views.h"
#include "verify/text.h"

enum { COSIGNATURE_BYTES = 72, WORDS_MAX = 1000 };

/* What the act is to quote. */
struct quoting {
    struct buffer note; /* empty: no checkpoint */
    uint64_t size;
    size_t cosignatures;
    struct buffer beacon; /* NUL-terminated; empty: none */
};

/* The text, the station's own line, and those that are as long as a cosignature. Other lines nobody asks for. */
static void keep_lines(const struct checkpoint *checkpoint, struct quoting *out)
{
    buffer_reset(&out->note);
    buffer_append_view(&out->note, checkpoint->text);
    buffer_append_byte(&out->note, '\n');
    out->cosignatures = 0;
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];
        bool own = view_equal(line->name, checkpoint->origin) && line->len == SIGNATURE_BYTES;
        bool others = !view_equal(line->name, checkpoint->origin) && line->len == COSIGNATURE_BYTES;

        if (own || others) {
            note_signature_line(line->name, line->id, view_of(line->bytes, line->len), &out->note);
        }
        out->cosignatures += others ? 1u : 0u;
    }
    out->size = checkpoint->size;
}

/* Into out: the checkpoint of that size, where others have signed it. */
static enum status look_at(struct session *session, uint64_t size, struct quoting *out, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct buffer note = {0};
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                            : ledger_checkpoint_at(session->txn, size, &note, fault);

    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), checkpoint, fault);
    }
    if (status == STATUS_OK) {
        keep_lines(checkpoint, out);
        status = buffer_status(&out->note, fault);
    }
    free(checkpoint);
    buffer_free(&note);
    return status;
}

/* The newest checkpoint with a cosignature; none: out->note stays empty. */
static enum status find_cosigned(struct session *session, struct quoting *out, struct fault *fault)
{
    uint64_t *sizes = NULL;
    size_t count = 0;
    enum status status = views_sizes(session->txn, &sizes, &count, fault);

    while (status == STATUS_OK && count > 0 && out->cosignatures == 0) {
        status = look_at(session, sizes[--count], out, fault);
    }
    free(sizes);
    if (status == STATUS_OK && out->cosignatures == 0) {
        buffer_free(&out->note);
    }
    return status;
}

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
    struct value note = {.type = VALUE_BYTES, .text = buffer_view(&quoting->note)};
    struct composer *composer = NULL;
    struct buffer words = {0};
    enum status status;

    buffer_printf(&words, "quoted, so that no record from here on is older: ");
    if (quoting->note.len > 0) {
        buffer_printf(&words, "the checkpoint of %" PRIu64 " records with %zu cosignatures", quoting->size, quoting->cosignatures);
    }
    if (quoting->beacon.len > 0) {
        buffer_printf(&words, "%swhat was published", quoting->note.len > 0 ? ", and " : "");
    }
    buffer_append_byte(&words, 0);
    status = buffer_status(&words, fault);
    if (status == STATUS_OK) {
        status = session_compose(session, KIND_NOTE, &composer, fault);
    }
    if (status == STATUS_OK) {
        (void)composer_entry(composer, 0, ROLE_SUBJECT); /* the ledger: its thread is in every bundle */
        composer_text(composer, NOTHING, NAME_NOTE, (const char *)words.ptr);
        if (quoting->note.len > 0) {
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
            status = find_cosigned(&session, &quoting, fault);
            if (status == STATUS_OK && quoting.note.len == 0 && quoting.beacon.len == 0) {
                args_hint(args, "unbroken ledger checkpoint asks the witnesses; or quote what is public: --quote TEXT --source NAME --at TIME");
                status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is nothing to quote: no checkpoint of this ledger has a cosignature");
            }
            if (status == STATUS_OK) {
                status = record(&session, &quoting, fault);
            }
            session_close(&session);
        }
    }
    buffer_free(&quoting.note);
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
