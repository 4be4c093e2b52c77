/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_tree: see the header.
 */
#include "ledger/mirror_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL_BITS = 8 };

/* One tile; its hashes are proven. */
struct kept {
    bool known;
    uint64_t index;
    unsigned width;
    struct hash hashes[TILE_WIDTH];
};

struct mirror_tree {
    struct mirror_source *source;
    struct hasher *hasher;
    uint64_t size;
    struct kept edges[TILE_LEVELS]; /* the partial tiles */
    struct kept full[TILE_LEVELS];  /* of each level, the full one that was asked for last */
    struct buffer bytes;
};

void mirror_tree_close(struct mirror_tree *tree)
{
    if (tree != NULL) {
        buffer_free(&tree->bytes);
        free(tree);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

enum status mirror_tree_read(struct mirror_source *source, const struct tile *tile, size_t max, struct buffer *out, bool *whole, struct fault *fault)
{
    char path[TILE_PATH_BYTES];
    struct tile full = *tile;
    struct mirror_wanted wanted = {.path = path, .max = max, .body = *out};
    enum status status;

    *whole = tile->width == TILE_WIDTH;
    tile_path(tile, path);
    status = mirror_source_read(source, &wanted, 1, fault);
    if (status == STATUS_OK && wanted.missing && !*whole) {
        full.width = TILE_WIDTH;
        tile_path(&full, path);
        status = mirror_source_read(source, &wanted, 1, fault);
        *whole = true;
    }
    *out = wanted.body;
    if (status == STATUS_OK && wanted.missing) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "the source has no %s, which its checkpoint needs", path);
    }
    return status;
}

static enum status read_hashes(struct mirror_tree *tree, const struct tile *tile, struct kept *out, struct fault *fault)
{
    char path[TILE_PATH_BYTES];
    bool whole;
    enum status status = mirror_tree_read(tree->source, tile, TILE_HASHES_BYTES, &tree->bytes, &whole, fault);

    out->known = false;
    if (status == STATUS_OK && tree->bytes.len != (whole ? TILE_WIDTH : tile->width) * (size_t)HASH_BYTES) {
        tile_path(tile, path);
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "%s has %zu bytes, which is no tile of its width", path, tree->bytes.len);
    }
    if (status != STATUS_OK) {
        return status;
    }
    out->index = tile->index;
    out->width = tile->width;
    memcpy(out->hashes, tree->bytes.ptr, tile->width * sizeof out->hashes[0]);
    return STATUS_OK;
}

/* ---- hashing --------------------------------------------------------------------------------- */

/* The hash over count = 2^k hashes. */
static void fold(struct hasher *hasher, const struct hash *hashes, size_t count, struct hash *out)
{
    struct hash row[TILE_WIDTH];

    assert(count > 0 && count <= TILE_WIDTH && (count & (count - 1)) == 0);
    memcpy(row, hashes, count * sizeof *row);
    for (; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            hash_node(hasher, &row[2 * i], &row[2 * i + 1], &row[i]);
        }
    }
    *out = row[0];
}

/* The right edge is the peaks of the tree: a partial tile of width w holds one for each bit of w. */
static void edge_root(struct mirror_tree *tree, struct hash *out)
{
    struct merkle_frontier frontier = {.size = tree->size};

    for (unsigned level = TILE_LEVELS; level-- > 0;) {
        const struct kept *edge = &tree->edges[level];
        size_t from = 0;

        for (unsigned bit = LEVEL_BITS; edge->known && bit-- > 0;) {
            size_t count = (size_t)1 << bit;

            if ((edge->width & count) != 0) {
                fold(tree->hasher, edge->hashes + from, count, &frontier.peaks[frontier.count++]);
                from += count;
            }
        }
    }
    merkle_frontier_root(tree->hasher, &frontier, out);
}

static enum status read_edge(struct mirror_tree *tree, const struct hash *root, struct fault *fault)
{
    struct hash made;
    enum status status = STATUS_OK;

    for (unsigned level = 0; level < TILE_LEVELS && status == STATUS_OK; level++) {
        uint64_t items = tree->size >> (LEVEL_BITS * level);

        if (items % TILE_WIDTH != 0) {
            struct tile tile = tile_of(TILE_HASHES, level, items - 1, tree->size);

            status = read_hashes(tree, &tile, &tree->edges[level], fault);
            tree->edges[level].known = status == STATUS_OK;
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    edge_root(tree, &made);
    return hash_equal(&made, root) ? STATUS_OK
                                   : fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                                               "the source's tiles are not those of its checkpoint of %llu records: they make another root",
                                               (unsigned long long)tree->size);
}

enum status mirror_tree_open(struct mirror_source *source, struct hasher *hasher, const struct checkpoint *checkpoint, struct mirror_tree **out,
                             struct fault *fault)
{
    struct mirror_tree *tree = calloc(1, sizeof *tree);
    enum status status;

    assert(checkpoint->size > 0 && checkpoint->size <= NUM_MAX);
    if (tree == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    tree->source = source;
    tree->hasher = hasher;
    tree->size = checkpoint->size;
    status = read_edge(tree, &checkpoint->root, fault);
    if (status != STATUS_OK) {
        mirror_tree_close(tree);
        return status;
    }
    *out = tree;
    return STATUS_OK;
}

/* ---- any tile -------------------------------------------------------------------------------- */

/* The tile of that level in which item stands, proven or to be proven. */
static struct kept *place_of(struct mirror_tree *tree, unsigned level, uint64_t item)
{
    struct kept *edge = &tree->edges[level];

    return edge->known && edge->index == item / TILE_WIDTH ? edge : &tree->full[level];
}

/*
 * From the tile asked for upwards to one that is proven, then down again: each tile must make the hash that the one above it has.
 */
static enum status prove(struct mirror_tree *tree, unsigned level, uint64_t item, const struct kept **out, struct fault *fault)
{
    unsigned top = level;
    struct kept *kept = place_of(tree, level, item);
    enum status status = STATUS_OK;

    *out = kept;
    while (!kept->known || kept->index != (item >> (LEVEL_BITS * (top - level))) / TILE_WIDTH) {
        top++;
        assert(top < TILE_LEVELS);
        kept = place_of(tree, top, item >> (LEVEL_BITS * (top - level)));
    }
    while (top > level && status == STATUS_OK) {
        uint64_t below = item >> (LEVEL_BITS * (top - 1 - level));
        struct tile tile = tile_of(TILE_HASHES, top - 1, below, tree->size);
        struct kept *next = place_of(tree, top - 1, below);
        char path[TILE_PATH_BYTES];
        struct hash made;

        status = read_hashes(tree, &tile, next, fault);
        if (status == STATUS_OK) {
            fold(tree->hasher, next->hashes, TILE_WIDTH, &made);
            next->known = hash_equal(&made, &kept->hashes[tile.index % TILE_WIDTH]);
        }
        if (status == STATUS_OK && !next->known) {
            tile_path(&tile, path);
            status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "%s is not the tile of the source's checkpoint: the hash above it is another", path);
        }
        kept = next;
        top--;
    }
    return status;
}

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct mirror_tree *tree = context;
    unsigned row = level / LEVEL_BITS;
    unsigned within = level % LEVEL_BITS;
    uint64_t first = index << within; /* the items of that row that are below it */
    const struct kept *kept;
    enum status status = prove(tree, row, first, &kept, fault);

    if (status == STATUS_OK) {
        fold(tree->hasher, kept->hashes + first % TILE_WIDTH, (size_t)1 << within, out);
    }
    return status;
}

struct merkle_source mirror_tree_nodes(struct mirror_tree *tree)
{
    return (struct merkle_source){.read = read_node, .context = tree, .hasher = tree->hasher};
}

enum status mirror_tree_leaves(struct mirror_tree *tree, uint64_t index, struct tile *tile, const struct hash **out, struct fault *fault)
{
    const struct kept *kept;
    enum status status;

    *tile = tile_of(TILE_ENTRIES, 0, index, tree->size);
    status = prove(tree, 0, index, &kept, fault);
    if (status == STATUS_OK) {
        *out = kept->hashes;
    }
    return status;
}
