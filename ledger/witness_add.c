/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_add: tlog-witness `add-checkpoint`, in the order of that text: form, origin, signature, sizes, and then under the lock the latest
 * size, the proof, the guard, the cosignature, the disk. Nothing that was signed leaves this file before it is on disk.
 */
#include "ledger/witness_inside.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_BYTES = 8, CLOCK_BACK_MAX_S = 300, SENTENCE_BYTES = 1024 };

struct adding {
    struct witness *witness;
    uint64_t now_s;
    struct witness_request request;
    struct checkpoint *asked;
    struct buffer signed_note; /* the asked text with the lines of keys that we trust */
    struct witness_state state;
    struct witness_answer *out;
};

/* Answers with a sentence. Always false, so that a check can end with it. */
static bool say(struct adding *adding, unsigned http_status, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool say(struct adding *adding, unsigned http_status, const char *format, ...)
{
    char sentence[SENTENCE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    adding->out->http_status = http_status;
    buffer_reset(&adding->out->body);
    buffer_printf(&adding->out->body, "%s\n", sentence);
    return false;
}

/* Our own trouble: the log hears what it is, the other side only that nothing was signed. */
static bool say_trouble(struct adding *adding)
{
    return say(adding, 500, "this witness cannot sign now: the trouble is its own, and stands in its log");
}

/* ---- without the lock ------------------------------------------------------------------------ */

static bool parse(struct adding *adding, struct view body)
{
    struct fault fault;

    fault_clear(&fault);
    if (witness_request_parse(body, &adding->request, &fault) != STATUS_OK) {
        return say(adding, 400, "the request is not one of add-checkpoint: %s", fault.text);
    }
    if (checkpoint_parse(adding->request.note, adding->asked, &fault) != STATUS_OK) {
        if (fault.status == STATUS_MEMORY) {
            adding->out->trouble = fault;
            return say_trouble(adding);
        }
        return say(adding, 400, "the checkpoint is malformed at byte %" PRIu64 " of it: %s", fault.at, fault.text);
    }
    return true;
}

/* The line of that key, which checkpoint_check has found. */
static const struct note_signature *line_of(const struct checkpoint *checkpoint, const struct verifier_key *key)
{
    const struct note_signature *line = checkpoint->signatures;

    while (!view_equal(line->name, key->name) || memcmp(line->id, key->id, sizeof key->id) != 0) {
        line++;
    }
    return line;
}

/* 404, 403. Signatures by keys that are unknown are left out of signed_note. */
static bool check_signature(struct adding *adding)
{
    const struct witness *witness = adding->witness;
    bool known = false, valid = false;
    uint64_t ignored = 0;

    buffer_append_view(&adding->signed_note, adding->asked->text);
    buffer_append_byte(&adding->signed_note, '\n');
    for (size_t i = 0; i < witness->log_count; i++) {
        const struct verifier_key *key = &witness->logs[i];
        enum note_answer answer;

        if (!view_equal(key->name, adding->asked->origin)) {
            continue;
        }
        known = true;
        answer = checkpoint_check(adding->asked, key, &ignored);
        if (answer == NOTE_DISAGREED) {
            (void)fault_set(&adding->out->trouble, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the two libraries do not agree on a signature");
            return say_trouble(adding);
        }
        if (answer == NOTE_FAILED) {
            return say(adding, 403, "a signature of a key that is trusted for this origin does not hold, or stands twice");
        }
        if (answer == NOTE_VALID) {
            const struct note_signature *line = line_of(adding->asked, key);

            note_signature_line(line->name, line->id, view_of(line->bytes, line->len), &adding->signed_note);
            valid = true;
        }
    }
    if (!known) {
        return say(adding, 404, "this witness does not know the origin of the checkpoint");
    }
    if (!valid) {
        return say(adding, 403, "no key that is trusted for this origin has signed the checkpoint");
    }
    (void)snprintf(adding->out->about, sizeof adding->out->about, "%.*s %" PRIu64, adding->asked->origin.len < 160 ? (int)adding->asked->origin.len : 160,
                   (const char *)adding->asked->origin.ptr, adding->asked->size);
    return buffer_status(&adding->signed_note, &adding->out->trouble) == STATUS_OK || say_trouble(adding);
}

/* ---- under the lock -------------------------------------------------------------------------- */

static bool say_size(struct adding *adding, uint64_t size)
{
    adding->out->http_status = 409;
    adding->out->is_size = true;
    buffer_reset(&adding->out->body);
    buffer_printf(&adding->out->body, "%" PRIu64 "\n", size);
    return false;
}

static bool check_consistent(struct adding *adding)
{
    const struct checkpoint *asked = adding->asked, *latest = adding->state.latest;
    const struct witness_request *request = &adding->request;
    struct hasher *hasher = adding->witness->hasher;
    uint64_t size = adding->state.cosigned ? latest->size : 0;
    struct hash nothing;

    hash_data(hasher, view_of(NULL, 0), &nothing);
    if (request->old != size) {
        return say_size(adding, size);
    }
    if (asked->size == 0 && !hash_equal(&asked->root, &nothing)) {
        return say(adding, 422, "a checkpoint of size 0 has not the root of the empty tree");
    }
    if (request->old == 0 && request->path.count != 0) {
        return say(adding, 422, "the old size is 0, and yet there is a proof");
    }
    if (request->old == asked->size && request->old > 0 && !hash_equal(&asked->root, &latest->root)) {
        return say(adding, 422, "the root differs from the one that this witness cosigned at the same size");
    }
    if (!merkle_check_consistency(hasher, request->old, request->old == 0 ? &nothing : &latest->root, asked->size, &asked->root,
                                  request->path.nodes, request->path.count)) {
        return say(adding, 422, "the proof does not lead from the checkpoint of %" PRIu64 " that this witness cosigned", size);
    }
    return true;
}

static bool check_guard(struct adding *adding)
{
    const struct witness_guard *guard = &adding->witness->guard;
    struct fault fault;
    enum status status;

    fault_clear(&fault);
    if (guard->allow == NULL && adding->witness->auditor) {
        (void)fault_set(&adding->out->trouble, STATUS_REFUSED, FAULT_NOWHERE,
                        "this is an auditor: it signs only what its mirror has replayed, and no mirror was named (--mirror)");
        return say_trouble(adding);
    }
    if (guard->allow == NULL) {
        return true;
    }
    status = guard->allow(guard->context, adding->asked, &fault);
    if (status == STATUS_MISSING) {
        return say(adding, 503, "not yet: %s", fault.text);
    }
    return status == STATUS_OK || say(adding, 422, "this witness does not sign this checkpoint: %s", fault.text);
}

/* The time to state, never before the last one that was given for this ledger. */
static bool take_time(struct adding *adding, uint64_t *time_s)
{
    uint64_t last_s = adding->state.cosigned ? adding->state.time_s : 0;

    if (adding->witness->training_now_s != 0 && witness_is_training(adding->asked->origin)) {
        adding->now_s = adding->witness->training_now_s;
    }
    *time_s = adding->now_s > last_s ? adding->now_s : last_s;
    if (adding->now_s == 0 || *time_s - adding->now_s > CLOCK_BACK_MAX_S) {
        (void)fault_set(&adding->out->trouble, STATUS_REFUSED, FAULT_NOWHERE,
                        "the clock says %" PRIu64 ", but a cosignature of %" PRIu64 " was given: set the clock right", adding->now_s, last_s);
        return say_trouble(adding);
    }
    return true;
}

/* tlog-cosignature: "cosignature/v1\ntime T\n" and the text; the line holds T in 8 bytes, and the signature. */
static enum status cosign(struct adding *adding, uint64_t time_s, struct buffer *line, struct fault *fault)
{
    const struct witness *witness = adding->witness;
    struct buffer message = {0};
    uint8_t bytes[TIME_BYTES + SIGNATURE_BYTES];
    enum status status;

    buffer_printf(&message, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
    buffer_append_view(&message, adding->asked->text);
    status = buffer_status(&message, fault);
    if (status == STATUS_OK) {
        status = secret_sign(witness->secret, buffer_view(&message), bytes + TIME_BYTES, fault);
    }
    for (size_t i = 0; i < TIME_BYTES; i++) {
        bytes[i] = (uint8_t)(time_s >> (8 * (TIME_BYTES - 1 - i)));
    }
    if (status == STATUS_OK) {
        note_signature_line(witness->key.name, witness->key.id, view_of(bytes, sizeof bytes), line);
        status = buffer_status(line, fault);
    }
    buffer_free(&message);
    return status;
}

/* The new note, as it will be read back: a note that we could not read again is not written. */
static enum status write_state(struct adding *adding, struct view line, struct fault *fault)
{
    struct witness *witness = adding->witness;
    struct checkpoint *again = calloc(1, sizeof *again);
    struct buffer note = {0};
    uint64_t time_s = 0;
    enum status status;

    buffer_append_view(&note, buffer_view(&adding->signed_note));
    buffer_append_view(&note, line);
    status = again == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : buffer_status(&note, fault);
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), again, fault);
    }
    if (status == STATUS_OK && checkpoint_check(again, &witness->key, &time_s) != NOTE_VALID) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the witness's own signature does not hold");
    }
    if (status == STATUS_OK) {
        status = witness_state_write(witness, adding->state.origin_hash, adding->asked->size, buffer_view(&note), fault);
    }
    buffer_free(&note);
    free(again);
    return status;
}

/* Asked for the same within a second, it says the same: nothing is written. */
static bool repeat(struct adding *adding, uint64_t time_s)
{
    const struct checkpoint *latest = adding->state.latest;

    if (!adding->state.cosigned || latest->size != adding->asked->size || time_s != adding->state.time_s) {
        return false;
    }
    const struct note_signature *line = line_of(latest, &adding->witness->key);

    note_signature_line(line->name, line->id, view_of(line->bytes, line->len), &adding->out->body);
    adding->out->http_status = 200;
    return true;
}

static void sign(struct adding *adding, uint64_t time_s)
{
    struct witness_answer *out = adding->out;
    struct buffer line = {0};

    if (!repeat(adding, time_s)) {
        if (cosign(adding, time_s, &line, &out->trouble) == STATUS_OK && write_state(adding, buffer_view(&line), &out->trouble) == STATUS_OK) {
            buffer_append_view(&out->body, buffer_view(&line));
            out->http_status = 200;
        } else {
            (void)say_trouble(adding);
        }
    }
    buffer_free(&line);
}

static void add_locked(struct adding *adding)
{
    struct witness *witness = adding->witness;
    struct witness_answer *out = adding->out;
    bool forked = false, consistent;
    uint64_t kept_size = 0, time_s = 0;

    if (witness_state_read(witness, adding->asked->origin, &adding->state, &out->trouble) != STATUS_OK ||
        witness_state_mend(witness, &adding->state, &out->trouble) != STATUS_OK ||
        witness_convict(witness, adding->state.origin_hash, &adding->request, adding->asked, buffer_view(&adding->signed_note), &forked,
                        &kept_size, out->exhibit, &out->trouble) != STATUS_OK) {
        (void)say_trouble(adding);
        return;
    }
    consistent = check_consistent(adding);
    if (forked && !out->is_size) {
        (void)say(adding, 422, "this checkpoint contradicts the one of %" PRIu64 " that this witness cosigned: it keeps both as proof of a fork",
                  kept_size);
    }
    if (consistent && !forked && check_guard(adding) && take_time(adding, &time_s)) {
        sign(adding, time_s);
    }
}

void witness_add_checkpoint(struct witness *witness, struct view body, uint64_t now_s, struct witness_answer *out)
{
    struct adding adding = {.witness = witness, .now_s = now_s, .out = out};
    int lock = -1;

    memset(out, 0, sizeof *out);
    adding.asked = calloc(1, sizeof *adding.asked);
    if (adding.asked == NULL) {
        (void)fault_set(&out->trouble, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        (void)say_trouble(&adding);
    } else if (parse(&adding, body)) {
        if (witness_logs_refresh(witness, &out->trouble) != STATUS_OK) {
            (void)say_trouble(&adding);
        } else if (check_signature(&adding) &&
                   (adding.request.old <= adding.asked->size || say(&adding, 400, "the old size is above that of the checkpoint"))) {
            if (witness_lock(witness, &lock, &out->trouble) != STATUS_OK) {
                (void)say_trouble(&adding);
            } else {
                add_locked(&adding);
                witness_unlock(lock);
            }
        }
    }
    if (out->body.failed) {
        out->http_status = 500;
    }
    witness_state_free(&adding.state);
    buffer_free(&adding.signed_note);
    free(adding.asked);
}
