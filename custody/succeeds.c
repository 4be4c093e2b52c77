/* SPDX-License-Identifier: Apache-2.0 */
/*
 * succeeds: see the header.
 */
#include "custody/succeeds.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "custody/wholefile.h"
#include "ledger/ledger.h"
#include "verify/bundle.h"
#include "verify/policy.h"
#include "verify/shown.h"
#include "verify/text.h"

/* "origin/base32" or "origin/training/base32" (SPEC 3.1). False: neither. */
static bool split_origin(struct view origin, struct hash *id, bool *training)
{
    static const char word[] = "/training";
    struct buffer bytes = {0};
    size_t slash = origin.len;
    bool right;

    while (slash > 0 && origin.ptr[slash - 1] != '/') {
        slash--;
    }
    right = slash > 1 && text_base32_decode(view_part(origin, slash, origin.len - slash), &bytes) && bytes.len == HASH_BYTES;
    if (right) {
        *id = hash_of_view(buffer_view(&bytes));
        slash--;
        *training = slash >= sizeof word - 1 && memcmp(origin.ptr + slash - (sizeof word - 1), word, sizeof word - 1) == 0;
    }
    buffer_free(&bytes);
    return right;
}

/* Signed by a log of that policy which has the checkpoint's origin as its name. */
static bool is_signed(const struct policy *policy, const struct checkpoint *checkpoint)
{
    uint64_t time_s;

    for (size_t i = 0; i < policy_log_count(policy); i++) {
        const struct verifier_key *key = policy_log(policy, i);

        if (view_equal(key->name, checkpoint->origin) && checkpoint_check(checkpoint, key, &time_s) == NOTE_VALID) {
            return true;
        }
    }
    return false;
}

static enum status check_signed(struct args *args, struct hasher *hasher, const struct checkpoint *checkpoint, const char *path,
                                struct fault *fault)
{
    const char *trust = args_value(args, "--policy");
    struct policy *policy = NULL;
    struct buffer text = {0};
    enum status status;

    if (trust == NULL) {
        return args_usage(args, fault, "--succeeds %s needs --policy FILE: the old ledger's trust file, by which its signature is checked", path);
    }
    status = wholefile_read(trust, POLICY_BYTES_MAX, &text, fault);
    if (status == STATUS_OK) {
        struct fault inner = {0};

        status = policy_parse(hasher, buffer_view(&text), &policy, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, FAULT_NOWHERE, "--policy %s: %.400s", trust, inner.text);
        }
    }
    if (status == STATUS_OK && !is_signed(policy, checkpoint)) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "--succeeds %s: it is not signed by the key that %s gives for its ledger",
                           path, trust);
    }
    policy_close(policy);
    buffer_free(&text);
    return status;
}

/* An exhibit shows one head, or two that contradict each other: of these none is the last. */
static enum status read_exhibit(const char *path, struct view file, struct buffer *note, struct fault *fault)
{
    struct false_heads_exhibit *exhibit = NULL;
    enum status status = STATUS_OK;

    if (file_kind(file) == FILE_FORK) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "--succeeds %s: is the proof that two histories were signed: which of the two is succeeded? Give the checkpoint, bundle or receipt of that one",
                         path);
    }
    exhibit = calloc(1, sizeof *exhibit);
    if (exhibit == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (false_heads_decode(file, exhibit, NULL) != STATUS_OK) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "--succeeds %s: is a damaged exhibit", path);
    } else {
        buffer_append_view(note, exhibit->note);
        status = buffer_status(note, fault);
    }
    free(exhibit);
    return status;
}

/* The checkpoint that the file shows, whatever it is. */
static enum status read_note(struct hasher *hasher, const char *path, struct buffer *note, struct fault *fault)
{
    struct shown shown = {0};
    struct buffer file = {0};
    struct fault inner = {0};
    enum status status = wholefile_read(path, BUNDLE_BYTES_MAX, &file, fault);

    if (status == STATUS_OK && file_kind(buffer_view(&file)) != FILE_BUNDLE) {
        status = read_exhibit(path, buffer_view(&file), note, fault);
    } else if (status == STATUS_OK) {
        status = shown_read(hasher, buffer_view(&file), &shown, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status == STATUS_MEMORY ? status : STATUS_REFUSED, FAULT_NOWHERE,
                               "--succeeds %s: is no checkpoint, bundle, receipt or certificate: %.300s", path, inner.text);
        }
        buffer_append_view(note, buffer_view(&shown.note));
        shown_close(&shown);
    }
    buffer_free(&file);
    return status == STATUS_OK ? buffer_status(note, fault) : status;
}

static enum status read_file(struct args *args, const char *path, struct checkpoint *out, struct buffer *note, struct fault *fault)
{
    struct hasher *hasher = NULL;
    struct fault inner = {0};
    enum status status = hasher_open(&hasher, fault);

    if (status == STATUS_OK) {
        status = read_note(hasher, path, note, fault);
    }
    if (status == STATUS_OK && (checkpoint_parse(buffer_view(note), out, &inner) != STATUS_OK || out->size == 0)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--succeeds %s: shows no checkpoint of a ledger that has records", path);
    }
    if (status == STATUS_OK) {
        status = check_signed(args, hasher, out, path, fault);
    }
    hasher_close(hasher);
    return status;
}

/* The latest one that the old ledger keeps; it was checked when it was stored, and what is believed is the directory's word. */
static enum status read_ledger(const char *dir, struct checkpoint *out, struct buffer *note, struct fault *fault)
{
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    struct hash root = {{0}};
    enum status status = ledger_open(dir, LEDGER_READ, NULL, &ledger, fault);

    if (status == STATUS_OK) {
        status = ledger_begin(ledger, false, &txn, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_latest_checkpoint(txn, note, fault);
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(note), out, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_root(txn, out->size, &root, fault);
    }
    if (status == STATUS_OK && (!hash_equal(&root, &out->root) || !view_equal(out->origin, view_text(ledger_origin(ledger))))) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "--succeeds %s: its records are not those of its last checkpoint", dir);
    }
    ledger_abort(txn);
    ledger_close(ledger);
    return status;
}

enum status succeeds_read(struct args *args, const char *path, bool training, struct foreign *out, struct fault *fault)
{
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    struct buffer bytes = {0};
    struct stat file;
    bool old_training = false;
    enum status status;

    if (checkpoint == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = stat(path, &file) == 0 && S_ISDIR(file.st_mode) ? read_ledger(path, checkpoint, &bytes, fault)
                                                             : read_file(args, path, checkpoint, &bytes, fault);
    *out = (struct foreign){0};
    if (status == STATUS_OK && !split_origin(checkpoint->origin, &out->ledger, &old_training)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--succeeds %s: its origin is not that of a ledger of ours", path);
    }
    if (status == STATUS_OK && old_training != training) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--succeeds %s: a %s ledger does not succeed a %s one", path,
                           training ? "training" : "real", training ? "real" : "training");
    }
    if (status == STATUS_OK) {
        out->size = checkpoint->size;
        out->root = checkpoint->root;
    }
    free(checkpoint);
    buffer_free(&bytes);
    return status;
}
