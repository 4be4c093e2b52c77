/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness: founding, opening, and what is told of it. Not here: its ledgers (witness_logs.c), their files (witness_state.c), cosigning
 * (witness_add.c), exhibits (witness_convict.c).
 */
#include "ledger/witness_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/files.h"
#include "verify/text.h"

static const char AUDITOR_FILE[] = "auditor";

enum { NAME_FILE_MAX = NOTE_NAME_MAX + 1 };

static const char KEY_FILE[] = "witness.key";
static const char NAME_FILE[] = "name";

/* Its own key under that name, as anybody will read it; so a name that no vkey can have is found here. */
static enum status own_key(struct hasher *hasher, const struct secret *secret, struct view name, struct verifier_key *out, struct fault *fault)
{
    struct buffer text = {0};
    struct fault why;
    enum status status = STATUS_OK;

    fault_clear(&why);
    if (name.len == 0 || name.len > NOTE_NAME_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a witness's name has 1 to %d bytes, not %zu", NOTE_NAME_MAX, name.len);
    }
    verifier_key_format(hasher, name, WITNESS_KEY_TYPE, secret_public(secret)->bytes, &text);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK && (verifier_key_parse(hasher, buffer_view(&text), out, &why) != STATUS_OK || !view_equal(out->name, name))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the name of a witness has no spaces and no plus sign: %s", why.text);
    }
    out->name = name; /* lives longer than text */
    buffer_free(&text);
    return status;
}

static enum status write_file(const char *dir, const char *name, struct view bytes, struct fault *fault)
{
    char *path = files_path(dir, name);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : files_replace(path, bytes, 0600, fault);

    free(path);
    return status;
}

/* The key comes last: a directory without it is no witness. */
static enum status write_files(const char *dir, struct view name, const struct secret *secret, struct fault *fault)
{
    struct buffer text = {0};
    char *path = files_path(dir, KEY_FILE);
    enum status status;

    buffer_append_view(&text, name);
    buffer_append_byte(&text, '\n');
    status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = write_file(dir, NAME_FILE, buffer_view(&text), fault);
    }
    if (status == STATUS_OK) {
        status = write_file(dir, "logs.policy", view_text("quorum none\n"), fault);
    }
    if (status == STATUS_OK) {
        status = secret_save(secret, path, view_of(NULL, 0), fault);
    }
    if (status == STATUS_OK) {
        status = files_sync_parent(dir, fault);
    }
    buffer_free(&text);
    free(path);
    return status;
}

enum status witness_found(const char *dir, struct view name, struct fault *fault)
{
    struct hasher *hasher = NULL;
    struct secret *secret = NULL;
    struct verifier_key key;
    enum status status = hasher_open(&hasher, fault);

    if (status == STATUS_OK) {
        status = secret_new(&secret, fault);
    }
    if (status == STATUS_OK) {
        status = own_key(hasher, secret, name, &key, fault);
    }
    if (status == STATUS_OK && !files_is_vacant(dir)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is there already and is not an empty directory", dir);
    }
    if (status == STATUS_OK && mkdir(dir, 0700) != 0 && errno != EEXIST) {
        status = files_fault(fault, errno, "make", dir);
    } else if (status == STATUS_OK) {
        status = files_refuse_network(dir, fault);
        if (status == STATUS_OK) {
            status = write_files(dir, name, secret, fault);
        }
        if (status != STATUS_OK) {
            files_remove_dir(dir);
        }
    }
    secret_close(secret);
    hasher_close(hasher);
    return status;
}

static enum status read_name(struct witness *witness, struct fault *fault)
{
    char *path = files_path(witness->dir, NAME_FILE);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                      : files_read(path, NAME_FILE_MAX, &witness->name, fault);

    if (status == STATUS_OK && (witness->name.len < 1 || witness->name.ptr[witness->name.len - 1] != '\n')) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is not one line", path);
    }
    if (status == STATUS_OK) {
        witness->name.len--;
    }
    free(path);
    return status;
}

static enum status read_key(struct witness *witness, struct fault *fault)
{
    char *path = files_path(witness->dir, KEY_FILE);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                      : secret_load(path, view_of(NULL, 0), &witness->secret, fault);

    if (status == STATUS_OK && secret_public(witness->secret)->algorithm != KEY_ED25519) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is no Ed25519 key", path);
    }
    free(path);
    return status;
}

static enum status read_auditor(struct witness *witness, struct fault *fault)
{
    char *path = files_path(witness->dir, AUDITOR_FILE);

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    witness->auditor = access(path, F_OK) == 0 || errno != ENOENT;
    free(path);
    return STATUS_OK;
}

enum status witness_open(const char *dir, struct witness **out, struct fault *fault)
{
    struct witness *witness = calloc(1, sizeof *witness);
    enum status status = STATUS_OK;

    if (witness != NULL) {
        witness->dir = strdup(dir);
    }
    if (witness == NULL || witness->dir == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (status == STATUS_OK) {
        status = hasher_open(&witness->hasher, fault);
    }
    if (status == STATUS_OK) {
        status = files_refuse_network(dir, fault);
    }
    if (status == STATUS_OK) {
        status = read_name(witness, fault);
    }
    if (status == STATUS_OK) {
        status = read_auditor(witness, fault);
    }
    if (status == STATUS_OK) {
        status = read_key(witness, fault);
    }
    if (status == STATUS_OK) {
        status = own_key(witness->hasher, witness->secret, buffer_view(&witness->name), &witness->key, fault);
    }
    if (status == STATUS_OK) {
        status = witness_logs_refresh(witness, fault);
    }
    if (status != STATUS_OK) {
        witness_close(witness);
        return status;
    }
    *out = witness;
    return STATUS_OK;
}

void witness_close(struct witness *witness)
{
    if (witness != NULL) {
        secret_close(witness->secret);
        hasher_close(witness->hasher);
        buffer_free(&witness->name);
        buffer_free(&witness->logs_text);
        free(witness->logs);
        free(witness->dir);
        free(witness);
    }
}

void witness_set_guard(struct witness *witness, const struct witness_guard *guard)
{
    witness->guard = guard == NULL ? (struct witness_guard){0} : *guard;
}

enum status witness_mark_auditor(struct witness *witness, struct fault *fault)
{
    char *path = files_path(witness->dir, AUDITOR_FILE);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK && !witness->auditor) {
        status = files_replace(path, view_text("this key signs only what a mirror of its own has replayed\n"), 0600, fault);
        witness->auditor = status == STATUS_OK;
    }
    free(path);
    return status;
}

void witness_set_training_clock(struct witness *witness, uint64_t now_s)
{
    witness->training_now_s = now_s;
}

bool witness_is_training(struct view origin)
{
    static const char TRAINING[] = "/training/";
    enum { ID_CHARS = 52, WORD_CHARS = sizeof TRAINING - 1 };

    return origin.len > WORD_CHARS + ID_CHARS && memcmp(origin.ptr + origin.len - ID_CHARS - WORD_CHARS, TRAINING, WORD_CHARS) == 0;
}

void witness_vkey(const struct witness *witness, struct buffer *out)
{
    verifier_key_format(witness->hasher, buffer_view(&witness->name), WITNESS_KEY_TYPE, witness->key.key.bytes, out);
}

/* ---- what is told ---------------------------------------------------------------------------- */

static bool is_origin_hash(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))) {
            return false;
        }
    }
    return text.len == ORIGIN_HASH_BYTES - 1;
}

enum status witness_latest(struct witness *witness, struct view origin_hash, struct buffer *out, struct fault *fault)
{
    char hash[ORIGIN_HASH_BYTES] = {0};
    char *path = NULL;
    enum status status;

    if (!is_origin_hash(origin_hash)) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "an origin hash is 64 hexadecimal digits in lower case");
    }
    memcpy(hash, origin_hash.ptr, ORIGIN_HASH_BYTES - 1);
    path = witness_path(witness, hash, "checkpoint");
    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = files_read(path, NOTE_BYTES_MAX, out, fault);
    if (status == STATUS_OK) {
        status = witness_settle(path, fault);
    }
    free(path);
    return status;
}

/* How often the i-th log's origin stands, or 0 where it stood before it. */
static size_t keys_of(const struct witness *witness, size_t i)
{
    size_t count = 0;

    for (size_t j = 0; j < witness->log_count; j++) {
        if (view_equal(witness->logs[j].name, witness->logs[i].name)) {
            if (j < i) {
                return 0;
            }
            count++;
        }
    }
    return count;
}

static enum status visit_one(struct witness *witness, size_t i, witness_visitor *visit, void *context, struct fault *fault)
{
    struct witness_ledger ledger = {.origin = witness->logs[i].name, .key_count = keys_of(witness, i)};
    struct witness_state state = {0};
    struct buffer exhibits = {0};
    size_t count = 0;
    enum status status = STATUS_OK;

    if (ledger.key_count == 0) {
        return STATUS_OK;
    }
    status = witness_state_read(witness, ledger.origin, &state, fault);
    if (status == STATUS_OK) {
        status = witness_exhibits(witness, state.origin_hash, &exhibits, &count, fault);
    }
    if (status == STATUS_OK) {
        ledger.origin_hash = state.origin_hash;
        ledger.exhibits = buffer_view(&exhibits);
        ledger.cosigned = state.cosigned;
        if (state.cosigned) {
            ledger.size = state.latest->size;
            ledger.root = state.latest->root;
            ledger.time_s = state.time_s;
        }
        status = visit(context, &ledger, fault);
    }
    buffer_free(&exhibits);
    witness_state_free(&state);
    return status;
}

enum status witness_each(struct witness *witness, witness_visitor *visit, void *context, struct fault *fault)
{
    enum status status = witness_logs_refresh(witness, fault);

    for (size_t i = 0; status == STATUS_OK && i < witness->log_count; i++) {
        status = visit_one(witness, i, visit, context, fault);
    }
    return status;
}
