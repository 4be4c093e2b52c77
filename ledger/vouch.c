/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vouch: see the header.
 */
#include "ledger/vouch.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/inside.h"
#include "ledger/views.h"
#include "verify/bundle.h"

struct vouching {
    struct ledger_txn *txn;
    const struct policy *policy;
    struct bundle bundle;
    struct bundle_writer *writer;
    struct vouched *said;
    struct checkpoint *checkpoint; /* scratch */
    struct checkpoint *stored;     /* scratch */
    struct buffer note;            /* what `stored` borrows */
    struct buffer merged;          /* the note that goes into the new bundle */
    bool signed_by[POLICY_WITNESSES_MAX]; /* on it */
};

static enum status too_long(struct fault *fault)
{
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a path in the bundle is too long");
}

/* ---- views ----------------------------------------------------------------------------------- */

/* The bundle's tokens behind the store's, each once. */
static void add_tokens(const struct vouching *vouching, const struct bundle_view *view, struct view own[VIEWS_TOKENS_MAX], size_t *count)
{
    size_t stored = *count;

    for (size_t i = 0; i < view->token_count && *count < VIEWS_TOKENS_MAX; i++) {
        struct view token = vouching->bundle.tokens[view->token_first + i];
        bool there = false;

        for (size_t k = 0; k < stored; k++) {
            there = there || view_equal(own[k], token);
        }
        if (!there) {
            own[(*count)++] = token;
        }
    }
}

/* The stored checkpoint of that size into `stored`. */
static enum status read_stored(struct vouching *vouching, uint64_t size, struct fault *fault)
{
    enum status status;

    buffer_reset(&vouching->note);
    status = ledger_checkpoint_at(vouching->txn, size, &vouching->note, fault);
    return status == STATUS_OK ? checkpoint_parse(buffer_view(&vouching->note), vouching->stored, fault) : status;
}

/*
 * A view of the bundle: with all that the bundle and the store have, where both are over the same text; else as it is. A store that came back from a
 * backup may have lost what the bundle still shows.
 */
static enum status better_view(struct vouching *vouching, const struct bundle_view *view, struct view *note, const struct view **tokens,
                               size_t *token_count, struct view own[VIEWS_TOKENS_MAX], struct fault *fault)
{
    struct fault inner = {0};
    enum status status = checkpoint_parse(view->note, vouching->checkpoint, fault);

    *note = view->note;
    *tokens = vouching->bundle.tokens + view->token_first;
    *token_count = view->token_count;
    if (status != STATUS_OK) {
        return status;
    }
    status = read_stored(vouching, vouching->checkpoint->size, &inner);
    if (status == STATUS_MISSING || (status == STATUS_OK && !view_equal(vouching->stored->text, vouching->checkpoint->text))) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = views_tokens(vouching->txn, vouching->checkpoint->size, own, token_count, &inner);
    }
    if (status == STATUS_OK) {
        size_t added;

        buffer_reset(&vouching->merged);
        (void)views_merge(vouching->policy, vouching->stored, vouching->checkpoint, NOTHING, &vouching->merged, &added, vouching->signed_by);
        status = buffer_status(&vouching->merged, &inner);
        *note = buffer_view(&vouching->merged);
        add_tokens(vouching, view, own, token_count);
        *tokens = own;
    }
    return status == STATUS_OK ? status : fault_set(fault, status, inner.at, "%s", inner.text);
}

static enum status put_anchors(struct vouching *vouching, struct fault *fault)
{
    const struct bundle *bundle = &vouching->bundle;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < bundle->anchor_count && status == STATUS_OK; i++) {
        struct view own[VIEWS_TOKENS_MAX];
        struct merkle_path path;
        const struct view *tokens = NULL;
        size_t count = 0;
        struct view note;

        status = better_view(vouching, &bundle->anchors[i].view, &note, &tokens, &count, own, fault);
        if (status == STATUS_OK && !bundle_path_nodes(bundle, bundle->anchors[i].path, &path)) {
            status = too_long(fault);
        }
        if (status == STATUS_OK) {
            bundle_put_anchor(vouching->writer, note, tokens, count, &path);
        }
    }
    return status;
}

/* The bundle's own checkpoint must be one that this ledger has signed. */
static enum status put_own(struct vouching *vouching, struct fault *fault)
{
    struct view own[VIEWS_TOKENS_MAX];
    const struct view *tokens = NULL;
    size_t count = 0;
    struct view note;
    enum status status = better_view(vouching, &vouching->bundle.view, &note, &tokens, &count, own, fault);
    uint64_t size = vouching->checkpoint->size;

    if (status != STATUS_OK) {
        return status;
    }
    if (!view_equal(vouching->checkpoint->origin, view_text(ledger_origin(vouching->txn->ledger)))) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is another ledger's");
    }
    if (tokens != own) {
        status = read_stored(vouching, size, fault);
        if (status == STATUS_OK) {
            status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                               "its checkpoint of %llu records has another root than the one that this ledger has signed: unbroken compare",
                               (unsigned long long)size);
        }
        return status == STATUS_MISSING ? STATUS_REFUSED : status;
    }
    bundle_put_view(vouching->writer, note, tokens, count);
    vouching->said->size = size;
    vouching->said->quorum = policy_quorum_met(vouching->policy, vouching->signed_by);
    vouching->said->audited = policy_auditors_met(vouching->policy, vouching->signed_by);
    vouching->said->audited_at = size;
    return STATUS_OK;
}

/* What the bundle was given before, where the store has nothing better. */
static enum status put_old_vouched(struct vouching *vouching, struct fault *fault)
{
    const struct bundle_anchor *old = &vouching->bundle.vouched;
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    struct merkle_path path;
    uint64_t time_s;
    enum status status = checkpoint_parse(old->view.note, vouching->stored, fault);

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < policy_witness_count(vouching->policy); i++) {
        signed_by[i] = checkpoint_check(vouching->stored, &policy_witness(vouching->policy, i)->key, &time_s) == NOTE_VALID;
    }
    if (!vouching->said->audited) {
        vouching->said->audited = policy_auditors_met(vouching->policy, signed_by);
        vouching->said->audited_at = vouching->stored->size;
    }
    if (!bundle_path_nodes(&vouching->bundle, old->path, &path)) {
        return too_long(fault);
    }
    bundle_put_vouched(vouching->writer, old->view.note, vouching->bundle.tokens + old->view.token_first, old->view.token_count, &path);
    return STATUS_OK;
}

/* The latest checkpoint after this one that the auditors have cosigned. */
/* Signed with the key that the bundle's own checkpoint has: whoever trusts that one can read this one too (V13). */
static bool same_key(const struct vouching *vouching, uint64_t size)
{
    const struct ledger_state *identity = ledger_identity(vouching->txn->ledger);
    const uint8_t *then = station_key_at(identity, vouching->said->size), *now = station_key_at(identity, size);

    return then != NULL && now != NULL && memcmp(then, now, ED25519_BYTES) == 0;
}

static enum status put_vouched(struct vouching *vouching, struct fault *fault)
{
    struct vouched *said = vouching->said;
    struct view tokens[VIEWS_TOKENS_MAX];
    struct merkle_path path;
    uint64_t *sizes = NULL;
    size_t count = 0;
    size_t token_count = 0;
    bool found = false;
    enum status status = views_sizes(vouching->txn, &sizes, &count, fault);

    for (; status == STATUS_OK && !found && count > 0 && sizes[count - 1] > said->size; count--) {
        bool signed_by[POLICY_WITNESSES_MAX] = {false};

        status = views_cosigned(vouching->txn, sizes[count - 1], vouching->policy, signed_by, NULL, fault);
        found = status == STATUS_OK && policy_auditors_met(vouching->policy, signed_by) && same_key(vouching, sizes[count - 1]);
        said->audited_at = found ? sizes[count - 1] : said->audited_at;
    }
    free(sizes);
    if (status == STATUS_OK && !found && vouching->bundle.has_vouched) {
        return put_old_vouched(vouching, fault);
    }
    if (status != STATUS_OK || !found) {
        return status;
    }
    said->audited = true;
    status = read_stored(vouching, said->audited_at, fault);
    if (status == STATUS_OK) {
        status = views_tokens(vouching->txn, said->audited_at, tokens, &token_count, fault);
    }
    if (status == STATUS_OK) {
        status = views_consistency(vouching->txn, said->size, said->audited_at, &path, fault);
    }
    if (status == STATUS_OK) {
        bundle_put_vouched(vouching->writer, buffer_view(&vouching->note), tokens, token_count, &path);
    }
    return status;
}

/* ---- the rest, as it is ---------------------------------------------------------------------- */

static enum status put_proofs(struct vouching *vouching, struct fault *fault)
{
    const struct bundle *bundle = &vouching->bundle;
    struct merkle_path path;

    for (size_t i = 0; i < bundle->record_count; i++) {
        if (!bundle_path_nodes(bundle, bundle->records[i].path, &path)) {
            return too_long(fault);
        }
        bundle_put_record(vouching->writer, bundle->records[i].bytes, &path);
    }
    for (size_t i = 0; i < bundle->leaf_count; i++) {
        if (!bundle_path_nodes(bundle, bundle->leaves[i].path, &path)) {
            return too_long(fault);
        }
        bundle_put_leaf(vouching->writer, bundle->leaves[i].bytes, &path);
    }
    for (size_t i = 0; i < bundle->seen_count; i++) {
        if (!bundle_path_nodes(bundle, bundle->seen[i].path, &path)) {
            return too_long(fault);
        }
        bundle_put_seen(vouching->writer, bundle->seen[i].size, &path);
    }
    return STATUS_OK;
}

static void put_details(struct vouching *vouching)
{
    const struct bundle *bundle = &vouching->bundle;

    for (size_t i = 0; i < bundle->asked_count; i++) {
        bundle_put_asked(vouching->writer, bundle->asked[i]);
    }
    for (size_t i = 0; i < bundle->sheet_count; i++) {
        bundle_put_sheet(vouching->writer, bundle->sheets[i]);
    }
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        bundle_put_disclosure(vouching->writer, bundle->disclosures[i]);
    }
    for (size_t i = 0; i < bundle->attachment_count; i++) {
        bundle_put_attachment(vouching->writer, bundle->attachments[i]);
    }
    for (size_t i = 0; i < bundle->other_count; i++) {
        bundle_put_other(vouching->writer, bundle->others[i]);
    }
}

static enum status vouch(struct vouching *vouching, struct buffer *out, struct fault *fault)
{
    enum status status = put_own(vouching, fault);

    if (status == STATUS_OK) {
        status = put_anchors(vouching, fault);
    }
    if (status == STATUS_OK) {
        status = put_vouched(vouching, fault);
    }
    if (status == STATUS_OK) {
        status = put_proofs(vouching, fault);
    }
    if (status == STATUS_OK) {
        put_details(vouching);
        status = bundle_write(vouching->writer, out, fault);
    }
    return status;
}

enum status vouch_bundle(struct ledger_txn *txn, const struct policy *policy, struct view file, struct vouched *said, struct buffer *out,
                         struct fault *fault)
{
    struct vouching vouching = {.txn = txn, .policy = policy, .said = said};
    struct hasher *hasher = txn->ledger->hasher;
    struct fault inner = {0};
    enum status status = STATUS_OK;

    *said = (struct vouched){0};
    switch (bundle_decode(hasher, file, &vouching.bundle, &inner)) {
    case BUNDLE_OK:
        break;
    case BUNDLE_MEMORY:
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    default:
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "it is no bundle of this format, or was damaged on its way: %.380s", inner.text);
    }
    vouching.checkpoint = malloc(sizeof *vouching.checkpoint);
    vouching.stored = malloc(sizeof *vouching.stored);
    status = vouching.checkpoint == NULL || vouching.stored == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                                    : bundle_writer_open(hasher, &vouching.writer, fault);
    if (status == STATUS_OK) {
        status = vouch(&vouching, out, fault);
    }
    bundle_writer_close(vouching.writer);
    bundle_close(&vouching.bundle);
    buffer_free(&vouching.note);
    buffer_free(&vouching.merged);
    free(vouching.checkpoint);
    free(vouching.stored);
    return status;
}
