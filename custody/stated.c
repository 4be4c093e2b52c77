/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stated: see the header.
 */
#include "custody/stated.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "custody/media.h"
#include "custody/wholefile.h"
#include "verify/text.h"

static bool must_state(const struct act_rule *rule, uint64_t name)
{
    for (size_t i = 0; i < ACT_DETAILS; i++) {
        if (rule->must_details[i] == name) {
            return true;
        }
    }
    return false;
}

/* The detail that this option states in that kind of act, or NULL. */
static const struct detail_name *detail_of(const struct option *option, enum kind kind)
{
    const struct detail_name *name = option->kind == OPTION_FLAG ? NULL : detail_by_name(view_text(option->name + 2));

    if (name != NULL && (name->number == NAME_REASON || name->number == NAME_MANNER) && !must_state(act_rule(kind), name->number)) {
        return NULL; /* a code */
    }
    return name;
}

static bool is_given(const struct args *args, const struct option *option)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option) {
            return true;
        }
    }
    return false;
}

/* Once: a command may look at its words more than once. */
static enum status read_file(struct given *given, struct fault *fault)
{
    if (given->file.len > 0) {
        return STATUS_OK;
    }
    if (access(given->value, R_OK) != 0) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s %s cannot be read", given->option->name, given->value);
    }
    return wholefile_read_filled(given->value, STATED_FILE_BYTES_MAX, &given->file, fault);
}

enum status stated_check(struct args *args, enum kind kind, struct fault *fault)
{
    for (const struct option *option = args->command->options; option != NULL && option->name != NULL; option++) {
        const struct detail_name *name = detail_of(option, kind);

        if (name != NULL && must_state(act_rule(kind), name->number) && !is_given(args, option)) {
            return args_usage(args, fault, "%s needs %s %s: %s", args->command->words, option->name, option->value, option->help);
        }
    }
    for (size_t i = 0; i < args->given_count; i++) {
        const struct detail_name *name = detail_of(args->given[i].option, kind);

        if (name != NULL && args->given[i].value[0] == '\0') {
            return args_usage(args, fault, "%s is empty: %s", args->given[i].option->name, args->given[i].option->help);
        }
        if (name != NULL && name->type == DETAIL_FILE) {
            enum status status = read_file(&args->given[i], fault);

            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

static enum status put_number(struct args *args, struct composer *composer, const struct detail_name *name, const char *text,
                              struct fault *fault)
{
    struct value value = {.type = VALUE_INT};
    uint64_t number = 0;

    if (!text_decimal(view_text(text), &number)) {
        return args_usage(args, fault, "--%s %.40s: a whole number", name->name, text);
    }
    value.number = (int64_t)number;
    composer_detail(composer, NOTHING, name->number, &value);
    return STATUS_OK;
}

enum status stated_put(struct args *args, struct composer *composer, struct fault *fault)
{
    enum kind kind = composer_act(composer)->kind;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < args->given_count && status == STATUS_OK; i++) {
        const struct detail_name *name = detail_of(args->given[i].option, kind);
        const char *text = args->given[i].value;

        if (name == NULL) {
            continue;
        }
        switch (name->type) {
        case DETAIL_FILE:
            assert(args->given[i].file.len > 0); /* stated_check */
            composer_file(composer, NOTHING, name->number, buffer_view(&args->given[i].file), media_type_of(text));
            break;
        case DETAIL_INT: status = put_number(args, composer, name, text, fault); break;
        case DETAIL_TEXT: composer_text(composer, NOTHING, name->number, text); break;
        case DETAIL_BYTES: break; /* no option gives bytes */
        }
    }
    return status;
}
