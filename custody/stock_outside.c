/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock_outside: who counts stands outside the chain of custody of what is counted (SPEC 7.2, `outside`). The ledger would refuse the
 * acts; here it is said which record of which thing is in the way. One record is many things': each is read once.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "custody/stock.h"

enum seen { UNKNOWN, NOT_HIS, HIS };

struct chain {
    struct session *session;
    uint64_t person;
    uint8_t *records; /* enum seen of each record */
    struct describe_scratch *scratch;
};

static bool is_of_chain(unsigned kind)
{
    return kind == KIND_REGISTER || kind == KIND_RELEASE || kind == KIND_ACCEPT || kind == KIND_HANDOUT || kind == KIND_TAKEBACK ||
           kind == KIND_SHELVE;
}

static enum status look(struct chain *chain, uint64_t index, struct fault *fault)
{
    const struct act *act = &chain->scratch->act;
    enum status status = describe_read(chain->session, index, chain->scratch, fault);

    if (status != STATUS_OK) {
        return status;
    }
    chain->records[index] = NOT_HIS;
    for (size_t i = 0; i < act->signer_count && is_of_chain(act->kind); i++) {
        if (act->signers[i].person == chain->person) {
            chain->records[index] = HIS;
        }
    }
    return STATUS_OK;
}

/* The first record of its thread that puts the person into its chain, or NOTHING. */
static enum status find_record(struct chain *chain, const struct subject *subject, uint64_t *record, struct fault *fault)
{
    enum status status = STATUS_OK;

    *record = NOTHING;
    for (uint64_t number = 1; number <= subject->count && *record == NOTHING && status == STATUS_OK; number++) {
        uint64_t index = 0;

        status = ledger_thread(chain->session->txn, subject->number, number, &index, fault);
        if (status == STATUS_OK && chain->records[index] == UNKNOWN) {
            status = look(chain, index, fault);
        }
        if (status == STATUS_OK && chain->records[index] == HIS) {
            *record = index;
        }
    }
    return status;
}

/* One thing that he may not count, and why: where there is one, a thing that he counted. How many there are would tell what is expected. */
static enum status refuse(struct chain *chain, const struct stock_result *result, uint64_t record, struct fault *fault)
{
    char counter[NAME_BYTES];
    char thing[NAME_BYTES];

    session_name(chain->session, chain->person, counter);
    session_name(chain->session, result->number, thing);
    args_hint(chain->session->args, "nothing was recorded; somebody who never handled these things counts. Or --deviation REASON records it "
                                    "although a rule is broken, and every verdict on those things says so");
    if (record == NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s signs first, as the counter, and answers for %s", counter, thing);
    }
    if (describe_read(chain->session, record, chain->scratch, fault) != STATUS_OK) {
        return fault->status;
    }
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                     "%s signs first, as the counter, and is in the chain of custody of %s: signed record %" PRIu64 ", %s", counter, thing,
                     record, act_rule(chain->scratch->act.kind)->name);
}

static enum status check_all(struct chain *chain, struct stock_results *results, struct fault *fault)
{
    const struct stock_result *told = NULL;
    uint64_t told_record = NOTHING;

    for (size_t i = 0; i < results->count; i++) {
        struct stock_result *result = &results->list[i];
        const struct subject *subject = ledger_subject(chain->session->txn, result->number, fault);
        uint64_t record = NOTHING;

        if (subject == NULL || find_record(chain, subject, &record, fault) != STATUS_OK) {
            return fault->status;
        }
        result->in_chain = result->outcome != STOCK_TAG_ALONE &&
                           (record != NOTHING || thing_holder(ledger_world(chain->session->txn), subject) == chain->person);
        if (result->in_chain && (told == NULL || (told->line == NULL && result->line != NULL))) {
            told = result;
            told_record = record;
        }
    }
    return told == NULL || args_flag(chain->session->args, "--deviation") ? STATUS_OK : refuse(chain, told, told_record, fault);
}

enum status stock_outside(struct session *session, struct stock_results *results, struct fault *fault)
{
    struct chain chain = {session, session->signers[0].signer.person, calloc((size_t)ledger_size(session->txn), 1),
                          malloc(sizeof *chain.scratch)};
    enum status status;

    if (chain.records == NULL || chain.scratch == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for the records of a chain of custody");
    } else {
        status = check_all(&chain, results, fault);
    }
    free(chain.records);
    free(chain.scratch);
    return status;
}
