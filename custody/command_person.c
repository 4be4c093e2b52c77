/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person: the register of people: enrol, appoint, end, rekey, revoke, list (SPEC 6.3 to 6.5).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/registrars.h"
#include "custody/table.h"
#include "verify/text.h"

static enum status required_office(struct args *args, enum office *out, struct fault *fault)
{
    const char *word = NULL;
    enum status status = args_required(args, "--office", &word, fault);

    if (status != STATUS_OK) {
        return status;
    }
    *out = office_number(view_text(word));
    if (*out == OFFICE_NONE) {
        return args_usage(args, fault, "there is no office \"%.40s\": registrar, officer, custodian, expert, carer, carrier, "
                          "prosecutor or court", word);
    }
    return STATUS_OK;
}

static void optional_text(const struct args *args, struct composer *composer, uint64_t subject, const char *option, uint64_t name)
{
    const char *text = args_value(args, option);

    if (text != NULL) {
        composer_text(composer, subject, name, text);
    }
}

/* --public-key TEXT or FILE, or the public half of the one key of --key that is nobody's yet. */
static enum status newcomer_key(struct session *session, struct public_key *out, const struct secret **secret,
                                struct fault *fault)
{
    const char *given = args_value(session->args, "--public-key");
    struct session_key *key = session_new_key(session);
    enum status status = STATUS_OK;

    *secret = NULL;
    if (given != NULL) {
        status = strchr(given, ':') != NULL ? public_key_parse(view_text(given), out, fault)
                                            : secret_read_public(given, out, fault);
    } else if (key != NULL) {
        *out = *secret_public(key->secret);
    } else {
        return args_usage(session->args, fault, "%s needs the person's own --key, or --public-key with --draft",
                          session->args->command->words);
    }
    if (status == STATUS_OK && key != NULL && memcmp(secret_public(key->secret)->bytes, out->bytes, out->len) == 0) {
        *secret = key->secret;
        key->taken = true; /* any other key of nobody's is one too many */
    }
    if (status == STATUS_OK && session_new_key(session) != NULL) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this key belongs to nobody in this ledger",
                           session_new_key(session)->path);
    }
    if (status == STATUS_OK && *secret == NULL && session->draft_path == NULL) {
        status = args_usage(session->args, fault, "the person must sign too: their own --key, or --draft FILE for them to sign");
    }
    if (status == STATUS_OK && session_person_of(session, out) != NOTHING) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this key belongs to a person of this ledger already");
    }
    return status;
}

static enum status run_enrol(struct args *args, struct fault *fault)
{
    const struct secret *secret = NULL;
    struct composer *composer = NULL;
    enum office office = OFFICE_NONE;
    struct public_key key;
    struct session session;
    struct entry *entry;
    uint64_t number;
    char done[96];
    char name[NAME_BYTES];
    const char *person = NULL;
    enum status status = required_office(args, &office, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "--name", &person, fault);
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_ENROL, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    number = ledger_subjects(session.txn);
    status = newcomer_key(&session, &key, &secret, fault);
    if (status == STATUS_OK) {
        status = session_add_signer(&session, (struct signer){number, 0, 0}, secret, fault);
    }
    if (status == STATUS_OK) {
        status = session_compose(&session, KIND_ENROL, &composer, fault);
    }
    if (status == STATUS_OK) {
        entry = composer_entry(composer, number, ROLE_SUBJECT);
        entry->facts.present = BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE);
        entry->facts.type = TYPE_PERSON;
        entry->facts.key = key;
        entry->facts.office = office;
        composer_text(composer, number, NAME_PERSON, person);
        optional_text(args, composer, number, "--agency", NAME_AGENCY);
        session_name(&session, number, name);
        (void)snprintf(done, sizeof done, "%s enrolled as %s", name, office_name(office));
        status = session_finish(&session, composer, done, fault);
    }
    session_close(&session);
    return status;
}

/* ---- appoint, end, rekey, revoke ------------------------------------------------------------- */

struct change {
    struct session session;
    struct composer *composer;
    uint64_t person;
    struct entry *entry;
    char name[NAME_BYTES];
};

/* Opens the session and begins an act about the person of the first argument. extra: signers beyond the registrars. */
static enum status change_begin(struct args *args, enum kind kind, struct change *change,
                                enum status (*extra)(struct change *change, struct fault *fault), struct fault *fault)
{
    enum status status = session_start(args, kind, &change->session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_subject_of(&change->session, args->arguments[0], TYPE_PERSON, &change->person, fault);
    if (status == STATUS_OK && extra != NULL) {
        status = extra(change, fault);
    }
    if (status == STATUS_OK) {
        status = session_compose(&change->session, kind, &change->composer, fault);
    }
    if (status != STATUS_OK) {
        session_close(&change->session);
        return status;
    }
    session_name(&change->session, change->person, change->name);
    change->entry = composer_entry(change->composer, change->person, ROLE_SUBJECT);
    return STATUS_OK;
}

static enum status change_drop(struct change *change, enum status status)
{
    composer_close(change->composer);
    session_close(&change->session);
    return status;
}

static enum status change_finish(struct change *change, const char *what, const char *more, struct fault *fault)
{
    char done[128];
    enum status status;

    (void)snprintf(done, sizeof done, "%s %s%s", change->name, what, more);
    status = session_finish(&change->session, change->composer, done, fault);
    session_close(&change->session);
    return status;
}

/* Who holds no such office has none to end; and registrars stay enough to sign for the register. */
static enum status may_end(struct change *change, enum office office, struct fault *fault)
{
    const struct subject *subject = ledger_subject(change->session.txn, change->person, fault);

    if (subject == NULL) {
        return fault->status;
    }
    if (person_office(subject->person, office) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no %s: nothing ends", change->name, office_name(office));
    }
    return office == OFFICE_REGISTRAR ? registrars_enough(&change->session, change->person, fault) : STATUS_OK;
}

static enum status run_office(struct args *args, enum kind kind, struct fault *fault)
{
    enum office office = OFFICE_NONE;
    struct change change = {0};
    enum status status = required_office(args, &office, fault);

    if (status == STATUS_OK) {
        status = change_begin(args, kind, &change, NULL, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = kind == KIND_END ? may_end(&change, office, fault) : STATUS_OK;
    if (status != STATUS_OK) {
        return change_drop(&change, status);
    }
    change.entry->facts.present = BIT(FACT_OFFICE);
    change.entry->facts.office = office;
    optional_text(args, change.composer, change.person, "--reason", NAME_REASON);
    optional_text(args, change.composer, change.person, "--agency", NAME_AGENCY);
    return change_finish(&change, kind == KIND_APPOINT ? "appointed " : "no longer ", office_name(office), fault);
}

static enum status run_appoint(struct args *args, struct fault *fault)
{
    return run_office(args, KIND_APPOINT, fault);
}

static enum status run_end(struct args *args, struct fault *fault)
{
    return run_office(args, KIND_END, fault);
}

static enum status doubted_from(struct args *args, struct change *change, struct fault *fault)
{
    const char *doubted = args_value(args, "--doubted-from");

    if (doubted == NULL) {
        return STATUS_OK;
    }
    change->entry->facts.present |= BIT(FACT_DOUBTED);
    return session_record(&change->session, doubted, &change->entry->facts.doubted, fault);
}

/* The new key signs as [p, 0, 0]; the registrars, and the old key if it is there, have been found already (SPEC 6.2). */
static enum status rekey_signer(struct change *change, struct fault *fault)
{
    const struct secret *secret = NULL;
    struct public_key key;
    enum status status = newcomer_key(&change->session, &key, &secret, fault);

    return status == STATUS_OK ? session_add_signer(&change->session, (struct signer){change->person, 0, 0}, secret, fault)
                               : status;
}

static enum status run_rekey(struct args *args, struct fault *fault)
{
    const struct secret *secret = NULL;
    struct change change = {0};
    enum status status = change_begin(args, KIND_REKEY, &change, rekey_signer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    change.entry->facts.present = BIT(FACT_KEY);
    secret = change.session.signers[change.session.signer_count - 1].secret;
    if (secret != NULL) {
        change.entry->facts.key = *secret_public(secret);
    } else {
        const char *given = args_value(args, "--public-key");

        status = strchr(given, ':') != NULL ? public_key_parse(view_text(given), &change.entry->facts.key, fault)
                                            : secret_read_public(given, &change.entry->facts.key, fault);
    }
    if (status == STATUS_OK) {
        status = doubted_from(args, &change, fault);
    }
    if (status != STATUS_OK) {
        return change_drop(&change, status);
    }
    optional_text(args, change.composer, change.person, "--reason", NAME_REASON);
    return change_finish(&change, "has a new key", "", fault);
}

static enum status run_revoke(struct args *args, struct fault *fault)
{
    struct change change = {0};
    enum status status = change_begin(args, KIND_REVOKE, &change, NULL, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = registrars_enough(&change.session, change.person, fault);
    if (status == STATUS_OK) {
        status = doubted_from(args, &change, fault);
    }
    if (status != STATUS_OK) {
        return change_drop(&change, status);
    }
    optional_text(args, change.composer, change.person, "--reason", NAME_REASON);
    return change_finish(&change, "key revoked", "", fault);
}

/* ---- list ------------------------------------------------------------------------------------ */

static void add_person(struct session *session, const struct subject *subject, struct table *table)
{
    struct buffer text = {0};
    char name[NAME_BYTES];

    session_name(session, subject->number, name);
    table_string(table, name);
    describe_detail(session, subject->number, NAME_PERSON, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    describe_detail(session, subject->number, NAME_AGENCY, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    describe_offices(subject->person, &text);
    table_text(table, buffer_view(&text));
    table_string(table, describe_key_state(subject->person));
    buffer_free(&text);
}

static enum status run_list(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"person", false}, {"name", false}, {"agency", false}, {"offices", false},
                                                  {"key", false}};
    struct session session;
    struct table *table = NULL;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session.txn); n++) {
        const struct subject *subject = ledger_subject(session.txn, n, fault);

        if (subject == NULL) {
            status = fault->status;
        } else if (subject->person != NULL) {
            add_person(&session, subject, table);
        }
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "people", table, fault);
    }
    table_close(table);
    session_close(&session);
    return status;
}

static const struct option enrol_options[] = {
    {"--name", OPTION_VALUE, "NAME", "the person's name"},
    {"--agency", OPTION_VALUE, "AGENCY", "whom the person serves"},
    {"--office", OPTION_VALUE, "OFFICE", "the first office"},
    {"--public-key", OPTION_VALUE, "KEY", "the person's public key (or a file with it), where they sign a draft later"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option office_options[] = {
    {"--office", OPTION_VALUE, "OFFICE", "registrar, officer, custodian, expert, carer, carrier, prosecutor or court"},
    {"--agency", OPTION_VALUE, "AGENCY", "whom the person serves in it"},
    {"--reason", OPTION_VALUE, "TEXT", "why"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option rekey_options[] = {
    {"--public-key", OPTION_VALUE, "KEY", "the new public key (or a file with it), where the person signs a draft later"},
    {"--doubted-from", OPTION_VALUE, "RECORD", "signatures by the old key from this record on are doubted"},
    {"--reason", OPTION_VALUE, "TEXT", "why"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_person[] = {
    {.words = "person enrol", .arguments = "", .summary = "enrol a person; registrars and the person sign", .shared = ARGS_ACT,
     .options = enrol_options,
     .example = "unbroken person enrol --name 'Sok Dara' --agency Customs --office officer \\\n"
                "    --key court.key --key customs.key --key sok-dara.key",
     .run = run_enrol},
    {.words = "person appoint", .arguments = "PERSON", .summary = "give a person one more office", .at_least = 1, .at_most = 1,
     .shared = ARGS_ACT, .options = office_options,
     .example = "unbroken person appoint KHPP-4-Y --office custodian --key court.key --key customs.key", .run = run_appoint},
    {.words = "person end", .arguments = "PERSON", .summary = "end a person's appointments to an office", .at_least = 1,
     .at_most = 1, .shared = ARGS_ACT, .options = office_options,
     .example = "unbroken person end KHPP-4-Y --office officer --reason retired --key court.key --key customs.key",
     .run = run_end},
    {.words = "person rekey", .arguments = "PERSON", .summary = "replace a person's key; the old key may endorse the new one",
     .at_least = 1, .at_most = 1, .shared = ARGS_ACT, .options = rekey_options,
     .example = "unbroken person rekey KHPP-4-Y --key court.key --key customs.key --key old.key --key new.key",
     .run = run_rekey},
    {.words = "person revoke", .arguments = "PERSON", .summary = "revoke a person's key", .at_least = 1, .at_most = 1,
     .shared = ARGS_ACT, .options = rekey_options + 1,
     .example = "unbroken person revoke KHPP-4-Y --reason 'key lost' --key court.key --key customs.key", .run = run_revoke},
    {.words = "person list", .arguments = "", .summary = "everyone, their offices in force and the state of their key",
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken person list",
     .json = "{\"ledger\", \"training\", \"people\": [{\"person\", \"name\", \"agency\", \"offices\", \"key\"}]}", .run = run_list},
    {.words = NULL},
};
