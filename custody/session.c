/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session: opening and closing; subjects as typed. Not here: who signs (session_signers.c), acts (session_act.c).
 */
#include "custody/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "custody/output.h"
#include "custody/passphrase.h"
#include "custody/superseded.h"
#include "custody/timeparse.h"
#include "verify/text.h"

enum { CHECKPOINT_TRIES = 3 };

enum status session_directory(struct args *args, const char **out, struct fault *fault)
{
    *out = args_value(args, "--ledger");
    if (*out == NULL) {
        *out = getenv("UNBROKEN_LEDGER");
    }
    if (*out == NULL || (*out)[0] == '\0') {
        return args_usage(args, fault, "%s needs --ledger DIR or UNBROKEN_LEDGER", args->command->words);
    }
    return STATUS_OK;
}

/* The machine's clock, or --now, which only a training ledger takes. */
static enum status read_clock(struct session *session, struct fault *fault)
{
    const char *now = (session->args->command->shared & ARGS_NOW) != 0 ? args_value(session->args, "--now") : NULL;

    session->now_s = (uint64_t)time(NULL);
    session->offset_min = timeparse_local_offset(session->now_s);
    if (now == NULL) {
        return STATUS_OK;
    }
    if (!session->identity->training) {
        return args_usage(session->args, fault, "--now is for training ledgers only");
    }
    return timeparse(now, false, &session->offset_min, &session->now_s, fault);
}

enum status session_open(struct args *args, enum ledger_mode mode, bool quiet, struct session *out, struct fault *fault)
{
    const char *directory = NULL;
    enum status status;

    *out = (struct session){.args = args};
    status = session_directory(args, &directory, fault);
    if (status == STATUS_OK) {
        status = ledger_open(directory, mode, args_value(args, "--head"), &out->ledger, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    out->identity = ledger_identity(out->ledger);
    if ((args->command->shared & ARGS_SIGN) != 0) {
        out->draft_path = args_value(args, "--draft");
    }
    if (out->identity->training) {
        args->training = true;
        if (!quiet && ((args->command->shared & ARGS_JSON) == 0 || !args_flag(args, "--json"))) {
            output_training(ledger_origin(out->ledger));
        }
    }
    status = read_clock(out, fault);
    if (status != STATUS_OK) {
        session_close(out);
    }
    return status;
}

void session_close(struct session *session)
{
    session_end(session);
    for (size_t i = 0; i < session->key_count; i++) {
        secret_close(session->keys[i].secret);
    }
    for (size_t i = 0; i < session->draft_count; i++) {
        draft_free(&session->drafts[i]);
    }
    free(session->drafts);
    ledger_close(session->ledger);
    *session = (struct session){0};
}

enum status session_begin(struct session *session, bool write, struct fault *fault)
{
    session_end(session);
    enum status status = ledger_begin(session->ledger, write, &session->txn, fault);

    if (status == STATUS_OK && write) {
        ledger_defer(session->txn); /* a command may be many acts */
        /* Read anew: while this one asked for a passphrase or waited its turn, another may have recorded something later. */
        status = read_clock(session, fault);
    }
    return status;
}

enum status session_read(struct args *args, struct session *out, struct fault *fault)
{
    enum status status = session_open(args, LEDGER_READ, false, out, fault);

    if (status == STATUS_OK) {
        status = session_begin(out, false, fault);
        if (status != STATUS_OK) {
            session_close(out);
        }
    }
    return status;
}

enum status session_checkpoint(struct session *session, struct buffer *note, struct fault *fault)
{
    enum status status = ledger_checkpoint(session->ledger, session->now_s, note, fault);

    /* Another may have recorded something in a later second while this one waited: then with the time of now. */
    for (int again = 0; status == STATUS_REFUSED && again < CHECKPOINT_TRIES; again++) {
        struct fault ignored;
        uint64_t tried_s = session->now_s;

        fault_clear(&ignored);
        if (read_clock(session, &ignored) != STATUS_OK || session->now_s <= tried_s) {
            break;
        }
        fault_clear(fault);
        buffer_reset(note);
        status = ledger_checkpoint(session->ledger, session->now_s, note, fault);
    }
    return status;
}

void session_end(struct session *session)
{
    ledger_abort(session->txn);
    session->txn = NULL;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* The i-th passphrase file, or the last one for all further keys; NULL: ask. */
static const char *passphrase_file(const struct args *args, size_t i)
{
    size_t count = args_count(args, "--passphrase-file");

    return count == 0 ? NULL : args_nth(args, "--passphrase-file", i < count ? i : count - 1);
}

enum status session_load_key(struct session *session, const char *path, struct fault *fault)
{
    struct session_key *key = &session->keys[session->key_count];
    const char *file = passphrase_file(session->args, session->key_count);
    struct passphrase *passphrase = NULL;
    struct public_key public;
    enum status status;

    /* A file that is no key is told before anyone types a passphrase. */
    status = secret_read_public(path, &public, fault);
    if (status == STATUS_OK) {
        status = file != NULL ? passphrase_read(file, &passphrase, fault) : passphrase_ask(path, false, &passphrase, fault);
        if (status == STATUS_REFUSED && file == NULL) {
            args_hint(session->args, "--passphrase-file FILE");
        }
    }
    if (status == STATUS_OK) {
        status = secret_load(path, passphrase_view(passphrase), &key->secret, fault);
    }
    passphrase_close(passphrase);
    if (status != STATUS_OK) {
        return status;
    }
    key->path = path;
    key->person = NOTHING;
    session->key_count++;
    return STATUS_OK;
}

enum status session_load_keys(struct session *session, struct fault *fault)
{
    const struct args *args = session->args;
    size_t given = args_count(args, "--key");
    const char *standing = getenv("UNBROKEN_KEY");
    enum status status = STATUS_OK;

    if (given > ACT_SIGNERS_MAX) {
        return args_usage(session->args, fault, "%zu keys, at most %d sign one act", given, ACT_SIGNERS_MAX);
    }
    for (size_t i = 0; i < given && status == STATUS_OK; i++) {
        for (size_t j = 0; j < i && status == STATUS_OK; j++) {
            if (strcmp(args_nth(args, "--key", i), args_nth(args, "--key", j)) == 0) {
                status = args_usage(session->args, fault, "--key %s stands twice", args_nth(args, "--key", i));
            }
        }
        if (status == STATUS_OK) {
            status = session_load_key(session, args_nth(args, "--key", i), fault);
        }
    }
    if (given == 0 && standing != NULL && standing[0] != '\0') {
        status = session_load_key(session, standing, fault);
    }
    return status;
}

enum status session_keys(struct session *session, struct fault *fault)
{
    enum status status = session_load_keys(session, fault);

    if (status == STATUS_OK && session->key_count == 0 && session->draft_path == NULL) {
        status = args_usage(session->args, fault, "%s needs --key FILE or UNBROKEN_KEY", session->args->command->words);
    }
    return status;
}

/* ---- subjects -------------------------------------------------------------------------------- */

void session_name(const struct session *session, uint64_t number, char out[NAME_BYTES])
{
    if (number > NUM_MAX) {
        out[0] = '\0';
    } else {
        name_format(view_text(session->identity->code), number, out);
    }
}

const char *session_article(enum subject_type type)
{
    return type == TYPE_ITEM ? "an" : "a";
}

enum status session_subject(struct session *session, const char *typed, uint64_t *number, struct fault *fault)
{
    superseded_warn(session, view_text(typed));
    return subject_parse(session->identity, ledger_subjects(session->txn), view_text(typed), number, NULL, fault);
}

enum status session_subject_of(struct session *session, const char *typed, enum subject_type type, uint64_t *number,
                               struct fault *fault)
{
    enum status status = session_subject(session, typed, number, fault);
    const struct subject *subject;

    if (status != STATUS_OK) {
        return status;
    }
    subject = ledger_subject(session->txn, *number, fault);
    if (subject == NULL) {
        return fault->status;
    }
    if (subject->type != type) {
        char name[NAME_BYTES];

        session_name(session, *number, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s, not %s %s", name, session_article(subject->type),
                         type_name(subject->type), session_article(type), type_name(type));
    }
    return STATUS_OK;
}

enum status session_subjects(struct session *session, size_t from, struct subject_list *out, struct fault *fault)
{
    const struct args *args = session->args;
    enum status status = STATUS_OK;

    for (size_t i = from; i < args->argument_count && status == STATUS_OK; i++) {
        superseded_warn(session, view_text(args->arguments[i]));
        status = subject_list_add(out, session->identity, ledger_subjects(session->txn), view_text(args->arguments[i]), fault);
    }
    return status == STATUS_OK ? subject_list_sort(out, session->identity->code, fault) : status;
}

enum status session_record(struct session *session, const char *typed, uint64_t *index, struct fault *fault)
{
    if (!text_decimal(view_text(typed), index)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%.60s\" is not the number of a record", typed);
    }
    if (*index >= ledger_size(session->txn)) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no record %s: the ledger has %llu", typed,
                         (unsigned long long)ledger_size(session->txn));
    }
    return STATUS_OK;
}
