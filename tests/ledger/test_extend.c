/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a record's path in a smaller tree does not become exactly the path that the larger tree itself would give, at any of all small sizes,
 * or when a path with a node too few or too many is extended into one that leads to the root.
 */
#include "ledger/extend.h"

#include <check.h>
#include <string.h>

enum { LEAVES = 40, LEVELS = 7 };

static struct hash nodes[LEVELS][LEAVES];
static struct hash roots[LEAVES + 1];
static struct hasher *hasher;
static struct merkle_source source;

static enum status keep(void *context, unsigned level, uint64_t index, const struct hash *node, struct fault *fault)
{
    (void)context;
    (void)fault;
    nodes[level][index] = *node;
    return STATUS_OK;
}

static enum status give(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    (void)context;
    (void)fault;
    *out = nodes[level][index];
    return STATUS_OK;
}

static void setup(void)
{
    struct merkle_frontier frontier = {0};
    struct fault fault = {0};

    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    source = (struct merkle_source){.read = give, .hasher = hasher};
    for (uint8_t i = 0; i < LEAVES; i++) {
        struct hash leaf;

        hash_leaf(hasher, view_of(&i, 1), &leaf);
        ck_assert_int_eq(merkle_append(hasher, &frontier, &leaf, keep, NULL, &fault), STATUS_OK);
        merkle_frontier_root(hasher, &frontier, &roots[i + 1]);
    }
}

static void teardown(void)
{
    hasher_close(hasher);
}

static bool same(const struct merkle_path *a, const struct merkle_path *b)
{
    return a->count == b->count && memcmp(a->nodes, b->nodes, a->count * sizeof a->nodes[0]) == 0;
}

START_TEST(every_path_of_every_small_tree)
{
    struct fault fault = {0};

    for (uint64_t size = 1; size <= LEAVES; size++) {
        for (uint64_t old = 1; old <= size; old++) {
            struct merkle_path consistency;

            ck_assert_int_eq(merkle_prove_consistency(&source, old, size, &consistency, &fault), STATUS_OK);
            for (uint64_t index = 0; index < old; index++) {
                struct merkle_path path;
                struct merkle_path want;
                struct merkle_path got;

                ck_assert_int_eq(merkle_prove_inclusion(&source, index, old, &path, &fault), STATUS_OK);
                ck_assert_int_eq(merkle_prove_inclusion(&source, index, size, &want, &fault), STATUS_OK);
                ck_assert(extend_path(hasher, index, old, &path, size, &consistency, &got));
                ck_assert_msg(same(&got, &want), "leaf %u of %u in %u", (unsigned)index, (unsigned)old, (unsigned)size);
            }
        }
    }
}
END_TEST

/* Whatever comes out of paths of another length does not lead to the root. */
START_TEST(a_node_too_few_or_too_many)
{
    struct fault fault = {0};

    for (uint64_t size = 2; size <= LEAVES; size++) {
        for (uint64_t old = 1; old < size; old++) {
            for (int change = 0; change < 4; change++) {
                struct merkle_path path;
                struct merkle_path consistency;
                struct merkle_path got;
                struct merkle_path *changed = change < 2 ? &path : &consistency;

                ck_assert_int_eq(merkle_prove_consistency(&source, old, size, &consistency, &fault), STATUS_OK);
                ck_assert_int_eq(merkle_prove_inclusion(&source, old - 1, old, &path, &fault), STATUS_OK);
                if (change % 2 == 0) {
                    changed->nodes[changed->count++] = roots[1];
                } else if (changed->count > 0) {
                    changed->count--;
                } else {
                    continue;
                }
                ck_assert(!extend_path(hasher, old - 1, old, &path, size, &consistency, &got) ||
                          !merkle_check_inclusion(hasher, &nodes[0][old - 1], old - 1, size, got.nodes, got.count, &roots[size]));
            }
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extend");
    TCase *test = tcase_create("extend");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, every_path_of_every_small_tree);
    tcase_add_test(test, a_node_too_few_or_too_many);
    suite_add_tcase(suite, test);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
