/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles: the ledger as C2SP tlog-tiles (SPEC 15): which resources there are, how they are named, what is in them; and all of them written into a
 * folder. With the entries, which are records, go their sheets; disclosures never. Not here: reading tiles of others (mirror_tree.h), HTTP (tiles_http.h).
 */
#ifndef UNBROKEN_LEDGER_TILES_H
#define UNBROKEN_LEDGER_TILES_H

#include "ledger/ledger.h"

enum {
    TILE_WIDTH = 256,
    TILE_LEVELS = 7, /* 256^7 is more than the 2^53 records that a ledger may have */
    TILE_PATH_BYTES = 64,
    TILE_HASHES_BYTES = TILE_WIDTH * HASH_BYTES,
    TILE_ENTRIES_BYTES_MAX = TILE_WIDTH * (2 + RECORD_BYTES_MAX),
    TILE_SHEETS_MAX = ACT_ENTRIES_MAX + 1,    /* of one record */
    TILE_SHEETS_BYTES_MAX = 128 * 1024 * 1024 /* of one tile (SPEC 15) */
};

enum tile_kind { TILE_HASHES, TILE_ENTRIES, TILE_SHEETS };

/* level is 0 for entries and sheets. width: TILE_WIDTH, or less of a partial one. */
struct tile {
    enum tile_kind kind;
    unsigned level;
    uint64_t index;
    unsigned width;
};

/* "tile/0/x001/234.p/5": without a slash in front. */
void tile_path(const struct tile *tile, char out[TILE_PATH_BYTES]);
/* Exactly what tile_path writes; false: anything else. */
bool tile_parse(struct view path, struct tile *out);
/* Is the whole tile made of the first `size` records? */
bool tile_within(const struct tile *tile, uint64_t size);
/* The tile of that kind and level, in a tree of `size` records, in which item `index` of that level stands; index is in it (asserted). */
struct tile tile_of(enum tile_kind kind, unsigned level, uint64_t index, uint64_t size);

/* Appends the tile's bytes; it must be within the ledger (asserted). Errors: STATUS_REFUSED (sheets of over TILE_SHEETS_BYTES_MAX), STATUS_DAMAGED, STATUS_MEMORY. */
MUST_USE enum status tiles_read(struct ledger_txn *txn, const struct tile *tile, struct buffer *out, struct fault *fault);

struct tiles_report {
    uint64_t size;    /* of the checkpoint that the folder has now */
    uint64_t before;  /* of the one that it had; 0: none */
    uint64_t written; /* tiles */
};

/*
 * The tiles of the latest checkpoint in folder dir, made where it is missing; what is there already stays. The file `checkpoint` is replaced last, when
 * all that it needs is on disk. Errors: STATUS_MISSING (nothing was signed yet), STATUS_REFUSED (dir has something else in it, or tiles of another ledger or
 * history), STATUS_FULL, STATUS_ENVIRONMENT, STATUS_INTERRUPTED, as tiles_read.
 */
MUST_USE enum status tiles_export(struct ledger_txn *txn, const char *dir, const struct progress *progress, struct tiles_report *out,
                                  struct fault *fault);

#endif
