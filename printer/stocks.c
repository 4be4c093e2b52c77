/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/stocks.h"

#include "printer/embedded.h"
#include "printer/ini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A4_WIDTH 210.0
#define A4_HEIGHT 297.0

static const char *const layouts[] = { "stacked", "ends", "corners", "one", "column" };
static const char *const keys[] = { "title", "width", "height", "layout", "qr", "margin", "dpi", "name", "text", "fields", "sheet", "left", "top", "across", "down" };
static const char *const fields[STOCK_FIELDS] = { "agency", "case", "item", "description", "when", "seals", "signs", "print" };

/* What is being read. */
struct reading {
    struct stocks *out;
    struct stock *stock; /* of the section that is open */
    uint64_t section_line;
    unsigned given; /* bits: which of the keys it has had */
    struct fault fault;
};

static bool wrong(struct reading *reading, uint64_t line, const char *name, const char *rule)
{
    (void)fault_set(&reading->fault, STATUS_DAMAGED, line, "line %llu: %s: %s", (unsigned long long)line, name, rule);
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* "12.5": digits and at most one point, in this range. */
static bool read_number(const char *text, double least, double most, double *out)
{
    size_t digits = strspn(text, "0123456789");
    size_t all = digits + (text[digits] == '.' ? 1 + strspn(text + digits + 1, "0123456789") : 0);
    if (digits == 0 || all > 12 || text[all] != '\0') {
        return false;
    }
    double whole = 0, unit = 1;
    for (size_t i = 0; i < all; i++) {
        if (text[i] == '.') {
            unit = 0.1;
        } else if (i < digits) {
            whole = whole * 10 + (text[i] - '0');
        } else {
            whole += (text[i] - '0') * unit;
            unit /= 10;
        }
    }
    *out = whole;
    return whole >= least && whole <= most;
}

static bool read_layout(const char *text, enum stock_layout *out)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (strcmp(layouts[i], text) == 0) {
            *out = (enum stock_layout)i;
            return true;
        }
    }
    return false;
}

/* Words with spaces between them, each at most once. */
static bool read_fields(const char *text, struct stock *stock)
{
    unsigned seen = 0;
    stock->field_count = 0;
    while (*text != '\0') {
        size_t len = strcspn(text, " "), i = 0;
        while (i < STOCK_FIELDS && (strlen(fields[i]) != len || memcmp(fields[i], text, len) != 0)) {
            i++;
        }
        if (i == STOCK_FIELDS || (seen & (1u << i)) != 0) {
            return false;
        }
        seen |= 1u << i;
        stock->fields[stock->field_count++] = (enum stock_field)i;
        text += len + strspn(text + len, " ");
    }
    return true;
}

/* "3 x 7" */
static bool read_sheet(const char *text, struct stock *stock)
{
    char columns[4], rows[4];
    const char *x = strstr(text, " x ");
    double across = 0, down = 0;
    if (x == NULL || (size_t)(x - text) >= sizeof columns || strlen(x + 3) >= sizeof rows) {
        return false;
    }
    memcpy(columns, text, (size_t)(x - text));
    columns[x - text] = '\0';
    (void)snprintf(rows, sizeof rows, "%s", x + 3);
    if (!read_number(columns, 1, 20, &across) || !read_number(rows, 1, 50, &down)) {
        return false;
    }
    stock->columns = (unsigned)across;
    stock->rows = (unsigned)down;
    return (double)stock->columns >= across && (double)stock->rows >= down;
}

static bool read_dpi(const char *text, struct stock *stock)
{
    double dpi = 0;
    bool good = read_number(text, 150, 2400, &dpi);
    stock->dpi = (unsigned)dpi;
    return good && (double)stock->dpi >= dpi;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Does the stock that was read hold what is to stand on it? */
static bool close_stock(struct reading *reading)
{
    struct stock *stock = reading->stock;
    reading->stock = NULL;
    if (stock == NULL) {
        return true;
    }
    double across = stock->layout == STOCK_ENDS || stock->layout == STOCK_CORNERS ? 2 : 1;
    double down = stock->layout == STOCK_STACKED ? 2 : 1;
    const char *missing = stock->width == 0 ? "width" : stock->qr == 0 ? "qr" : stock->dpi == 0 ? "dpi" : stock->name_pt == 0 ? "name" : stock->text_pt == 0 ? "text" : NULL;
    if (missing != NULL) {
        return wrong(reading, reading->section_line, missing, "is not given for this stock");
    }
    if (stock->title[0] == '\0') {
        (void)snprintf(stock->title, sizeof stock->title, "%s", stock->name);
    }
    if (across * stock->qr + 2 * stock->margin > stock->width || (stock->height > 0 && down * stock->qr + 2 * stock->margin > stock->height)) {
        return wrong(reading, reading->section_line, stock->name, "the label does not hold its QR with its margins");
    }
    if ((stock->height == 0) != (stock->layout == STOCK_COLUMN) || (stock->height == 0 && stock->columns > 0)) {
        return wrong(reading, reading->section_line, stock->name, "the layout column is for rolls (height 0), and rolls have no other and no sheet");
    }
    if (stock->columns > 0 && (stock->left + stock->across * (stock->columns - 1) + stock->width > A4_WIDTH + 0.01 ||
                               stock->top + stock->down * (stock->rows - 1) + stock->height > A4_HEIGHT + 0.01 ||
                               (stock->columns > 1 && stock->across < stock->width) || (stock->rows > 1 && stock->down < stock->height))) {
        return wrong(reading, reading->section_line, stock->name, "the sheet does not hold its labels, or they lie on one another");
    }
    return true;
}

static bool open_stock(struct reading *reading, const struct ini_line *line)
{
    struct stocks *out = reading->out;
    if (!close_stock(reading)) {
        return false;
    }
    if (line->section[0] == '\0' || strlen(line->section) >= STOCK_NAME_BYTES || stocks_find(out, line->section) != NULL || out->count == STOCKS_MAX) {
        return wrong(reading, line->line, line->section[0] == '\0' ? line->name : line->section,
                     line->section[0] == '\0' ? "stands before the first [stock]" : "a stock is named once, in at most 31 letters, and there are at most 64");
    }
    reading->stock = &out->stocks[out->count++];
    *reading->stock = (struct stock){ .margin = 0 };
    (void)snprintf(reading->stock->name, sizeof reading->stock->name, "%s", line->section);
    reading->section_line = line->line;
    reading->given = 0;
    return true;
}

/* Is this the stock's first line of that name? */
static bool is_first(struct reading *reading, const struct ini_line *line)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        unsigned bit = strcmp(keys[i], line->name) == 0 ? 1u << i : 0;
        if ((reading->given & bit) != 0) {
            return wrong(reading, line->line, line->name, "is given twice for this stock");
        }
        reading->given |= bit;
    }
    return true;
}

static bool take_line(void *context, const struct ini_line *line)
{
    struct reading *reading = context;
    if ((reading->stock == NULL || strcmp(reading->stock->name, line->section) != 0) && !open_stock(reading, line)) {
        return false;
    }
    if (!is_first(reading, line)) {
        return false;
    }
    struct stock *stock = reading->stock;
    const struct { const char *name; double least, most; double *slot; } numbers[] = {
        { "width", 20, 300, &stock->width }, { "height", 0, 300, &stock->height }, { "qr", 10, 100, &stock->qr },
        { "margin", 0, 20, &stock->margin }, { "name", 6, 72, &stock->name_pt }, { "text", 5, 36, &stock->text_pt },
        { "left", 0, 100, &stock->left }, { "top", 0, 100, &stock->top }, { "across", 0, 210, &stock->across }, { "down", 0, 297, &stock->down },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(line->name, numbers[i].name) == 0) {
            return read_number(line->value, numbers[i].least, numbers[i].most, numbers[i].slot) ||
                   wrong(reading, line->line, line->name, "is a number like 12.5 in the range that such a length can have");
        }
    }
    if (strcmp(line->name, "title") == 0) {
        (void)snprintf(stock->title, sizeof stock->title, "%s", line->value);
        return strlen(line->value) < STOCK_TITLE_BYTES || wrong(reading, line->line, line->name, "is at most 127 bytes long");
    }
    if (strcmp(line->name, "layout") == 0) {
        return read_layout(line->value, &stock->layout) || wrong(reading, line->line, line->name, "is stacked, ends, corners, one or column");
    }
    if (strcmp(line->name, "fields") == 0) {
        return read_fields(line->value, stock) ||
               wrong(reading, line->line, line->name, "are among agency case item description when seals signs print, each once");
    }
    if (strcmp(line->name, "dpi") == 0) {
        return read_dpi(line->value, stock) || wrong(reading, line->line, line->name, "is a whole number from 150 to 2400");
    }
    if (strcmp(line->name, "sheet") == 0) {
        return read_sheet(line->value, stock) || wrong(reading, line->line, line->name, "is columns x rows, like 3 x 7");
    }
    return wrong(reading, line->line, line->name, "is nothing that a stock has");
}

enum status stocks_read(struct view file, struct stocks *out, struct fault *fault)
{
    struct reading reading = { .out = out };
    out->count = 0;
    enum status status = ini_read(file, take_line, &reading, fault);
    if (status == STATUS_OK && close_stock(&reading) && out->count == 0) {
        (void)wrong(&reading, 1, "the file", "has no stock");
    }
    if (reading.fault.status != STATUS_OK) {
        fault_clear(fault);
        return fault_set(fault, reading.fault.status, reading.fault.at, "%s", reading.fault.text);
    }
    return status;
}

enum status stocks_own(struct stocks *out, struct fault *fault)
{
    struct view file;
    return embedded_find("stocks.ini", &file) ? stocks_read(file, out, fault)
                                              : fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "stocks.ini is not in the program");
}

const struct stock *stocks_find(const struct stocks *stocks, const char *name)
{
    for (size_t i = 0; i < stocks->count; i++) {
        if (strcmp(stocks->stocks[i].name, name) == 0) {
            return &stocks->stocks[i];
        }
    }
    return NULL;
}
