/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a weight is read or printed as another one, or a change is reckoned wrongly. */
#include "custody/mass.h"

#include <string.h>

#include "tests/support/custody_suite.h"
#include "verify/state.h"

static uint64_t mg;

static bool parses(const char *text)
{
    mg = 77;
    return mass_parse(view_text(text), &mg);
}

START_TEST(grams_kilograms_milligrams)
{
    static const struct {
        const char *text;
        uint64_t mg;
    } good[] = {
        {"0", 0},           {"1850", 1850000},       {"1850.5", 1850500}, {"1850.5 g", 1850500},      {"1850.500g", 1850500},
        {"0.001", 1},       {"3.23 kg", 3230000},    {"3.23kg", 3230000}, {"0.000001 kg", 1},         {"250 mg", 250},
        {"0mg", 0},         {"9007199254740991 mg", NUM_MAX},             {"9007199254740.991", NUM_MAX},
        {"\xe1\x9f\xa1\xe1\x9f\xa2.\xe1\x9f\xa5", 12500}, /* Khmer 12.5 */
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert_msg(parses(good[i].text), "%s", good[i].text);
        ck_assert_msg(mg == good[i].mg, "%s: %llu", good[i].text, (unsigned long long)mg);
    }
}
END_TEST

START_TEST(what_is_no_weight)
{
    static const char *const bad[] = {"",     " ",      "g",      "kg",      "-1",    "+1",        "1,5",   "1.",   ".5",
                                      "1.2345", "1.5mg", "1.0000001 kg", "1e3", "0x10", "1 850", "1850 t", "01", "1850.5 g g",
                                      "9007199254740992 mg", "9007199254740.992", "9007199254741 ", "99999999999999999999",
                                      "9007199255 kg", "1.5\n", "1..5"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!parses(bad[i]), "%s", bad[i]);
    }
    ck_assert(!mass_grams(view_text("1 g"), &mg));
    ck_assert(!mass_grams(view_text("1kg"), &mg));
    ck_assert(mass_grams(view_text("1.25"), &mg) && mg == 1250);
}
END_TEST

static void prints(const char *want, void (*print)(uint64_t, uint64_t, struct buffer *), uint64_t before, uint64_t now)
{
    struct buffer text = {0};

    print(before, now, &text);
    ck_assert_msg(view_equal(buffer_view(&text), view_text(want)), "%.*s, not %s", (int)text.len, (const char *)text.ptr, want);
    buffer_free(&text);
}

static void one(uint64_t before, uint64_t now, struct buffer *out)
{
    (void)before;
    mass_print(now, out);
}

START_TEST(as_it_is_printed)
{
    prints("0", one, 0, 0);
    prints("1850", one, 0, 1850000);
    prints("1850.5", one, 0, 1850500);
    prints("0.001", one, 0, 1);
    prints("0.01", one, 0, 10);
    prints("9007199254740.991", one, 0, NUM_MAX);
    prints("-38.85", mass_print_change, 1850000, 1811150);
    prints("+0.001", mass_print_change, 0, 1);
    prints("0", mass_print_change, 5, 5);
    prints("-2.1", mass_print_percent, 1850000, 1811150);
    prints("+100.0", mass_print_percent, 1, 2);
    prints("0.0", mass_print_percent, 1000000, 999999);
    prints("-100.0", mass_print_percent, NUM_MAX, 0);
    prints("", mass_print_percent, 0, 5);
}
END_TEST

/* SPEC 7.3.7: above 2 % of the last and above 1000 mg. */
START_TEST(when_a_drift_must_be_explained)
{
    ck_assert(!mass_drifts(50000, 49000));  /* 2 %, 1000 mg */
    ck_assert(!mass_drifts(50000, 51000));
    ck_assert(mass_drifts(50000, 48999));
    ck_assert(mass_drifts(50000, 51001));
    ck_assert(!mass_drifts(20000, 19000));  /* 5 %, but 1000 mg */
    ck_assert(mass_drifts(20000, 18999));
    ck_assert(!mass_drifts(1000000, 981000)); /* 19 g, but under 2 % */
    ck_assert(!mass_drifts(1000000, 980000));
    ck_assert(mass_drifts(1000000, 979999));
    ck_assert(mass_drifts(0, 1001));
    ck_assert(mass_drifts(NUM_MAX, 0));
}
END_TEST

static enum status net(uint64_t gross, uint64_t tare, uint64_t stated, struct fault *fault)
{
    mg = stated;
    fault_clear(fault);
    return mass_net(gross, tare, &mg, fault);
}

START_TEST(gross_less_tare)
{
    struct fault fault;

    ck_assert_int_eq(net(2000, 150, NOTHING, &fault), STATUS_OK);
    ck_assert_uint_eq(mg, 1850);
    ck_assert_int_eq(net(2000, 150, 1850, &fault), STATUS_OK);
    ck_assert_int_eq(net(NOTHING, NOTHING, 7, &fault), STATUS_OK);
    ck_assert_uint_eq(mg, 7);
    ck_assert_int_eq(net(5, 5, NOTHING, &fault), STATUS_OK);
    ck_assert_uint_eq(mg, 0);
    ck_assert_int_eq(net(NOTHING, NOTHING, NOTHING, &fault), STATUS_REFUSED);
    ck_assert_int_eq(net(2000, NOTHING, 1850, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "tare is missing"));
    ck_assert_int_eq(net(NOTHING, 2000, 1850, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "gross is missing"));
    ck_assert_int_eq(net(5, 6, NOTHING, &fault), STATUS_REFUSED);
    ck_assert_int_eq(net(2000000, 150000, 1850001, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "which is 1850 g"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {grams_kilograms_milligrams, what_is_no_weight, as_it_is_printed, when_a_drift_must_be_explained,
                                  gross_less_tare, NULL};

    return suite_run("mass", tests, NULL);
}
