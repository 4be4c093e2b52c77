/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when numbers in keys do not sort as numbers, when a number has two encodings, or when the position of a heads node is not its
 * place in the order of completion.
 */
#include "ledger/keys.h"

#include "tests/ledger/fixture.c"

static const uint64_t NUMBERS[] = {0, 1, 2, 127, 128, 255, 256, 65535, 65536, 16777215, 16777216, UINT64_C(1) << 32,
                                   (UINT64_C(1) << 53) - 1, UINT64_MAX - 1, UINT64_MAX};

START_TEST(numbers_sort_and_come_back)
{
    size_t count = sizeof NUMBERS / sizeof NUMBERS[0];

    for (size_t i = 0; i < count; i++) {
        struct key key = keys_number(TABLE_SUBJECT, NUMBERS[i]);
        uint64_t back = 0;

        ck_assert(keys_only(view_of(key.bytes + 1, key.len - 1), &back));
        ck_assert_uint_eq(back, NUMBERS[i]);
        for (size_t j = 0; j < count; j++) {
            struct key other = keys_number(TABLE_SUBJECT, NUMBERS[j]);
            int order = view_compare(keys_view(&key), keys_view(&other));

            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}
END_TEST

START_TEST(only_the_shortest_form_is_a_number)
{
    static const uint8_t wrong[][10] = {{2, 0, 1}, {1, 0}, {9, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {2, 1}, {254, 1},
                                        {8, 255, 255, 255, 255, 255, 255, 255, 255}};
    static const size_t lens[] = {3, 2, 10, 2, 2, 9};
    uint64_t number;

    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        ck_assert(!keys_only(view_of(wrong[i], lens[i]), &number));
    }
    ck_assert(!keys_only(view_of(NULL, 0), &number));
    ck_assert(!keys_only(view_of("\x01\x05\x00", 3), &number));
}
END_TEST

/* The order of completion, by growing a tree leaf by leaf. */
START_TEST(positions_are_the_order_of_completion)
{
    uint64_t position = 0;

    for (uint64_t leaf = 0; leaf < 5000; leaf++) {
        uint64_t index = leaf;

        for (unsigned level = 0;; level++) {
            ck_assert_uint_eq(keys_node_position(level, index), position);
            position++;
            if (index % 2 == 0) {
                break;
            }
            index /= 2;
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {numbers_sort_and_come_back, only_the_shortest_form_is_a_number,
                                  positions_are_the_order_of_completion, NULL};

    return run_tests("keys", tests);
}
