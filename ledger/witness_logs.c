/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_logs: the ledgers that a witness knows. logs.policy is a tlog-policy of log lines and "quorum none", read here line by line: a policy of
 * verify/ has 32 logs, a witness as many as come. One origin may have several keys (a station's key that was replaced), a key only one origin.
 */
#include "ledger/witness_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/files.h"
#include "verify/policy.h"
#include "verify/text.h"

static const char LOGS_FILE[] = "logs.policy";

/* The line at *at, without its newline; *at moves behind it. */
static struct view take_line(struct view text, size_t *at)
{
    const uint8_t *newline = memchr(text.ptr + *at, '\n', text.len - *at);
    size_t end = newline == NULL ? text.len : (size_t)(newline - text.ptr);
    struct view line = view_part(text, *at, end - *at);

    *at = end < text.len ? end + 1 : end;
    return line;
}

static bool begins(struct view line, const char *word)
{
    size_t len = strlen(word);

    return line.len >= len && memcmp(line.ptr, word, len) == 0;
}

/* Reads the lines that this file has written; room is there for one a line. */
static enum status parse_logs(struct hasher *hasher, struct view text, struct verifier_key *out, size_t *count, struct fault *fault)
{
    enum status status = STATUS_OK;
    uint64_t number = 0;

    *count = 0;
    for (size_t at = 0; status == STATUS_OK && at < text.len;) {
        struct view line = take_line(text, &at);
        struct fault why;

        number++;
        fault_clear(&why);
        if (view_equal(line, view_text("quorum none"))) {
            continue;
        }
        if (!begins(line, "log ") || verifier_key_parse(hasher, view_part(line, 4, line.len - 4), &out[*count], &why) != STATUS_OK ||
            out[*count].type != WITNESS_LOG_TYPE) {
            status = fault_set(fault, STATUS_DAMAGED, number, "%s, line %llu: not \"log\" and the key of a log: %s", LOGS_FILE,
                               (unsigned long long)number, why.text);
        }
        *count += 1;
    }
    return status;
}

static size_t count_lines(struct view text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    return lines;
}

static enum status read_logs(struct witness *witness, const char *path, const struct stat *file, struct fault *fault)
{
    struct buffer text = {0};
    struct verifier_key *logs = NULL;
    size_t count = 0;
    enum status status = files_read(path, WITNESS_LOGS_BYTES_MAX, &text, fault);

    if (status == STATUS_OK) {
        logs = calloc(count_lines(buffer_view(&text)), sizeof *logs);
        status = logs == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                              : parse_logs(witness->hasher, buffer_view(&text), logs, &count, fault);
    }
    if (status != STATUS_OK) {
        buffer_free(&text);
        free(logs);
        return status;
    }
    buffer_free(&witness->logs_text);
    free(witness->logs);
    witness->logs_text = text;
    witness->logs = logs;
    witness->log_count = count;
    witness->logs_file = *file;
    return STATUS_OK;
}

enum status witness_logs_refresh(struct witness *witness, struct fault *fault)
{
    char *path = files_path(witness->dir, LOGS_FILE);
    const struct stat *read = &witness->logs_file;
    struct stat now;
    enum status status = STATUS_OK;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (stat(path, &now) != 0) {
        status = files_fault(fault, errno, "look at", path);
    } else if (witness->logs == NULL || now.st_ino != read->st_ino || now.st_dev != read->st_dev || now.st_size != read->st_size ||
               now.st_mtim.tv_sec != read->st_mtim.tv_sec || now.st_mtim.tv_nsec != read->st_mtim.tv_nsec) {
        status = read_logs(witness, path, &now, fault);
    }
    free(path);
    return status;
}

/* ---- trusting -------------------------------------------------------------------------------- */

/* *known: this key is trusted for this origin already. */
static enum status look_for(const struct witness *witness, const struct verifier_key *log, bool *known, struct fault *fault)
{
    struct buffer origin = {0};
    enum status status = STATUS_OK;

    *known = false;
    text_escape(&origin, log->name);
    buffer_append_byte(&origin, 0);
    status = buffer_status(&origin, fault);
    if (status == STATUS_OK && memcmp(log->key.bytes, witness->key.key.bytes, ED25519_BYTES) == 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the key of log %.100s is this witness's own: nobody witnesses himself",
                           (const char *)origin.ptr);
    }
    for (size_t i = 0; status == STATUS_OK && i < witness->log_count; i++) {
        const struct verifier_key *other = &witness->logs[i];
        bool same_name = view_equal(other->name, log->name);

        if (memcmp(other->key.bytes, log->key.bytes, ED25519_BYTES) != 0) {
            continue;
        }
        *known = same_name;
        if (!same_name) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the key of log %.100s is trusted already, under another origin",
                               (const char *)origin.ptr);
        }
    }
    buffer_free(&origin);
    return status;
}

/* Another key of an origin that the policy names, where the policy's keys are to be the only ones. */
static bool is_dropped(const struct policy *policy, const struct verifier_key *log)
{
    bool named = false, listed = false;

    for (size_t i = 0; i < policy_log_count(policy); i++) {
        const struct verifier_key *other = policy_log(policy, i);

        named = named || view_equal(other->name, log->name);
        listed = listed || (view_equal(other->name, log->name) && memcmp(other->key.bytes, log->key.bytes, ED25519_BYTES) == 0);
    }
    return named && !listed;
}

static void put_log(struct witness *witness, const struct verifier_key *log, struct buffer *out)
{
    buffer_printf(out, "log ");
    verifier_key_format(witness->hasher, log->name, WITNESS_LOG_TYPE, log->key.bytes, out);
    buffer_append_byte(out, '\n');
}

static void put_kept(struct witness *witness, const struct policy *policy, bool only, size_t *dropped, struct buffer *out)
{
    for (size_t i = 0; i < witness->log_count; i++) {
        if (only && is_dropped(policy, &witness->logs[i])) {
            *dropped += 1;
        } else {
            put_log(witness, &witness->logs[i], out);
        }
    }
}

static enum status add_logs(struct witness *witness, const struct policy *policy, bool only, size_t *added, size_t *dropped, struct fault *fault)
{
    struct buffer text = {0};
    char *path = files_path(witness->dir, LOGS_FILE);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    put_kept(witness, policy, only, dropped, &text);
    for (size_t i = 0; status == STATUS_OK && i < policy_log_count(policy); i++) {
        const struct verifier_key *log = policy_log(policy, i);
        bool known = false;

        status = look_for(witness, log, &known, fault);
        if (status == STATUS_OK && !known) {
            put_log(witness, log, &text);
            *added += 1;
        }
    }
    if (status == STATUS_OK) {
        status = buffer_status(&text, fault);
    }
    if (status == STATUS_OK && text.len > WITNESS_LOGS_BYTES_MAX) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s would be longer than %d bytes", path, (int)WITNESS_LOGS_BYTES_MAX);
    }
    if (status == STATUS_OK && *added + *dropped > 0) {
        status = files_replace(path, buffer_view(&text), 0600, fault);
    }
    buffer_free(&text);
    free(path);
    return status;
}

enum status witness_trust(struct witness *witness, struct view text, bool only, size_t *added, size_t *dropped, struct fault *fault)
{
    struct policy *policy = NULL;
    int lock = -1;
    enum status status = policy_parse(witness->hasher, text, &policy, fault);

    *added = 0;
    *dropped = 0;
    if (status == STATUS_OK) {
        status = witness_lock(witness, &lock, fault);
    }
    if (status == STATUS_OK) {
        status = witness_logs_refresh(witness, fault);
        if (status == STATUS_OK) {
            status = add_logs(witness, policy, only, added, dropped, fault);
        }
        if (status == STATUS_OK) {
            status = witness_logs_refresh(witness, fault);
        }
        witness_unlock(lock);
    }
    policy_close(policy);
    return status;
}
