/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carried: see the header.
 */
#include "custody/carried.h"

#include <inttypes.h>

#include "custody/wholefile.h"
#include "ledger/other.h"
#include "verify/bundle.h"
#include "verify/name.h"

/* Names of that ledger, and of things that it has. */
static enum status check_names(const struct other *other, const struct item_list *list, struct fault *fault)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct item *item = &list->items[i];
        uint64_t number = 0;

        if (item->is_carried &&
            (name_parse(view_text(other->code), item->text[ITEM_CARRIED], 0, &number, NULL) != NAME_OK || number >= other->subjects)) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "line %" PRIu64 ": the ledger %s never issued the name in the column carried-over",
                             item->line, other->code);
        }
    }
    return STATUS_OK;
}

enum status carried_check(struct args *args, struct ledger *ledger, const struct item_list *list, struct fault *fault)
{
    const char *path = args_value(args, "--from-ledger");
    struct buffer file = {0};
    struct other other = {0};
    struct fault why = {0};
    size_t first = 0;
    enum status status = STATUS_OK;

    while (first < list->count && !list->items[first].is_carried) {
        first++;
    }
    if (first == list->count) {
        return path == NULL ? STATUS_OK : args_usage(args, fault, "--from-ledger: no line of the list has a name in the column carried-over");
    }
    if (ledger_succeeds(ledger) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this ledger succeeds none: nothing is carried over into it");
    }
    if (path == NULL) {
        return args_usage(args, fault, "the column carried-over needs --from-ledger BUNDLE: one of the old ledger, by which its names are checked");
    }
    status = wholefile_read(path, BUNDLE_BYTES_MAX, &file, fault);
    if (status == STATUS_OK && other_read(ledger, buffer_view(&file), &other, &why) != STATUS_OK) {
        status = fault_set(fault, why.status, FAULT_NOWHERE, "--from-ledger %s: %.400s", path, why.text);
    }
    if (status == STATUS_OK && !other.predecessor) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--from-ledger %s: is not of the ledger that this one succeeds", path);
    }
    if (status == STATUS_OK) {
        status = check_names(&other, list, fault);
    }
    buffer_free(&file);
    return status;
}

/* Does the thing at `i` go into one act with the one before it? */
static bool goes_with(const struct item_list *list, size_t i)
{
    const struct item *before = &list->items[i - 1];
    bool is_carried = i < list->count && list->items[i].is_carried;

    return is_carried == before->is_carried && (!is_carried || list->items[i].old == before->old + 1);
}

size_t carried_run(const struct item_list *list, size_t from, size_t most)
{
    size_t count = 1;

    while (count < most && (from + count > list->count || goes_with(list, from + count))) {
        count++;
    }
    return count;
}

void carried_put(const struct item *first, const struct ledger *ledger, struct act *act)
{
    act->present |= BIT(PAY_FOREIGN);
    act->foreign = *ledger_succeeds(ledger);
    act->foreign.has_subject = true;
    act->foreign.subject = first->old;
}
