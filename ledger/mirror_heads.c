/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_heads: a heads record that is not computed over the records before it. Its tree is not in the tiles, only its root: so the trees that it could
 * be are made, each without one of the records, or without one of the records in one thread, until one has that root.
 */
#include "ledger/mirror_inside.h"

#include <stdio.h>

#include "ledger/exhibit.h"
#include "ledger/heads.h"

#define R(x) ((unsigned long long)(x))

/* How many records are tried, from the last one back: each costs some hashes for each of its subjects. */
enum { TRIES_MAX = 262144 };

/* A heads tree with other leaves for some subjects. */
struct false_tree {
    struct merkle_source base;
    const struct link *links[RECORD_LINKS_MAX]; /* what is hidden; ascending by subject */
    struct hash leaves[RECORD_LINKS_MAX];
    size_t count;
};

struct search {
    struct mirror_pull *pull;
    struct ledger_txn *txn;
    struct heads *heads;
    uint64_t at;             /* index of the heads record */
    uint64_t subjects;       /* that it counts */
    struct hash root;        /* that it states */
    struct view bytes;
    struct false_tree tree;
    struct buffer leaf;
    bool found;
    uint64_t hidden;         /* the record */
};

static bool touches(const struct false_tree *tree, unsigned level, uint64_t index)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->links[i]->subject >> level == index) {
            return true;
        }
    }
    return false;
}

/* Recursion is as deep as the tree is high. */
static enum status read_false(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct false_tree *tree = context;
    struct hash right;
    enum status status;

    if (!touches(tree, level, index)) {
        return tree->base.read(tree->base.context, level, index, out, fault);
    }
    if (level == 0) {
        for (size_t i = 0; i < tree->count; i++) {
            if (tree->links[i]->subject == index) {
                *out = tree->leaves[i];
            }
        }
        return STATUS_OK;
    }
    status = read_false(context, level - 1, 2 * index, out, fault);
    if (status == STATUS_OK) {
        status = read_false(context, level - 1, 2 * index + 1, &right, fault);
    }
    if (status == STATUS_OK) {
        hash_node(tree->base.hasher, out, &right, out);
    }
    return status;
}

static struct merkle_source false_source(struct search *search)
{
    return (struct merkle_source){.read = read_false, .context = &search->tree, .hasher = search->tree.base.hasher};
}

/* The leaf that a thread has without its last record. */
static enum status add_leaf(struct search *search, const struct link *link, struct fault *fault)
{
    struct false_tree *tree = &search->tree;
    enum status status;

    buffer_reset(&search->leaf);
    status = heads_leaf(search->txn, link->subject, link->number - 1, link->before, &search->leaf, fault);
    if (status == STATUS_OK) {
        tree->links[tree->count] = link;
        hash_leaf(tree->base.hasher, buffer_view(&search->leaf), &tree->leaves[tree->count]);
        tree->count++;
    }
    return status;
}

static enum status try_tree(struct search *search, struct fault *fault)
{
    struct merkle_source source = false_source(search);
    struct hash root;
    enum status status = search->tree.count == 0 ? STATUS_OK : merkle_root(&source, search->subjects, &root, fault);

    search->found = status == STATUS_OK && search->tree.count > 0 && hash_equal(&root, &search->root);
    return status;
}

/* Hiding is possible where the record is the last of a thread, and not its first. */
static bool could_hide(struct search *search, uint64_t index, const struct link *link)
{
    uint64_t next;

    return link->has_before && link->number > 1 && link->subject < search->subjects &&
           ledger_thread(search->txn, link->subject, link->number + 1, &next, NULL) == STATUS_MISSING && index < search->at;
}

static enum status try_record(struct search *search, uint64_t index, struct fault *fault)
{
    struct record *record = search->pull->record;
    struct false_tree *tree = &search->tree;
    enum status status = record_at(search->txn, index, record, fault);

    tree->count = 0;
    for (size_t i = 0; status == STATUS_OK && record->type == RECORD_ACT && i < record->link_count; i++) {
        if (could_hide(search, index, &record->links[i])) {
            status = add_leaf(search, &record->links[i], fault);
        }
    }
    if (status == STATUS_OK) {
        status = try_tree(search, fault);
    }
    for (size_t i = 0; status == STATUS_OK && record->type == RECORD_ACT && i < record->link_count && !search->found; i++) {
        tree->count = 0;
        if (could_hide(search, index, &record->links[i])) {
            status = add_leaf(search, &record->links[i], fault);
        }
        if (status == STATUS_OK) {
            status = try_tree(search, fault);
        }
    }
    search->hidden = index;
    return status;
}

/* ---- the exhibit ----------------------------------------------------------------------------- */

static enum status write_exhibit(struct search *search, bool has_leaf, uint64_t record, struct fault *fault)
{
    struct mirror_pull *pull = search->pull;
    struct merkle_source nodes = mirror_tree_nodes(pull->tree);
    struct merkle_source heads = false_source(search);
    struct false_heads_exhibit exhibit = {.note = buffer_view(&pull->note), .has_leaf = has_leaf};
    uint64_t size = pull->checkpoint->size;
    struct buffer file = {0};
    char name[MIRROR_PATH_BYTES];
    enum status status = ledger_record(search->txn, record, &exhibit.record.bytes, fault);

    exhibit.heads.bytes = search->bytes;
    if (status == STATUS_OK) {
        status = merkle_prove_inclusion(&nodes, search->at, size, &exhibit.heads.path, fault);
    }
    if (status == STATUS_OK) {
        status = merkle_prove_inclusion(&nodes, record, size, &exhibit.record.path, fault);
    }
    if (status == STATUS_OK && has_leaf) {
        const struct link *link = search->tree.links[0];

        buffer_reset(&search->leaf);
        status = heads_leaf(search->txn, link->subject, link->number - 1, link->before, &search->leaf, fault);
        exhibit.leaf.bytes = buffer_view(&search->leaf);
        if (status == STATUS_OK) {
            status = merkle_prove_inclusion(&heads, link->subject, search->subjects, &exhibit.leaf.path, fault);
        }
    }
    if (status == STATUS_OK) {
        exhibit_encode(&exhibit, &file);
        status = buffer_status(&file, fault);
    }
    (void)snprintf(name, sizeof name, "false-heads-%llu.exhibit", R(search->at));
    if (status == STATUS_OK) {
        status = mirror_exhibit(pull, "false-heads", name, buffer_view(&file), fault);
    }
    buffer_free(&file);
    return status;
}

/* ---- the search ------------------------------------------------------------------------------ */

/* It counts fewer subjects than there are: the record that opened the first of those is proof enough. */
static enum status prove_uncounted(struct search *search, struct fault *fault)
{
    uint64_t opened = 0;
    enum status status = ledger_thread(search->txn, search->subjects, 1, &opened, fault);

    return status == STATUS_OK ? write_exhibit(search, false, opened, fault) : status;
}

static enum status look_for_hidden(struct search *search, struct fault *fault)
{
    enum status status = STATUS_OK;

    search->tree.base = heads_source(search->heads);
    for (uint64_t tries = 0; tries < TRIES_MAX && tries < search->at && !search->found && status == STATUS_OK; tries++) {
        status = try_record(search, search->at - 1 - tries, fault);
    }
    if (status == STATUS_OK && search->found) {
        return write_exhibit(search, true, search->hidden, fault);
    }
    if (status == STATUS_OK) {
        (void)snprintf(search->pull->report->why, sizeof search->pull->report->why,
                       "what heads record %llu hides was not found out: a bundle of anything that it lies about shows it: unbroken compare", R(search->at));
    }
    return status;
}

static enum status all_touched(struct search *search, struct fault *fault)
{
    struct record *record = search->pull->record;
    uint64_t from = search->txn->meta.heads;
    enum status status = heads_open(search->txn, from, search->at, &search->heads, fault);

    for (uint64_t index = from; index < search->at && status == STATUS_OK; index++) {
        status = record_at(search->txn, index, record, fault);
        if (status == STATUS_OK) {
            status = heads_advance(search->heads, record, fault);
        }
    }
    return status;
}

enum status mirror_false_heads(struct mirror_pull *pull, struct fault *fault)
{
    struct search search = {.pull = pull, .at = pull->record->index, .subjects = pull->record->subjects, .root = pull->record->root,
                            .bytes = pull->record->bytes};
    enum status status = ledger_begin(pull->ledger, false, &search.txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (search.at != search.txn->meta.size) {
        status = STATUS_OK; /* its place is wrong: that is no lie of its heads */
    } else if (search.subjects > search.txn->meta.subjects) {
        (void)snprintf(pull->report->why, sizeof pull->report->why, "heads record %llu counts subjects that no record opens: no record contradicts that alone",
                       R(search.at));
    } else if (search.subjects < search.txn->meta.subjects) {
        status = prove_uncounted(&search, fault);
    } else {
        status = all_touched(&search, fault);
        status = status == STATUS_OK ? look_for_hidden(&search, fault) : status;
    }
    heads_close(search.heads);
    buffer_free(&search.leaf);
    ledger_abort(search.txn);
    return status;
}
