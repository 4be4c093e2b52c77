/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart_close: a thing changes hands five times in a morning and then lies in a store for a year. The picture is to scale, so the
 * morning is a line on it; it gets a picture of its own.
 */
#include "printer/custody_chart.h"

#include "verify/text.h"

#include <stdlib.h>

#define GAP_SHARE 80      /* of the axis: what is nearer than that goes together */
#define SHARE 12          /* of the axis: a window is no wider */
#define EVENTS_LEAST 3
#define WINDOWS_MAX 64

static int by_time(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Moments of change, ascending, each once; NULL: out of memory, or there are none. */
static uint64_t *moments(const struct custody_chart *chart, size_t *count)
{
    uint64_t *list = calloc(chart->bar_count * 2 + chart->point_count + 1, sizeof *list);
    size_t all = 0;
    *count = 0;
    for (size_t i = 0; list != NULL && i < chart->bar_count; i++) {
        list[all++] = chart->bars[i].from_s;
        list[all++] = chart->bars[i].until_s;
    }
    for (size_t i = 0; list != NULL && i < chart->point_count; i++) {
        list[all++] = chart->points[i].time_s;
    }
    if (list != NULL) {
        qsort(list, all, sizeof *list, by_time);
        for (size_t i = 0; i < all; i++) {
            if (*count == 0 || list[*count - 1] != list[i]) {
                list[(*count)++] = list[i];
            }
        }
    }
    return list;
}

static int fullest_first(const void *a, const void *b)
{
    const struct chart_window *x = a, *y = b;
    return x->events != y->events ? (x->events > y->events ? -1 : 1) : x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

static int earliest_first(const void *a, const void *b)
{
    const struct chart_window *x = a, *y = b;
    return x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

size_t custody_chart_crowded(const struct custody_chart *chart, struct chart_window *out, size_t most)
{
    struct chart_window found[WINDOWS_MAX];
    size_t count = 0, windows = 0;
    uint64_t *list = moments(chart, &count);
    uint64_t width = (chart->until_s - chart->from_s) / SHARE, gap = (chart->until_s - chart->from_s) / GAP_SHARE;
    for (size_t i = 0, end; list != NULL && i < count && windows < WINDOWS_MAX; i = end) {
        for (end = i + 1; end < count && list[end] - list[i] <= width && list[end] - list[end - 1] <= gap; end++) {
        }
        if (end - i >= EVENTS_LEAST && end - i < count) {
            found[windows++] = (struct chart_window){ .from_s = list[i], .until_s = list[end - 1], .events = end - i };
        }
    }
    free(list);
    qsort(found, windows, sizeof *found, fullest_first);
    windows = windows < most ? windows : most;
    qsort(found, windows, sizeof *found, earliest_first);
    for (size_t i = 0; i < windows; i++) {
        out[i] = found[i];
    }
    return windows;
}

void custody_chart_part(const struct custody_chart *chart, uint64_t from_s, uint64_t until_s, struct custody_chart *out)
{
    *out = (struct custody_chart){ .offset_min = chart->offset_min, .failed = chart->failed };
    for (size_t i = 0; i < chart->bar_count; i++) {
        const struct chart_bar *bar = &chart->bars[i];
        if (bar->until_s >= from_s && bar->from_s <= until_s) {
            size_t lane = custody_chart_lane(out, buffer_view(&chart->lanes[bar->lane]));
            custody_chart_bar(out, lane, bar->from_s < from_s ? from_s : bar->from_s, bar->until_s > until_s ? until_s : bar->until_s, bar->state, buffer_view(&bar->label));
        }
    }
    for (size_t i = 0; i < chart->point_count; i++) {
        if (chart->points[i].time_s >= from_s && chart->points[i].time_s <= until_s) {
            custody_chart_mark(out, chart->points[i].time_s, chart->points[i].mark, chart->points[i].record);
        }
    }
    out->from_s = from_s;
    out->until_s = until_s;
}

static void put_part(struct paper *paper, const struct custody_chart *chart, const struct chart_window *window)
{
    struct custody_chart part = { 0 };
    struct buffer title = { 0 };
    struct text_style style = paper_style(paper, 0.85, true);
    uint64_t room = (window->until_s - window->from_s) / 20 + 60;
    custody_chart_part(chart, window->from_s > room ? window->from_s - room : 0, window->until_s + room, &part);
    words_both(&title, &paper->form.languages, N_("Close-up"));
    buffer_append_view(&title, view_text(": "));
    words_time(&title, paper->form.languages.first, window->from_s, chart->offset_min);
    buffer_append_view(&title, view_text(" – "));
    words_time(&title, paper->form.languages.first, window->until_s, chart->offset_min);
    paper_space(paper, 3);
    part.bare = true;
    custody_chart_need(paper, &part, style.size_pt * 2);
    paper_text(paper, buffer_view(&title), &style);
    custody_chart_put(paper, &part);
    custody_chart_close(&part);
    buffer_free(&title);
}

void custody_chart_put_close(struct paper *paper, const struct custody_chart *chart, size_t most)
{
    struct chart_window windows[WINDOWS_MAX];
    custody_chart_put(paper, chart);
    size_t count = chart->failed ? 0 : custody_chart_crowded(chart, windows, most < WINDOWS_MAX ? most : WINDOWS_MAX);
    for (size_t i = 0; i < count; i++) {
        put_part(paper, chart, &windows[i]);
    }
}
