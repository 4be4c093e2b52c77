/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a node is lost as the table grows, when a node that was never put is found, or when the first double of a pool
 * is not the one that is told.
 */
#include "verify/nodes.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 5000 };

static uint8_t *pool;

/* Nodes that share all bytes but four, as a hostile file's may. */
static void setup(void)
{
    pool = calloc(MANY + 1, HASH_BYTES);
    ck_assert_ptr_nonnull(pool);
    for (uint32_t i = 0; i <= MANY; i++) {
        memcpy(pool + (size_t)i * HASH_BYTES + 28, &i, sizeof i);
    }
}

static void teardown(void)
{
    free(pool);
}

START_TEST(test_put_and_find)
{
    struct nodes nodes = {.key = {7}};

    for (uint32_t i = 0; i < MANY; i++) {
        ck_assert(nodes_reserve(&nodes, pool, nodes.count + 2)); /* grows by and by: all is put again */
        ck_assert_uint_eq(nodes_put(&nodes, pool, pool + (size_t)i * HASH_BYTES), NODES_NONE);
        ck_assert_uint_eq(nodes.count, i + 1);
        ck_assert_uint_ge(nodes.slot_count, 2 * nodes.count);
        ck_assert_uint_eq(nodes_put(&nodes, pool, pool + (size_t)(i / 2) * HASH_BYTES), i / 2);
    }
    ck_assert(nodes_reserve(&nodes, pool, nodes.count + 1));
    for (uint32_t i = 0; i < MANY; i++) {
        ck_assert_uint_eq(nodes_put(&nodes, pool, pool + (size_t)i * HASH_BYTES), i);
    }
    ck_assert_uint_eq(nodes.count, MANY);
    nodes_free(&nodes);
    ck_assert(nodes.slots == NULL && nodes.count == 0 && nodes.slot_count == 0);
    nodes_free(&nodes);
}
END_TEST

/* Room that is there already is not made again; more than 32 bits of positions are refused before memory is asked for. */
START_TEST(test_reserve)
{
    struct nodes nodes = {.key = {0}};

    ck_assert(nodes_reserve(&nodes, NULL, 0));
    ck_assert(nodes_reserve(&nodes, NULL, 100));
    const uint32_t *slots = nodes.slots;
    ck_assert(nodes_reserve(&nodes, NULL, 100));
    ck_assert(nodes_reserve(&nodes, NULL, 1));
    ck_assert_ptr_eq(nodes.slots, slots);
    ck_assert(!nodes_reserve(&nodes, NULL, NODES_NONE / 2));
    ck_assert(!nodes_reserve(&nodes, NULL, SIZE_MAX));
    ck_assert_ptr_eq(nodes.slots, slots);
    nodes_free(&nodes);
}
END_TEST

/* The pools of 0 to 40 nodes, each with each node twice. */
START_TEST(test_first_double)
{
    struct hash key = {{1, 2, 3}};
    size_t at = 0;

    for (size_t count = 0; count <= 40; count++) {
        ck_assert(nodes_first_double(view_of(pool, count * HASH_BYTES), &key, &at));
        ck_assert_uint_eq(at, count);
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                uint8_t mine[HASH_BYTES];
                uint8_t *node = pool + j * HASH_BYTES;

                memcpy(mine, node, sizeof mine);
                memcpy(node, pool + i * HASH_BYTES, sizeof mine);
                ck_assert(nodes_first_double(view_of(pool, count * HASH_BYTES), &key, &at));
                ck_assert_uint_eq(at, j);
                memcpy(node, mine, sizeof mine);
            }
        }
    }
}
END_TEST

/* Two doubles: the first is told. A bit of difference anywhere is none. */
START_TEST(test_two_doubles)
{
    struct hash key = {{9}};
    size_t at = 0;

    memcpy(pool + 30 * HASH_BYTES, pool + 2 * HASH_BYTES, HASH_BYTES);
    memcpy(pool + 20 * HASH_BYTES, pool + 19 * HASH_BYTES, HASH_BYTES);
    ck_assert(nodes_first_double(view_of(pool, 40 * HASH_BYTES), &key, &at));
    ck_assert_uint_eq(at, 20);
    for (size_t bit = 0; bit < 8 * HASH_BYTES; bit++) {
        memset(pool, 0, 2 * HASH_BYTES);
        pool[HASH_BYTES + bit / 8] = (uint8_t)(1u << (bit % 8));
        ck_assert(nodes_first_double(view_of(pool, 2 * HASH_BYTES), &key, &at));
        ck_assert_uint_eq(at, 2);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nodes");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_put_and_find);
    tcase_add_test(tests, test_reserve);
    tcase_add_test(tests, test_first_double);
    tcase_add_test(tests, test_two_doubles);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
