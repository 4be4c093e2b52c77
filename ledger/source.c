/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source: the callbacks of rules_source over a transaction. They say no where the store has nothing; what is damaged is found by those
 * who read it for itself.
 */
#include "ledger/source.h"

#include <stdio.h>
#include <string.h>

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
            disclosure.ordinal != 0 || disclosure.has_subject || disclosure.value.type != VALUE_BYTES ||
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

/* Does the lodge in that record keep the orphan for that thing, as its first signer's act (SPEC 7.3.17)? */
static bool keeps_for(struct ledger_txn *txn, uint64_t index, uint64_t subject, const struct hash *id, struct act *scratch)
{
    struct ledger_details details;
    bool touches = false;
    bool found;

    if (!source_act_at(txn, index, scratch) || scratch->kind != KIND_LODGE || !scratch->from.has_person ||
        !hash_equal(&scratch->answers, id)) {
        return false;
    }
    for (size_t i = 0; i < scratch->entry_count; i++) {
        touches = touches || scratch->entries[i].subject == subject;
    }
    if (!touches || ledger_details(txn, index, &details, NULL) != STATUS_OK) {
        return false;
    }
    uint64_t author = scratch->from.person;
    found = source_find_orphan(txn->ledger->hasher, details.disclosures, details.disclosure_count, id, scratch);
    ledger_details_free(&details);
    return found && scratch->signers[0].person == author;
}

/* Does the lodge in that record say that it keeps that act, and touch that thing? Its sheet names the act; the bytes are not in a mirror. */
static bool names_orphan(struct ledger_txn *txn, uint64_t index, uint64_t subject, const struct hash *id, struct act *scratch)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct view sheet;
    bool touches = false;

    if (!source_act_at(txn, index, scratch) || scratch->kind != KIND_LODGE || (scratch->present & BIT(PAY_SHEET)) == 0 ||
        !hash_equal(&scratch->answers, id)) {
        return false;
    }
    for (size_t i = 0; i < scratch->entry_count; i++) {
        touches = touches || scratch->entries[i].subject == subject;
    }
    if (!touches || !stored_sheet(txn, index, &scratch->sheet, &sheet) || sheet_open(sheet, &cursor, NULL) != STATUS_OK) {
        return false;
    }
    while (sheet_next(&cursor, &line)) {
        if (line.name == NAME_ORPHAN) {
            return true;
        }
    }
    return false;
}

static enum orphan_answer mirror_orphan(struct ledger_txn *txn, uint64_t subject, uint64_t before, const struct hash *id, struct act *scratch)
{
    uint64_t index = 0;

    for (uint64_t number = 1; source_thread(txn, subject, number, &index) && index < before; number++) {
        if (names_orphan(txn, index, subject, id, scratch)) {
            return ORPHAN_WITHHELD;
        }
    }
    return ORPHAN_NONE;
}

/* The first lodge of an act is at hand; of several, any that serves will do, or a false one would keep out the true. */
static enum orphan_answer source_orphan(void *context, uint64_t subject, uint64_t before, const struct hash *id,
                                        struct act *scratch)
{
    struct ledger_txn *txn = context;
    uint64_t index = 0;
    bool found;

    if (txn->ledger->mirror) {
        return mirror_orphan(txn, subject, before, id, scratch);
    }
    found = ledger_find_orphan(txn, id, &index, NULL) == STATUS_OK;
    if (!found) {
        return ORPHAN_NONE;
    }
    found = index < before && keeps_for(txn, index, subject, id, scratch);
    for (uint64_t number = 1; !found && source_thread(txn, subject, number, &index) && index < before; number++) {
        found = keeps_for(txn, index, subject, id, scratch);
    }
    return found ? ORPHAN_FOUND : ORPHAN_NONE;
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

void source_pass_over(struct ledger_txn *txn, const struct record *record, const struct act *act, struct stop *stop)
{
    struct finding finding = {.code = "orphan", .record = record->index};

    if (!txn->ledger->mirror || stop->status != 2 || strcmp(stop->code, "orphan") != 0) {
        return;
    }
    *stop = (struct stop){0};
    (void)snprintf(finding.text, sizeof finding.text, "it is given the effect of an act that is not in a mirror: what became of it is not known here");
    for (size_t i = 0; i < act->entry_count; i++) {
        finding.subject = act->entries[i].subject;
        source_report(txn, &finding);
    }
}

static void source_silent(void *context, const struct finding *finding)
{
    (void)context;
    (void)finding;
}

struct rules_source ledger_source(struct ledger_txn *txn)
{
    struct rules_source source = source_over(txn);

    source.report = source_silent;
    return source;
}
