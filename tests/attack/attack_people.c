/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack_people: signatures by people who may not sign, or by keys that are not theirs.
 */
#include "tests/attack/attack.h"

#include <string.h>

static size_t find_enrolment(struct forge *forge)
{
    for (size_t i = 0; i < forge->count; i++) {
        if (forge->records[i].type == RECORD_ACT && forge_act(forge, i)->kind == KIND_ENROL) {
            return i;
        }
    }
    forge_die("nobody was enrolled in this ledger");
}

/* A true enrolment once more, now of the ghost, who signs as himself; the registrars' signatures are those of the true one. */
static size_t enrol_ghost(struct forge *forge, const struct secret *ghost)
{
    size_t from = find_enrolment(forge);
    size_t at = forge_append(forge, buffer_view(&forge->records[from].act), NULL);
    struct act *act = forge_act(forge, at);
    act->nonce[0] ^= 1;
    act->present &= ~BIT(PAY_SHEET);
    act->entries[0].subject = forge->subjects;
    act->entries[0].has_sheet = false;
    act->entries[0].facts.key = *secret_public(ghost);
    act->signers[act->signer_count - 1].person = forge->subjects;
    return at;
}

/* The ghost releases the item. */
static void release_by_ghost(struct forge *forge, uint64_t item, uint64_t person, const struct secret *ghost)
{
    size_t release = forge_find(forge, item, KIND_RELEASE, forge->count);
    if (release == SIZE_MAX) {
        forge_die("the item was never released");
    }
    struct forged original = forge->records[release];
    size_t at = forge_append(forge, buffer_view(&original.act), NULL);
    struct act *act = forge_act(forge, at);
    act->nonce[0] ^= 1;
    for (size_t i = 0; i < act->entry_count; i++) {
        act->entries[0] = act->entries[i].subject == item ? act->entries[i] : act->entries[0];
    }
    act->entry_count = 1;
    act->present &= ~BIT(PAY_SHEET);
    act->entries[0].has_sheet = false;
    act->signers[0] = (struct signer){ .person = person, .appointment = 1, .capacity = OFFICE_OFFICER };
    forge_sign(forge, 0, ghost);
    forge_put_act(forge, at);
}

/*
 * An officer who was never appointed: enrolled in the name of registrars whose keys the forger does not have (their signatures are taken from a
 * true enrolment), who then releases the item.
 */
static void add_ghost(struct forge *forge, const struct request *request)
{
    struct secret *ghost = request_new_key();
    forge_chain(forge);
    uint64_t number = forge->subjects;
    size_t at = enrol_ghost(forge, ghost);
    forge_sign(forge, forge->act->signer_count - 1, ghost);
    forge_put_act(forge, at);
    release_by_ghost(forge, request->item, number, ghost);
    secret_close(ghost);
}

/* One registrar (whose key is --key) helps; the threshold needs more than him. */
static void add_ghost_with_help(struct forge *forge, const struct request *request)
{
    struct secret *ghost = request_new_key(), *registrar = request_key(request);
    forge_chain(forge);
    uint64_t number = forge->subjects;
    size_t at = enrol_ghost(forge, ghost);
    forge->act->signers[1] = forge->act->signers[forge->act->signer_count - 1];
    forge->act->signer_count = forge->act->signature_count = 2;
    forge_root(forge, at, &forge->act->seen_root);
    forge->act->seen_size = at;
    forge_sign(forge, 0, registrar);
    forge_sign(forge, 1, ghost);
    forge_put_act(forge, at);
    release_by_ghost(forge, request->item, number, ghost);
    secret_close(ghost);
    secret_close(registrar);
}

/* The release is signed by a number that was never a person's. */
static void add_nobody(struct forge *forge, const struct request *request)
{
    struct secret *ghost = request_new_key();
    forge_chain(forge);
    release_by_ghost(forge, request->item, forge->subjects, ghost);
    secret_close(ghost);
}

/* Puts the label in front of record `at`, logged when that one was unless the request says otherwise. */
static void insert_label(struct forge *forge, const struct request *request, size_t at)
{
    struct secret *secret = request_key(request);
    struct act *act = forge->act;
    uint64_t then_s = forge->records[at].logged_s;
    forge_chain(forge);
    memset(act, 0, sizeof *act);
    act->present = BIT(PAY_LEDGER) | BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SEEN) | BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES);
    act->ledger = forge->ledger;
    act->kind = KIND_LABEL;
    act->nonce[0] = (uint8_t)request_number(request->print, "--print");
    act->claimed_s = request->claimed == UINT64_MAX ? then_s : request->claimed;
    act->seen_size = at;
    forge_root(forge, at, &act->seen_root);
    act->signer_count = act->signature_count = 1;
    act->signers[0] = (struct signer){ .person = request_number(request->person, "--person"),
                                       .appointment = request_number(request->appointment, "--appointment"),
                                       .capacity = request_number(request->capacity, "--capacity") };
    act->entry_count = 1;
    act->entries[0] = (struct entry){ .subject = request->item, .role = ROLE_SUBJECT };
    act->entries[0].facts.present = BIT(FACT_PRINT);
    act->entries[0].facts.print = request->print;
    forge_sign(forge, 0, secret);
    (void)forge_insert(forge, at, RECORD_ACT, request->logged == UINT64_MAX ? then_s : request->logged);
    forge_put_act(forge, at);
    secret_close(secret);
}

void attack_add_label(struct forge *forge, const struct request *request)
{
    insert_label(forge, request, forge->count - 1);
}

/* As if it had been signed before --record. */
static void back_date_label(struct forge *forge, const struct request *request)
{
    insert_label(forge, request, attack_record(forge, request));
}

/* Two labels, one after the other. */
static void add_two_labels(struct forge *forge, const struct request *request)
{
    struct request second = *request;
    attack_add_label(forge, request);
    second.print = request->print + 1;
    attack_add_label(forge, &second);
}

/* Everything that this person signed is signed with a key of the attacker's, which the enrolment is made to give. */
static void take_over(struct forge *forge, const struct request *request)
{
    struct secret *secret = request_new_key();
    uint64_t person = request_number(request->person, "--person");
    for (size_t i = 0; i < forge->count; i++) {
        struct act *act = forge->records[i].type == RECORD_ACT ? forge_act(forge, i) : NULL;
        bool touched = false;
        for (size_t j = 0; act != NULL && act->kind == KIND_ENROL && j < act->entry_count; j++) {
            if (act->entries[j].subject == person) {
                act->entries[j].facts.key = *secret_public(secret);
            }
        }
        for (size_t j = 0; act != NULL && j < act->signer_count; j++) {
            if (act->signers[j].person == person) {
                forge_sign(forge, j, secret);
                touched = true;
            }
        }
        if (touched) {
            forge_put_act(forge, i);
        }
    }
    secret_close(secret);
}

/* The record's first signature is made with another key, which says so. */
static void sign_with_other_key(struct forge *forge, const struct request *request)
{
    struct secret *secret = request_new_key();
    size_t at = attack_record(forge, request);
    (void)forge_act(forge, at);
    forge_sign(forge, 0, secret);
    forge_put_act(forge, at);
    secret_close(secret);
}

/* The same, under the name of the right key. */
static void sign_under_other_name(struct forge *forge, const struct request *request)
{
    struct secret *secret = request_new_key();
    size_t at = attack_record(forge, request);
    struct act_signature was = forge_act(forge, at)->signatures[0];
    forge_sign(forge, 0, secret);
    forge->act->signatures[0].header = was.header;
    forge_put_act(forge, at);
    secret_close(secret);
}

/* The signatures of the first two signers change places. */
static void exchange_signatures(struct forge *forge, const struct request *request)
{
    size_t at = attack_record(forge, request);
    struct act *act = forge_act(forge, at);
    struct act_signature first = act->signatures[0];
    act->signatures[0] = act->signatures[1];
    act->signatures[1] = first;
    forge_put_act(forge, at);
}

const struct attack attack_people[] = {
    { "ghost", add_ghost },          { "ghost-helped", add_ghost_with_help }, { "ghost-nobody", add_nobody },
    { "label", attack_add_label },   { "label-before", back_date_label },     { "labels", add_two_labels },
    { "taken-over", take_over },
    { "other-key", sign_with_other_key }, { "other-signature", sign_under_other_name }, { "exchanged", exchange_signatures },
    { NULL, NULL },
};
