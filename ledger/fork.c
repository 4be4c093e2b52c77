/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fork: see the header.
 */
#include "ledger/fork.h"

#include <string.h>

#include "verify/writer.h"

enum { FORK_FIELDS = 4 };

bool fork_proven(struct hasher *hasher, const struct checkpoint *a, const struct checkpoint *b, const struct merkle_path *nodes)
{
    struct hash older;
    struct hash newer;

    if (!view_equal(a->origin, b->origin) || a->size < 1 || a->size > b->size) {
        return false;
    }
    if (a->size == b->size) {
        return nodes->count == 0 && !hash_equal(&a->root, &b->root);
    }
    return nodes->count > 0 &&
           merkle_roots_from_path(hasher, a->size, b->size, nodes->nodes, nodes->nodes + 1, nodes->count - 1, &older, &newer) &&
           hash_equal(&newer, &b->root) && !hash_equal(&older, &a->root);
}

bool fork_nodes(uint64_t old, uint64_t size, const struct merkle_path *path, const struct hash *own_root, struct merkle_path *out)
{
    bool starts = old < size && (old & (old - 1)) == 0;
    size_t first = starts ? 1 : 0;

    if (path->count + first > MERKLE_PATH_MAX) {
        return false;
    }
    if (starts) {
        out->nodes[0] = *own_root;
    }
    if (path->count > 0) {
        memcpy(out->nodes + first, path->nodes, path->count * sizeof path->nodes[0]);
    }
    out->count = path->count + first;
    return true;
}

void fork_encode(struct view a, struct view b, const struct merkle_path *nodes, struct buffer *out)
{
    writer_array(out, FORK_FIELDS);
    writer_text(out, view_text("unbroken fork/1"));
    writer_bytes(out, a);
    writer_bytes(out, b);
    writer_array(out, nodes->count);
    for (size_t i = 0; i < nodes->count; i++) {
        writer_bytes(out, hash_view(&nodes->nodes[i]));
    }
}
