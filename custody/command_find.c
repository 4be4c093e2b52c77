/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find: records by what they say.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/table.h"

/* Case is folded for ASCII letters; other scripts are compared byte by byte. */
static bool contains(struct view text, const char *wanted)
{
    size_t len = strlen(wanted);

    for (size_t at = 0; at + len <= text.len; at++) {
        size_t i = 0;

        while (i < len && tolower(text.ptr[at + i]) == tolower((unsigned char)wanted[i])) {
            i++;
        }
        if (i == len) {
            return true;
        }
    }
    return false;
}

static enum status find_in(struct session *session, uint64_t index, const char *wanted, struct table *table, struct fault *fault)
{
    struct ledger_details details = {0};
    struct buffer value = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        buffer_reset(&value);
        if (status == STATUS_OK) {
            value_print(&disclosure.value, &value);
        }
        if (status == STATUS_OK && contains(buffer_view(&value), wanted)) {
            const struct detail_name *name = detail_by_number(disclosure.name);

            table_number(table, index);
            output_name_cell(session, table, disclosure.has_subject ? disclosure.subject : NOTHING);
            table_string(table, name == NULL ? "unknown" : name->name);
            table_text(table, buffer_view(&value));
        }
    }
    buffer_free(&value);
    ledger_details_free(&details);
    return status;
}

static enum status run_find(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"record", true}, {"subject", false}, {"name", false}, {"value", false}};
    struct table *table = NULL;
    struct session session;
    enum status status;

    if (args->arguments[0][0] == '\0') {
        return args_usage(args, fault, "find needs a text");
    }
    status = session_open(args, LEDGER_READ, false, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (uint64_t index = 0; status == STATUS_OK && index < ledger_size(session.txn); index++) {
        status = find_in(&session, index, args->arguments[0], table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "found", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu found\n", table_rows(table));
    }
    table_close(table);
    session_close(&session);
    return status;
}

const struct command command_find[] = {
    {.words = "find", .arguments = "TEXT", .summary = "find a text in the details of all records", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken find 'ink number 41'",
     .json = "{\"ledger\", \"training\", \"found\": [{\"record\", \"subject\", \"name\", \"value\"}]}", .run = run_find},
    {.words = NULL},
};
