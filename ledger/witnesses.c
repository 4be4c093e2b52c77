/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witnesses: see the header.
 */
#include "ledger/witnesses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/files.h"
#include "ledger/inside.h"

#define POLICY_FILE "witnesses.policy"
#define AUTHORITIES_FILE "witnesses.pem"

enum { AUTHORITIES_BYTES_MAX = 1 << 20 };

static enum status path_to(struct ledger *ledger, const char *name, char **out, struct fault *fault)
{
    *out = files_path(ledger->dir, name);
    return *out == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
}

enum status witnesses_text(struct ledger *ledger, struct buffer *out, struct fault *fault)
{
    char *path = NULL;
    enum status status = path_to(ledger, POLICY_FILE, &path, fault);

    if (status == STATUS_OK) {
        status = files_read(path, POLICY_BYTES_MAX, out, fault);
    }
    free(path);
    return status;
}

/* The station's keys, old ones too, are not among the witnesses'. */
static enum status check_strangers(struct ledger *ledger, const struct policy *policy, struct fault *fault)
{
    const struct ledger_state *identity = ledger_identity(ledger);

    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        for (size_t k = 0; k < identity->key_count; k++) {
            if (memcmp(policy_witness(policy, i)->key.key.bytes, identity->keys[k].key, ED25519_BYTES) == 0) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "witness %zu has a key of this station: nobody witnesses himself", i + 1);
            }
        }
    }
    return STATUS_OK;
}

static bool starts(struct view text, const char *with)
{
    size_t len = strlen(with);

    return text.len > len && memcmp(text.ptr, with, len) == 0;
}

static enum status check_urls(const struct policy *policy, struct fault *fault)
{
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        struct view url = policy_witness(policy, i)->url;

        if (url.len != 0 && !starts(url, "http://") && !starts(url, "https://")) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "witness %zu: its URL begins neither http:// nor https://", i + 1);
        }
    }
    return STATUS_OK;
}

static enum status check(struct ledger *ledger, struct view text, struct policy **out, struct fault *fault)
{
    struct policy *policy = NULL;
    enum status status = policy_parse(ledger->hasher, text, &policy, fault);

    if (status == STATUS_OK && policy_log_count(policy) > 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "it has a `log` line: here only witness, group and quorum lines stand, the ledger's own line is added by `ledger policy`");
    }
    if (status == STATUS_OK && policy_witness_count(policy) == 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it names no witness");
    }
    if (status == STATUS_OK) {
        status = check_urls(policy, fault);
    }
    if (status == STATUS_OK) {
        status = check_strangers(ledger, policy, fault);
    }
    if (status != STATUS_OK) {
        policy_close(policy);
        return status;
    }
    *out = policy;
    return STATUS_OK;
}

enum status witnesses_read(struct ledger *ledger, struct policy **out, struct fault *fault)
{
    struct buffer text = {0};
    struct fault inner = {0};
    enum status status = witnesses_text(ledger, &text, fault);

    if (status == STATUS_OK) {
        status = check(ledger, buffer_view(&text), out, &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, inner.at, "%s/" POLICY_FILE ": %.380s", ledger->dir, inner.text);
        }
    }
    buffer_free(&text);
    return status;
}

static enum status put(struct ledger *ledger, const char *name, struct view bytes, struct fault *fault)
{
    char *path = NULL;
    enum status status = path_to(ledger, name, &path, fault);

    if (status == STATUS_OK) {
        status = files_replace(path, bytes, 0644, fault);
    }
    free(path);
    return status;
}

static enum status check_authorities(struct view pem, struct fault *fault)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";

    if (pem.len == 0 || (pem.len <= AUTHORITIES_BYTES_MAX && memmem(pem.ptr, pem.len, begin, sizeof begin - 1) != NULL)) {
        return STATUS_OK;
    }
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "no certificate in PEM, or over 1 MiB of them");
}

/* The authorities first: whoever is asked by the new policy is known by them. */
enum status witnesses_install(struct ledger *ledger, struct view text, struct view pem, struct fault *fault)
{
    struct policy *policy = NULL;
    enum status status = check(ledger, text, &policy, fault);

    if (status == STATUS_OK) {
        status = check_authorities(pem, fault);
    }
    if (status == STATUS_OK && pem.len > 0) {
        status = put(ledger, AUTHORITIES_FILE, pem, fault);
    }
    if (status == STATUS_OK) {
        status = put(ledger, POLICY_FILE, text, fault);
    }
    policy_close(policy);
    return status;
}

static enum status drop(struct ledger *ledger, const char *name, struct fault *fault)
{
    char *path = NULL;
    enum status status = path_to(ledger, name, &path, fault);

    if (status == STATUS_OK && unlink(path) != 0 && errno != ENOENT) {
        status = files_fault(fault, errno, "remove", path);
    }
    if (status == STATUS_OK) {
        status = files_sync_parent(path, fault);
    }
    free(path);
    return status;
}

enum status witnesses_remove(struct ledger *ledger, struct fault *fault)
{
    enum status status = drop(ledger, POLICY_FILE, fault);

    return status == STATUS_OK ? drop(ledger, AUTHORITIES_FILE, fault) : status;
}

char *witnesses_authorities(struct ledger *ledger)
{
    char *path = files_path(ledger->dir, AUTHORITIES_FILE);

    if (path != NULL && access(path, R_OK) != 0) {
        free(path);
        path = NULL;
    }
    return path;
}
