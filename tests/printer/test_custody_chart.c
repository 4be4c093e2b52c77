/* SPDX-License-Identifier: Apache-2.0 */
/* custody_chart: bars stand at their dates and nowhere else; each state is told from each other without colour; late and missing are red. */
#include "printer/custody_chart.h"

#include "verify/state.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 500
#define SCALE 3
#define DAY 86400

static struct typesetter typesetter;
static struct chart_look look;
static const uint64_t start = 1544659200; /* 2018-12-13 00:00 UTC */

static void open_typesetter(void)
{
    struct fault fault = { 0 };
    ck_assert_msg(typesetter_open(&typesetter, &fault) == STATUS_OK, "%s", fault.text);
    look = (struct chart_look){ .typesetter = &typesetter, .base_pt = 9 };
}

static void close_typesetter(void)
{
    typesetter_close(&typesetter);
}

/* A picture of three shades, and what stands in it. */
struct picture {
    cairo_surface_t *surface;
    const uint8_t *pixels;
    int stride, height;
};

static void draw(const struct custody_chart *chart, struct picture *out)
{
    struct fault fault = { 0 };
    out->height = (int)ceil(custody_chart_height(chart, &look) * SCALE);
    out->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH * SCALE, out->height);
    cairo_t *cairo = cairo_create(out->surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, SCALE, SCALE);
    ck_assert_msg(custody_chart_draw(chart, &look, cairo, WIDTH, &fault) == STATUS_OK, "%s", fault.text);
    cairo_destroy(cairo);
    cairo_surface_flush(out->surface);
    out->pixels = cairo_image_surface_get_data(out->surface);
    out->stride = cairo_image_surface_get_stride(out->surface);
    const char *keep = getenv("KEEP");
    if (keep != NULL) {
        ck_assert(cairo_surface_write_to_png(out->surface, keep) == CAIRO_STATUS_SUCCESS);
    }
}

static uint32_t pixel(const struct picture *picture, double x, double y)
{
    uint32_t value;
    memcpy(&value, picture->pixels + (int)(y * SCALE) * picture->stride + (int)(x * SCALE) * 4, sizeof value);
    return value & 0xFFFFFF;
}

static unsigned grey(uint32_t value)
{
    return ((value >> 16 & 255) * 30 + (value >> 8 & 255) * 59 + (value & 255) * 11) / 100;
}

static bool red(uint32_t value)
{
    return (value >> 16 & 255) > 2 * (value & 255) && (value >> 16 & 255) > 150;
}

/* The greys inside a bar from day to day: how many of its pixels are dark, light, middle. */
struct shades {
    double dark, light, middle, red;
};

static double row_of(size_t lane)
{
    return 9 * 2.1 * ((double)lane + 0.5);
}

static struct shades shades(const struct picture *picture, const struct custody_chart *chart, size_t lane, double from_day, double until_day)
{
    struct shades out = { 0 };
    double from = custody_chart_x(chart, &look, WIDTH, start + (uint64_t)(from_day * DAY)) + 2;
    double until = custody_chart_x(chart, &look, WIDTH, start + (uint64_t)(until_day * DAY)) - 2;
    double count = 0;
    for (double y = row_of(lane) - 3.5; y < row_of(lane) + 3.5; y += 1.0 / SCALE) {
        for (double x = from; x < until; x += 1.0 / SCALE) {
            uint32_t value = pixel(picture, x, y);
            unsigned shade = grey(value);
            *(shade < 110 ? &out.dark : shade > 235 ? &out.light : &out.middle) += 1;
            out.red += red(value) ? 1 : 0;
            count++;
        }
    }
    ck_assert(count > 100);
    return (struct shades){ .dark = out.dark / count, .light = out.light / count, .middle = out.middle / count, .red = out.red / count };
}

/* Ten days with each officer: held, in transit, out, late, missing. */
static void every_state(struct custody_chart *chart)
{
    for (unsigned i = 0; i < CHART_STATES; i++) {
        size_t lane = custody_chart_lane(chart, view_text(i % 2 == 0 ? "KHPP-4-Y Sok Dara" : "KHPP-6-T Nguyễn Thị Da"));
        custody_chart_bar(chart, lane, start + i * 10 * DAY, start + (i + 1) * 10 * DAY, (enum chart_state)i, view_text(""));
    }
}

START_TEST(bars_stand_at_their_dates)
{
    struct custody_chart chart = { 0 };
    struct picture picture;
    every_state(&chart);
    draw(&chart, &picture);
    ck_assert_uint_eq(chart.lane_count, 2);
    ck_assert(shades(&picture, &chart, 0, 0, 10).middle > 0.9);   /* held */
    ck_assert(shades(&picture, &chart, 1, 0, 10).light > 0.9);    /* nobody else had it then */
    ck_assert(shades(&picture, &chart, 1, 10, 20).light < 0.8);
    ck_assert(shades(&picture, &chart, 0, 10, 20).light > 0.9);   /* in transit it is in one lane alone */
    double x = custody_chart_x(&chart, &look, WIDTH, start + 10 * DAY);
    ck_assert_uint_lt(grey(pixel(&picture, x, row_of(0))), 120);  /* the edge, to the point */
    ck_assert_uint_gt(grey(pixel(&picture, x + 3, row_of(0))), 235);
    cairo_surface_destroy(picture.surface);
    custody_chart_close(&chart);
}
END_TEST

START_TEST(states_differ_without_colour)
{
    struct custody_chart chart = { 0 };
    struct picture picture;
    struct shades seen[CHART_STATES];
    every_state(&chart);
    draw(&chart, &picture);
    for (unsigned i = 0; i < CHART_STATES; i++) {
        seen[i] = shades(&picture, &chart, i % 2, i * 10, (i + 1) * 10);
        for (unsigned j = 0; j < i; j++) {
            double apart = fabs(seen[i].dark - seen[j].dark) + fabs(seen[i].light - seen[j].light) + fabs(seen[i].middle - seen[j].middle);
            ck_assert_msg(apart > 0.15, "states %u and %u look alike: %.2f", i, j, apart);
        }
    }
    /* Hatching: light and dark, and neither alone. */
    ck_assert(seen[CHART_TRANSIT].light > 0.2 && seen[CHART_TRANSIT].dark + seen[CHART_TRANSIT].middle > 0.2);
    ck_assert(seen[CHART_HELD].red < 0.01 && seen[CHART_TRANSIT].red < 0.01 && seen[CHART_OUT].red < 0.01);
    ck_assert(seen[CHART_LATE].red > 0.1 && seen[CHART_MISSING].red > 0.4);
    cairo_surface_destroy(picture.surface);
    custody_chart_close(&chart);
}
END_TEST

/* What is late or missing lies over what the custodian says; a moment is never too short to be seen. */
START_TEST(nothing_is_hidden)
{
    struct custody_chart chart = { 0 };
    struct picture picture;
    size_t lane = custody_chart_lane(&chart, view_text("A"));
    custody_chart_bar(&chart, lane, start + 5 * DAY, start + 20 * DAY, CHART_MISSING, view_text(""));
    custody_chart_bar(&chart, lane, start, start + 100 * DAY, CHART_HELD, view_text("Rack A"));
    custody_chart_bar(&chart, custody_chart_lane(&chart, view_text("B")), start + 50 * DAY, start + 50 * DAY + 60, CHART_TRANSIT, view_text(""));
    draw(&chart, &picture);
    ck_assert(shades(&picture, &chart, 0, 5, 20).red > 0.4);
    double x = custody_chart_x(&chart, &look, WIDTH, start + 50 * DAY);
    ck_assert_uint_lt(grey(pixel(&picture, x, row_of(1))), 160);
    cairo_surface_destroy(picture.surface);
    custody_chart_close(&chart);
}
END_TEST

START_TEST(signs_stand_at_their_moment)
{
    struct custody_chart chart = { 0 };
    struct picture picture;
    custody_chart_bar(&chart, custody_chart_lane(&chart, view_text("A")), start, start + 100 * DAY, CHART_HELD, view_text(""));
    double bare = custody_chart_height(&chart, &look);
    custody_chart_mark(&chart, start + 25 * DAY, CHART_SEALED, 12);
    custody_chart_mark(&chart, start + 25 * DAY, CHART_SEALED, 12);
    custody_chart_mark(&chart, start + 60 * DAY, CHART_OPENED, 40);
    custody_chart_mark(&chart, start + 80 * DAY, CHART_DIFFERS, 41);
    ck_assert_uint_eq(chart.point_count, 3);
    ck_assert(custody_chart_height(&chart, &look) > bare);
    draw(&chart, &picture);
    double y = 9 * 2.1 + 9 * 0.6;
    ck_assert_uint_lt(grey(pixel(&picture, custody_chart_x(&chart, &look, WIDTH, start + 25 * DAY), y)), 60);  /* black: put on */
    ck_assert_uint_gt(grey(pixel(&picture, custody_chart_x(&chart, &look, WIDTH, start + 60 * DAY), y)), 180); /* white: taken off */
    bool crossed = false;
    for (double dx = -3; dx < 3; dx += 0.3) {
        crossed = crossed || red(pixel(&picture, custody_chart_x(&chart, &look, WIDTH, start + 80 * DAY) + dx, y + 1));
    }
    ck_assert(crossed);
    cairo_surface_destroy(picture.surface);
    custody_chart_close(&chart);
}
END_TEST

/* Hundreds of custodians, names of any length, a clock set back, one moment only: a picture all the same. */
START_TEST(odd_input_is_drawn)
{
    struct custody_chart chart = { 0 };
    struct picture picture;
    char *longest = malloc(10001);
    memset(longest, 'W', 10000);
    longest[10000] = '\0';
    custody_chart_bar(&chart, custody_chart_lane(&chart, view_text(longest)), start, start, CHART_HELD, view_text(longest));
    draw(&chart, &picture);
    cairo_surface_destroy(picture.surface);
    for (unsigned i = 0; i < 300; i++) {
        struct buffer name = { 0 };
        buffer_printf(&name, "\xE2\x80\xAEperson %u\x07", i);
        custody_chart_bar(&chart, custody_chart_lane(&chart, buffer_view(&name)), start + (i + 1) * DAY, start + i * DAY, (enum chart_state)(i % CHART_STATES), view_text("ឃ្លាំង"));
        custody_chart_mark(&chart, start + i * DAY, (enum chart_mark)(i % CHART_MARKS), i % 7 == 0 ? NOTHING : i);
        buffer_free(&name);
    }
    ck_assert_uint_eq(chart.lane_count, CHART_LANES_MAX);
    ck_assert_uint_eq(chart.from_s, start);
    ck_assert_uint_eq(chart.until_s, start + 300 * DAY);
    draw(&chart, &picture);
    cairo_surface_destroy(picture.surface);
    custody_chart_close(&chart);
    free(longest);
}
END_TEST

START_TEST(no_glyph_is_an_error)
{
    struct custody_chart chart = { 0 };
    struct fault fault = { 0 };
    custody_chart_bar(&chart, custody_chart_lane(&chart, view_text("象")), start, start + DAY, CHART_HELD, view_text(""));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 10, 10);
    cairo_t *cairo = cairo_create(surface);
    ck_assert(custody_chart_draw(&chart, &look, cairo, WIDTH, &fault) == STATUS_REFUSED);
    ck_assert(strstr(fault.text, "U+8C61") != NULL);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    custody_chart_close(&chart);
}
END_TEST

/* A morning of five moments in a year gets a picture of its own; a month of five moments does not. */
START_TEST(crowded_times_are_found)
{
    struct custody_chart chart = { 0 }, part = { 0 };
    struct chart_window windows[4];
    size_t a = custody_chart_lane(&chart, view_text("A")), b = custody_chart_lane(&chart, view_text("B")), c = custody_chart_lane(&chart, view_text("C"));
    custody_chart_bar(&chart, a, start, start + 100 * DAY, CHART_HELD, view_text(""));
    custody_chart_bar(&chart, a, start + 100 * DAY, start + 100 * DAY + 3600, CHART_TRANSIT, view_text(""));
    custody_chart_mark(&chart, start + 100 * DAY + 1800, CHART_SEALED, 7);
    custody_chart_bar(&chart, b, start + 100 * DAY + 3600, start + 300 * DAY, CHART_HELD, view_text("Rack"));
    custody_chart_bar(&chart, c, start + 300 * DAY, start + 360 * DAY, CHART_HELD, view_text(""));
    ck_assert_uint_eq(custody_chart_crowded(&chart, windows, 4), 1);
    ck_assert_uint_eq(windows[0].from_s, start + 100 * DAY);
    ck_assert_uint_eq(windows[0].until_s, start + 100 * DAY + 3600);
    ck_assert_uint_eq(windows[0].events, 3);
    ck_assert_uint_eq(custody_chart_crowded(&chart, windows, 0), 0);

    custody_chart_part(&chart, windows[0].from_s - 60, windows[0].until_s + 60, &part);
    ck_assert_uint_eq(part.lane_count, 2); /* C had nothing to do with it */
    ck_assert_uint_eq(part.bar_count, 3);
    ck_assert_uint_eq(part.point_count, 1);
    ck_assert_uint_eq(part.bars[0].until_s - part.bars[0].from_s, 60);
    ck_assert_uint_eq(part.until_s - part.from_s, 3720);
    part.bare = true;
    chart.bare = false;
    ck_assert(custody_chart_height(&part, &look) < custody_chart_height(&chart, &look));
    custody_chart_close(&part);
    custody_chart_close(&chart);
}
END_TEST

START_TEST(nothing_is_crowded_in_nothing)
{
    struct custody_chart chart = { 0 };
    struct chart_window windows[4];
    ck_assert_uint_eq(custody_chart_crowded(&chart, windows, 4), 0);
    for (unsigned i = 0; i < 10; i++) {
        custody_chart_mark(&chart, start + i * 30 * DAY, CHART_SEALED, i);
    }
    ck_assert_uint_eq(custody_chart_crowded(&chart, windows, 4), 0);
    custody_chart_close(&chart);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("custody_chart");
    TCase *tcase = tcase_create("custody_chart");
    tcase_add_unchecked_fixture(tcase, open_typesetter, close_typesetter);
    tcase_add_test(tcase, bars_stand_at_their_dates);
    tcase_add_test(tcase, states_differ_without_colour);
    tcase_add_test(tcase, nothing_is_hidden);
    tcase_add_test(tcase, signs_stand_at_their_moment);
    tcase_add_test(tcase, odd_input_is_drawn);
    tcase_add_test(tcase, no_glyph_is_an_error);
    tcase_add_test(tcase, crowded_times_are_found);
    tcase_add_test(tcase, nothing_is_crowded_in_nothing);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
