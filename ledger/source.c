/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source: the callbacks of rules_source over a transaction. They say no where the store has nothing; what is damaged is found by those
 * who read it for itself.
 */
#include "ledger/source.h"

#include <stdio.h>

/* Of one sheet alone nobody needs the hash to know which it is: whether it is that of its hash, the check asks elsewhere. */
static bool sheet_at_hand(const struct ledger_txn *txn, const struct hash *hash, struct view *out)
{
    for (size_t i = 0; i < txn->sheet_count; i++) {
        struct hash each;

        if (txn->sheet_count > 1) {
            sheet_hash(txn->ledger->hasher, txn->sheets[i], &each);
        }
        if (txn->sheet_count == 1 || hash_equal(&each, hash)) {
            *out = txn->sheets[i];
            return true;
        }
    }
    return false;
}

static bool stored_sheet(struct ledger_txn *txn, uint64_t index, const struct hash *hash, struct view *out)
{
    struct ledger_details details;
    bool found = false;

    if (ledger_details(txn, index, &details, NULL) != STATUS_OK) {
        return false;
    }
    for (size_t i = 0; i < details.sheet_count && !found; i++) {
        struct hash each;

        sheet_hash(txn->ledger->hasher, details.sheets[i], &each);
        if (hash_equal(&each, hash)) {
            *out = details.sheets[i];
            found = true;
        }
    }
    ledger_details_free(&details);
    return found;
}

static bool source_sheet(void *context, uint64_t index, const struct hash *hash, struct view *out)
{
    struct ledger_txn *txn = context;

    if (txn->sheets != NULL && index == txn->sheets_of) {
        return sheet_at_hand(txn, hash, out);
    }
    if (txn->submission == NULL || index != txn->meta.size) {
        return stored_sheet(txn, index, hash, out);
    }
    for (size_t i = 0; i < txn->submission->sheet_count; i++) {
        if (hash_equal(&txn->sheet_hashes[i], hash)) {
            *out = txn->submission->sheets[i];
            return true;
        }
    }
    return false;
}

static bool source_act_at(void *context, uint64_t index, struct act *scratch)
{
    struct ledger_txn *txn = context;
    struct record *record = txn->ledger->earlier;

    return record_at(txn, index, record, NULL) == STATUS_OK && record->type == RECORD_ACT &&
           act_decode(record->act, scratch, NULL) == STATUS_OK;
}

static bool source_thread(void *context, uint64_t subject, uint64_t number, uint64_t *index)
{
    return ledger_thread(context, subject, number, index, NULL) == STATUS_OK;
}

bool source_find_orphan(struct hasher *hasher, const struct view *disclosures, size_t count, const struct hash *id,
                        struct act *scratch)
{
    for (size_t i = 0; i < count; i++) {
        struct disclosure disclosure;
        struct hash found;

        if (disclosure_decode(disclosures[i], &disclosure, NULL) != STATUS_OK || disclosure.name != NAME_ORPHAN ||
            disclosure.has_subject || disclosure.value.type != VALUE_BYTES ||
            act_decode(disclosure.value.text, scratch, NULL) != STATUS_OK) {
            continue;
        }
        act_id(hasher, scratch->payload, &found);
        if (hash_equal(&found, id)) {
            return true;
        }
    }
    return false;
}

static enum orphan_answer source_orphan(void *context, uint64_t subject, const struct hash *id, struct act *scratch)
{
    struct ledger_txn *txn = context;
    struct key key = keys_hash(TABLE_ORPHAN, id, HASH_BYTES);
    struct ledger_details details;
    struct view value;
    uint64_t index;
    bool found;

    if (store_get(txn->store, keys_view(&key), &value, NULL) != STATUS_OK || !keys_only(value, &index) ||
        !source_act_at(context, index, scratch) || !scratch->from.has_person ||
        ledger_details(txn, index, &details, NULL) != STATUS_OK) {
        return ORPHAN_NONE;
    }
    /* The lodging act names the orphan's first signer (SPEC 7.3.17). */
    uint64_t author = scratch->from.person;
    bool touches = false;
    for (size_t i = 0; i < scratch->entry_count; i++) {
        touches = touches || scratch->entries[i].subject == subject;
    }
    found = source_find_orphan(txn->ledger->hasher, details.disclosures, details.disclosure_count, id, scratch);
    ledger_details_free(&details);
    return touches && found && scratch->signers[0].person == author ? ORPHAN_FOUND : ORPHAN_NONE;
}

static void source_report(void *context, const struct finding *finding)
{
    struct ledger_txn *txn = context;

    if (finding->breach && !txn->breached) {
        txn->breached = true;
        (void)snprintf(txn->breach, sizeof txn->breach, "%s: %s", finding->code, finding->text);
    }
    if (txn->listener != NULL && txn->listener->report != NULL) {
        txn->listener->report(txn->listener->context, finding);
    }
}

struct rules_source source_over(struct ledger_txn *txn)
{
    return (struct rules_source){.context = txn,
                                 .sheet = source_sheet,
                                 .act_at = source_act_at,
                                 .thread = source_thread,
                                 .orphan = source_orphan,
                                 .report = source_report};
}
