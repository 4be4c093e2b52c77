/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table: cells are kept as JSON values; the terminal gets them escaped.
 */
#include "custody/table.h"

#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <unistd.h>

#include "verify/text.h"

struct table {
    const struct table_column *columns;
    size_t column_count;
    json_t *cells; /* array, row by row */
    bool failed;
};

enum status table_open(const struct table_column *columns, size_t count, struct table **out, struct fault *fault)
{
    struct table *table = calloc(1, sizeof *table);

    if (table != NULL) {
        table->cells = json_array();
    }
    if (table == NULL || table->cells == NULL) {
        free(table);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a table");
    }
    table->columns = columns;
    table->column_count = count;
    *out = table;
    return STATUS_OK;
}

void table_close(struct table *table)
{
    if (table != NULL) {
        json_decref(table->cells);
        free(table);
    }
}

static void put(struct table *table, json_t *value)
{
    if (value == NULL || json_array_append_new(table->cells, value) != 0) {
        table->failed = true;
    }
}

void table_text(struct table *table, struct view text)
{
    put(table, json_stringn(text.len == 0 ? "" : (const char *)text.ptr, text.len));
}

void table_string(struct table *table, const char *text)
{
    put(table, json_string(text));
}

void table_number(struct table *table, uint64_t number)
{
    put(table, json_integer((json_int_t)number));
}

void table_nothing(struct table *table)
{
    put(table, json_null());
}

size_t table_rows(const struct table *table)
{
    return json_array_size(table->cells) / table->column_count;
}

static void cell_text(const json_t *cell, struct buffer *out)
{
    buffer_reset(out);
    if (json_is_string(cell)) {
        text_escape(out, view_of(json_string_value(cell), json_string_length(cell)));
    } else if (json_is_integer(cell)) {
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(cell));
    }
    buffer_append_byte(out, 0);
}

static bool fill(const struct table *table, struct libscols_table *columns, struct buffer *scratch)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (scols_table_new_column(columns, table->columns[i].name, 0, table->columns[i].right ? SCOLS_FL_RIGHT : 0) == NULL) {
            return false;
        }
    }
    for (size_t row = 0; row < table_rows(table); row++) {
        struct libscols_line *line = scols_table_new_line(columns, NULL);

        for (size_t i = 0; line != NULL && i < table->column_count; i++) {
            cell_text(json_array_get(table->cells, row * table->column_count + i), scratch);
            if (scratch->failed || scols_line_set_data(line, i, (const char *)scratch->ptr) != 0) {
                return false;
            }
        }
        if (line == NULL) {
            return false;
        }
    }
    return true;
}

enum status table_print(const struct table *table, FILE *out, struct fault *fault)
{
    struct libscols_table *columns = scols_new_table();
    struct buffer scratch = {0};
    bool good = columns != NULL && !table->failed && fill(table, columns, &scratch);

    if (good) {
        (void)scols_table_set_stream(columns, out);
        /* Rows are not cut for want of a wide terminal: a name cut in half is another name. */
        (void)scols_table_set_termforce(columns, SCOLS_TERMFORCE_NEVER);
        /* Cells are escaped already, and so that Khmer passes. */
        (void)scols_table_enable_noencoding(columns, 1);
        good = scols_print_table(columns) == 0;
    }
    buffer_free(&scratch);
    scols_unref_table(columns);
    return good ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "the table cannot be printed");
}

json_t *table_json(const struct table *table)
{
    json_t *rows = table->failed ? NULL : json_array();

    for (size_t row = 0; rows != NULL && row < table_rows(table); row++) {
        json_t *object = json_object();

        for (size_t i = 0; object != NULL && i < table->column_count; i++) {
            json_t *cell = json_array_get(table->cells, row * table->column_count + i);

            if (json_object_set(object, table->columns[i].name, cell) != 0) {
                json_decref(object);
                object = NULL;
            }
        }
        if (object == NULL || json_array_append_new(rows, object) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    return rows;
}
