/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge_tiles: the folder of tiles that the real program would export of what was forged (SPEC 15).
 */
#include "tests/attack/forge.h"

#include "ledger/files.h"
#include "ledger/tiles.h"

#include <stdlib.h>

enum { LEVEL_BITS = 8 };

static void put(const char *dir, const char *name, struct view bytes)
{
    struct fault fault = { 0 };
    char *path = files_path(dir, name);
    if (path == NULL) {
        forge_die("out of memory");
    }
    forge_must(files_make_parents(path, &fault), &fault);
    forge_must(files_put(path, bytes, 0644, &fault), &fault);
    free(path);
}

static void big_endian(struct buffer *out, size_t number, unsigned bytes)
{
    while (bytes-- > 0) {
        buffer_append_byte(out, (uint8_t)(number >> (8 * bytes)));
    }
}

static void put_item(struct forge *forge, const struct tile *tile, uint64_t item, struct buffer *out)
{
    const struct forged *record = &forge->records[item];
    struct hash hash;
    switch (tile->kind) {
    case TILE_HASHES:
        forge_node(forge, LEVEL_BITS * tile->level, item, &hash);
        buffer_append_view(out, hash_view(&hash));
        break;
    case TILE_ENTRIES:
        big_endian(out, record->bytes.len, 2);
        buffer_append_view(out, buffer_view(&record->bytes));
        break;
    case TILE_SHEETS:
        big_endian(out, record->sheet_count, 2);
        for (size_t i = 0; i < record->sheet_count; i++) {
            big_endian(out, record->sheets[i].len, 4);
            buffer_append_view(out, buffer_view(&record->sheets[i]));
        }
        break;
    }
}

static void put_row(struct forge *forge, const char *dir, enum tile_kind kind, unsigned level)
{
    uint64_t items = forge->count >> (LEVEL_BITS * level);
    for (uint64_t first = 0; first < items; first += TILE_WIDTH) {
        struct tile tile = tile_of(kind, level, first, forge->count);
        struct buffer bytes = { 0 };
        char name[TILE_PATH_BYTES];
        for (unsigned i = 0; i < tile.width; i++) {
            put_item(forge, &tile, first + i, &bytes);
        }
        tile_path(&tile, name);
        put(dir, name, buffer_view(&bytes));
        buffer_free(&bytes);
    }
}

void forge_tiles(struct forge *forge, const char *dir)
{
    struct buffer note = { 0 };
    put_row(forge, dir, TILE_ENTRIES, 0);
    put_row(forge, dir, TILE_SHEETS, 0);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        put_row(forge, dir, TILE_HASHES, level);
    }
    forge_checkpoint(forge, forge->count, &note);
    put(dir, "checkpoint", buffer_view(&note));
    buffer_free(&note);
}
