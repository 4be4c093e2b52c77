/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acts: the table of acts, as SPEC.md has it.
 */
#include <stdio.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/table.h"
#include "verify/acts.h"

static void add_signers(struct table *table, const struct act_rule *rule)
{
    struct buffer text = {0};

    if (rule->authority) {
        buffer_printf(&text, "threshold of registrars");
    }
    for (size_t i = 0; i < ACT_SLOTS && rule->slots[i].used; i++) {
        bool first = true;

        buffer_printf(&text, "%s", text.len == 0 ? "" : "; ");
        for (unsigned office = 1; office < OFFICE_COUNT; office++) {
            if ((rule->slots[i].offices & BIT(office)) != 0) {
                buffer_printf(&text, "%s%s", first ? "" : " or ", office_name(office));
                first = false;
            }
        }
        buffer_printf(&text, "%s%s%s", first ? "any" : "", rule->slots[i].relation == RELATION_NONE ? "" : ": ",
                      relation_name(rule->slots[i].relation));
    }
    table_text(table, buffer_view(&text));
    buffer_free(&text);
}

static enum status print_table(struct fault *fault)
{
    static const struct table_column columns[] = {{"kind", true}, {"act", false}, {"signers", false}, {"moves custody", false}};
    struct table *table = NULL;
    enum status status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);

    for (unsigned kind = 0; status == STATUS_OK && kind < KIND_COUNT; kind++) {
        const struct act_rule *rule = act_rule(kind);

        table_number(table, kind);
        table_string(table, rule->name);
        add_signers(table, rule);
        table_string(table, rule->moves ? "yes" : "");
    }
    if (status == STATUS_OK) {
        status = table_print(table, stdout, fault);
    }
    table_close(table);
    return status;
}

static enum status run_acts(struct args *args, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    if (!args_flag(args, "--markdown")) {
        return print_table(fault);
    }
    acts_markdown(&text);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        output_bytes(stdout, buffer_view(&text));
    }
    buffer_free(&text);
    return status;
}

static const struct option acts_options[] = {
    {"--markdown", OPTION_FLAG, NULL, "the whole table as it stands in SPEC.md"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_acts[] = {
    {.words = "acts", .arguments = "", .summary = "the table of acts and who signs them", .options = acts_options,
     .example = "unbroken acts", .run = run_acts},
    {.words = NULL},
};
