/* SPDX-License-Identifier: Apache-2.0 */
/* weight_chart: a weight out of its band is told from one inside it; masses are printed exactly; points stand where their weight is. */
#include "printer/weight_chart.h"

#include "verify/state.h"

#include <check.h>
#include <string.h>

#define KG UINT64_C(1000000)

static struct typesetter typesetter;

static void open_typesetter(void)
{
    struct fault fault = { 0 };
    ck_assert_msg(typesetter_open(&typesetter, &fault) == STATUS_OK, "%s", fault.text);
}

static void close_typesetter(void)
{
    typesetter_close(&typesetter);
}

START_TEST(masses_are_exact)
{
    static const struct { uint64_t mg; const char *text; } rows[] = {
        { 0, "0 kg" }, { 1, "0.000001 kg" }, { 1830 * 1000, "1.83 kg" }, { 100 * KG, "100 kg" }, { KG + 1, "1.000001 kg" },
        { UINT64_C(9007199254740991), "9007199254.740991 kg" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer text = { 0 };
        weight_print(&text, rows[i].mg);
        ck_assert_msg(view_equal(buffer_view(&text), view_text(rows[i].text)), "%.*s", (int)text.len, (const char *)text.ptr);
        buffer_free(&text);
    }
}
END_TEST

/* SPEC 7.3.7: above two of a hundred of the last and above one gram. */
START_TEST(the_band_is_that_of_the_specification)
{
    ck_assert(!weight_chart_outside(&(struct weight_point){ .net_mg = 98 * KG, .expected_mg = 100 * KG }));
    ck_assert(weight_chart_outside(&(struct weight_point){ .net_mg = 98 * KG - 1, .expected_mg = 100 * KG }));
    ck_assert(weight_chart_outside(&(struct weight_point){ .net_mg = 102 * KG + 1, .expected_mg = 100 * KG }));
    ck_assert(!weight_chart_outside(&(struct weight_point){ .net_mg = 1000, .expected_mg = 2000 }));
    ck_assert(weight_chart_outside(&(struct weight_point){ .net_mg = 999, .expected_mg = 2000 }));
    ck_assert(!weight_chart_outside(&(struct weight_point){ .net_mg = 5, .expected_mg = NOTHING }));
}
END_TEST

static bool red_near(cairo_surface_t *surface, double x, double y)
{
    const uint8_t *pixels = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int row = (int)y - 6; row < (int)y + 6; row++) {
        for (int column = (int)x - 6; column < (int)x + 6; column++) {
            const uint8_t *at = pixels + row * stride + column * 4;
            if (at[2] > 150 && at[0] < 90) {
                return true;
            }
        }
    }
    return false;
}

START_TEST(what_is_out_of_its_band_is_red)
{
    const struct weight_point points[] = {
        { .time_s = 1544659200, .record = 5, .net_mg = 1850000, .expected_mg = NOTHING },
        { .time_s = 1545004800, .record = 70, .net_mg = 1830000, .expected_mg = 1850000 },
        { .time_s = 1548979200, .record = 99, .net_mg = 1700000, .expected_mg = 1830000 },
    };
    struct weight_chart chart = { .points = points, .count = 3, .offset_min = 420, .typesetter = &typesetter, .base_pt = 9 };
    struct fault fault = { 0 };
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 500, 120);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    ck_assert_msg(weight_chart_draw(&chart, cairo, 500, 120, &fault) == STATUS_OK, "%s", fault.text);
    cairo_surface_flush(surface);
    for (size_t i = 0; i < 3; i++) {
        double x = weight_chart_x(&chart, 500, points[i].time_s), y = weight_chart_y(&chart, 120, points[i].net_mg);
        ck_assert(x >= 6 && x <= 494 && y >= 6 && y <= 114);
        ck_assert_msg(red_near(surface, x, y) == (i == 2), "point %zu", i);
    }
    ck_assert(weight_chart_y(&chart, 120, 1850000) < weight_chart_y(&chart, 120, 1830000)); /* heavier is higher */
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("weight_chart");
    TCase *tcase = tcase_create("weight_chart");
    tcase_add_unchecked_fixture(tcase, open_typesetter, close_typesetter);
    tcase_add_test(tcase, masses_are_exact);
    tcase_add_test(tcase, the_band_is_that_of_the_specification);
    tcase_add_test(tcase, what_is_out_of_its_band_is_red);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
