/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_guard: what the auditor signs as a witness. Every record of a mirror was replayed before it was committed: so the question is only whether the
 * checkpoint is one of those records.
 */
#include "ledger/audit.h"

#include <assert.h>
#include <stdlib.h>

#include "ledger/inside.h"
#include "ledger/views.h"
#include "ledger/witness_request.h"
#include "verify/text.h"

#define R(x) ((unsigned long long)(x))

struct audit_guard {
    struct witness_guard guard;
    struct ledger *mirrors[AUDIT_MIRRORS_MAX];
    size_t count;
};

static struct ledger *find_mirror(const struct audit_guard *guard, struct view origin)
{
    for (size_t i = 0; i < guard->count; i++) {
        if (view_equal(view_text(ledger_origin(guard->mirrors[i])), origin)) {
            return guard->mirrors[i];
        }
    }
    return NULL;
}

static enum status judge_within(struct ledger_txn *txn, const struct checkpoint *checkpoint, struct fault *fault)
{
    struct record *record = txn->ledger->earlier;
    struct hash root;
    enum status status = ledger_root(txn, checkpoint->size, &root, fault);

    if (status == STATUS_OK && (checkpoint->size == 0 || !hash_equal(&root, &checkpoint->root))) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the checkpoint of %llu records is not of the history that was replayed here", R(checkpoint->size));
    }
    if (status == STATUS_OK) {
        status = record_at(txn, checkpoint->size - 1, record, fault);
    }
    if (status == STATUS_OK && record->type != RECORD_HEADS) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the checkpoint of %llu records does not stand behind a heads record", R(checkpoint->size));
    }
    return status;
}

static enum status judge(struct ledger_txn *txn, const struct checkpoint *checkpoint, struct fault *fault)
{
    struct mirror_refusal refusal;
    enum status status = mirror_refused(txn, &refusal, fault);

    if (status == STATUS_OK && checkpoint->size > refusal.index) {
        return fault_set(fault, STATUS_UNTRUSTED, refusal.index, "the ledger contradicts itself below that checkpoint: %.400s", refusal.text);
    }
    if (status != STATUS_OK && status != STATUS_MISSING) {
        return status;
    }
    if (checkpoint->size > txn->meta.size) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%llu records were replayed so far, and the checkpoint has %llu", R(txn->meta.size),
                         R(checkpoint->size));
    }
    return judge_within(txn, checkpoint, fault);
}

static enum status allow(void *context, const struct checkpoint *checkpoint, struct fault *fault)
{
    struct ledger *mirror = find_mirror(context, checkpoint->origin);
    struct ledger_txn *txn = NULL;
    enum status status;

    if (mirror == NULL) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "this auditor has no mirror of that ledger");
    }
    status = ledger_begin(mirror, false, &txn, fault);
    if (status == STATUS_OK) {
        status = judge(txn, checkpoint, fault);
    }
    ledger_abort(txn);
    return status;
}

enum status audit_guard_open(struct audit_guard **out, struct fault *fault)
{
    struct audit_guard *guard = calloc(1, sizeof *guard);

    if (guard == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    guard->guard = (struct witness_guard){.allow = allow, .context = guard};
    *out = guard;
    return STATUS_OK;
}

void audit_guard_close(struct audit_guard *guard)
{
    for (size_t i = 0; guard != NULL && i < guard->count; i++) {
        ledger_close(guard->mirrors[i]);
    }
    free(guard);
}

enum status audit_guard_add(struct audit_guard *guard, const char *dir, struct fault *fault)
{
    struct ledger *mirror = NULL;
    enum status status = guard->count == AUDIT_MIRRORS_MAX
                             ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "more than %d mirrors", AUDIT_MIRRORS_MAX)
                             : ledger_open(dir, LEDGER_READ, NULL, &mirror, fault);

    if (status == STATUS_OK && !mirror->mirror) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a ledger and no mirror: an auditor has a copy of his own", dir);
    } else if (status == STATUS_OK && find_mirror(guard, view_text(ledger_origin(mirror))) != NULL) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a second mirror of %s", dir, ledger_origin(mirror));
    }
    if (status != STATUS_OK) {
        ledger_close(mirror);
        return status;
    }
    guard->mirrors[guard->count++] = mirror;
    return STATUS_OK;
}

struct ledger *audit_guard_mirror(const struct audit_guard *guard, size_t i)
{
    assert(i < guard->count);
    return guard->mirrors[i];
}

const struct witness_guard *audit_guard_of(struct audit_guard *guard)
{
    return &guard->guard;
}

/* ---- asking the witness that is beside the mirror --------------------------------------------- */

/* The size that the witness has cosigned last; 0: nothing yet. */
static enum status witnessed(struct ledger *mirror, struct witness *witness, struct checkpoint *scratch, uint64_t *out, struct fault *fault)
{
    struct buffer hex = {0};
    struct buffer note = {0};
    struct hash hash;
    enum status status;

    *out = 0;
    hash_data(mirror->hasher, view_text(mirror->origin), &hash);
    text_hex(&hex, hash_view(&hash));
    status = buffer_status(&hex, fault);
    if (status == STATUS_OK) {
        status = witness_latest(witness, buffer_view(&hex), &note, NULL);
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), scratch, fault);
        *out = status == STATUS_OK ? scratch->size : 0;
    } else if (status == STATUS_MISSING) {
        status = STATUS_OK;
    } else {
        status = fault_set(fault, status, FAULT_NOWHERE, "the witness cannot read its files");
    }
    buffer_free(&hex);
    buffer_free(&note);
    return status;
}

static enum status take_answer(struct witness_answer *answer, struct buffer *lines, struct fault *fault)
{
    enum status status = STATUS_REFUSED;
    int len = answer->body.len > 300 ? 300 : (int)answer->body.len;

    if (answer->http_status == 200) {
        buffer_append_view(lines, buffer_view(&answer->body));
        return buffer_status(lines, fault);
    }
    if (answer->http_status == 503) {
        status = STATUS_MISSING;
    } else if (answer->http_status == 403 || answer->http_status == 422) {
        status = STATUS_UNTRUSTED;
    } else if (answer->http_status == 500) {
        status = STATUS_ENVIRONMENT;
    }
    while (len > 0 && answer->body.ptr[len - 1] == '\n') {
        len--;
    }
    return fault_set(fault, status, FAULT_NOWHERE, "the witness does not sign (%u): %.*s", answer->http_status, len,
                     answer->body.ptr == NULL ? "" : (const char *)answer->body.ptr);
}

static enum status make_request(struct ledger_txn *txn, uint64_t old, struct buffer *out, struct fault *fault)
{
    struct merkle_path path;
    struct buffer note = {0};
    enum status status = ledger_latest_checkpoint(txn, &note, fault);

    if (status == STATUS_OK && old > txn->meta.checkpoint) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the witness has signed %llu records already, and the mirror has a checkpoint of %llu: mirror pull",
                           R(old), R(txn->meta.checkpoint));
    }
    if (status == STATUS_OK) {
        status = views_consistency(txn, old, txn->meta.checkpoint, &path, fault);
    }
    if (status == STATUS_OK) {
        witness_request_format(old, &path, buffer_view(&note), out);
        status = buffer_status(out, fault);
    }
    buffer_free(&note);
    return status;
}

enum status audit_cosign(struct ledger *mirror, struct witness *witness, uint64_t now_s, struct buffer *lines, struct fault *fault)
{
    struct checkpoint *scratch = malloc(sizeof *scratch);
    struct ledger_txn *txn = NULL;
    struct buffer request = {0};
    struct witness_answer answer = {0};
    uint64_t old = 0;
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                         : witnessed(mirror, witness, scratch, &old, fault);

    if (status == STATUS_OK) {
        status = ledger_begin(mirror, false, &txn, fault);
    }
    if (status == STATUS_OK) {
        status = make_request(txn, old, &request, fault);
    }
    ledger_abort(txn);
    if (status == STATUS_OK) {
        witness_add_checkpoint(witness, buffer_view(&request), now_s, &answer);
        status = take_answer(&answer, lines, fault);
    }
    buffer_free(&answer.body);
    buffer_free(&request);
    free(scratch);
    return status;
}
