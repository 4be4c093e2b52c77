/* SPDX-License-Identifier: Apache-2.0 */
/*
 * other: see the header.
 */
#include "ledger/other.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/copy.h"
#include "verify/pdf.h"
#include "verify/shown.h"

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* What the founding and the last record say; all of it was verified. */
static enum status read_facts(const struct copy *copy, struct hasher *hasher, struct other *out, struct fault *fault)
{
    const struct bundle *bundle = &copy->bundle;
    struct record *record = malloc(sizeof *record);
    struct act *act = malloc(sizeof *act);
    enum status status = record == NULL || act == NULL ? no_memory(fault) : record_decode(bundle->records[0].bytes, record, fault);

    if (status == STATUS_OK) {
        status = act_decode(record->act, act, fault);
    }
    if (status == STATUS_OK) {
        hash_prefixed(hasher, HASH_PREFIX_LEDGER, act->payload, &out->ledger);
        memcpy(out->code, act->founding.code.ptr, act->founding.code.len); /* at most 8, as verified */
        status = record_decode(bundle->records[bundle->record_count - 1].bytes, record, fault);
        out->size = copy->notes[0].size;
        out->subjects = record->subjects;
    }
    free(record);
    free(act);
    return status;
}

/* Does it prove the head that the founders named? */
static enum status check_predecessor(const struct foreign *said, struct copy *copy, struct other *out, struct fault *fault)
{
    struct hash root;
    enum status status;

    if (said == NULL || !hash_equal(&out->ledger, &said->ledger)) {
        return STATUS_OK;
    }
    status = copy_root(copy, said->size, &root, fault);
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "it is of the ledger that this one succeeds, but does not prove the head of %llu records that the founders named: one as of that head, or "
                         "made with --since %llu, does",
                         (unsigned long long)said->size, (unsigned long long)said->size);
    }
    if (status == STATUS_OK && !hash_equal(&root, &said->root)) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "it shows another history of the %llu records of the ledger that this one succeeds than the founders named",
                         (unsigned long long)said->size);
    }
    out->predecessor = status == STATUS_OK;
    return status;
}

static bool is_training(struct view origin)
{
    static const char word[] = "/training/";

    return origin.len > sizeof word && memmem(origin.ptr, origin.len, word, sizeof word - 1) != NULL;
}

static enum status look_inside(struct ledger *ours, const struct copy_of *of, struct other *out, struct fault *fault)
{
    struct copy_keys keys = {0};
    struct copy copy;
    enum status status = copy_open_file(of, &keys, out->bundle, &copy, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (copy.kind != COPY_BUNDLE) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is no bundle");
    } else if (copy.bundle.other_count > 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it holds bundles of other ledgers itself, and a verifier reads no third inside a second");
    } else {
        status = read_facts(&copy, of->hasher, out, fault);
    }
    if (status == STATUS_OK) {
        status = check_predecessor(ledger_succeeds(ours), &copy, out, fault);
    }
    copy_close(&copy);
    return status;
}

enum status other_read(struct ledger *ours, struct view file, struct other *out, struct fault *fault)
{
    struct copy_of of = {.hasher = ledger_hasher(ours)};
    struct shown shown = {0};
    struct buffer origin = {0};
    struct view statement;
    enum status status = STATUS_OK;

    *out = (struct other){.bundle = file};
    if (pdf_is(file)) {
        status = pdf_extract(file, &out->bundle, &statement, fault);
    }
    if (status == STATUS_OK) {
        status = shown_read(of.hasher, out->bundle, &shown, fault);
    }
    if (status == STATUS_OK && view_equal(shown.origin, view_text(ledger_origin(ours)))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is of this ledger itself");
    }
    if (status == STATUS_OK && is_training(shown.origin) != ledger_identity(ours)->training) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "of a training ledger and a real one, neither stands in the other's bundles");
    }
    if (status == STATUS_OK) {
        buffer_append_view(&origin, shown.origin);
        buffer_append_byte(&origin, '\0');
        status = buffer_status(&origin, fault);
    }
    if (status == STATUS_OK) {
        of.origin = (const char *)origin.ptr;
        status = look_inside(ours, &of, out, fault);
    }
    shown_close(&shown);
    buffer_free(&origin);
    return status;
}
