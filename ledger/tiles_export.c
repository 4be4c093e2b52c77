/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles_export: all tiles of a checkpoint into a folder, which any web server can then serve as it is, or a stick can carry.
 */
#include "ledger/tiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ledger/files.h"
#include "ledger/inside.h"

enum { LEVEL_BITS = 8, TILE_MODE = 0644 };

struct exporting {
    struct ledger_txn *txn;
    const char *dir;
    const struct progress *progress;
    struct tiles_report *report;
    struct buffer bytes;
};

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* ---- what is there --------------------------------------------------------------------------- */

static enum status compare_checkpoint(struct exporting *exporting, const struct checkpoint *there, struct fault *fault)
{
    const struct ledger *ledger = exporting->txn->ledger;
    unsigned long long size = there->size;
    struct hash root;
    enum status status;

    if (!view_equal(there->origin, view_text(ledger->origin))) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s holds the tiles of another ledger than %s", exporting->dir, ledger->origin);
    }
    if (there->size > exporting->report->size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s holds the tiles of %llu records, but only %llu are signed here: it is newer than this ledger",
                         exporting->dir, size, (unsigned long long)exporting->report->size);
    }
    status = ledger_root(exporting->txn, there->size, &root, fault);
    if (status == STATUS_OK && !hash_equal(&root, &there->root)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "%s holds the tiles of another history: its first %llu records are not those of this ledger; keep it, and compare: unbroken compare",
                         exporting->dir, size);
    }
    exporting->report->before = there->size;
    return status;
}

/* Without a checkpoint: an export that was cut off is gone over again. */
static enum status check_begun(struct exporting *exporting, struct fault *fault)
{
    char *tiles = files_path(exporting->dir, "tile");
    struct stat info;
    bool begun = tiles != NULL && lstat(tiles, &info) == 0 && S_ISDIR(info.st_mode);

    free(tiles);
    if (tiles == NULL) {
        return no_memory(fault);
    }
    return begun || files_is_vacant(exporting->dir)
               ? STATUS_OK
               : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is not empty, and holds no tiles", exporting->dir);
}

static enum status look(struct exporting *exporting, struct fault *fault)
{
    char *path = files_path(exporting->dir, "checkpoint");
    struct checkpoint *there = malloc(sizeof *there);
    struct buffer note = {0};
    struct fault why = {0};
    enum status status = path == NULL || there == NULL ? no_memory(fault) : files_read(path, NOTE_BYTES_MAX, &note, &why);

    if (status == STATUS_MISSING) {
        status = check_begun(exporting, fault);
    } else if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), there, &why);
        status = status == STATUS_OK ? compare_checkpoint(exporting, there, fault)
                                     : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no checkpoint: %.200s", path, why.text);
    } else {
        status = fault_set(fault, status, FAULT_NOWHERE, "%s", why.text);
    }
    free(path);
    free(there);
    buffer_free(&note);
    return status;
}

/* ---- tiles ----------------------------------------------------------------------------------- */

static bool is_there(const char *path, const struct tile *tile)
{
    struct stat info;

    return lstat(path, &info) == 0 && S_ISREG(info.st_mode) && (tile->kind == TILE_HASHES ? info.st_size == (off_t)tile->width * HASH_BYTES : info.st_size > 0);
}

/* covered: the checkpoint that the folder has vouches for it, so that what is there is whole. What a crash left behind is not covered. */
static enum status put_tile(struct exporting *exporting, const struct tile *tile, bool covered, struct fault *fault)
{
    char name[TILE_PATH_BYTES];
    char *path;
    enum status status;

    tile_path(tile, name);
    path = files_path(exporting->dir, name);
    if (path == NULL) {
        return no_memory(fault);
    }
    if (covered && is_there(path, tile)) {
        free(path);
        return STATUS_OK;
    }
    buffer_reset(&exporting->bytes);
    status = tiles_read(exporting->txn, tile, &exporting->bytes, fault);
    if (status == STATUS_OK) {
        status = files_make_parents(path, fault);
    }
    if (status == STATUS_OK) {
        status = files_put(path, buffer_view(&exporting->bytes), TILE_MODE, fault);
        exporting->report->written++;
    }
    free(path);
    return status;
}

static enum status step(const struct exporting *exporting, const struct tile *tile, struct fault *fault)
{
    const struct progress *progress = exporting->progress;

    if (tile->kind == TILE_ENTRIES && progress != NULL && progress->step != NULL &&
        !progress->step(progress->context, tile->index * TILE_WIDTH + tile->width, exporting->report->size)) {
        return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped: the folder still shows what it showed before");
    }
    return STATUS_OK;
}

static enum status put_row(struct exporting *exporting, enum tile_kind kind, unsigned level, struct fault *fault)
{
    uint64_t items = exporting->report->size >> (LEVEL_BITS * level);
    uint64_t before = exporting->report->before >> (LEVEL_BITS * level);
    enum status status = STATUS_OK;

    for (uint64_t first = 0; first < items && status == STATUS_OK; first += TILE_WIDTH) {
        struct tile tile = tile_of(kind, level, first, exporting->report->size);

        status = put_tile(exporting, &tile, first + tile.width <= before, fault);
        if (status == STATUS_OK) {
            status = step(exporting, &tile, fault);
        }
    }
    return status;
}

/* ---- partial tiles that full ones have replaced ----------------------------------------------- */

/* Readers take the full tile where a partial one has gone. What cannot be removed does no harm. */
static enum status drop_row(struct exporting *exporting, enum tile_kind kind, unsigned level, struct fault *fault)
{
    uint64_t items = exporting->report->size >> (LEVEL_BITS * level);
    uint64_t before = exporting->report->before >> (LEVEL_BITS * level);
    struct tile full = {.kind = kind, .level = level, .index = before / TILE_WIDTH, .width = TILE_WIDTH};
    char name[TILE_PATH_BYTES];
    char folder[TILE_PATH_BYTES + sizeof ".p"];
    char *path;
    struct stat info;

    if (before % TILE_WIDTH == 0 || full.index >= items / TILE_WIDTH) {
        return STATUS_OK;
    }
    tile_path(&full, name);
    (void)snprintf(folder, sizeof folder, "%s.p", name);
    path = files_path(exporting->dir, folder);
    if (path == NULL) {
        return no_memory(fault);
    }
    if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        files_remove_dir(path);
    }
    free(path);
    return STATUS_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

typedef enum status each_row(struct exporting *exporting, enum tile_kind kind, unsigned level, struct fault *fault);

static enum status for_each_row(struct exporting *exporting, each_row *each, struct fault *fault)
{
    enum status status = each(exporting, TILE_ENTRIES, 0, fault);

    if (status == STATUS_OK) {
        status = each(exporting, TILE_SHEETS, 0, fault);
    }
    for (unsigned level = 0; level < TILE_LEVELS && status == STATUS_OK; level++) {
        status = each(exporting, TILE_HASHES, level, fault);
    }
    return status;
}

static enum status put_checkpoint(struct exporting *exporting, struct view note, struct fault *fault)
{
    char *path = files_path(exporting->dir, "checkpoint");
    enum status status = path == NULL ? no_memory(fault) : files_sync_all(exporting->dir, fault);

    if (status == STATUS_OK) {
        status = files_replace(path, note, TILE_MODE, fault);
    }
    free(path);
    return status;
}

enum status tiles_export(struct ledger_txn *txn, const char *dir, const struct progress *progress, struct tiles_report *out,
                         struct fault *fault)
{
    struct exporting exporting = {.txn = txn, .dir = dir, .progress = progress, .report = out};
    struct buffer note = {0};
    enum status status = ledger_latest_checkpoint(txn, &note, fault);

    *out = (struct tiles_report){.size = txn->meta.checkpoint};
    if (status == STATUS_OK) {
        status = look(&exporting, fault);
    }
    if (status == STATUS_OK) {
        status = for_each_row(&exporting, put_row, fault);
    }
    if (status == STATUS_OK) {
        status = put_checkpoint(&exporting, buffer_view(&note), fault);
    }
    if (status == STATUS_OK) {
        status = for_each_row(&exporting, drop_row, fault);
    }
    buffer_free(&exporting.bytes);
    buffer_free(&note);
    return status;
}
