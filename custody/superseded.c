/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/superseded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/describe.h"
#include "verify/text.h"

/* Of the latest print: the last record in the thing's thread that is a label; "" where it cannot be read, as the print's number stands without it. */
static void put_date(struct session *session, const struct subject *subject, struct buffer *out)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct fault ignored = {0};
    uint64_t index = 0;

    for (uint64_t n = subject->count; scratch != NULL && n > 1 && out->len == 0; n--) {
        fault_clear(&ignored);
        if (ledger_thread(session->txn, subject->number, n, &index, &ignored) == STATUS_OK &&
            describe_read(session, index, scratch, &ignored) == STATUS_OK && scratch->act.kind == KIND_LABEL) {
            text_time_local(out, scratch->act.claimed_s, scratch->act.offset_min);
        }
    }
    free(scratch);
}

enum status superseded_check(struct session *session, const struct subject *subject, uint64_t print, struct fault *fault)
{
    uint64_t latest = subject->thing == NULL ? 0 : subject->thing->prints;
    struct buffer date = {0};
    char name[NAME_BYTES];
    enum status status;

    if (print == 0 || latest == 0 || print == latest) {
        return STATUS_OK;
    }
    session_name(session, subject->number, name);
    if (print > latest) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: this label is print %" PRIu64 ", but print %" PRIu64 " is the latest on record", name,
                         print, latest);
    }
    put_date(session, subject, &date);
    status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                       "%s: this label is print %" PRIu64 "; print %" PRIu64 " was made%s%.*s: this one should not be on the thing any more", name, print, latest,
                       date.len > 0 ? " on " : "", (int)date.len, date.len > 0 ? (const char *)date.ptr : "");
    buffer_free(&date);
    return status;
}

void superseded_warn(struct session *session, struct view typed)
{
    const struct subject *subject = NULL;
    struct fault fault = {0};
    uint64_t number = 0, print = 0;

    if (subject_parse(session->identity, ledger_subjects(session->txn), typed, &number, &print, &fault) != STATUS_OK || print == 0) {
        return;
    }
    subject = ledger_subject(session->txn, number, &fault);
    if (subject != NULL && superseded_check(session, subject, print, &fault) == STATUS_REFUSED) {
        (void)fprintf(stderr, "unbroken: warning: %s\n", fault.text);
    }
}
