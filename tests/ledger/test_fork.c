/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fork: exhibits that are written are read by the verifier's reader and proven; what proves nothing is never called proven. Breaks when nodes are
 * put together otherwise than V16 reads them, or when a history that goes on is taken for a fork.
 */
#include "ledger/fork.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/bundle.h"

enum { LEAVES = 40 };

#define FAULT (&(struct fault){0})

static struct hasher *hasher;

/* Two histories of up to LEAVES leaves: they are alike before leaf `parting`. */
struct history {
    unsigned parting;
    bool other;
};

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    const struct history *history = context;
    struct hash right;
    uint8_t leaf[2] = {(uint8_t)index, history->other && index >= history->parting};

    (void)fault;
    if (level == 0) {
        hash_leaf(hasher, view_of(leaf, sizeof leaf), out);
        return STATUS_OK;
    }
    (void)read_node(context, level - 1, 2 * index, out, NULL);
    (void)read_node(context, level - 1, 2 * index + 1, &right, NULL);
    hash_node(hasher, out, &right, out);
    return STATUS_OK;
}

static struct checkpoint head_of(struct history *history, uint64_t size)
{
    struct merkle_source source = {read_node, history, hasher};
    struct checkpoint out = {.origin = view_text("a.example"), .size = size};

    ck_assert_int_eq(merkle_root(&source, size, &out.root, FAULT), STATUS_OK);
    return out;
}

static void start(void)
{
    ck_assert_int_eq(hasher_open(&hasher, FAULT), STATUS_OK);
}

START_TEST(every_fork_of_small_trees_is_proven_and_no_growth_is)
{
    for (unsigned parting = 0; parting < LEAVES; parting += 3) {
        struct history first = {parting, false}, second = {parting, true};

        for (uint64_t old = 1; old <= LEAVES; old++) {
            struct checkpoint a = head_of(&first, old), own = head_of(&second, old);

            for (uint64_t size = old; size <= LEAVES; size += 1 + size % 3) {
                struct checkpoint b = head_of(&second, size);
                struct merkle_source source = {read_node, &second, hasher};
                struct merkle_path path, nodes;

                ck_assert_int_eq(merkle_prove_consistency(&source, old, size, &path, FAULT), STATUS_OK);
                ck_assert(fork_nodes(old, size, &path, &own.root, &nodes));
                ck_assert_int_eq(fork_proven(hasher, &a, &b, &nodes), old > parting);
                ck_assert(!fork_proven(hasher, &own, &b, &nodes));
            }
        }
    }
}
END_TEST

START_TEST(what_is_no_fork_is_not_proven)
{
    struct history first = {2, false}, second = {2, true};
    struct checkpoint a = head_of(&first, 5), b = head_of(&second, 9), other;
    struct merkle_source source = {read_node, &second, hasher};
    struct merkle_path path, nodes;

    ck_assert_int_eq(merkle_prove_consistency(&source, 5, 9, &path, FAULT), STATUS_OK);
    ck_assert(fork_nodes(5, 9, &path, NULL, &nodes));
    ck_assert(fork_proven(hasher, &a, &b, &nodes));
    ck_assert(!fork_proven(hasher, &b, &a, &nodes)); /* the wrong way round */
    other = a;
    other.origin = view_text("b.example");
    ck_assert(!fork_proven(hasher, &other, &b, &nodes));
    other = a;
    other.size = 0;
    ck_assert(!fork_proven(hasher, &other, &b, &nodes));
    other = b;
    other.root.bytes[7] ^= 1; /* not where the nodes lead */
    ck_assert(!fork_proven(hasher, &a, &other, &nodes));
    nodes.count--;
    ck_assert(!fork_proven(hasher, &a, &b, &nodes));
    nodes.count = 0;
    ck_assert(!fork_proven(hasher, &a, &b, &nodes));
    other = head_of(&second, 5);
    ck_assert(fork_proven(hasher, &a, &other, &nodes)); /* equal sizes: no nodes */
    nodes.count = 1;
    ck_assert(!fork_proven(hasher, &a, &other, &nodes));
    path.count = MERKLE_PATH_MAX;
    ck_assert(!fork_nodes(4, 9, &path, &a.root, &nodes));
}
END_TEST

START_TEST(what_is_written_is_read)
{
    struct merkle_path nodes = {.count = 3};
    struct fork_exhibit *exhibit = calloc(1, sizeof *exhibit);
    struct buffer file = {0};

    for (size_t i = 0; i < nodes.count; i++) {
        memset(nodes.nodes[i].bytes, (int)i + 1, HASH_BYTES);
    }
    fork_encode(view_text("note a"), view_text("another note, b"), &nodes, &file);
    ck_assert_int_eq(file_kind(buffer_view(&file)), FILE_FORK);
    ck_assert_int_eq(fork_decode(buffer_view(&file), exhibit, FAULT), STATUS_OK);
    ck_assert(view_equal(exhibit->a, view_text("note a")));
    ck_assert(view_equal(exhibit->b, view_text("another note, b")));
    ck_assert_uint_eq(exhibit->nodes.count, nodes.count);
    ck_assert_mem_eq(exhibit->nodes.nodes, nodes.nodes, nodes.count * sizeof nodes.nodes[0]);
    buffer_free(&file);
    free(exhibit);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fork");
    TCase *tests = tcase_create("fork");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_unchecked_fixture(tests, start, NULL);
    tcase_add_test(tests, every_fork_of_small_trees_is_proven_and_no_growth_is);
    tcase_add_test(tests, what_is_no_fork_is_not_proven);
    tcase_add_test(tests, what_is_written_is_read);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
