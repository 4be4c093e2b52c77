/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe_orphan: the act that a lodging act keeps, in the same words as any other. Its details stand in the draft that is attached.
 */
#include <stdlib.h>

#include "custody/describe.h"

/* The bytes of the detail `orphan-act`; false where they are not disclosed. */
static bool orphan_bytes(const struct describe_parts *parts, struct view *out)
{
    for (size_t i = 0; i < parts->disclosure_count; i++) {
        struct disclosure disclosure;

        if (disclosure_decode(parts->disclosures[i], &disclosure, NULL) == STATUS_OK && disclosure.name == NAME_ORPHAN &&
            !disclosure.has_subject && disclosure.value.type == VALUE_BYTES) {
            *out = disclosure.value.text;
            return true;
        }
    }
    return false;
}

/* The draft among the files of the lodging act whose act this is. False: there is none. */
static bool attached_draft(struct session *session, const struct describe_parts *parts, const struct act *orphan, struct draft **drafts,
                           size_t *count)
{
    for (size_t i = 0; session->ledger != NULL && i < parts->disclosure_count; i++) {
        struct disclosure disclosure;
        struct hash ledger;
        struct view file;

        if (disclosure_decode(parts->disclosures[i], &disclosure, NULL) != STATUS_OK || disclosure.name != NAME_DOCUMENT ||
            disclosure.value.type != VALUE_FILE ||
            ledger_attachment(session->txn, &disclosure.value.file.hash, &file, NULL) != STATUS_OK ||
            draft_file_decode(ledger_hasher(session->ledger), file, &ledger, drafts, count, NULL) != STATUS_OK) {
            continue;
        }
        if (*count == 1 && view_equal(buffer_view(&(*drafts)[0].payload), orphan->payload)) {
            return true;
        }
        for (size_t k = 0; k < *count; k++) {
            draft_free(&(*drafts)[k]);
        }
        free(*drafts);
        *drafts = NULL;
        *count = 0;
    }
    return false;
}

static json_t *with_details(struct session *session, const struct act *orphan, const struct draft *draft)
{
    struct view *views = calloc(draft->disclosure_count + 1, sizeof *views);
    struct describe_parts parts = {views, draft->disclosure_count, NULL};
    json_t *out;

    for (size_t i = 0; views != NULL && i < draft->disclosure_count; i++) {
        views[i] = buffer_view(&draft->disclosures[i]);
    }
    out = views == NULL ? NULL : describe_act(session, orphan, &parts);
    free(views);
    return out;
}

json_t *describe_orphan(struct session *session, const struct act *act, const struct describe_parts *parts)
{
    struct act *orphan = malloc(sizeof *orphan);
    struct draft *drafts = NULL;
    size_t count = 0;
    struct view bytes;
    json_t *out = NULL;

    /* One within one: a kept lodging act is named, and what it keeps in turn is not unfolded. */
    if (orphan != NULL && act->kind == KIND_LODGE && orphan_bytes(parts, &bytes) && act_decode(bytes, orphan, NULL) == STATUS_OK &&
        orphan->kind != KIND_LODGE) {
        if (attached_draft(session, parts, orphan, &drafts, &count)) {
            out = with_details(session, orphan, &drafts[0]);
            draft_free(&drafts[0]);
            free(drafts);
        } else {
            out = describe_act(session, orphan, &(struct describe_parts){NULL, 0, NULL});
        }
    }
    free(orphan);
    return out;
}

void describe_code(struct session *session, uint64_t index, const struct act *act, struct buffer *out)
{
    struct act *orphan = NULL;

    buffer_reset(out);
    if ((act->present & BIT(PAY_CODE)) != 0) {
        buffer_printf(out, "%s", code_name(act->kind, act->code));
    }
    if ((act->kind != KIND_LODGE && act->kind != KIND_ADOPT) || (act->present & BIT(PAY_ANSWERS)) == 0) {
        return;
    }
    orphan = malloc(sizeof *orphan);
    if (orphan != NULL && (act->kind == KIND_LODGE || ledger_find_orphan(session->txn, &act->answers, &index, NULL) == STATUS_OK) &&
        ledger_orphan(session->txn, index, &act->answers, orphan, NULL) == STATUS_OK && act_rule(orphan->kind) != NULL) {
        buffer_printf(out, "%s", act_rule(orphan->kind)->name);
    }
    free(orphan);
}

void describe_value(const struct disclosure *disclosure, struct buffer *out)
{
    if (disclosure->name == NAME_ORPHAN && disclosure->value.type == VALUE_BYTES) {
        buffer_printf(out, "%zu bytes, kept as they were signed", disclosure->value.text.len);
    } else {
        value_print(&disclosure->value, out);
    }
}
