/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit: see edit.h.
 */
#include "tests/attack/edit.h"

#include <stdlib.h>
#include <string.h>

static struct entry *entry_of(struct act *act, uint64_t subject)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return &act->entries[i];
        }
    }
    forge_die("the act has no entry of subject %llu", (unsigned long long)subject);
}

static struct facts *facts_with(struct act *act, const struct request *request, unsigned fact)
{
    struct facts *facts = &entry_of(act, request_number(request->item, "--item"))->facts;
    if ((facts->present & BIT(fact)) == 0) {
        forge_die("the entry does not state fact %u", fact);
    }
    return facts;
}

static void flip_signed_bit(const struct request *request, struct act *act)
{
    (void)request;
    act->nonce[7] ^= 1;
}

static void flip_signature_bit(const struct request *request, struct act *act)
{
    (void)request;
    act->signatures[0].value[40] ^= 1;
}

static void alter_pieces(const struct request *request, struct act *act)
{
    facts_with(act, request, FACT_PIECES)->pieces += 1;
}

static void alter_weight(const struct request *request, struct act *act)
{
    facts_with(act, request, FACT_NET)->net_mg /= 2;
}

static void alter_claimed(const struct request *request, struct act *act)
{
    (void)request;
    act->claimed_s -= 3600;
}

/* Another office than the one that the signer gave. */
static void alter_capacity(const struct request *request, struct act *act)
{
    act->signers[0].capacity = request_number(request->capacity, "--capacity");
}

/* A key that the attacker has, in the place of the one that a person was given. */
static void swap_key(const struct request *request, struct act *act)
{
    struct secret *secret = request->key == NULL ? request_new_key() : request_key(request);
    facts_with(act, request, FACT_KEY)->key = *secret_public(secret);
    secret_close(secret);
}

/* The entry no longer says that it has details. */
static void unhook_sheet(const struct request *request, struct act *act)
{
    struct entry *entry = entry_of(act, request_number(request->item, "--item"));
    if (!entry->has_sheet) {
        forge_die("the entry has no sheet");
    }
    entry->has_sheet = false;
}

bool edit_act(const char *name, const struct request *request, struct act *act)
{
    static const struct {
        const char *name;
        void (*apply)(const struct request *request, struct act *act);
    } edits[] = {
        { "bit", flip_signed_bit },   { "signature-bit", flip_signature_bit }, { "pieces", alter_pieces },
        { "weight", alter_weight },   { "claimed", alter_claimed },            { "capacity", alter_capacity },
        { "swapped-key", swap_key },  { "unhooked", unhook_sheet },
    };
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        if (strcmp(name, edits[i].name) == 0) {
            edits[i].apply(request, act);
            return true;
        }
    }
    return false;
}

void edit_encode(const struct act *act, struct buffer *out)
{
    struct buffer payload = { 0 };
    payload_encode(act, &payload);
    buffer_reset(out);
    act_encode(buffer_view(&payload), act->signatures, act->signature_count, out);
    buffer_free(&payload);
}

bool edit_disclosure(struct view bytes, uint64_t subject, struct buffer *out)
{
    struct disclosure disclosure;
    struct fault fault = { 0 };
    forge_must(disclosure_decode(bytes, &disclosure, &fault), &fault);
    if (!disclosure.has_subject || disclosure.subject != subject || disclosure.name != NAME_LISTED_WEIGHT) {
        return false;
    }
    disclosure.value = (struct value){ .type = VALUE_TEXT, .text = view_text("1 g") };
    disclosure_encode(&disclosure, out);
    return true;
}

bool edit_sheet(struct view bytes, const struct hash *before, const struct hash *after, struct buffer *out)
{
    struct sheet_line *lines = forge_make(SHEET_LINES_MAX, sizeof *lines);
    struct sheet_cursor cursor;
    struct fault fault = { 0 };
    size_t count = 0;
    bool touched = false;
    forge_must(sheet_open(bytes, &cursor, &fault), &fault);
    while (sheet_next(&cursor, &lines[count])) {
        bool here = hash_equal(&lines[count].digest, before);
        touched = touched || here;
        if (here && after != NULL) {
            lines[count].digest = *after;
        }
        count += here && after == NULL ? 0 : 1;
    }
    if (touched) {
        sheet_encode(lines, count, out);
    }
    free(lines);
    return touched;
}
