/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger: founding, opening and closing. Transactions: txn.c; reading: read.c; appending: append.c.
 */
#include "ledger/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/erasures.h"
#include "ledger/files.h"
#include "ledger/head_file.h"
#include "ledger/scrub.h"
#include "ledger/secret.h"
#include "verify/text.h"

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    signatures_close(ledger->signatures);
    warm_drop(ledger);
    store_close(ledger->store);
    hasher_close(ledger->hasher);
    free(ledger->dir);
    free(ledger->head_path);
    free(ledger->act);
    free(ledger->other);
    free(ledger->record);
    free(ledger->earlier);
    buffer_free(&ledger->bytes);
    buffer_free(&ledger->entry);
    buffer_free(&ledger->signature);
    free(ledger);
}

/* A ledger without its store. */
static enum status prepare(const char *dir, const char *head_path, struct ledger **out, struct fault *fault)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    enum status status = ledger == NULL ? STATUS_MEMORY : STATUS_OK;

    if (status == STATUS_OK) {
        ledger->dir = strdup(dir);
        ledger->head_path = head_path == NULL ? head_default_path(dir) : strdup(head_path);
        ledger->act = malloc(sizeof *ledger->act);
        ledger->other = malloc(sizeof *ledger->other);
        ledger->record = malloc(sizeof *ledger->record);
        ledger->earlier = malloc(sizeof *ledger->earlier);
        if (ledger->dir == NULL || ledger->head_path == NULL || ledger->act == NULL || ledger->other == NULL ||
            ledger->record == NULL || ledger->earlier == NULL) {
            status = STATUS_MEMORY;
        }
    }
    if (status == STATUS_MEMORY) {
        ledger_close(ledger);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = key_initialise(fault);
    if (status == STATUS_OK) {
        status = hasher_open(&ledger->hasher, fault);
    }
    if (status != STATUS_OK) {
        ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return STATUS_OK;
}

/* "origin/base32" or "origin/training/base32" (SPEC 3.1). */
static enum status make_origin(struct ledger *ledger, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    buffer_printf(&text, "%s%s/", ledger->identity.origin, ledger->identity.training ? "/training" : "");
    text_base32(&text, hash_view(&ledger->identity.id));
    buffer_append_byte(&text, 0);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK && text.len > sizeof ledger->origin) {
        status = fault_set(fault, STATUS_DAMAGED, 0, "the store is damaged: its origin is too long");
    }
    if (status == STATUS_OK) {
        memcpy(ledger->origin, text.ptr, text.len);
    }
    buffer_free(&text);
    return status;
}

/* Who this ledger is, as record 0 and the state of subject 0 both say. */
enum status ledger_identify(struct ledger_txn *txn, struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    struct fault inner = {0};
    struct hash id;
    const struct subject *subject = ledger_subject(txn, 0, fault);
    enum status status;

    if (subject == NULL) {
        return fault_set(fault, STATUS_DAMAGED, 0, "the store is damaged: it has no subject 0");
    }
    status = record_at(txn, 0, ledger->earlier, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (subject->ledger == NULL || ledger->earlier->type != RECORD_ACT ||
        act_decode(ledger->earlier->act, ledger->other, &inner) != STATUS_OK || ledger->other->kind != KIND_FOUND) {
        return damaged(fault, 0, "it is not a founding act");
    }
    hash_prefixed(ledger->hasher, HASH_PREFIX_LEDGER, ledger->other->payload, &id);
    if (!hash_equal(&id, &subject->ledger->id)) {
        return damaged(fault, 0, "its hash is not the ledger's id");
    }
    ledger->identity = *subject->ledger;
    ledger->has_succeeds = ledger->other->founding.has_succeeds;
    ledger->succeeds = ledger->other->founding.succeeds;
    return make_origin(ledger, fault);
}

static enum status read_mark(struct ledger_txn *txn, struct fault *fault)
{
    struct key key = keys_table(TABLE_MIRROR);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    txn->ledger->mirror = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status open_store(const char *dir, enum store_mode mode, const char *head_path, struct ledger **out,
                              struct ledger_txn **txn, struct fault *fault)
{
    enum status status = prepare(dir, head_path, out, fault);

    if (status == STATUS_OK) {
        (*out)->append = mode != STORE_READ;
        status = store_open(dir, mode, 0, &(*out)->store, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_begin(*out, false, txn, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_identify(*txn, fault);
    }
    if (status == STATUS_OK) {
        status = read_mark(*txn, fault);
    }
    return status == STATUS_OK ? erasures_pending(*txn, &(*out)->scrub_due, fault) : status;
}

enum status ledger_open_alone(const char *dir, bool wait, struct ledger **out, struct fault *fault)
{
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    enum status status = open_store(dir, wait ? STORE_ALONE : STORE_ALONE_NOW, NULL, &ledger, &txn, fault);

    ledger_abort(txn);
    if (status != STATUS_OK) {
        ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return STATUS_OK;
}

static enum status check_mode(const struct ledger *ledger, enum ledger_mode mode, struct fault *fault)
{
    if (ledger->mirror && (mode == LEDGER_APPEND || mode == LEDGER_RECOVER)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a mirror of %s: nothing is recorded or signed in it", ledger->dir, ledger->origin);
    }
    if (!ledger->mirror && mode == LEDGER_MIRROR) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a ledger and no mirror", ledger->dir);
    }
    return STATUS_OK;
}

static enum status open_once(const char *dir, enum ledger_mode mode, const char *head_path, struct ledger **out,
                             struct fault *fault)
{
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    enum status status = open_store(dir, mode == LEDGER_READ ? STORE_READ : STORE_WRITE, head_path, &ledger, &txn, fault);

    if (status == STATUS_OK) {
        status = check_mode(ledger, mode, fault);
    }
    if (status == STATUS_OK && mode == LEDGER_APPEND) {
        head_before(ledger);
        ledger_abort(txn);
        txn = NULL;
        status = ledger_begin(ledger, false, &txn, fault);
    }
    if (status == STATUS_OK && mode == LEDGER_APPEND) {
        status = head_compare(txn, fault);
    }
    ledger_abort(txn);
    if (status != STATUS_OK) {
        ledger_close(ledger);
        return status;
    }
    ledger->recovering = mode == LEDGER_RECOVER || mode == LEDGER_MIRROR;
    *out = ledger;
    return STATUS_OK;
}

/* A writer first ends what an erasure began and nobody has ended, if it can: whatever hinders that hinders no writing. */
enum status ledger_open(const char *dir, enum ledger_mode mode, const char *head_path, struct ledger **out,
                        struct fault *fault)
{
    struct scrub_report report;
    struct fault ignored = {0};
    enum status status = open_once(dir, mode, head_path, out, fault);

    if (status == STATUS_OK && mode == LEDGER_APPEND && ((*out)->scrub_due || store_rewrite_left(dir))) {
        ledger_close(*out);
        *out = NULL;
        enum status scrubbed = ledger_scrub(dir, NULL, false, &report, &ignored);

        (void)scrubbed;
        status = open_once(dir, mode, head_path, out, fault);
    }
    return status;
}

/* ---- founding -------------------------------------------------------------------------------- */

/* Record 0 in a new store; the founding act must name the station's key. */
static enum status write_founding(struct ledger *ledger, const struct secret *station,
                                  const struct submission *founding, uint64_t logged_s, struct fault *fault)
{
    const struct public_key *key = secret_public(station);
    struct ledger_txn *txn = NULL;
    uint64_t index;
    enum status status = ledger_begin(ledger, true, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_append(txn, founding, logged_s, NULL, &index, fault);
    if (status == STATUS_OK && (ledger->act->kind != KIND_FOUND ||
                                memcmp(ledger->act->founding.station, key->bytes, ED25519_BYTES) != 0)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the founding act names another station key");
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    return ledger_commit(txn, fault);
}

struct founder {
    const uint8_t *station_seed;
    const struct submission *founding;
    uint64_t logged_s;
};

/* Record 0, and the station's key. */
static enum status fill_founding(void *context, struct ledger *ledger, const char *hidden, struct fault *fault)
{
    const struct founder *founder = context;
    struct secret *station = NULL;
    char *key_path = files_path(hidden, "station.key");
    enum status status = key_path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                          : secret_from_seed(founder->station_seed, &station, fault);

    if (status == STATUS_OK) {
        status = write_founding(ledger, station, founder->founding, founder->logged_s, fault);
    }
    if (status == STATUS_OK) {
        status = secret_save(station, key_path, view_of(NULL, 0), fault);
    }
    secret_close(station);
    free(key_path);
    return status;
}

enum status ledger_found(const char *dir, const uint8_t station_seed[32], const struct submission *founding,
                         uint64_t logged_s, struct fault *fault)
{
    struct founder founder = {.station_seed = station_seed, .founding = founding, .logged_s = logged_s};

    return ledger_make(dir, &(struct ledger_making){fill_founding, &founder}, fault);
}

/* Everything inside a directory that nobody else knows yet. */
static enum status make_in(const char *hidden, const struct ledger_making *making, struct fault *fault)
{
    struct ledger *ledger = NULL;
    enum status status = prepare(hidden, NULL, &ledger, fault);

    if (status == STATUS_OK) {
        ledger->append = true;
        ledger->founding = true;
        status = store_open(hidden, STORE_CREATE, 0, &ledger->store, fault);
    }
    if (status == STATUS_OK) {
        status = making->fill(making->context, ledger, hidden, fault);
    }
    ledger_close(ledger);
    return status == STATUS_OK ? files_sync(hidden, fault) : status;
}

enum status ledger_make(const char *dir, const struct ledger_making *making, struct fault *fault)
{
    char *place = head_default_path(dir); /* without trailing slashes */
    char *hidden = NULL;
    enum status status;

    if (!files_is_vacant(dir)) {
        free(place);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s exists and is not an empty directory", dir);
    }
    if (place != NULL) {
        place[strlen(place) - strlen(".head")] = '\0';
        hidden = malloc(strlen(place) + sizeof ".XXXXXX");
    }
    if (hidden == NULL) {
        free(place);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    /* Made beside its place and renamed whole: nothing is left behind, and nothing half made is found. */
    (void)snprintf(hidden, strlen(place) + sizeof ".XXXXXX", "%s.XXXXXX", place);
    if (mkdtemp(hidden) == NULL) {
        status = files_fault(fault, errno, "make", hidden);
    } else {
        status = make_in(hidden, making, fault);
        if (status == STATUS_OK && rename(hidden, place) != 0) {
            status = files_fault(fault, errno, "make", place);
        }
        if (status == STATUS_OK) {
            status = files_sync_parent(place, fault);
        } else {
            files_remove_dir(hidden);
        }
    }
    free(hidden);
    free(place);
    return status;
}

/* ---- questions ------------------------------------------------------------------------------- */

const struct ledger_state *ledger_identity(const struct ledger *ledger)
{
    return &ledger->identity;
}

struct hasher *ledger_hasher(struct ledger *ledger)
{
    return ledger->hasher;
}

const char *ledger_origin(const struct ledger *ledger)
{
    return ledger->origin;
}

const struct foreign *ledger_succeeds(const struct ledger *ledger)
{
    return ledger->has_succeeds ? &ledger->succeeds : NULL;
}

bool ledger_is_mirror(const struct ledger *ledger)
{
    return ledger->mirror;
}
