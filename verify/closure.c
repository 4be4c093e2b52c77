/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closure: SPEC 8 as a work list: each member's thread is walked once and names further members.
 */
#include "verify/closure.h"

#include <stdlib.h>
#include <string.h>

/* Members so far, ascending, with a mark for each: still to be walked, walked, and whether it counts as asked. */
struct member {
    uint64_t subject;
    bool walked;
    bool asked;
};

struct walk {
    struct member *members; /* in order of arrival */
    size_t count, cap;
    uint64_t *table; /* open addressing: position in members + 1 */
    size_t slots;
    uint64_t limit;
    bool failed;
};

static size_t slot_of(const struct walk *walk, const uint64_t *table, size_t slots, uint64_t subject)
{
    size_t i = (size_t)(subject * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (slots - 1);
    while (table[i] != 0 && walk->members[table[i] - 1].subject != subject) {
        i = (i + 1) & (slots - 1);
    }
    return i;
}

static bool room(struct walk *walk)
{
    if (walk->count == walk->cap) {
        size_t cap = walk->cap == 0 ? 64 : walk->cap * 2;
        struct member *members = realloc(walk->members, cap * sizeof *members);
        if (members == NULL) {
            return false;
        }
        walk->members = members;
        walk->cap = cap;
    }
    if (walk->count * 2 >= walk->slots) {
        size_t slots = walk->slots == 0 ? 128 : walk->slots * 2;
        uint64_t *table = calloc(slots, sizeof *table);
        if (table == NULL) {
            return false;
        }
        for (size_t i = 0; i < walk->count; i++) {
            table[slot_of(walk, table, slots, walk->members[i].subject)] = i + 1;
        }
        free(walk->table);
        walk->table = table;
        walk->slots = slots;
    }
    return true;
}

/* Adds a member; one that is asked after it was walked otherwise is walked again. */
static void add(struct walk *walk, uint64_t subject, bool asked)
{
    if (subject >= walk->limit || walk->failed) {
        return;
    }
    if (!room(walk)) {
        walk->failed = true;
        return;
    }
    size_t slot = slot_of(walk, walk->table, walk->slots, subject);
    if (walk->table[slot] == 0) {
        walk->members[walk->count] = (struct member){ .subject = subject, .asked = asked };
        walk->count++;
        walk->table[slot] = walk->count;
        return;
    }
    struct member *member = &walk->members[walk->table[slot] - 1];
    if (asked && !member->asked) {
        member->asked = true;
        member->walked = false;
    }
}

static const struct entry *entry_of(const struct act *act, uint64_t subject)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return &act->entries[i];
        }
    }
    return NULL;
}

static void add_role(struct walk *walk, const struct act *act, enum role role, bool asked)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].role == role) {
            add(walk, act->entries[i].subject, asked);
        }
    }
}

/* What one record in the thread of `member` brings into the closure. */
static void follow(struct walk *walk, struct member member, const struct act *act)
{
    for (size_t i = 0; i < act->signer_count; i++) {
        add(walk, act->signers[i].person, false);
    }
    if (act->kind == KIND_LODGE && (act->present & BIT(PAY_FROM)) != 0 && act->from.has_person) {
        add(walk, act->from.person, false);
    }
    const struct entry *entry = entry_of(act, member.subject);
    if (entry == NULL) {
        return;
    }
    bool opens_in_case = act->kind == KIND_REGISTER || act->kind == KIND_MOVE || act->kind == KIND_SAMPLE ||
                         act->kind == KIND_SPLIT;
    bool of_thing = entry->role == ROLE_SUBJECT || entry->role == ROLE_PARENT || entry->role == ROLE_CHILD;
    if (act->kind == KIND_PACK && entry->role == ROLE_SUBJECT) {
        add_role(walk, act, ROLE_CONTAINER, false);
    }
    if (entry->role == ROLE_CHILD) {
        add_role(walk, act, ROLE_PARENT, false);
    }
    if (act->kind == KIND_ANIMAL && entry->role == ROLE_CHILD) {
        add_role(walk, act, ROLE_SUBJECT, false);
    }
    if (act->kind == KIND_SAME_AS) {
        add_role(walk, act, ROLE_SUBJECT, false);
    }
    if (opens_in_case && of_thing) {
        add_role(walk, act, ROLE_CASE, false);
        add_role(walk, act, ROLE_FORMER_CASE, false);
    }
    if ((opens_in_case || act->kind == KIND_ANIMAL) && member.asked &&
        (entry->role == ROLE_CASE || entry->role == ROLE_FORMER_CASE)) {
        add_role(walk, act, ROLE_SUBJECT, true);
        add_role(walk, act, ROLE_CHILD, true);
    }
}

static int by_number(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y ? 1 : 0;
}

enum status closure_find(const struct closure_source *source, const uint64_t *asked, size_t asked_count,
                         uint64_t limit, struct record *record, struct act *act, uint64_t **members, size_t *count,
                         struct fault *fault)
{
    struct walk walk = { .limit = limit };
    uint64_t *result = NULL;
    add(&walk, 0, false);
    for (size_t i = 0; i < asked_count; i++) {
        add(&walk, asked[i], true);
    }
    /* Members arrive while we walk. One that is asked later stands earlier in the list: then the pass is repeated. */
    for (bool again = true; again && !walk.failed;) {
        again = false;
        for (size_t i = 0; i < walk.count && !walk.failed; i++) {
            if (walk.members[i].walked) {
                continue;
            }
            again = true;
            walk.members[i].walked = true;
            struct member member = walk.members[i];
            for (uint64_t number = 1; source->record(source->context, member.subject, number, record, act); number++) {
                follow(&walk, member, act);
            }
        }
    }
    if (!walk.failed) {
        result = calloc(walk.count, sizeof *result);
    }
    for (size_t i = 0; result != NULL && i < walk.count; i++) {
        result[i] = walk.members[i].subject;
    }
    *count = walk.count;
    free(walk.members);
    free(walk.table);
    if (result == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    qsort(result, *count, sizeof *result, by_number);
    *members = result;
    return STATUS_OK;
}
