/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamps: the list of time-stamps over checkpoints.
 */
#include "custody/timestamps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "custody/output.h"
#include "custody/timestamp_settings.h"
#include "custody/timestamping.h"
#include "custody/wholefile.h"
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

/* DIR/SIZE.txt, what the time-stamps are over; DIR/SIZE-1.tst ..., the tokens: for `openssl ts -verify -token_in -data`. */
static enum status write_file(const char *directory, uint64_t size, size_t number, struct view bytes, struct fault *fault)
{
    struct buffer path = {0};
    enum status status;

    if (number == 0) {
        buffer_printf(&path, "%s/%" PRIu64 ".txt", directory, size);
    } else {
        buffer_printf(&path, "%s/%" PRIu64 "-%zu.tst", directory, size, number);
    }
    buffer_append_byte(&path, 0);
    status = buffer_status(&path, fault);
    if (status == STATUS_OK) {
        status = wholefile_write((const char *)path.ptr, bytes, false, fault);
    }
    buffer_free(&path);
    return status;
}

static enum status write_tokens(const char *directory, uint64_t size, struct view note, const struct view *tokens, size_t count, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : checkpoint_parse(note, checkpoint, fault);

    if (status == STATUS_OK) {
        status = write_file(directory, size, 0, checkpoint->text, fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = write_file(directory, size, i + 1, tokens[i], fault);
    }
    free(checkpoint);
    return status;
}

static enum status put_tokens(struct session *session, uint64_t size, struct token_trust *const *trusts, size_t trust_count, struct table *table,
                              struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct timestamping_target target;
    struct buffer note = {0};
    const char *directory = args_value(session->args, "--write");
    size_t count = 0;
    enum status status = views_tokens(session->txn, size, tokens, &count, fault);

    if (status == STATUS_OK && count > 0) {
        status = ledger_checkpoint_at(session->txn, size, &note, fault);
        if (status == STATUS_OK) {
            status = timestamping_of(session, buffer_view(&note), &target, fault);
        }
        if (status == STATUS_OK && directory != NULL) {
            status = write_tokens(directory, size, buffer_view(&note), tokens, count, fault);
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
    const char *directory = args_value(session->args, "--write");
    struct table *table = NULL;
    enum status status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);

    for (size_t i = 0; i < settings->count && status == STATUS_OK; i++) {
        status = token_trust_open(buffer_view(&settings->tsas[i].ca_bytes), &trusts[i], fault);
    }
    if (status == STATUS_OK && directory != NULL && mkdir(directory, S_IRWXU | S_IRWXG | S_IRWXO) != 0 && errno != EEXIST) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%.200s: cannot be made: %s", directory, strerror(errno));
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
