/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/paper_inside.h"

#include <assert.h>
#include <stdlib.h>

#define PADDING_PT 3.0
#define LABEL_SHARE 0.3

struct paper_table {
    const struct paper_column *columns;
    size_t count;
    bool lines;
    bool in_heading; /* so that a heading longer than a page does not begin another */
    double shares;
};

void paper_table_begin(struct paper *paper, const struct paper_column *columns, size_t count, bool lines)
{
    assert(count > 0 && count <= PAPER_COLUMNS_MAX && paper->table == NULL);
    struct paper_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        paper_fail(paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
        return;
    }
    *table = (struct paper_table){ .columns = columns, .count = count, .lines = lines };
    for (size_t i = 0; i < count; i++) {
        table->shares += columns[i].share;
    }
    paper->table = table;
    paper_need(paper, paper->form.base_pt * 5);
    if (paper->y_pt > paper->form.margin_mm * POINTS_PER_MM || paper->page_count == 1) {
        paper_table_heading(paper);
    }
}

void paper_table_end(struct paper *paper)
{
    free(paper->table);
    paper->table = NULL;
    paper_space(paper, paper->form.base_pt * 0.5);
}

/* A row stands on one page where it is no longer than a third of one. */
static void keep_whole(struct paper *paper, const struct paper_cell *row, size_t count)
{
    double longest = 0;
    for (size_t i = 0; i < count; i++) {
        double height = 0;
        if (row[i].layout != NULL) {
            typeset_size(row[i].layout, NULL, &height);
        }
        longest = height > longest ? height : longest;
    }
    if (longest < paper->bottom_pt / 3) {
        paper_need(paper, longest);
    }
}

/* The row's cells side by side, then the rule. */
static void put_row(struct paper *paper, const struct view *cells, const struct text_style *plain)
{
    const struct paper_table *table = paper->table;
    struct paper_cell row[PAPER_COLUMNS_MAX] = { { 0 } };
    double x = paper->left_pt;
    for (size_t i = 0; i < table->count; i++) {
        double width = paper->width_pt * table->columns[i].share / table->shares;
        struct text_style style = *plain;
        style.align = table->columns[i].align;
        row[i].x_pt = x;
        row[i].layout = cells[i].len == 0 ? NULL : paper_layout(paper, cells[i], &style, width - PADDING_PT);
        x += width;
    }
    keep_whole(paper, row, table->count);
    paper_flow(paper, row, table->count);
    for (size_t i = 0; i < table->count; i++) {
        if (row[i].layout != NULL) {
            g_object_unref(row[i].layout);
        }
    }
    if (table->lines) {
        paper_rule(paper);
    }
}

void paper_table_heading(struct paper *paper)
{
    struct paper_table *table = paper->table;
    struct buffer texts[PAPER_COLUMNS_MAX] = { { 0 } };
    struct view cells[PAPER_COLUMNS_MAX] = { { 0 } };
    struct text_style style = paper_style(paper, 0.85, true);
    bool any = false;
    if (table == NULL || table->in_heading) {
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].heading != NULL) {
            paper_both(paper, table->columns[i].heading, &texts[i]);
            cells[i] = buffer_view(&texts[i]);
            any = true;
        }
    }
    table->in_heading = true;
    if (any) {
        put_row(paper, cells, &style);
    }
    table->in_heading = false;
    for (size_t i = 0; i < table->count; i++) {
        buffer_free(&texts[i]);
    }
}

void paper_row(struct paper *paper, const struct view *cells, bool bold)
{
    struct text_style style = paper_style(paper, 0.9, bold);
    if (paper->table != NULL && !paper_failed(paper)) {
        paper_need(paper, style.size_pt * 1.5);
        put_row(paper, cells, &style);
    }
}

void paper_pair(struct paper *paper, struct view label, struct view value)
{
    struct text_style plain = paper_style(paper, 1.0, false), grey = paper_style(paper, 0.9, false);
    double width = paper->width_pt * LABEL_SHARE;
    grey.grey = 0.3;
    struct paper_cell cells[2] = {
        { .layout = paper_layout(paper, label, &grey, width - PADDING_PT), .x_pt = paper->left_pt, .grey = grey.grey },
        { .layout = paper_layout(paper, value, &plain, paper->width_pt - width), .x_pt = paper->left_pt + width },
    };
    if (!paper_failed(paper)) {
        paper_flow(paper, cells, 2);
    }
    for (size_t i = 0; i < 2; i++) {
        if (cells[i].layout != NULL) {
            g_object_unref(cells[i].layout);
        }
    }
    paper_space(paper, 1.5);
}

void paper_fact(struct paper *paper, const char *label, struct view value)
{
    struct buffer text = { 0 };
    paper_both(paper, label, &text);
    paper_pair(paper, buffer_view(&text), value);
    buffer_free(&text);
}
