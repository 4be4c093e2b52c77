/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign: an act on its way between its signers. It works far from the ledger: a draft carries all that is signed, bound
 * together (ledger/draft.c). submit and discard are in submit.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/ask.h"
#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/drafts.h"
#include "custody/submit.h"
#include "custody/wholefile.h"

/* ---- sign ------------------------------------------------------------------------------------ */

static bool same_key(const struct public_key *a, const struct public_key *b)
{
    return a->algorithm == b->algorithm && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* The act gives this key to somebody: he signs with it as the person concerned. */
static bool is_newcomer(const struct act *act, const struct session_key *key, uint64_t *person)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct facts *facts = &act->entries[i].facts;

        if ((facts->present & BIT(FACT_KEY)) != 0 && same_key(&facts->key, secret_public(key->secret))) {
            *person = act->entries[i].subject;
            return true;
        }
    }
    return false;
}

/* The ledger at hand knows whose it is, and whether it is still in force. */
static enum status whose_here(struct session *session, const struct session_key *key, uint64_t *out, struct fault *fault)
{
    const struct public_key *public = secret_public(key->secret);
    const struct person_key *current = NULL;
    const struct subject *subject = NULL;
    char name[NAME_BYTES];

    *out = session_person_of(session, public);
    if (*out == NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key belongs to nobody in this ledger", key->path);
    }
    subject = ledger_subject(session->txn, *out, fault);
    if (subject == NULL) {
        return fault->status;
    }
    current = person_key_at(subject->person, ledger_size(session->txn));
    if (current == NULL || !same_key(&current->key, public)) {
        session_name(session, *out, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key of %s was revoked or replaced", key->path, name);
    }
    return STATUS_OK;
}

/* Far from the ledger the draft says which key it expects of whom: a signature in another's place would spoil it. */
static enum status whose_far(struct session *session, struct hasher *hasher, const struct draft *draft, const struct act *act,
                             const struct session_key *key, uint64_t *out, struct fault *fault)
{
    struct hash kid;

    public_key_id(hasher, secret_public(key->secret), &kid);
    for (size_t i = 0; i < act->signer_count; i++) {
        if (draft->has_kid[i] && hash_equal(&draft->kids[i], &kid)) {
            *out = act->signers[i].person;
            return STATUS_OK;
        }
    }
    args_hint(session->args, "--ledger DIR, if the key is newer than the draft");
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this draft waits for no signature by this key", key->path);
}

/* The person whose key it is, by the ledger, the draft or the act itself; --person must be the same one. */
static enum status whose(struct session *session, struct hasher *hasher, const struct draft *draft, const struct act *act,
                         const struct session_key *key, uint64_t *out, bool *newcomer, struct fault *fault)
{
    const char *person = args_value(session->args, "--person");
    uint64_t named = 0;
    enum status status = STATUS_OK;

    *newcomer = is_newcomer(act, key, out);
    if (!*newcomer) {
        status = session->ledger != NULL ? whose_here(session, key, out, fault) : whose_far(session, hasher, draft, act, key, out, fault);
    }
    if (status == STATUS_OK && person != NULL && session->identity != NULL) {
        status = subject_parse(session->identity, NUM_MAX, view_text(person), &named, NULL, fault);
        if (status == STATUS_OK && named != *out) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key is not that of %s", key->path, person);
        }
    }
    return status;
}

/* Which of the act's signers this key signs for. */
static enum status slot_of(struct session *session, struct hasher *hasher, const struct draft *draft, const struct act *act,
                           const struct session_key *key, size_t *out, struct fault *fault)
{
    bool newcomer = false;
    uint64_t person = NOTHING;
    enum status status = whose(session, hasher, draft, act, key, &person, &newcomer, fault);

    for (size_t i = 0; i < act->signer_count && status == STATUS_OK; i++) {
        /* In rekey a person stands twice: with the new key as [p, 0, 0], with the old one in an office. */
        if (act->signers[i].person == person && (act->signers[i].capacity == 0) == newcomer && !draft->is_signed[i]) {
            *out = i;
            return STATUS_OK;
        }
    }
    return status != STATUS_OK ? status
                               : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                                           "%s: there is nothing in this draft for this key to sign, or it has signed", key->path);
}

static void show_draft(struct session *session, const struct draft *draft, const struct act *act)
{
    struct view *disclosures = calloc(draft->disclosure_count + 1, sizeof *disclosures);
    struct describe_parts parts = {disclosures, draft->disclosure_count, draft->is_signed};
    json_t *json;

    for (size_t i = 0; disclosures != NULL && i < draft->disclosure_count; i++) {
        disclosures[i] = buffer_view(&draft->disclosures[i]);
    }
    json = disclosures == NULL ? NULL : describe_act(session, act, &parts);
    if (json != NULL) {
        describe_print(json, stdout);
    }
    json_decref(json);
    free(disclosures);
}

static enum status sign_all(struct session *session, struct drafts *drafts, struct hasher *hasher, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < drafts->count && status == STATUS_OK; i++) {
        struct draft *draft = &drafts->list[i];

        status = payload_decode(buffer_view(&draft->payload), drafts->act, fault);
        for (size_t k = 0; k < session->key_count && status == STATUS_OK; k++) {
            size_t slot = 0;

            status = slot_of(session, hasher, draft, drafts->act, &session->keys[k], &slot, fault);
            if (status == STATUS_OK) {
                status = draft_sign(hasher, draft, slot, session->keys[k].secret, fault);
            }
        }
    }
    return status;
}

static enum status show_all(struct session *session, struct drafts *drafts, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < drafts->count && status == STATUS_OK; i++) {
        status = payload_decode(buffer_view(&drafts->list[i].payload), drafts->act, fault);
        if (status == STATUS_OK) {
            show_draft(session, &drafts->list[i], drafts->act);
        }
    }
    (void)fflush(stdout);
    return status;
}

/* Far from the ledger its code is taken as typed in --person; the check character still guards the number. */
static enum status far_identity(struct session *session, struct ledger_state *far, struct fault *fault)
{
    const char *person = args_value(session->args, "--person");
    const char *hyphen = person == NULL ? NULL : strchr(person, '-');
    size_t len = hyphen == NULL ? 0 : (size_t)(hyphen - person);

    if (person == NULL) {
        return STATUS_OK;
    }
    if (len == 0 || len >= sizeof far->code) {
        return args_usage(session->args, fault, "--person %.40s: a name like KHPP-4-Y", person);
    }
    for (size_t i = 0; i < len; i++) {
        far->code[i] = (char)(person[i] >= 'a' && person[i] <= 'z' ? person[i] - 'a' + 'A' : person[i]);
    }
    session->identity = far;
    return STATUS_OK;
}

/* The ledger, if one is at hand; a draft of another ledger is refused. */
static enum status open_if_there(struct args *args, struct ledger_state *far, struct session *session, struct fault *fault)
{
    const char *directory = args_value(args, "--ledger");
    enum status status;

    *session = (struct session){.args = args};
    if (directory == NULL) {
        directory = getenv("UNBROKEN_LEDGER");
    }
    if (directory == NULL || directory[0] == '\0') {
        return far_identity(session, far, fault);
    }
    status = session_open(args, LEDGER_READ, false, session, fault);
    return status == STATUS_OK ? session_begin(session, false, fault) : status;
}

static void say_missing(const struct drafts *drafts)
{
    size_t missing = 0;

    for (size_t i = 0; i < drafts->count; i++) {
        missing += draft_complete(&drafts->list[i]) ? 0 : 1;
    }
    if (missing == 0) {
        (void)printf("signed; all have signed: unbroken submit\n");
    } else {
        (void)printf("signed; others are still to sign\n");
    }
}

static enum status sign_file(struct session *session, struct hasher *hasher, struct fault *fault)
{
    struct args *args = session->args;
    struct drafts drafts = {0};
    struct buffer file = {0};
    enum status status = drafts_read(args->arguments[0], hasher, &drafts, fault);

    if (status == STATUS_OK) {
        status = drafts_same_ledger(session, &drafts, fault);
    }
    if (status == STATUS_OK) {
        status = show_all(session, &drafts, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--yes")) {
        status = ask_yes("sign this?", fault);
        if (status == STATUS_REFUSED) {
            args_hint(args, "--yes");
        }
    }
    if (status == STATUS_OK) {
        status = session_load_keys(session, fault);
    }
    if (status == STATUS_OK && session->key_count == 0) {
        status = args_usage(args, fault, "sign needs --key FILE or UNBROKEN_KEY");
    }
    if (status == STATUS_OK) {
        status = sign_all(session, &drafts, hasher, fault);
    }
    if (status == STATUS_OK) {
        status = draft_file_encode(hasher, &drafts.ledger, drafts.list, drafts.count, &file, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(args->arguments[0], buffer_view(&file), true, fault);
    }
    if (status == STATUS_OK) {
        say_missing(&drafts);
    }
    buffer_free(&file);
    drafts_free(&drafts);
    return status;
}

static enum status run_sign(struct args *args, struct fault *fault)
{
    struct hasher *hasher = NULL;
    struct ledger_state far = {0};
    struct session session;
    enum status status = open_if_there(args, &far, &session, fault);

    if (status == STATUS_OK) {
        status = hasher_open(&hasher, fault);
    }
    if (status == STATUS_OK) {
        status = sign_file(&session, hasher, fault);
    }
    hasher_close(hasher);
    session_close(&session);
    return status;
}

static const struct option sign_options[] = {
    {"--yes", OPTION_FLAG, NULL, "sign without being asked; what is signed is printed all the same"},
    {"--person", OPTION_VALUE, "PERSON", "who you are: names are shown where the ledger is not at hand, and the key must be yours"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_draft[] = {
    {.words = "sign", .arguments = "FILE", .summary = "read a draft in plain words and sign it", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER | ARGS_KEYS, .options = sign_options, .example = "unbroken sign seize.draft --key chan.key",
     .run = run_sign},
    {.words = "submit", .arguments = "FILE...", .at_least = 1, .at_most = ACT_SIGNERS_MAX,
     .summary = "record a draft that all have signed; copies that were signed apart are given together",
     .shared = ARGS_LEDGER | ARGS_NOW, .example = "unbroken submit seize.draft", .run = submit_run},
    {.words = "discard", .arguments = "FILE", .summary = "give a draft up, and the number that it held", .at_least = 1,
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_NOW, .example = "unbroken discard seize.draft", .run = discard_run},
    {.words = NULL},
};
