/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label: every stock, in every language, with good and with hostile texts: nothing reaches over the margin, the picture has its QR where the
 * stock says, the same labels give the same bytes, and what cannot be drawn is refused with nothing returned.
 */
#include "printer/label.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stocks stocks;

static struct label sample(void)
{
    return (struct label){ .name = view_text("KHPP-1042-4"),
                           .tag = view_text("U1/KHPP-1042-4/ZO3O5NCWUV4HK7BZ/1"),
                           .agency = view_text("អគ្គនាយកដ្ឋានគយ និងរដ្ឋាករកម្ពុជា"),
                           .of_case = view_text("KHPP-11-4 · PP 214/2018"),
                           .description = view_text("Elephant tusk, raw, with a long crack near the base and a number in red paint"),
                           .when = view_text("2018-12-13 09:03"),
                           .initials = view_text("SD"),
                           .seals = view_text("KH-41001, KH-41002"),
                           .item = 28,
                           .items = 1026,
                           .print = 2,
                           .hazard = true,
                           .live = true,
                           .training = true };
}

static struct labeller *open_labeller(const char *stock, const char *languages, unsigned dpi)
{
    struct fault fault = { 0 };
    struct languages both;
    struct labeller *labeller = NULL;
    ck_assert(languages_parse(languages, &both, &fault) == STATUS_OK);
    ck_assert_msg(labeller_open(stocks_find(&stocks, stock), &both, dpi, &labeller, &fault) == STATUS_OK, "%s", fault.text);
    return labeller;
}

static void keep(const char *name, const struct buffer *bytes)
{
    const char *folder = getenv("KEEP");
    char path[256];
    if (folder != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        FILE *file = fopen(path, "wb");
        ck_assert(file != NULL && fwrite(bytes->ptr, 1, bytes->len, file) == bytes->len);
        (void)fclose(file);
    }
}

/* Is the outermost margin white, but for half a dot of rounding? */
static void assert_border_white(const struct bitmap *bitmap, unsigned margin, const char *stock)
{
    size_t ink = 0;
    for (unsigned y = 0; y < bitmap->height_dots; y++) {
        for (unsigned x = 0; x < bitmap->width_dots; x++) {
            bool border = x < margin || y < margin || x + margin >= bitmap->width_dots || y + margin >= bitmap->height_dots;
            ink += border && bitmap_black(bitmap, x, y) ? 1 : 0;
        }
    }
    ck_assert_msg(ink == 0, "%s: %zu dots of ink in the margin", stock, ink);
}

static void assert_contained(const struct label *label, const char *languages)
{
    struct fault fault = { 0 };
    for (size_t i = 0; i < stocks.count; i++) {
        struct labeller *labeller = open_labeller(stocks.stocks[i].name, languages, 203);
        struct bitmap bitmap;
        ck_assert_msg(label_bitmap(labeller, label, &bitmap, &fault) == STATUS_OK, "%s: %s", stocks.stocks[i].name, fault.text);
        assert_border_white(&bitmap, (unsigned)(stocks.stocks[i].margin / 25.4 * 203) - 1, stocks.stocks[i].name);
        bitmap_free(&bitmap);
        labeller_close(labeller);
    }
}

START_TEST(every_stock_in_every_language_stays_inside)
{
    struct label label = sample();
    const char *languages[] = { "en", "km", "vi", "km,en", "vi,km" };
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        assert_contained(&label, languages[i]);
        label.blank = i % 2 == 0;
    }
}
END_TEST

START_TEST(hostile_texts_stay_inside)
{
    struct label label = sample();
    struct buffer text = { 0 };
    for (unsigned i = 0; i < 1200; i++) {
        buffer_append_view(&text, view_text("^XZ~JA\"'<b>{}%s\\"));
    }
    label.description = label.agency = label.of_case = label.seals = label.when = label.initials = buffer_view(&text);
    assert_contained(&label, "en");
    buffer_reset(&text);
    for (unsigned i = 0; i < 10000; i++) {
        buffer_append_view(&text, view_text("\xE2\x80\xAE"));
    }
    label.description = buffer_view(&text);
    assert_contained(&label, "km,en");
    buffer_reset(&text);
    buffer_append_view(&text, view_text("e"));
    for (unsigned i = 0; i < 500; i++) {
        buffer_append_view(&text, view_text("\xCC\x81"));
    }
    label.description = label.agency = buffer_view(&text);
    assert_contained(&label, "vi");
    buffer_free(&text);
}
END_TEST

START_TEST(same_labels_same_bytes)
{
    struct label labels[30];
    struct fault fault = { 0 };
    for (size_t i = 0; i < 30; i++) {
        labels[i] = sample();
        labels[i].print = i;
    }
    for (size_t i = 0; i < stocks.count; i++) {
        struct buffer first = { 0 }, second = { 0 };
        char name[64];
        for (unsigned k = 0; k < 2; k++) {
            struct labeller *labeller = open_labeller(stocks.stocks[i].name, "km,en", 0);
            ck_assert_msg(labels_pdf(labeller, labels, 30, stocks.stocks[i].columns > 0 ? 4 : 1, 1544666400, NULL, NULL, k == 0 ? &first : &second, &fault) == STATUS_OK, "%s", fault.text);
            labeller_close(labeller);
        }
        ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
        (void)snprintf(name, sizeof name, "%s.pdf", stocks.stocks[i].name);
        keep(name, &first);
        buffer_free(&first);
        buffer_free(&second);
    }
}
END_TEST

START_TEST(what_cannot_be_drawn_is_refused)
{
    struct fault fault = { 0 };
    struct label label = sample();
    struct bitmap bitmap;
    struct buffer out = { 0 };
    struct labeller *labeller = open_labeller("evidence", "en", 0);
    label.description = view_text("象牙");
    ck_assert(label_bitmap(labeller, &label, &bitmap, &fault) == STATUS_REFUSED);
    ck_assert(strstr(fault.text, "U+8C61") != NULL);
    ck_assert_ptr_null(bitmap.bits);
    labeller_close(labeller);

    char tag[400];
    memset(tag, 'A', sizeof tag);
    label = sample();
    label.tag = view_of(tag, sizeof tag);
    labeller = open_labeller("asset", "en", 203);
    fault_clear(&fault);
    ck_assert(label_bitmap(labeller, &label, &bitmap, &fault) == STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "too long for the stock asset") != NULL, "%s", fault.text);
    labeller_close(labeller);

    label = sample();
    labeller = open_labeller("a4-21", "en", 0);
    fault_clear(&fault);
    ck_assert(labels_pdf(labeller, &label, 1, 22, 0, NULL, NULL, &out, &fault) == STATUS_REFUSED);
    fault_clear(&fault);
    ck_assert(labels_zpl(labeller, &label, 1, NULL, NULL, &out, &fault) == STATUS_REFUSED);
    labeller_close(labeller);
    buffer_free(&out);
}
END_TEST

START_TEST(pictures_of_each_resolution)
{
    struct fault fault = { 0 };
    struct label label = sample();
    const unsigned dpis[] = { 203, 300, 600 };
    for (size_t i = 0; i < stocks.count; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct labeller *labeller = open_labeller(stocks.stocks[i].name, "en", dpis[k]);
            struct buffer png = { 0 };
            char name[64];
            ck_assert(label_png(labeller, &label, &png, &fault) == STATUS_OK);
            ck_assert(memcmp(png.ptr, "\x89PNG\r\n\x1a\n", 8) == 0);
            (void)snprintf(name, sizeof name, "%s-%u.png", stocks.stocks[i].name, dpis[k]);
            keep(name, &png);
            buffer_free(&png);
            labeller_close(labeller);
        }
    }
}
END_TEST

int main(void)
{
    struct fault fault = { 0 };
    Suite *suite = suite_create("label");
    TCase *tcase = tcase_create("label");
    if (stocks_own(&stocks, &fault) != STATUS_OK) {
        (void)printf("%s\n", fault.text);
        return 1;
    }
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, every_stock_in_every_language_stays_inside);
    tcase_add_test(tcase, hostile_texts_stay_inside);
    tcase_add_test(tcase, same_labels_same_bytes);
    tcase_add_test(tcase, what_cannot_be_drawn_is_refused);
    tcase_add_test(tcase, pictures_of_each_resolution);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
