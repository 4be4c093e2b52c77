/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamps: the list of time-stamps over checkpoints.
 */
#include "custody/timestamps.h"

#include <stdio.h>
#include <stdlib.h>

#include "custody/output.h"
#include "custody/timestamp_settings.h"
#include "custody/timestamping.h"
#include "ledger/views.h"

/* "yes", or "NO": by none of the authorities that are configured; or nothing where none is. */
static void put_holds(struct table *table, struct token_trust *const *trusts, size_t count, struct view token, const struct hash *imprint)
{
    bool holds = false;

    for (size_t i = 0; i < count && !holds; i++) {
        struct buffer name = {0};
        uint64_t time_s = 0;

        holds = token_check(trusts[i], token, imprint, &time_s, &name, NULL) == STATUS_OK;
        buffer_free(&name);
    }
    if (count == 0) {
        table_nothing(table);
    } else {
        table_string(table, holds ? "yes" : "NO");
    }
}

static enum status put_tokens(struct session *session, uint64_t size, struct token_trust *const *trusts, size_t trust_count, struct table *table,
                              struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct timestamping_target target;
    struct buffer note = {0};
    size_t count = 0;
    enum status status = views_tokens(session->txn, size, tokens, &count, fault);

    if (status == STATUS_OK && count > 0) {
        status = ledger_checkpoint_at(session->txn, size, &note, fault);
        if (status == STATUS_OK) {
            status = timestamping_of(session, buffer_view(&note), &target, fault);
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct token_facts facts;
        struct buffer name = {0};

        status = token_read(tokens[i], &facts, &name, fault);
        if (status == STATUS_OK) {
            table_number(table, size);
            output_time_cell(table, facts.time_s);
            table_text(table, buffer_view(&name));
            table_string(table, facts.serial);
            table_number(table, facts.lists);
            put_holds(table, trusts, trust_count, tokens[i], &target.imprint);
        }
        buffer_free(&name);
    }
    buffer_free(&note);
    return status;
}

static enum status put_all(struct session *session, struct token_trust *const *trusts, size_t trust_count, struct table *table, struct fault *fault)
{
    uint64_t *sizes = NULL;
    size_t count = 0;
    enum status status = views_sizes(session->txn, &sizes, &count, fault);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = put_tokens(session, sizes[i], trusts, trust_count, table, fault);
    }
    free(sizes);
    return status;
}

static enum status list(struct session *session, const struct timestamp_settings *settings, struct fault *fault)
{
    static const struct table_column columns[] = {{"records", true}, {"time", false}, {"authority", false}, {"serial", false}, {"lists", true}, {"holds", false}};
    struct token_trust *trusts[TIMESTAMP_SETTINGS_MAX] = {NULL};
    struct table *table = NULL;
    enum status status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);

    for (size_t i = 0; i < settings->count && status == STATUS_OK; i++) {
        status = token_trust_open(buffer_view(&settings->tsas[i].ca_bytes), &trusts[i], fault);
    }
    if (status == STATUS_OK) {
        status = put_all(session, trusts, settings->count, table, fault);
    }
    if (status == STATUS_OK && table_rows(table) == 0 && !args_flag(session->args, "--json")) {
        (void)printf("no checkpoint has a time-stamp\n");
    } else if (status == STATUS_OK) {
        status = output_table(session, "timestamps", table, fault);
    }
    for (size_t i = 0; i < TIMESTAMP_SETTINGS_MAX; i++) {
        token_trust_close(trusts[i]);
    }
    table_close(table);
    return status;
}

enum status timestamps_run(struct args *args, struct fault *fault)
{
    struct timestamp_settings *settings = calloc(1, sizeof *settings);
    const char *directory = NULL;
    struct session session;
    enum status status = settings == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : session_directory(args, &directory, fault);

    if (status == STATUS_OK) {
        status = timestamp_settings_read(args, directory, settings, fault);
    }
    if (status == STATUS_OK) {
        status = session_read(args, &session, fault);
    }
    if (status == STATUS_OK) {
        status = list(&session, settings, fault);
        session_close(&session);
    }
    if (settings != NULL) {
        timestamp_settings_free(settings);
    }
    free(settings);
    return status;
}
