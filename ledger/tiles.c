/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles: names and contents.
 */
#include "ledger/tiles.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledger/inside.h"
#include "ledger/tree.h"

enum { LEVEL_BITS = 8, GROUP = 1000, GROUPS_MAX = 6 };

/* ---- names ----------------------------------------------------------------------------------- */

void tile_path(const struct tile *tile, char out[TILE_PATH_BYTES])
{
    unsigned groups[GROUPS_MAX];
    size_t count = 0;
    uint64_t left = tile->index;
    int len;

    if (tile->kind == TILE_HASHES) {
        len = snprintf(out, TILE_PATH_BYTES, "tile/%u", tile->level);
    } else {
        len = snprintf(out, TILE_PATH_BYTES, "tile/%s", tile->kind == TILE_ENTRIES ? "entries" : "sheets");
    }
    do {
        assert(count < GROUPS_MAX);
        groups[count++] = (unsigned)(left % GROUP);
        left /= GROUP;
    } while (left > 0);
    while (count > 0) {
        count--;
        len += snprintf(out + len, (size_t)(TILE_PATH_BYTES - len), "/%s%03u", count > 0 ? "x" : "", groups[count]);
    }
    if (tile->width < TILE_WIDTH) {
        (void)snprintf(out + len, (size_t)(TILE_PATH_BYTES - len), ".p/%u", tile->width);
    }
}

/* Takes text from the front. */
static bool take_text(struct view *path, const char *text)
{
    size_t len = strlen(text);

    if (path->len < len || memcmp(path->ptr, text, len) != 0) {
        return false;
    }
    *path = view_part(*path, len, path->len - len);
    return true;
}

/* One to three digits, as many as there are. */
static bool take_number(struct view *path, uint64_t *out)
{
    size_t count = 0;

    *out = 0;
    while (count < 3 && count < path->len && path->ptr[count] >= '0' && path->ptr[count] <= '9') {
        *out = *out * 10 + (uint64_t)(path->ptr[count] - '0');
        count++;
    }
    *path = view_part(*path, count, path->len - count);
    return count > 0;
}

static bool take_index(struct view *path, uint64_t *out)
{
    bool last = false;

    *out = 0;
    for (size_t groups = 0; groups < GROUPS_MAX && !last; groups++) {
        size_t before;
        uint64_t number;

        last = !take_text(path, "x");
        before = path->len;
        if (!take_number(path, &number) || before - path->len != 3) {
            return false;
        }
        *out = *out * GROUP + number;
        if (!last && !take_text(path, "/")) {
            return false;
        }
    }
    return last;
}

/* Leading zeros and the like are not looked for: what is not written as tile_path writes it is refused as a whole. */
bool tile_parse(struct view path, struct tile *out)
{
    struct view rest = path;
    char again[TILE_PATH_BYTES];
    uint64_t level = 0;
    uint64_t width = TILE_WIDTH;

    out->kind = TILE_HASHES;
    if (take_text(&rest, "tile/entries/")) {
        out->kind = TILE_ENTRIES;
    } else if (take_text(&rest, "tile/sheets/")) {
        out->kind = TILE_SHEETS;
    } else if (!take_text(&rest, "tile/") || !take_number(&rest, &level) || !take_text(&rest, "/") || level >= TILE_LEVELS) {
        return false;
    }
    if (!take_index(&rest, &out->index)) {
        return false;
    }
    if (take_text(&rest, ".p/") && (!take_number(&rest, &width) || width == 0 || width >= TILE_WIDTH)) {
        return false;
    }
    out->level = (unsigned)level;
    out->width = (unsigned)width;
    if (rest.len != 0 || out->index > NUM_MAX) {
        return false;
    }
    tile_path(out, again);
    return view_equal(path, view_text(again));
}

bool tile_within(const struct tile *tile, uint64_t size)
{
    uint64_t items = size >> (LEVEL_BITS * tile->level);

    return tile->index <= NUM_MAX / TILE_WIDTH && tile->index * TILE_WIDTH + tile->width <= items;
}

struct tile tile_of(enum tile_kind kind, unsigned level, uint64_t index, uint64_t size)
{
    uint64_t items = size >> (LEVEL_BITS * level);
    struct tile tile = {.kind = kind, .level = level, .index = index / TILE_WIDTH};

    assert(index < items);
    tile.width = tile.index < items / TILE_WIDTH ? TILE_WIDTH : (unsigned)(items % TILE_WIDTH);
    return tile;
}

/* ---- contents -------------------------------------------------------------------------------- */

static void put_big_endian(struct buffer *out, uint64_t number, unsigned bytes)
{
    while (bytes-- > 0) {
        buffer_append_byte(out, (uint8_t)(number >> (8 * bytes)));
    }
}

static enum status read_hash(struct ledger_txn *txn, const struct tile *tile, uint64_t item, struct buffer *out, struct fault *fault)
{
    struct hash hash;
    enum status status = tree_node(txn, LEVEL_BITS * tile->level, item, &hash, fault);

    if (status == STATUS_OK) {
        buffer_append_view(out, hash_view(&hash));
    }
    return status;
}

static enum status read_entry(struct ledger_txn *txn, uint64_t index, struct buffer *out, struct fault *fault)
{
    struct view record;
    enum status status = ledger_record(txn, index, &record, fault);

    if (status == STATUS_OK && record.len > RECORD_BYTES_MAX) {
        status = damaged(fault, index, "it is longer than a record may be");
    }
    if (status == STATUS_OK) {
        put_big_endian(out, record.len, 2);
        buffer_append_view(out, record);
    }
    return status;
}

static enum status read_sheets(struct ledger_txn *txn, uint64_t index, struct buffer *out, struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(txn, index, &details, fault);

    if (status == STATUS_OK && details.sheet_count > TILE_SHEETS_MAX) {
        status = damaged(fault, index, "it has more sheets than an act may have");
    }
    if (status == STATUS_OK) {
        put_big_endian(out, details.sheet_count, 2);
    }
    for (size_t i = 0; i < details.sheet_count && status == STATUS_OK; i++) {
        put_big_endian(out, details.sheets[i].len, 4);
        buffer_append_view(out, details.sheets[i]);
    }
    if (status == STATUS_OK && out->len > TILE_SHEETS_BYTES_MAX) {
        status = fault_set(fault, STATUS_REFUSED, index, "the sheets of records %llu to %llu are longer than the %d bytes that a tile may have",
                           (unsigned long long)(index / TILE_WIDTH * TILE_WIDTH), (unsigned long long)index, TILE_SHEETS_BYTES_MAX);
    }
    ledger_details_free(&details);
    return status;
}

enum status tiles_read(struct ledger_txn *txn, const struct tile *tile, struct buffer *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    assert(tile_within(tile, txn->meta.size));
    for (unsigned i = 0; i < tile->width && status == STATUS_OK; i++) {
        uint64_t item = tile->index * TILE_WIDTH + i;

        switch (tile->kind) {
        case TILE_HASHES:
            status = read_hash(txn, tile, item, out, fault);
            break;
        case TILE_ENTRIES:
            status = read_entry(txn, item, out, fault);
            break;
        case TILE_SHEETS:
            status = read_sheets(txn, item, out, fault);
            break;
        }
    }
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}
