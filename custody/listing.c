/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing: a column that is not known is a mistake, so that nothing is dropped unseen.
 */
#include "custody/listing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/csv.h"
#include "custody/output.h"
#include "custody/wholefile.h"
#include "verify/strict.h"

enum { CELL_BYTES_MAX = 4096, ROWS_MAX = 1000000 };

static void mistake(struct listing *listing, uint64_t line, size_t place, const char *name, const char *rule)
{
    buffer_printf(&listing->errors, "%s:%" PRIu64 ": column %zu (%s): %s\n", listing->path, line, place + 1, name, rule);
    listing->mistakes++;
}

void listing_mistake(struct listing *listing, size_t row, size_t column, const char *rule)
{
    size_t place = listing->where[column];

    mistake(listing, listing->lines[row], place == SIZE_MAX ? listing->cells : place, listing->columns[column].name, rule);
}

/* "NAME, NAME and NAME", of all columns or of those that must be there. */
static void name_columns(const struct listing *listing, bool must_alone, struct buffer *out)
{
    size_t left = 0;

    for (size_t c = 0; c < listing->column_count; c++) {
        left += listing->columns[c].must || !must_alone ? 1 : 0;
    }
    for (size_t c = 0, n = left; c < listing->column_count; c++) {
        if (listing->columns[c].must || !must_alone) {
            buffer_printf(out, "%s%s", n == left ? "" : n == 1 ? " and " : ", ", listing->columns[c].name);
            n--;
        }
    }
}

static void heading_mistake(struct listing *listing, uint64_t line, size_t place, bool missing)
{
    struct buffer rule = {0};

    buffer_printf(&rule, "%s", missing ? "a column is missing: " : "no such column: ");
    name_columns(listing, missing, &rule);
    buffer_printf(&rule, "%s", missing ? " must be there" : "");
    buffer_append_byte(&rule, 0);
    mistake(listing, line, place, "heading", rule.failed ? "is wrong" : (const char *)rule.ptr);
    buffer_free(&rule);
}

static void take_header(struct listing *listing, uint64_t line, const struct view *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t c = 0;

        while (c < listing->column_count && !view_equal(cells[i], view_text(listing->columns[c].name))) {
            c++;
        }
        if (c == listing->column_count) {
            heading_mistake(listing, line, i, false);
        } else if (listing->where[c] != SIZE_MAX) {
            mistake(listing, line, i, listing->columns[c].name, "stands twice");
        } else {
            listing->where[c] = i;
        }
    }
    for (size_t c = 0; c < listing->column_count; c++) {
        if (listing->columns[c].must && listing->where[c] == SIZE_MAX) {
            heading_mistake(listing, line, 0, true);
            break;
        }
    }
    listing->cells = count;
    listing->has_header = true;
}

static bool grow(struct listing *listing)
{
    size_t cap = listing->cap == 0 ? 256 : listing->cap * 2;
    uint64_t *lines;
    size_t *ends;

    if (listing->count < listing->cap) {
        return true;
    }
    lines = realloc(listing->lines, cap * sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    listing->lines = lines;
    ends = realloc(listing->ends, cap * listing->column_count * sizeof *ends);
    if (ends == NULL) {
        return false;
    }
    listing->ends = ends;
    listing->cap = cap;
    return true;
}

static void check_text(struct listing *listing, size_t row, size_t column, struct view text)
{
    struct fault trouble;

    fault_clear(&trouble);
    if (listing->columns[column].must && text.len == 0) {
        listing_mistake(listing, row, column, "is empty");
    } else if (text.len > CELL_BYTES_MAX) {
        listing_mistake(listing, row, column, "is longer than 4096 bytes");
    } else if (strict_check_text(text, &trouble) != STATUS_OK) {
        listing_mistake(listing, row, column, trouble.text);
    }
}

static bool take_row(void *context, uint64_t line, const struct view *cells, size_t count)
{
    struct listing *listing = context;

    if (!listing->has_header) {
        take_header(listing, line, cells, count);
        return listing->mistakes == 0; /* without headings, every row would be wrong */
    }
    if (count != listing->cells) {
        char rule[64];

        (void)snprintf(rule, sizeof rule, "has %zu %s, the headings are %zu", count, count == 1 ? "cell" : "cells", listing->cells);
        mistake(listing, line, count < listing->cells ? count : listing->cells, "row", rule);
        return true;
    }
    if (listing->count == ROWS_MAX || !grow(listing)) {
        listing->failed = true;
        return false;
    }
    listing->lines[listing->count] = line;
    for (size_t c = 0; c < listing->column_count; c++) {
        struct view text = listing->where[c] == SIZE_MAX ? view_of(NULL, 0) : cells[listing->where[c]];

        buffer_append_view(&listing->text, text);
        listing->ends[listing->count * listing->column_count + c] = listing->text.len;
        check_text(listing, listing->count, c, text);
    }
    listing->count++;
    return true;
}

/* The text no longer moves: the cells can point into it. */
static bool settle(struct listing *listing)
{
    size_t cells = listing->count * listing->column_count;
    size_t from = 0;

    listing->views = calloc(cells + 1, sizeof *listing->views);
    for (size_t i = 0; listing->views != NULL && i < cells; i++) {
        listing->views[i] = view_part(buffer_view(&listing->text), from, listing->ends[i] - from);
        from = listing->ends[i];
    }
    return listing->views != NULL;
}

enum status listing_read(struct view file, const char *path, const struct listing_column *columns, size_t column_count,
                         struct listing *out, struct fault *fault)
{
    enum status status;

    assert(column_count <= LISTING_COLUMNS_MAX);
    *out = (struct listing){.path = path, .columns = columns, .column_count = column_count};
    for (size_t c = 0; c < LISTING_COLUMNS_MAX; c++) {
        out->where[c] = SIZE_MAX;
    }
    status = csv_read(file, take_row, out, fault);
    if (status == STATUS_OK && (out->failed || out->text.failed || !settle(out))) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory, or over %d rows", ROWS_MAX);
    }
    if (status == STATUS_OK && out->mistakes == 0 && out->count == 0) {
        status = fault_set(fault, STATUS_DAMAGED, 1, "line 1: there is nothing in this list");
    }
    return status == STATUS_OK ? buffer_status(&out->errors, fault) : status;
}

void listing_free(struct listing *listing)
{
    free(listing->lines);
    free(listing->ends);
    free(listing->views);
    buffer_free(&listing->text);
    buffer_free(&listing->errors);
    *listing = (struct listing){0};
}

struct view listing_cell(const struct listing *listing, size_t row, size_t column)
{
    return listing->views[row * listing->column_count + column];
}

enum status listing_verdict(struct listing *listing, const char *done, struct fault *fault)
{
    output_bytes(stderr, buffer_view(&listing->errors));
    buffer_reset(&listing->errors);
    if (listing->mistakes == 0) {
        return STATUS_OK;
    }
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %zu %s; nothing was %s", listing->path, listing->mistakes,
                     listing->mistakes == 1 ? "mistake" : "mistakes", done);
}

enum status listing_open(const char *path, const struct listing_column *columns, size_t column_count,
                         void (*check)(void *context, struct listing *listing), void *context, const char *done,
                         struct listing *out, struct fault *fault)
{
    struct buffer file = {0};
    enum status status = wholefile_read(path, LISTING_BYTES_MAX, &file, fault);

    *out = (struct listing){.path = path};
    if (status == STATUS_OK) {
        status = listing_read(buffer_view(&file), path, columns, column_count, out, fault);
        if (status == STATUS_DAMAGED) {
            struct fault inner = *fault;

            output_bytes(stderr, buffer_view(&out->errors));
            fault_clear(fault);
            (void)fault_set(fault, STATUS_DAMAGED, inner.at, "%s: %s; nothing was %s", path, inner.text, done);
        }
    }
    if (status == STATUS_OK) {
        if (check != NULL && out->has_header) {
            check(context, out);
        }
        status = listing_verdict(out, done, fault);
    }
    buffer_free(&file);
    return status;
}
