/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closure: SPEC 8 as a work list: each member's thread is walked once and names further members.
 */
#include "verify/closure.h"

#include <stdlib.h>
#include <string.h>

/* What a member brings in: one that was asked for, if it is a case, its things; a thing of an asked case its children. */
enum { REACHED = 0, ASKED = 1, OF_CASE = 2 };

struct member {
    uint64_t subject;
    bool walked;
    unsigned how; /* mask of the above */
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

/* Adds a member; one that brings in more than when it was walked is walked again. */
static void add(struct walk *walk, uint64_t subject, unsigned how)
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
        walk->members[walk->count] = (struct member){ .subject = subject, .how = how };
        walk->count++;
        walk->table[slot] = walk->count;
        return;
    }
    struct member *member = &walk->members[walk->table[slot] - 1];
    if ((how & ~member->how) != 0) {
        member->how |= how;
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

static void add_role(struct walk *walk, const struct act *act, enum role role, unsigned how)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].role == role) {
            add(walk, act->entries[i].subject, how);
        }
    }
}

/* The things of an asked case, and their children: also those that an act has split off without naming the case. */
static void follow_case(struct walk *walk, struct member member, const struct act *act, enum role role)
{
    bool opens_in_case = act->kind == KIND_REGISTER || act->kind == KIND_MOVE || act->kind == KIND_SAMPLE ||
                         act->kind == KIND_SPLIT;
    bool of_thing = role == ROLE_SUBJECT || role == ROLE_PARENT || role == ROLE_CHILD;
    bool of_case = role == ROLE_CASE || role == ROLE_FORMER_CASE;
    bool parts = role == ROLE_PARENT || (act->kind == KIND_ANIMAL && role == ROLE_SUBJECT);
    if (opens_in_case && of_thing) {
        add_role(walk, act, ROLE_CASE, REACHED);
        add_role(walk, act, ROLE_FORMER_CASE, REACHED);
    }
    if ((opens_in_case || act->kind == KIND_ANIMAL) && (member.how & ASKED) != 0 && of_case) {
        add_role(walk, act, ROLE_SUBJECT, OF_CASE);
        add_role(walk, act, ROLE_CHILD, OF_CASE);
    }
    if (parts && (member.how & OF_CASE) != 0) {
        add_role(walk, act, ROLE_CHILD, OF_CASE);
    }
}

/* What one record in the thread of `member` brings into the closure. */
static void follow(struct walk *walk, struct member member, const struct act *act)
{
    for (size_t i = 0; i < act->signer_count; i++) {
        add(walk, act->signers[i].person, REACHED);
    }
    if (act->kind == KIND_LODGE && (act->present & BIT(PAY_FROM)) != 0 && act->from.has_person) {
        add(walk, act->from.person, REACHED);
    }
    const struct entry *entry = entry_of(act, member.subject);
    if (entry == NULL) {
        return;
    }
    if (act->kind == KIND_PACK && entry->role == ROLE_SUBJECT) {
        add_role(walk, act, ROLE_CONTAINER, REACHED);
    }
    if (entry->role == ROLE_CHILD) {
        add_role(walk, act, act->kind == KIND_ANIMAL ? ROLE_SUBJECT : ROLE_PARENT, REACHED);
    }
    if (act->kind == KIND_SAME_AS) {
        add_role(walk, act, ROLE_SUBJECT, REACHED);
    }
    follow_case(walk, member, act, entry->role);
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
    add(&walk, 0, REACHED);
    for (size_t i = 0; i < asked_count; i++) {
        add(&walk, asked[i], ASKED);
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
