/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passage: first every container that may be on the way is found, then all their records are gone through in order, with who is in
 * what. A container's record counts while something that was asked for is in it.
 */
#include "verify/passage.h"

#include <stdlib.h>
#include <string.h>

enum { AROUND_MAX = 64 }; /* more containers around a thing than any rule allows; what was packed deeper ends here */

/* A thing that was asked for, or a container. */
struct node {
    uint64_t subject;
    size_t in;    /* position of the container it is in, or SIZE_MAX */
    size_t asked; /* how many of the things that were asked for are it, or in it */
};

/* A record in the thread of a node. */
struct visit {
    uint64_t index, number;
    size_t node;
    uint64_t subject;
    size_t depth; /* 0: it does not count; else one more than the containers around the node */
};

struct walk {
    const struct rules_source *source;
    struct act *act;
    struct node *nodes;
    size_t node_count, node_cap;
    size_t *table; /* open addressing: position in nodes + 1 */
    size_t slots;
    struct visit *visits;
    size_t visit_count, visit_cap;
    bool failed; /* out of memory */
};

static bool room(struct walk *walk, void **array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap) {
        return true;
    }
    size_t more = *cap == 0 ? 64 : *cap * 2;
    void *grown = realloc(*array, more * size);
    walk->failed = walk->failed || grown == NULL;
    if (grown != NULL) {
        *array = grown;
        *cap = more;
    }
    return grown != NULL;
}

/* --- nodes by subject --- */

static size_t slot_of(const struct walk *walk, const size_t *table, size_t slots, uint64_t subject)
{
    size_t i = (size_t)(subject * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (slots - 1);
    while (table[i] != 0 && walk->nodes[table[i] - 1].subject != subject) {
        i = (i + 1) & (slots - 1);
    }
    return i;
}

/* SIZE_MAX when it is none of them. */
static size_t node_of(const struct walk *walk, uint64_t subject)
{
    return walk->slots == 0 ? SIZE_MAX : walk->table[slot_of(walk, walk->table, walk->slots, subject)] - 1;
}

static bool grow_table(struct walk *walk)
{
    if (walk->node_count * 2 < walk->slots) {
        return true;
    }
    size_t slots = walk->slots == 0 ? 128 : walk->slots * 2;
    size_t *table = calloc(slots, sizeof *table);
    walk->failed = walk->failed || table == NULL;
    if (table == NULL) {
        return false;
    }
    for (size_t i = 0; i < walk->node_count; i++) {
        table[slot_of(walk, table, slots, walk->nodes[i].subject)] = i + 1;
    }
    free(walk->table);
    walk->table = table;
    walk->slots = slots;
    return true;
}

static void add_node(struct walk *walk, uint64_t subject, bool asked)
{
    void *nodes = walk->nodes;
    if (node_of(walk, subject) != SIZE_MAX || !grow_table(walk) ||
        !room(walk, &nodes, walk->node_count, &walk->node_cap, sizeof *walk->nodes)) {
        return;
    }
    walk->nodes = nodes;
    walk->nodes[walk->node_count++] = (struct node){ .subject = subject, .in = SIZE_MAX, .asked = asked ? 1 : 0 };
    walk->table[slot_of(walk, walk->table, walk->slots, subject)] = walk->node_count;
}

/* --- which containers, and which records --- */

static int by_record(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->index != y->index) {
        return x->index < y->index ? -1 : 1;
    }
    if (x->depth != y->depth) {
        return x->depth > y->depth ? -1 : 1;
    }
    return x->subject < y->subject ? -1 : x->subject > y->subject ? 1 : 0;
}

static void add_thread(struct walk *walk, size_t node)
{
    const struct rules_source *source = walk->source;
    uint64_t subject = walk->nodes[node].subject, index;
    for (uint64_t number = 1; !walk->failed && source->thread(source->context, subject, number, &index); number++) {
        void *visits = walk->visits;
        if (!room(walk, &visits, walk->visit_count, &walk->visit_cap, sizeof *walk->visits)) {
            return;
        }
        walk->visits = visits;
        walk->visits[walk->visit_count++] = (struct visit){ .index = index, .number = number, .node = node, .subject = subject };
    }
}

static const struct entry *container_entry(const struct act *act)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].role == ROLE_CONTAINER) {
            return &act->entries[i];
        }
    }
    return NULL;
}

/* The container into which this act packs one of the nodes from `first` on. */
static void add_container(struct walk *walk, size_t first)
{
    const struct entry *container = walk->act->kind == KIND_PACK ? container_entry(walk->act) : NULL;
    bool ours = false;
    for (size_t i = 0; container != NULL && !ours && i < walk->act->entry_count; i++) {
        size_t node = walk->act->entries[i].role == ROLE_SUBJECT ? node_of(walk, walk->act->entries[i].subject) : SIZE_MAX;
        ours = node != SIZE_MAX && node >= first;
    }
    if (ours) {
        add_node(walk, container->subject, false);
    }
}

/* Round after round: the threads of what the round before has found. Each record is read once in a round, and a round goes one container outwards. */
static void discover(struct walk *walk)
{
    for (size_t first = 0; first < walk->node_count && !walk->failed;) {
        size_t end = walk->node_count, begin = walk->visit_count;
        for (size_t node = first; node < end; node++) {
            add_thread(walk, node);
        }
        if (walk->visit_count > begin) {
            qsort(walk->visits + begin, walk->visit_count - begin, sizeof *walk->visits, by_record);
        }
        for (size_t i = begin; i < walk->visit_count && !walk->failed; i++) {
            uint64_t index = walk->visits[i].index;
            if ((i == begin || index != walk->visits[i - 1].index) &&
                walk->source->act_at(walk->source->context, index, walk->act)) {
                add_container(walk, first);
            }
        }
        first = end;
    }
}

/* --- who is in what --- */

/* Tells the containers from `from` outwards that so many of what was asked for came in, or went. */
static void count_inside(struct walk *walk, size_t from, size_t asked, bool came)
{
    for (size_t node = from, i = 0; asked > 0 && node != SIZE_MAX && i < AROUND_MAX; node = walk->nodes[node].in, i++) {
        size_t now = walk->nodes[node].asked;
        walk->nodes[node].asked = came ? now + asked : now - (asked < now ? asked : now);
    }
}

static size_t depth_of(const struct walk *walk, size_t node)
{
    size_t depth = 1;
    if (walk->nodes[node].asked == 0) {
        return 0;
    }
    for (size_t in = walk->nodes[node].in; in != SIZE_MAX && depth < AROUND_MAX; in = walk->nodes[in].in) {
        depth++;
    }
    return depth;
}

static bool is_around(const struct walk *walk, size_t node, size_t inner)
{
    for (size_t i = 0; inner != SIZE_MAX && i < AROUND_MAX; inner = walk->nodes[inner].in, i++) {
        if (inner == node) {
            return true;
        }
    }
    return false;
}

/* As the rules have it (SPEC 7.3.9): nothing is packed into itself, and nothing is taken out of what it is not in. */
static void put(struct walk *walk, size_t node, size_t container, bool packs)
{
    struct node *thing = &walk->nodes[node];
    if (packs ? is_around(walk, node, container) : thing->in != container) {
        return;
    }
    count_inside(walk, thing->in, thing->asked, false);
    thing->in = packs ? container : SIZE_MAX;
    count_inside(walk, thing->in, thing->asked, true);
}

static void apply(struct walk *walk)
{
    const struct act *act = walk->act;
    const struct entry *entry = act->kind == KIND_PACK || act->kind == KIND_UNPACK ? container_entry(act) : NULL;
    size_t container = entry == NULL ? SIZE_MAX : node_of(walk, entry->subject);
    for (size_t i = 0; container != SIZE_MAX && i < act->entry_count; i++) {
        size_t node = act->entries[i].role == ROLE_SUBJECT ? node_of(walk, act->entries[i].subject) : SIZE_MAX;
        if (node != SIZE_MAX) {
            put(walk, node, container, act->kind == KIND_PACK);
        }
    }
}

/* A record counts for a node that holds something asked for, before it or after it. */
static void measure(struct walk *walk, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        size_t depth = depth_of(walk, walk->visits[i].node);
        walk->visits[i].depth = depth > walk->visits[i].depth ? depth : walk->visits[i].depth;
    }
}

static void go_through(struct walk *walk)
{
    for (size_t first = 0, end = 0; first < walk->visit_count; first = end) {
        while (end < walk->visit_count && walk->visits[end].index == walk->visits[first].index) {
            end++;
        }
        measure(walk, first, end);
        if (walk->source->act_at(walk->source->context, walk->visits[first].index, walk->act)) {
            apply(walk);
            measure(walk, first, end);
        }
    }
}

static bool keep(const struct walk *walk, struct passage *out)
{
    out->rows = calloc(walk->visit_count + 1, sizeof *out->rows);
    for (size_t i = 0; out->rows != NULL && i < walk->visit_count; i++) {
        const struct visit *visit = &walk->visits[i];
        if (visit->depth > 0) {
            out->rows[out->count++] = (struct passage_row){ visit->index, visit->subject, visit->number };
        }
    }
    return out->rows != NULL;
}

enum status passage_find(const struct rules_source *source, const uint64_t *subjects, size_t count, struct act *scratch,
                         struct passage *out, struct fault *fault)
{
    struct walk walk = { .source = source, .act = scratch };
    bool kept = false;
    *out = (struct passage){ NULL, 0 };
    for (size_t i = 0; i < count; i++) {
        add_node(&walk, subjects[i], true);
    }
    discover(&walk);
    if (!walk.failed && walk.visit_count > 0) {
        qsort(walk.visits, walk.visit_count, sizeof *walk.visits, by_record);
        go_through(&walk);
        qsort(walk.visits, walk.visit_count, sizeof *walk.visits, by_record);
    }
    if (!walk.failed) {
        kept = keep(&walk, out);
    }
    free(walk.nodes);
    free(walk.table);
    free(walk.visits);
    return kept ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

void passage_close(struct passage *passage)
{
    free(passage->rows);
    *passage = (struct passage){ NULL, 0 };
}
