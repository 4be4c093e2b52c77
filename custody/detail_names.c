/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail_names: see the header.
 */
#include "custody/detail_names.h"

#include <inttypes.h>
#include <string.h>

#include "verify/acts.h"

static enum status add(struct args *args, const char *option, const char *text, size_t len, struct detail_names *out, struct fault *fault)
{
    const struct detail_name *name = detail_by_name(view_of(text, len));
    size_t at = 0;

    if (name == NULL) {
        return args_usage(args, fault, "%s: there is no detail \"%.*s\": the names are those that unbroken show prints, like witness", option,
                          (int)(len > 40 ? 40 : len), text);
    }
    if (out->count == FACT_NAMES_MAX) {
        return args_usage(args, fault, "%s: at most %d names in one act", option, FACT_NAMES_MAX);
    }
    while (at < out->count && out->numbers[at] < name->number) {
        at++;
    }
    if (at < out->count && out->numbers[at] == name->number) {
        return args_usage(args, fault, "%s: \"%s\" stands twice", option, name->name);
    }
    memmove(&out->numbers[at + 1], &out->numbers[at], (out->count - at) * sizeof out->numbers[0]);
    out->numbers[at] = name->number;
    out->count++;
    return STATUS_OK;
}

enum status detail_names_read(struct args *args, const char *option, struct detail_names *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    out->count = 0;
    for (size_t i = 0; i < args_count(args, option) && status == STATUS_OK; i++) {
        const char *text = args_nth(args, option, i);

        while (status == STATUS_OK && text != NULL) {
            const char *comma = strchr(text, ',');

            status = add(args, option, text, comma == NULL ? strlen(text) : (size_t)(comma - text), out, fault);
            text = comma == NULL ? NULL : comma + 1;
        }
    }
    return status;
}

bool detail_names_have(const struct detail_names *names, uint64_t number)
{
    for (size_t i = 0; i < names->count; i++) {
        if (names->numbers[i] == number) {
            return true;
        }
    }
    return false;
}

void detail_names_print(const uint64_t *numbers, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct detail_name *known = detail_by_number(numbers[i]);

        if (known == NULL) {
            buffer_printf(out, "%s%" PRIu64, i == 0 ? "" : ", ", numbers[i]);
        } else {
            buffer_printf(out, "%s%s", i == 0 ? "" : ", ", known->name);
        }
    }
}
