/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extend: a record's path in a smaller tree becomes its path in a larger one that continues it: what two bundles of different sizes say of one
 * record can then be shown under one checkpoint.
 */
#ifndef UNBROKEN_LEDGER_EXTEND_H
#define UNBROKEN_LEDGER_EXTEND_H

#include "verify/merkle.h"

/*
 * path: of leaf `index` in the first `old` leaves; consistency: from old to size (RFC 6962 2.1.2), both valid. index < old <= size (asserted).
 * False: they are too short or too long for that. Whether the result leads to the root is for merkle_check_inclusion to say.
 */
bool extend_path(struct hasher *hasher, uint64_t index, uint64_t old, const struct merkle_path *path, uint64_t size,
                 const struct merkle_path *consistency, struct merkle_path *out);

#endif
