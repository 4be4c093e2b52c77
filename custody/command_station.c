/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger station-key: the station gets a new signing key; registrars sign for it (SPEC 6.3, 7.2). The new key waits beside the old
 * one under another name until the act is recorded, so that a crash at any point leaves the key in force on disk: called again, the
 * command goes on where it stopped.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/session.h"
#include "ledger/files.h"

/* The waiting key, made now unless there is one. */
static enum status waiting_key(const char *path, struct public_key *out, struct fault *fault)
{
    struct secret *secret = NULL;
    enum status status = secret_read_public(path, out, fault);

    if (status != STATUS_MISSING) {
        return status;
    }
    fault_clear(fault);
    status = secret_new(&secret, fault);
    if (status == STATUS_OK) {
        status = secret_save(secret, path, view_of(NULL, 0), fault);
    }
    if (status == STATUS_OK) {
        *out = *secret_public(secret);
    }
    secret_close(secret);
    return status;
}

static enum status in_force(struct session *session, const struct public_key *key, bool *out, struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, 0, fault);
    const uint8_t *bytes = subject == NULL ? NULL : station_key_at(subject->ledger, ledger_size(session->txn));

    if (subject == NULL) {
        return fault->status;
    }
    *out = bytes != NULL && memcmp(bytes, key->bytes, ED25519_BYTES) == 0;
    return STATUS_OK;
}

static enum status record_key(struct session *session, const struct public_key *key, struct fault *fault)
{
    const char *reason = args_value(session->args, "--reason");
    struct composer *composer = NULL;
    struct entry *entry;
    enum status status = session_compose(session, KIND_STATION_KEY, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    entry = composer_entry(composer, 0, ROLE_SUBJECT);
    entry->facts.present = BIT(FACT_STATION);
    memcpy(entry->facts.station, key->bytes, ED25519_BYTES);
    if (reason != NULL) {
        composer_text(composer, NOTHING, NAME_REASON, reason);
    }
    return session_finish(session, composer, "the station has a new key", fault);
}

static enum status put_in_place(struct session *session, const char *from, const char *to, struct fault *fault)
{
    struct buffer note = {0};
    enum status status = STATUS_OK;

    session_end(session);
    if (rename(from, to) != 0) {
        status = files_fault(fault, errno, "rename", from);
    }
    if (status == STATUS_OK) {
        status = files_sync_parent(to, fault);
    }
    if (status == STATUS_OK) {
        status = session_checkpoint(session, &note, fault);
    }
    buffer_free(&note);
    if (status == STATUS_OK) {
        (void)printf("it signs from now on; courts and witnesses need the new trust file: unbroken ledger policy\n");
    }
    return status;
}

static enum status change_key(struct session *session, const char *directory, struct fault *fault)
{
    char *waiting = files_path(directory, "station.key.next");
    char *place = files_path(directory, "station.key");
    struct public_key key;
    bool done = false;
    enum status status = waiting == NULL || place == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                          : waiting_key(waiting, &key, fault);

    if (status == STATUS_OK) {
        status = in_force(session, &key, &done, fault);
    }
    if (status == STATUS_OK && !done) {
        status = record_key(session, &key, fault);
        done = session->draft_path == NULL;
        if (status == STATUS_OK && !done) {
            (void)printf("once it is submitted: unbroken ledger station-key again puts the key in its place\n");
        }
    }
    if (status == STATUS_OK && done) {
        status = put_in_place(session, waiting, place, fault);
    }
    free(waiting);
    free(place);
    return status;
}

static enum status run_station_key(struct args *args, struct fault *fault)
{
    const char *directory = NULL;
    struct session session;
    enum status status = session_directory(args, &directory, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_STATION_KEY, &session, fault);
        if (status == STATUS_OK) {
            status = change_key(&session, directory, fault);
            session_close(&session);
        }
    }
    return status;
}

static const struct option station_options[] = {
    {"--reason", OPTION_VALUE, "TEXT", "why"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_station[] = {
    {.words = "ledger station-key", .arguments = "", .summary = "give the station a new signing key; registrars sign", .shared = ARGS_ACT,
     .options = station_options,
     .example = "unbroken ledger station-key --reason 'the old machine was stolen' --key court.key --key customs.key",
     .run = run_station_key},
    {.words = NULL},
};
