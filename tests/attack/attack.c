/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack: what an administrator of the station tries on a copy of the ledger, everything after the change hashed and signed anew with the
 * station's key. The result is a bundle that looks as a true one does.
 */
#include "tests/attack/forge.h"

#include "ledger/secret.h"

#include "verify/detail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *ledger, *other, *out, *head;
    uint64_t item;
};

/* The weight that an officer wrote down for this item is rewritten; its digest, sheet, act, record and all records after it follow. */
static void rewrite_detail(struct forge *forge, const struct request *request)
{
    size_t at = forge_find(forge, request->item, KIND_REGISTER, forge->count);
    if (at == SIZE_MAX) {
        forge_die("subject %llu was never registered", (unsigned long long)request->item);
    }
    struct forged *record = &forge->records[at];
    struct fault fault = { 0 };
    struct hash before = { { 0 } }, after = { { 0 } };
    for (size_t i = 0; i < record->disclosure_count; i++) {
        struct disclosure disclosure;
        if (disclosure_decode(buffer_view(&record->disclosures[i]), &disclosure, &fault) != STATUS_OK ||
            !disclosure.has_subject || disclosure.subject != request->item || disclosure.name != NAME_LISTED_WEIGHT) {
            continue;
        }
        struct buffer changed = { 0 };
        disclosure.value = (struct value){ .type = VALUE_TEXT, .text = view_text("1 g") };
        disclosure_encode(&disclosure, &changed);
        hash_data(forge->hasher, buffer_view(&record->disclosures[i]), &before);
        hash_data(forge->hasher, buffer_view(&changed), &after);
        buffer_free(&record->disclosures[i]);
        record->disclosures[i] = changed;
        break;
    }
    struct act *act = forge_act(forge, at);
    for (size_t i = 0; i < record->sheet_count; i++) {
        struct sheet_cursor cursor;
        struct sheet_line *lines = calloc(SHEET_LINES_MAX, sizeof *lines);
        struct hash old_sheet, new_sheet;
        struct buffer changed = { 0 };
        size_t count = 0;
        bool touched = false;
        sheet_hash(forge->hasher, buffer_view(&record->sheets[i]), &old_sheet);
        if (lines == NULL || sheet_open(buffer_view(&record->sheets[i]), &cursor, &fault) != STATUS_OK) {
            forge_die("a sheet cannot be read");
        }
        while (sheet_next(&cursor, &lines[count])) {
            if (hash_equal(&lines[count].digest, &before)) {
                lines[count].digest = after;
                touched = true;
            }
            count++;
        }
        if (touched) {
            sheet_encode(lines, count, &changed);
            sheet_hash(forge->hasher, buffer_view(&changed), &new_sheet);
            buffer_free(&record->sheets[i]);
            record->sheets[i] = changed;
            for (size_t j = 0; j < act->entry_count; j++) {
                if (act->entries[j].has_sheet && hash_equal(&act->entries[j].sheet, &old_sheet)) {
                    act->entries[j].sheet = new_sheet;
                }
            }
        }
        free(lines);
    }
    forge_put_act(forge, at);
}

/* The last handover of the item never was: release and acceptance go, and the threads are numbered anew. */
static void remove_handover(struct forge *forge, const struct request *request)
{
    size_t accept = forge_find(forge, request->item, KIND_ACCEPT, forge->count);
    size_t release = accept == SIZE_MAX ? SIZE_MAX : forge_find(forge, request->item, KIND_RELEASE, accept);
    if (release == SIZE_MAX) {
        forge_die("subject %llu was never handed over", (unsigned long long)request->item);
    }
    forge_remove(forge, accept);
    forge_remove(forge, release);
}

/* The last record of the item's thread is kept back. */
static void withhold_tail(struct forge *forge, const struct request *request)
{
    size_t last = forge_find(forge, request->item, KIND_COUNT, forge->count);
    forge->records[last].omitted = true;
}

/* Signs forge->act as signer number i with this key; the payload must be final. */
static void sign_as(struct forge *forge, size_t i, const struct secret *secret)
{
    struct act_signature *signature = &forge->act->signatures[i];
    struct buffer payload = { 0 }, bytes = { 0 };
    static uint8_t header[64];
    struct buffer encoded = { 0 };
    struct fault fault = { 0 };
    public_key_id(forge->hasher, secret_public(secret), &signature->kid);
    signature->algorithm = secret_public(secret)->algorithm;
    sig_header_encode(signature->algorithm, &signature->kid, &encoded);
    memcpy(header, encoded.ptr, encoded.len);
    signature->header = view_of(header, encoded.len);
    payload_encode(forge->act, &payload);
    signed_bytes(signature->header, buffer_view(&payload), &bytes);
    if (secret_sign(secret, buffer_view(&bytes), signature->value, &fault) != STATUS_OK) {
        forge_die("%s", fault.text);
    }
    buffer_free(&payload);
    buffer_free(&bytes);
    buffer_free(&encoded);
}

/* Copies a record's act and details to the end of the ledger, before its last heads record. */
static size_t copy_to_end(struct forge *forge, size_t from)
{
    size_t at = forge->count - 1;
    struct forged *copied = forge_insert(forge, at, RECORD_ACT, forge->records[forge->count - 1].logged_s);
    const struct forged *original = &forge->records[from];
    (void)copied;
    forge_set_act(forge, at, buffer_view(&original->act));
    return at;
}

/*
 * An officer who was never appointed: enrolled in the name of registrars whose keys the forger does not have (their signatures are taken from a
 * true enrolment), who then releases the item.
 */
static void add_ghost(struct forge *forge, const struct request *request)
{
    struct secret *ghost = NULL;
    struct fault fault = { 0 };
    size_t enrol = SIZE_MAX, release = forge_find(forge, request->item, KIND_RELEASE, forge->count);
    for (size_t i = 0; i < forge->count && enrol == SIZE_MAX; i++) {
        enrol = forge->records[i].type == RECORD_ACT && forge_act(forge, i)->kind == KIND_ENROL ? i : SIZE_MAX;
    }
    if (enrol == SIZE_MAX || release == SIZE_MAX || secret_new(&ghost, &fault) != STATUS_OK) {
        forge_die("nobody was enrolled in this ledger, or the item never released");
    }
    forge_chain(forge);
    uint64_t number = forge->subjects;
    size_t at = copy_to_end(forge, enrol);
    struct act *act = forge_act(forge, at);
    act->nonce[0] ^= 1;
    act->entries[0].subject = number;
    act->entries[0].has_sheet = false;
    act->entries[0].facts.key = *secret_public(ghost);
    act->signers[act->signer_count - 1].person = number;
    sign_as(forge, act->signer_count - 1, ghost);
    forge_put_act(forge, at);
    at = copy_to_end(forge, release);
    act = forge_act(forge, at);
    act->nonce[0] ^= 1;
    for (size_t i = 0; i < act->entry_count; i++) {
        act->entries[0] = act->entries[i].subject == request->item ? act->entries[i] : act->entries[0];
    }
    act->entry_count = 1;
    act->present &= ~BIT(PAY_SHEET);
    act->entries[0].has_sheet = false;
    act->signers[0] = (struct signer){ .person = number, .appointment = 1, .capacity = OFFICE_OFFICER };
    sign_as(forge, 0, ghost);
    forge_put_act(forge, at);
    secret_close(ghost);
}

/* An acceptance that was signed for another ledger stands in for one that never was. */
static void replay_acceptance(struct forge *forge, const struct request *request)
{
    struct forge other;
    if (request->other == NULL) {
        forge_die("--from DIR names the other ledger");
    }
    forge_load(&other, request->other, NULL);
    size_t from = SIZE_MAX;
    for (size_t i = 0; i < other.count; i++) {
        from = other.records[i].type == RECORD_ACT && forge_act(&other, i)->kind == KIND_ACCEPT ? i : from;
    }
    size_t at = forge_find(forge, request->item, KIND_ACCEPT, forge->count);
    if (from == SIZE_MAX || at == SIZE_MAX) {
        forge_die("there is no acceptance to replay, or none to replace");
    }
    struct act *theirs = forge_act(&other, from);
    struct act *ours = forge_act(forge, at);
    /* The signed act is put in as it is; only what is not signed, the record around it, can be made to fit. */
    (void)theirs;
    (void)ours;
    forge_set_act(forge, at, buffer_view(&other.records[from].act));
    forge_close(&other);
}

/* Everything after the checkpoint before the last goes. */
static void cut_end(struct forge *forge, const struct request *request)
{
    (void)request;
    size_t heads = 0;
    for (size_t i = 0; i + 1 < forge->count; i++) {
        heads = forge->records[i].type == RECORD_HEADS ? i : heads;
    }
    if (heads == 0) {
        forge_die("there is no earlier checkpoint");
    }
    while (forge->count > heads + 1) {
        forge_remove(forge, forge->count - 1);
    }
}

static void change_nothing(struct forge *forge, const struct request *request)
{
    (void)forge;
    (void)request;
}

static const struct {
    const char *name;
    void (*apply)(struct forge *forge, const struct request *request);
} attacks[] = {
    { "none", change_nothing },           { "detail", rewrite_detail },  { "handover", remove_handover },
    { "tail", withhold_tail },            { "ghost", add_ghost },        { "replay", replay_acceptance },
    { "cut", cut_end },
};

static uint64_t number_of(const char *text)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text == '\0' || *end != '\0') {
        forge_die("%s is not a subject's number", text);
    }
    return number;
}

int main(int argc, char **argv)
{
    struct request request = { 0 };
    struct forge forge;
    struct buffer out = { 0 };
    size_t chosen = SIZE_MAX;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
            request.other = argv[++i];
        } else if (strcmp(argv[i], "--item") == 0 && i + 1 < argc) {
            request.item = number_of(argv[++i]);
        } else if (chosen == SIZE_MAX) {
            for (size_t k = 0; k < sizeof attacks / sizeof attacks[0]; k++) {
                chosen = strcmp(argv[i], attacks[k].name) == 0 ? k : chosen;
            }
            if (chosen == SIZE_MAX) {
                forge_die("no attack is named %s", argv[i]);
            }
        } else if (request.ledger == NULL) {
            request.ledger = argv[i];
        } else {
            request.out = argv[i];
        }
    }
    if (chosen == SIZE_MAX || request.ledger == NULL || request.out == NULL) {
        forge_die("usage: attack NAME LEDGER OUT --item NUMBER [--from LEDGER]");
    }
    forge_load(&forge, request.ledger, NULL);
    attacks[chosen].apply(&forge, &request);
    forge_chain(&forge);
    forge_bundle(&forge, request.item, &out);
    FILE *file = fopen(request.out, "wb");
    if (file == NULL || fwrite(out.ptr, 1, out.len, file) != out.len || fclose(file) != 0) {
        forge_die("%s cannot be written", request.out);
    }
    buffer_free(&out);
    forge_close(&forge);
    return 0;
}
