/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erased: see the header.
 */
#include "custody/erased.h"

#include <inttypes.h>
#include <stdlib.h>

#include "custody/output.h"

static json_t *json_of(const struct ledger_erased *erased)
{
    const struct detail_name *known = detail_by_number(erased->name);

    return json_pack("{s:o,s:n,s:I}", "name", known == NULL ? json_sprintf("%" PRIu64, erased->name) : json_string(known->name), "value",
                     "erased-by", (json_int_t)erased->under);
}

enum status erased_list(struct session *session, uint64_t subject, uint64_t index, json_t *list, struct fault *fault)
{
    struct ledger_erased *erased = NULL;
    size_t count = 0;
    enum status status = ledger_erased(session->txn, index, &erased, &count, fault);

    for (size_t i = 0; i < count; i++) {
        if (erased[i].subject == NOTHING || erased[i].subject == subject) {
            json_t *one = json_of(&erased[i]);

            (void)json_object_set_new(one, "record", json_integer((json_int_t)index));
            (void)json_array_append_new(list, one);
        }
    }
    free(erased);
    return status;
}

enum status erased_list_all(struct session *session, uint64_t index, json_t *list, struct fault *fault)
{
    struct ledger_erased *erased = NULL;
    size_t count = 0;
    enum status status = ledger_erased(session->txn, index, &erased, &count, fault);

    for (size_t i = 0; i < count; i++) {
        json_t *one = json_of(&erased[i]);

        (void)json_object_set_new(one, "subject", erased[i].subject == NOTHING ? json_null() : output_name(session, erased[i].subject));
        (void)json_array_append_new(list, one);
    }
    free(erased);
    return status;
}

bool erased_print(const json_t *one, FILE *out)
{
    const json_t *under = json_object_get(one, "erased-by");

    if (under == NULL) {
        return false;
    }
    (void)fprintf(out, "(erased by record %" JSON_INTEGER_FORMAT ")", json_integer_value(under));
    return true;
}

void erased_mention(struct session *session, uint64_t index, uint64_t subject, uint64_t name, struct buffer *out)
{
    struct ledger_erased *erased = NULL;
    struct fault ignored;
    size_t count = 0;

    fault_clear(&ignored);
    if (ledger_erased(session->txn, index, &erased, &count, &ignored) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (erased[i].subject == subject && erased[i].name == name) {
            buffer_printf(out, "(erased)");
            break;
        }
    }
    free(erased);
}
