/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_signers: whose the keys are, and in which office each signs. The slots of the table of acts (SPEC 7.2) say
 * which offices would do; the ledger decides when it appends.
 */
#include <stdio.h>
#include <string.h>

#include "custody/session.h"

enum { ANY_OFFICE = (1u << OFFICE_COUNT) - 2 };

static bool key_equal(const struct public_key *a, const struct public_key *b)
{
    return a->algorithm == b->algorithm && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool holds_key(const struct subject *subject, const struct public_key *key)
{
    for (size_t i = 0; subject != NULL && subject->person != NULL && i < subject->person->key_count; i++) {
        if (key_equal(&subject->person->keys[i].key, key)) {
            return true;
        }
    }
    return false;
}

uint64_t session_person_of(struct session *session, const struct public_key *key)
{
    struct hash kid;
    struct fault ignored;
    uint64_t owner;

    public_key_id(ledger_hasher(session->ledger), key, &kid);
    owner = world_key_owner(ledger_world(session->txn), &kid);
    if (owner != NOTHING) {
        return owner;
    }
    /* The world may not have loaded everyone: look at all subjects, who are few where persons are first. */
    for (uint64_t n = 0; n < ledger_subjects(session->txn); n++) {
        fault_clear(&ignored);
        if (holds_key(ledger_subject(session->txn, n, &ignored), key)) {
            return n;
        }
    }
    return NOTHING;
}

enum status session_add_signer(struct session *session, struct signer signer, const struct secret *secret,
                               struct fault *fault)
{
    if (session->signer_count == ACT_SIGNERS_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "at most %d sign one act", ACT_SIGNERS_MAX);
    }
    session->signers[session->signer_count++] = (struct session_signer){signer, secret};
    return STATUS_OK;
}

struct session_key *session_new_key(struct session *session)
{
    for (size_t i = 0; i < session->key_count; i++) {
        if (session->keys[i].person == NOTHING && !session->keys[i].taken) {
            return &session->keys[i];
        }
    }
    return NULL;
}

/* The offices that would do for signer number i. */
static unsigned offices_wanted(const struct session *session, const struct act_rule *rule, size_t i)
{
    unsigned mask = ANY_OFFICE;

    if (rule->authority) {
        return BIT(OFFICE_REGISTRAR);
    }
    if (i >= ACT_SLOTS || !rule->slots[i].used) {
        return mask;
    }
    if (rule->slots[i].offices != 0) {
        mask = rule->slots[i].offices;
    }
    if (rule->slots[i].relation == RELATION_OTHER && session->signer_count > 0) {
        unsigned narrowed = mask & ~BIT(session->signers[0].signer.capacity);

        mask = narrowed == 0 ? mask : narrowed;
    }
    return mask;
}

static void offices_in_words(unsigned mask, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        if ((mask & BIT(office)) != 0 && used < size) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " or ", office_name(office));
        }
    }
}

/* An appointment in one of the offices. */
static bool appointed(const struct subject *subject, unsigned mask, struct signer *out)
{
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        const struct appointment *held = (mask & BIT(office)) == 0 ? NULL : person_office(subject->person, office);

        if (held != NULL) {
            *out = (struct signer){subject->number, held->number, office};
            return true;
        }
    }
    return false;
}

/* That person in one of the offices; beyond: in any other where none of them is held, for a deviation. */
static enum status choose(struct session *session, uint64_t person, unsigned mask, bool beyond, struct signer *out,
                          struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, person, fault);
    char name[NAME_BYTES];
    char words[160];

    if (subject == NULL) {
        return fault->status;
    }
    session_name(session, person, name);
    if (subject->person == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s and cannot sign", name, session_article(subject->type),
                         type_name(subject->type));
    }
    if (appointed(subject, mask, out) || (beyond && appointed(subject, ANY_OFFICE, out))) {
        return STATUS_OK;
    }
    offices_in_words(mask, words, sizeof words);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s holds no office in force that may sign this%s%s", name,
                     mask == ANY_OFFICE ? "" : ": ", mask == ANY_OFFICE ? "" : words);
}

/* Real life: an officer shelves where a custodian should. The register's acts have no deviation (SPEC 6.5). */
static bool may_deviate(const struct session *session, const struct act_rule *rule)
{
    return args_flag(session->args, "--deviation") && !rule->authority;
}

/* --as-office for signer number i, or the slot's offices. */
static enum status mask_for(struct session *session, const struct act_rule *rule, size_t i, unsigned *mask, struct fault *fault)
{
    const char *word = args_nth(session->args, "--as-office", i);
    enum office office;

    *mask = offices_wanted(session, rule, i);
    if (word == NULL) {
        return STATUS_OK;
    }
    office = office_number(view_text(word));
    if (office == OFFICE_NONE) {
        return args_usage(session->args, fault, "--as-office: there is no office \"%.40s\"", word);
    }
    *mask = BIT(office);
    return STATUS_OK;
}

/* "KHPP-3-0" or "KHPP-3-0=officer", who will sign the draft later. */
static enum status later_signer(struct session *session, const struct act_rule *rule, const char *text, struct fault *fault)
{
    const char *equals = strchr(text, '=');
    struct view name = equals == NULL ? view_text(text) : view_of(text, (size_t)(equals - text));
    unsigned mask = offices_wanted(session, rule, session->signer_count);
    struct signer signer;
    uint64_t person = 0;
    enum status status;

    if (equals != NULL) {
        enum office office = office_number(view_text(equals + 1));

        if (office == OFFICE_NONE) {
            return args_usage(session->args, fault, "--signer: there is no office \"%.40s\"", equals + 1);
        }
        mask = BIT(office);
    }
    status = subject_parse(session->identity, ledger_subjects(session->txn), name, &person, NULL, fault);
    if (status == STATUS_OK) {
        status = choose(session, person, mask, equals == NULL && may_deviate(session, rule), &signer, fault);
    }
    return status == STATUS_OK ? session_add_signer(session, signer, NULL, fault) : status;
}

/* Whose key it is; it must be the one that the person signs with now. */
static enum status owner_of(struct session *session, const struct session_key *key, const struct subject **out, struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, key->person, fault);
    char name[NAME_BYTES];

    if (subject == NULL) {
        return fault->status;
    }
    const struct person_key *current = person_key_at(subject->person, ledger_size(session->txn));
    if (current == NULL || !key_equal(&current->key, secret_public(key->secret))) {
        session_name(session, key->person, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key of %s was revoked or replaced", key->path, name);
    }
    *out = subject;
    return STATUS_OK;
}

static enum status key_signer(struct session *session, const struct act_rule *rule, struct session_key *key,
                              struct fault *fault)
{
    const struct subject *subject = NULL;
    struct signer signer;
    unsigned mask = 0;
    enum status status = owner_of(session, key, &subject, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = mask_for(session, rule, session->signer_count, &mask, fault);
    if (status == STATUS_OK && rule->kind == KIND_REKEY && person_office(subject->person, OFFICE_REGISTRAR) == NULL) {
        mask = ANY_OFFICE; /* the old key endorses the new one, in whatever office its owner holds (SPEC 6.2) */
    }
    if (status == STATUS_OK) {
        status = choose(session, key->person, mask,
                        args_nth(session->args, "--as-office", session->signer_count) == NULL && may_deviate(session, rule), &signer,
                        fault);
    }
    return status == STATUS_OK ? session_add_signer(session, signer, key->secret, fault) : status;
}

enum status session_signers(struct session *session, enum kind kind, struct fault *fault)
{
    const struct act_rule *rule = act_rule(kind);
    size_t later = args_count(session->args, "--signer");
    enum status status = STATUS_OK;
    bool newcomer = kind == KIND_ENROL || kind == KIND_REKEY;

    if ((later > 0 || args_flag(session->args, "--offline")) && session->draft_path == NULL) {
        return args_usage(session->args, fault, "%s goes with --draft", later > 0 ? "--signer" : "--offline");
    }
    if (args_flag(session->args, "--deviation") && args_value(session->args, "--deviation")[0] == '\0') {
        return args_usage(session->args, fault, "--deviation needs the reason: every verdict shows it");
    }
    for (size_t i = 0; i < session->key_count && status == STATUS_OK; i++) {
        struct session_key *key = &session->keys[i];

        key->person = session_person_of(session, secret_public(key->secret));
        if (key->person == NOTHING && !newcomer) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key belongs to nobody in this ledger", key->path);
        }
        if (key->person != NOTHING) {
            status = key_signer(session, rule, key, fault);
        }
    }
    for (size_t i = 0; i < later && status == STATUS_OK; i++) {
        status = later_signer(session, rule, args_nth(session->args, "--signer", i), fault);
    }
    if (status == STATUS_OK && session->signer_count == 0) {
        status = args_usage(session->args, fault, "nobody signs: --key FILE, or --signer PERSON with --draft");
    }
    return status;
}

/* ---- a statement that is no act -------------------------------------------------------------- */

enum status session_certifier(struct session *session, struct session_signer *out, struct fault *fault)
{
    static const unsigned preferred[] = {BIT(OFFICE_PROSECUTOR), BIT(OFFICE_COURT), BIT(OFFICE_CUSTODIAN), BIT(OFFICE_REGISTRAR)};
    const char *word = args_value(session->args, "--as-office");
    enum office office = word == NULL ? OFFICE_NONE : office_number(view_text(word));
    struct session_key *key = &session->keys[0];
    const struct subject *subject = NULL;

    if (session->key_count != 1) {
        return args_usage(session->args, fault, "one person certifies: one --key, not %zu", session->key_count);
    }
    if (word != NULL && office == OFFICE_NONE) {
        return args_usage(session->args, fault, "--as-office: there is no office \"%.40s\"", word);
    }
    key->person = session_person_of(session, secret_public(key->secret));
    if (key->person == NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key belongs to nobody in this ledger", key->path);
    }
    enum status status = owner_of(session, key, &subject, fault);
    for (size_t i = 0; i < sizeof preferred / sizeof preferred[0] && status == STATUS_OK && office == OFFICE_NONE; i++) {
        if (appointed(subject, preferred[i], &out->signer)) {
            out->secret = key->secret;
            return STATUS_OK;
        }
    }
    out->secret = key->secret;
    return status == STATUS_OK ? choose(session, key->person, office == OFFICE_NONE ? ANY_OFFICE : BIT(office), false, &out->signer, fault) : status;
}
