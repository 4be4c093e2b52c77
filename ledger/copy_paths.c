/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_paths: who has rewritten the past and signed it anew makes bundles that do not verify: the signers of later acts had seen another history. The
 * paths in such a bundle lead to its signed head all the same, and so convict.
 */
#include "ledger/copy.h"

#include <stdlib.h>

#include "verify/pdf.h"

/* Of a size that is a power of two the path says no root. */
static bool root_of_path(struct hasher *hasher, const struct copy *copy, const struct bundle_seen *seen, struct hash *out)
{
    struct merkle_path path;
    struct hash newer;

    return seen->size > 0 && seen->size < copy->notes[0].size && (seen->size & (seen->size - 1)) != 0 &&
           bundle_path_nodes(&copy->bundle, seen->path, &path) && path.count > 0 &&
           merkle_roots_from_path(hasher, seen->size, copy->notes[0].size, path.nodes, path.nodes + 1, path.count - 1, out, &newer) &&
           hash_equal(&newer, &copy->notes[0].root);
}

/* What proves nothing is left out of bundle.seen. */
static enum status read_paths(struct hasher *hasher, struct copy *copy, struct fault *fault)
{
    struct bundle *bundle = &copy->bundle;
    size_t kept = 0;

    copy->seen_roots = calloc(bundle->seen_count + 1, sizeof *copy->seen_roots);
    if (copy->seen_roots == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < bundle->seen_count; i++) {
        if (root_of_path(hasher, copy, &bundle->seen[i], &copy->seen_roots[kept])) {
            bundle->seen[kept++] = bundle->seen[i];
        }
    }
    bundle->seen_count = kept;
    bundle->anchor_count = 0;
    return STATUS_OK;
}

enum status copy_open_paths(const struct copy_of *of, const struct copy_keys *keys, struct view file, struct copy *out, struct fault *fault)
{
    struct view bundle = file;
    struct view statement;
    struct fault inner = {0};
    enum bundle_answer answer = BUNDLE_UNREADABLE;
    enum status status = STATUS_OK;

    *out = (struct copy){.kind = COPY_PATHS};
    if (!pdf_is(file) || pdf_extract(file, &bundle, &statement, &inner) == STATUS_OK) {
        answer = bundle_decode(of->hasher, bundle, &out->bundle, &inner);
    }
    if (answer == BUNDLE_MEMORY) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (answer != BUNDLE_OK) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "it is not a bundle that this program can read");
    }
    status = copy_take_note(of, keys, out->bundle.view.note, out, fault);
    if (status == STATUS_OK) {
        status = read_paths(of->hasher, out, fault);
    }
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}
