/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv: libcsv in strict mode, fed byte by byte, because it does not say on which line a row began.
 */
#include "custody/csv.h"

#include <csv.h>
#include <string.h>

struct rows {
    csv_row *row;
    void *context;
    struct buffer text;              /* the cells of this row, one behind the other */
    size_t ends[CSV_COLUMNS_MAX + 1]; /* where each cell ends in text */
    size_t count;
    uint64_t line, begin; /* begin: where this row began; 0: not yet */
    bool stopped;
};

static void take_cell(void *data, size_t len, void *context)
{
    struct rows *rows = context;

    buffer_append(&rows->text, data, len);
    if (rows->count <= CSV_COLUMNS_MAX) {
        rows->ends[rows->count++] = rows->text.len;
    }
}

static void take_row(int end, void *context)
{
    struct rows *rows = context;
    struct view cells[CSV_COLUMNS_MAX + 1];
    size_t from = 0;

    (void)end;
    for (size_t i = 0; i < rows->count && !rows->text.failed; i++) {
        cells[i] = view_part(buffer_view(&rows->text), from, rows->ends[i] - from);
        from = rows->ends[i];
    }
    if (!rows->stopped && !rows->text.failed && !rows->row(rows->context, rows->begin, cells, rows->count)) {
        rows->stopped = true;
    }
    rows->count = 0;
    rows->begin = 0;
    buffer_reset(&rows->text);
}

enum status csv_read(struct view file, csv_row *row, void *context, struct fault *fault)
{
    struct rows rows = {.row = row, .context = context, .line = 1};
    enum status status = STATUS_OK;
    struct csv_parser parser;
    size_t i = file.len >= 3 && memcmp(file.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a list");
    }
    for (; i < file.len && !rows.stopped; i++) {
        uint8_t c = file.ptr[i];

        if (rows.begin == 0 && c != '\n' && c != '\r') {
            rows.begin = rows.line;
        }
        if (csv_parse(&parser, &c, 1, take_cell, take_row, &rows) != 1) {
            break;
        }
        rows.line += c == '\n' ? 1 : 0;
    }
    if (i < file.len && !rows.stopped) {
        status = fault_set(fault, STATUS_DAMAGED, rows.line,
                           "line %llu: column %zu: a quote stands where none may stand (a cell with quotes stands in quotes, each of its own doubled); nothing behind it was read: mend it and check the list again",
                           (unsigned long long)rows.line, rows.count + 1);
    } else if (!rows.stopped && csv_fini(&parser, take_cell, take_row, &rows) != 0) {
        status = fault_set(fault, STATUS_DAMAGED, rows.begin, "line %llu: column %zu: a quoted cell has no end, so nothing behind it was read: mend it and check the list again",
                           (unsigned long long)rows.begin, rows.count + 1);
    }
    if (status == STATUS_OK) {
        status = buffer_status(&rows.text, fault);
    }
    csv_free(&parser);
    buffer_free(&rows.text);
    return status;
}
