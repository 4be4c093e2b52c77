/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zpl: every dot of a picture comes back out of the label, by a decoder of the test's own; nothing but the picture's commands is in it. Breaks
 * when a run is miscounted, a row is ended too early, bits behind the last dot become black, or the coding swells.
 */
#include "printer/zpl.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Check is slow: what is looked at once a dot or digit calls it only when it is wrong. */

/* Reads text that must stand at *at, and steps behind it. */
static void expect(const struct buffer *zpl, size_t *at, const char *text)
{
    size_t len = strlen(text);
    ck_assert(*at + len <= zpl->len);
    ck_assert_msg(memcmp(zpl->ptr + *at, text, len) == 0, "no '%s' at byte %zu", text, *at);
    *at += len;
}

static size_t number(const struct buffer *zpl, size_t *at)
{
    size_t value = 0, from = *at;
    while (zpl->ptr[*at] >= '0' && zpl->ptr[*at] <= '9') {
        value = value * 10 + (size_t)(zpl->ptr[(*at)++] - '0');
    }
    ck_assert(*at > from);
    return value;
}

static void put(uint8_t *digits, size_t *count, size_t total, uint8_t digit, size_t times)
{
    if (*count + times > total) {
        ck_abort_msg("more digits than the header says");
    }
    memset(digits + *count, digit, times);
    *count += times;
}

/* The hex digits of the picture, one a byte. */
static void decode(const struct buffer *zpl, size_t *at, uint8_t *digits, size_t total, size_t row)
{
    size_t count = 0, times = 0;
    for (; zpl->ptr[*at] != '^'; (*at)++) {
        uint8_t c = zpl->ptr[*at];
        size_t left = row - count % row;
        if (c >= 'G' && c <= 'Y') {
            times += (size_t)(c - 'G') + 1;
        } else if (c >= 'g' && c <= 'z') {
            times += ((size_t)(c - 'g') + 1) * 20;
        } else if (c == ',') {
            ck_assert(times == 0);
            put(digits, &count, total, 0, left);
        } else if (c == ':') {
            if (times != 0 || count < row || left != row || count + row > total) {
                ck_abort_msg("a row above again, at digit %zu", count);
            }
            memcpy(digits + count, digits + count - row, row);
            count += row;
        } else {
            times = times == 0 ? 1 : times;
            if (strchr("0123456789ABCDEF", c) == NULL || c == '\0' || times > left) {
                ck_abort_msg("byte %02x, %zu times, in the picture", c, times);
            }
            put(digits, &count, total, (uint8_t)(c <= '9' ? c - '0' : c - 'A' + 10), times);
            times = 0;
        }
    }
    ck_assert(times == 0);
    ck_assert_uint_eq(count, total);
}

/* Reads one label at *at and compares every dot. */
static void expect_label(const struct buffer *zpl, size_t *at, const struct bitmap *bitmap)
{
    expect(zpl, at, "^XA^PW");
    ck_assert_uint_eq(number(zpl, at), bitmap->width_dots);
    expect(zpl, at, "^LL");
    ck_assert_uint_eq(number(zpl, at), bitmap->height_dots);
    expect(zpl, at, "^LH0,0^LS0^PON^PMN^LRN\n^FO0,0^GFA,");
    size_t row = (bitmap->width_dots + 7u) / 8u, total = row * bitmap->height_dots;
    ck_assert_uint_eq(number(zpl, at), total);
    expect(zpl, at, ",");
    ck_assert_uint_eq(number(zpl, at), total);
    expect(zpl, at, ",");
    ck_assert_uint_eq(number(zpl, at), row);
    expect(zpl, at, ",");
    uint8_t *digits = malloc(total * 2);
    ck_assert(digits != NULL);
    decode(zpl, at, digits, total * 2, row * 2);
    for (unsigned y = 0; y < bitmap->height_dots; y++) {
        for (unsigned x = 0; x < row * 8; x++) {
            bool black = (digits[y * row * 2 + x / 4] & (8u >> (x % 4))) != 0;
            bool wanted = x < bitmap->width_dots && bitmap_black(bitmap, x, y);
            if (black != wanted) {
                ck_abort_msg("dot %u, %u", x, y);
            }
        }
    }
    free(digits);
    expect(zpl, at, "^FS\n^PQ1\n^XZ\n");
}

static struct bitmap create(unsigned width, unsigned height)
{
    struct bitmap bitmap;
    struct fault fault = { 0 };
    ck_assert_msg(bitmap_create(width, height, &bitmap, &fault) == STATUS_OK, "%s", fault.text);
    return bitmap;
}

/* Encodes, compares, frees; how many bytes it took. */
static size_t there_and_back(struct bitmap *bitmap)
{
    struct buffer zpl = { 0 };
    size_t at = 0;
    ck_assert(zpl_label(bitmap, &zpl, NULL) == STATUS_OK);
    expect_label(&zpl, &at, bitmap);
    ck_assert_uint_eq(at, zpl.len);
    buffer_free(&zpl);
    bitmap_free(bitmap);
    return at;
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Runs of the same colour, of up to `longest` dots. */
static struct bitmap stripes(unsigned width, unsigned height, unsigned longest, uint32_t seed)
{
    struct bitmap bitmap = create(width, height);
    bool black = false;
    unsigned left = 0;
    for (unsigned y = 0; y < height; y++) {
        if (y > 0 && next(&seed) % 3 == 0) {
            memcpy(bitmap.bits + y * bitmap.stride_bytes, bitmap.bits + (y - 1) * bitmap.stride_bytes, bitmap.stride_bytes);
            continue;
        }
        for (unsigned x = 0; x < width; x++, left--) {
            if (left == 0) {
                left = 1 + next(&seed) % longest;
                black = !black;
            }
            if (black) {
                bitmap_blacken(&bitmap, x, y);
            }
        }
    }
    return bitmap;
}

/* 102 x 76, 102 x 25, 51 x 25 and 62 x 100 mm at 203, 300 and 600 dpi. */
static const unsigned sizes[][2] = {
    { 815, 607 }, { 815, 200 }, { 408, 200 }, { 496, 799 }, { 1205, 898 }, { 1205, 295 }, { 602, 295 }, { 732, 1181 },
    { 2409, 1795 }, { 2409, 591 }, { 1205, 591 }, { 1465, 2362 },
};

START_TEST(white_and_black_labels_are_small)
{
    struct bitmap bitmap = create(sizes[_i][0], sizes[_i][1]);
    ck_assert(there_and_back(&bitmap) < 100 + sizes[_i][1]);
    bitmap = create(sizes[_i][0], sizes[_i][1]);
    memset(bitmap.bits, 0xFF, bitmap.stride_bytes * bitmap.height_dots);
    ck_assert(there_and_back(&bitmap) < 120 + sizes[_i][1]);
}
END_TEST

START_TEST(patterns_of_every_size_come_back)
{
    static const unsigned longest[] = { 1, 2, 9, 100, 5000 };
    for (size_t i = 0; i < sizeof longest / sizeof *longest; i++) {
        struct bitmap bitmap = stripes(sizes[_i][0], sizes[_i][1], longest[i], (uint32_t)(_i * 7 + 1));
        (void)there_and_back(&bitmap);
    }
}
END_TEST

/* Every width up to some bytes, so that each number of left-over dots and each place of a run's end is met. */
START_TEST(every_small_width_comes_back)
{
    for (unsigned width = 1; width <= 67; width++) {
        for (uint32_t seed = 1; seed <= 20; seed++) {
            struct bitmap bitmap = stripes(width, 1 + seed % 5, 1 + seed * 2, seed * 977 + width);
            (void)there_and_back(&bitmap);
        }
    }
}
END_TEST

/* A run of each length from 1 digit up, before a digit that ends it: over every border of the letters (19, 20, 400, 419, 800). */
START_TEST(every_run_comes_back)
{
    for (unsigned run = 1; run <= 1300; run++) {
        struct bitmap bitmap = create((run + 2) * 4, 1);
        for (unsigned x = 0; x < run; x++) {
            bitmap_blacken(&bitmap, x * 4 + 1, 0);
        }
        bitmap_blacken(&bitmap, (run + 1) * 4, 0);
        (void)there_and_back(&bitmap);
    }
}
END_TEST

START_TEST(runs_are_coded_as_zebra_says)
{
    static const struct {
        unsigned run;
        const char *coded;
    } rows[] = { { 1, ",4," }, { 2, ",H4," }, { 19, ",Y4," }, { 20, ",g4," }, { 21, ",gG4," }, { 40, ",h4," }, { 327, ",vM4," }, { 400, ",z4," },
                 { 419, ",zY4," }, { 420, ",zY44," }, { 839, ",zY4zY44," } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bitmap bitmap = create((rows[i].run + 4) * 4, 1);
        struct buffer zpl = { 0 };
        for (unsigned x = 0; x < rows[i].run; x++) {
            bitmap_blacken(&bitmap, x * 4 + 1, 0);
        }
        ck_assert(zpl_label(&bitmap, &zpl, NULL) == STATUS_OK);
        buffer_append_byte(&zpl, '\0');
        ck_assert_msg(strstr((const char *)zpl.ptr, rows[i].coded) != NULL, "%s", (const char *)zpl.ptr);
        buffer_free(&zpl);
        bitmap_free(&bitmap);
    }
}
END_TEST

START_TEST(labels_follow_one_another)
{
    struct bitmap bitmaps[3] = { stripes(99, 7, 5, 1), stripes(8, 1, 3, 2), create(16, 2) };
    struct buffer zpl = { 0 };
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        ck_assert(zpl_label(&bitmaps[i], &zpl, NULL) == STATUS_OK);
    }
    for (int i = 0; i < 3; i++) {
        expect_label(&zpl, &at, &bitmaps[i]);
        bitmap_free(&bitmaps[i]);
    }
    ck_assert_uint_eq(at, zpl.len);
    buffer_free(&zpl);
}
END_TEST

START_TEST(bits_behind_the_last_dot_and_wide_rows_are_left_out)
{
    uint8_t bits[3 * 16];
    struct bitmap wide = { .width_dots = 13, .height_dots = 3, .stride_bytes = 16, .bits = bits };
    struct buffer zpl = { 0 };
    size_t at = 0;
    memset(bits, 0xFF, sizeof bits);
    bits[0] = 0x5A;
    ck_assert(zpl_label(&wide, &zpl, NULL) == STATUS_OK);
    expect_label(&zpl, &at, &wide);
    ck_assert_uint_eq(at, zpl.len);
    buffer_free(&zpl);
}
END_TEST

START_TEST(a_drawing_is_taken_dot_by_dot)
{
    uint8_t coverage[2][12] = { { 0, 127, 128, 255, 0, 0, 0, 0, 0, 255, 255, 255 }, { 255, 0, 0, 0, 0, 0, 0, 255, 1, 200, 0, 0 } };
    struct bitmap bitmap = create(9, 2);
    memset(bitmap.bits, 0xFF, bitmap.stride_bytes * 2);
    bitmap_take(&bitmap, coverage[0], sizeof coverage[0]);
    ck_assert(bitmap.bits[0] == 0x30 && bitmap.bits[1] == 0 && bitmap.bits[2] == 0x81 && bitmap.bits[3] == 0);
    bitmap_free(&bitmap);
}
END_TEST

START_TEST(impossible_sides_are_refused)
{
    static const unsigned sides[][2] = { { 0, 1 }, { 1, 0 }, { BITMAP_SIDE_MAX_DOTS + 1, 1 }, { 1, BITMAP_SIDE_MAX_DOTS + 1 }, { 0xFFFFFFFF, 2 } };
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct bitmap bitmap;
        struct fault fault = { 0 };
        ck_assert(bitmap_create(sides[i][0], sides[i][1], &bitmap, &fault) == STATUS_REFUSED);
        ck_assert(bitmap.bits == NULL && strstr(fault.text, "32000") != NULL);
        bitmap_free(&bitmap);
    }
    struct bitmap longest = create(BITMAP_SIDE_MAX_DOTS, 2);
    bitmap_blacken(&longest, BITMAP_SIDE_MAX_DOTS - 1, 1);
    (void)there_and_back(&longest);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("zpl");
    TCase *tcase = tcase_create("zpl");
    int count = (int)(sizeof sizes / sizeof *sizes);
    tcase_add_loop_test(tcase, white_and_black_labels_are_small, 0, count);
    tcase_add_loop_test(tcase, patterns_of_every_size_come_back, 0, count);
    tcase_add_test(tcase, every_small_width_comes_back);
    tcase_add_test(tcase, every_run_comes_back);
    tcase_add_test(tcase, runs_are_coded_as_zebra_says);
    tcase_add_test(tcase, labels_follow_one_another);
    tcase_add_test(tcase, bits_behind_the_last_dot_and_wide_rows_are_left_out);
    tcase_add_test(tcase, a_drawing_is_taken_dot_by_dot);
    tcase_add_test(tcase, impossible_sides_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
