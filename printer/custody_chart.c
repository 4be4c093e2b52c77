/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart: what stands in the picture, put together. How it is drawn: custody_chart_draw.c.
 */
#include "printer/custody_chart.h"

#include <stdlib.h>

/* Makes room for one more; false: out of memory, which stays. */
static bool room(struct custody_chart *chart, void **array, size_t count, size_t *cap, size_t size)
{
    if (chart->failed || count < *cap) {
        return !chart->failed;
    }
    size_t more = *cap == 0 ? 16 : *cap * 2;
    void *grown = realloc(*array, more * size);
    if (grown == NULL) {
        chart->failed = true;
        return false;
    }
    *array = grown;
    *cap = more;
    return true;
}

/* The axis covers whatever was put in. */
static void widen(struct custody_chart *chart, uint64_t from_s, uint64_t until_s)
{
    bool first = chart->bar_count + chart->point_count == 0;
    chart->from_s = first || from_s < chart->from_s ? from_s : chart->from_s;
    chart->until_s = first || until_s > chart->until_s ? until_s : chart->until_s;
}

size_t custody_chart_lane(struct custody_chart *chart, struct view name)
{
    for (size_t i = 0; i < chart->lane_count; i++) {
        if (view_equal(buffer_view(&chart->lanes[i]), name)) {
            return i;
        }
    }
    bool last = chart->lane_count + 1 == CHART_LANES_MAX;
    void *lanes = chart->lanes;
    if (chart->lane_count == CHART_LANES_MAX || !room(chart, &lanes, chart->lane_count, &chart->lane_cap, sizeof *chart->lanes)) {
        return chart->lane_count == 0 ? 0 : chart->lane_count - 1;
    }
    chart->lanes = lanes;
    chart->lanes[chart->lane_count] = (struct buffer){ 0 };
    buffer_append_view(&chart->lanes[chart->lane_count], name);
    buffer_append_view(&chart->lanes[chart->lane_count], view_text(last ? " …" : ""));
    chart->failed = chart->lanes[chart->lane_count].failed;
    return chart->lane_count++;
}

void custody_chart_bar(struct custody_chart *chart, size_t lane, uint64_t from_s, uint64_t until_s, enum chart_state state, struct view label)
{
    void *bars = chart->bars;
    if (!room(chart, &bars, chart->bar_count, &chart->bar_cap, sizeof *chart->bars)) {
        return;
    }
    chart->bars = bars;
    uint64_t low = from_s < until_s ? from_s : until_s;
    uint64_t high = from_s < until_s ? until_s : from_s;
    widen(chart, low, high);
    struct chart_bar *bar = &chart->bars[chart->bar_count++];
    *bar = (struct chart_bar){ .lane = lane, .from_s = low, .until_s = high, .state = state };
    buffer_append_view(&bar->label, label);
    chart->failed = bar->label.failed;
}

void custody_chart_mark(struct custody_chart *chart, uint64_t time_s, enum chart_mark mark, uint64_t record)
{
    for (size_t i = 0; i < chart->point_count; i++) {
        const struct chart_point *at = &chart->points[i];
        if (at->time_s == time_s && at->mark == mark && at->record == record) {
            return;
        }
    }
    void *points = chart->points;
    if (!room(chart, &points, chart->point_count, &chart->point_cap, sizeof *chart->points)) {
        return;
    }
    chart->points = points;
    widen(chart, time_s, time_s);
    chart->points[chart->point_count++] = (struct chart_point){ .time_s = time_s, .mark = mark, .record = record };
}

void custody_chart_close(struct custody_chart *chart)
{
    for (size_t i = 0; i < chart->lane_count; i++) {
        buffer_free(&chart->lanes[i]);
    }
    for (size_t i = 0; i < chart->bar_count; i++) {
        buffer_free(&chart->bars[i].label);
    }
    free(chart->lanes);
    free(chart->bars);
    free(chart->points);
    *chart = (struct custody_chart){ 0 };
}
