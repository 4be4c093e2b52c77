/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge_tiles: the folder that a mirror would pull (C2SP tlog-tiles, SPEC 15), of what was forged. One tile of each kind: ledgers under attack are
 * small.
 */
#include "tests/attack/forge.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void put_number(struct buffer *out, size_t number, unsigned bytes)
{
    while (bytes-- > 0) {
        buffer_append_byte(out, (uint8_t)(number >> (8 * bytes)));
    }
}

static void write_tile(const char *dir, const char *kind, size_t width, struct buffer *bytes)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tile/%s/000.p/", dir, kind);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    (void)snprintf(path, sizeof path, "%s/tile/%s/000.p/%zu", dir, kind, width);
    request_write(path, buffer_view(bytes));
    buffer_free(bytes);
}

void forge_tiles(struct forge *forge, const char *dir)
{
    struct buffer hashes = { 0 }, entries = { 0 }, sheets = { 0 }, note = { 0 };
    char path[4096];
    if (forge->count >= 256) {
        forge_die("tiles of 256 records and more are not made");
    }
    for (size_t i = 0; i < forge->count; i++) {
        const struct forged *record = &forge->records[i];
        buffer_append_view(&hashes, hash_view(&record->hash));
        put_number(&entries, record->bytes.len, 2);
        buffer_append_view(&entries, buffer_view(&record->bytes));
        put_number(&sheets, record->sheet_count, 2);
        for (size_t j = 0; j < record->sheet_count; j++) {
            put_number(&sheets, record->sheets[j].len, 4);
            buffer_append_view(&sheets, buffer_view(&record->sheets[j]));
        }
    }
    write_tile(dir, "0", forge->count, &hashes);
    write_tile(dir, "entries", forge->count, &entries);
    write_tile(dir, "sheets", forge->count, &sheets);
    forge_checkpoint(forge, forge->count, &note);
    (void)snprintf(path, sizeof path, "%s/checkpoint", dir);
    request_write(path, buffer_view(&note));
    buffer_free(&note);
}
