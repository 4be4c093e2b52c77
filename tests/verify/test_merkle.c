/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a root, path or check differs from RFC 6962 2.1, or when a check accepts a path with
 * a node damaged, missing or too many, or another index, size or root. The reference here is the
 * RFC's recursive definition, written a second time.
 */
#include "verify/merkle.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAVES = 100, LEVELS = 8 };

/* All complete subtrees of the test's tree, as the ledger would store them. */
struct store {
    struct hash nodes[LEVELS][LEAVES];
    size_t counts[LEVELS];
    size_t reads_left; /* the read that finds this 0 fails */
};

static struct hasher *hasher;
static struct store store;
static struct merkle_source source;
static struct hash leaves[LEAVES];
static struct hash roots[LEAVES + 1];

static enum status store_write(void *context, unsigned level, uint64_t index, const struct hash *node,
                               struct fault *fault)
{
    struct store *to = context;

    (void)fault;
    ck_assert_uint_lt(level, LEVELS);
    ck_assert_uint_eq(index, to->counts[level]);
    to->nodes[level][index] = *node;
    to->counts[level]++;
    return STATUS_OK;
}

static enum status store_read(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct store *from = context;

    if (from->reads_left == 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, index, "planted");
    }
    from->reads_left--;
    ck_assert_uint_lt(level, LEVELS);
    ck_assert_uint_lt(index, from->counts[level]);
    *out = from->nodes[level][index];
    return STATUS_OK;
}

/* MTH(D[begin:end]) of RFC 6962 2.1, recursive as it stands there. */
static struct hash reference_root(size_t begin, size_t end)
{
    size_t half = 1;
    struct hash left;
    struct hash right;

    if (begin == end) {
        hash_data(hasher, view_of(NULL, 0), &left);
        return left;
    }
    if (end - begin == 1) {
        return leaves[begin];
    }
    while (half * 2 < end - begin) {
        half *= 2;
    }
    left = reference_root(begin, begin + half);
    right = reference_root(begin + half, end);
    hash_node(hasher, &left, &right, &left);
    return left;
}

static void setup(void)
{
    struct merkle_frontier frontier = {0};
    struct fault fault;

    fault_clear(&fault);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    memset(&store, 0, sizeof store);
    store.reads_left = SIZE_MAX;
    source = (struct merkle_source){store_read, &store, hasher};
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t number = (uint8_t)i;

        hash_leaf(hasher, view_of(&number, 1), &leaves[i]);
        ck_assert_int_eq(merkle_append(hasher, &frontier, &leaves[i], store_write, &store, &fault), STATUS_OK);
    }
    for (size_t size = 0; size <= LEAVES; size++) {
        roots[size] = reference_root(0, size);
    }
}

static void teardown(void)
{
    hasher_close(hasher);
}

static void expect(const struct hash *hash, const char *hex)
{
    char got[2 * HASH_BYTES + 1];

    for (size_t i = 0; i < HASH_BYTES; i++) {
        snprintf(got + 2 * i, 3, "%02x", hash->bytes[i]);
    }
    ck_assert_str_eq(got, hex);
}

START_TEST(test_roots)
{
    struct merkle_frontier frontier = {0};

    for (size_t size = 0; size <= LEAVES; size++) {
        struct fault fault;
        struct hash root;

        fault_clear(&fault);
        ck_assert_int_eq(merkle_root(&source, size, &root, &fault), STATUS_OK);
        ck_assert(hash_equal(&root, &roots[size]));
        merkle_frontier_root(hasher, &frontier, &root);
        ck_assert(hash_equal(&root, &roots[size]));
        if (size < LEAVES) {
            ck_assert_int_eq(merkle_append(hasher, &frontier, &leaves[size], NULL, NULL, &fault), STATUS_OK);
            ck_assert_uint_eq(frontier.size, size + 1);
            ck_assert_uint_eq(frontier.count, (size_t)__builtin_popcountll(size + 1));
        }
    }
}
END_TEST

/* The certificate-transparency reference tree of eight leaves and its published roots. */
static void build_foreign_tree(void)
{
    static const struct {
        const char *leaf;
        size_t len;
        const char *root;
    } steps[] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct merkle_frontier frontier = {0};
    struct fault fault;

    fault_clear(&fault);
    memset(&store, 0, sizeof store);
    store.reads_left = SIZE_MAX;
    for (size_t i = 0; i < 8; i++) {
        struct hash hash;

        hash_leaf(hasher, view_of(steps[i].leaf, steps[i].len), &hash);
        ck_assert_int_eq(merkle_append(hasher, &frontier, &hash, store_write, &store, &fault), STATUS_OK);
        merkle_frontier_root(hasher, &frontier, &hash);
        expect(&hash, steps[i].root);
        ck_assert_int_eq(merkle_root(&source, i + 1, &hash, &fault), STATUS_OK);
        expect(&hash, steps[i].root);
    }
}

START_TEST(test_foreign_tree)
{
    build_foreign_tree();
}
END_TEST

/* The published paths of that tree: inclusion of leaf 5 in 8, consistency of 6 in 8 (CT reference). */
START_TEST(test_foreign_paths)
{
    static const char *const inclusion[] = {
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
    static const char *const consistency[] = {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
    struct merkle_path path;
    struct fault fault;

    fault_clear(&fault);
    build_foreign_tree();
    ck_assert_int_eq(merkle_prove_inclusion(&source, 5, 8, &path, &fault), STATUS_OK);
    ck_assert_uint_eq(path.count, 3);
    for (size_t i = 0; i < 3; i++) {
        expect(&path.nodes[i], inclusion[i]);
    }
    ck_assert_int_eq(merkle_prove_consistency(&source, 6, 8, &path, &fault), STATUS_OK);
    ck_assert_uint_eq(path.count, 3);
    for (size_t i = 0; i < 3; i++) {
        expect(&path.nodes[i], consistency[i]);
    }
}
END_TEST

static bool includes(size_t index, size_t size, const struct merkle_path *path)
{
    return merkle_check_inclusion(hasher, &leaves[index], index, size, path->nodes, path->count, &roots[size]);
}

/* Every path with one node damaged, missing, doubled or too many. */
static void spoil_inclusion(size_t index, size_t size, const struct merkle_path *path)
{
    struct merkle_path bad;

    for (size_t i = 0; i < path->count; i++) {
        bad = *path;
        bad.nodes[i].bytes[(index + size) % HASH_BYTES] ^= 1;
        ck_assert(!includes(index, size, &bad));
        bad = *path;
        bad.count--;
        memmove(&bad.nodes[i], &bad.nodes[i + 1], (bad.count - i) * sizeof bad.nodes[0]);
        ck_assert(!includes(index, size, &bad));
    }
    for (size_t i = 0; i <= path->count; i++) {
        bad = *path;
        memmove(&bad.nodes[i + 1], &bad.nodes[i], (path->count - i) * sizeof bad.nodes[0]);
        bad.nodes[i] = leaves[0];
        bad.count++;
        ck_assert(!includes(index, size, &bad));
    }
}

/* The right path under another index, size, leaf or root. */
static void misuse_inclusion(size_t index, size_t size, const struct merkle_path *path)
{
    for (size_t other = 0; other < size + 2; other++) {
        ck_assert(other == index || !merkle_check_inclusion(hasher, &leaves[index], other, size, path->nodes,
                                                            path->count, &roots[size]));
        ck_assert(other >= LEAVES || other == index ||
                  !merkle_check_inclusion(hasher, &leaves[other], index, size, path->nodes, path->count,
                                          &roots[size]));
    }
    for (size_t other = 0; other <= LEAVES; other++) {
        ck_assert(other == size || !merkle_check_inclusion(hasher, &leaves[index], index, size, path->nodes,
                                                           path->count, &roots[other]));
        ck_assert(other == size || !merkle_check_inclusion(hasher, &leaves[index], index, other, path->nodes,
                                                           path->count, &roots[other]));
    }
}

START_TEST(test_inclusion)
{
    for (size_t size = 1; size <= LEAVES; size++) {
        for (size_t index = 0; index < size; index++) {
            struct merkle_path path;
            struct fault fault;

            fault_clear(&fault);
            ck_assert_int_eq(merkle_prove_inclusion(&source, index, size, &path, &fault), STATUS_OK);
            ck_assert(includes(index, size, &path));
            spoil_inclusion(index, size, &path);
            misuse_inclusion(index, size, &path);
        }
    }
}
END_TEST

static bool grows(size_t old, size_t size, const struct merkle_path *path)
{
    return merkle_check_consistency(hasher, old, &roots[old], size, &roots[size], path->nodes, path->count);
}

static void spoil_consistency(size_t old, size_t size, const struct merkle_path *path)
{
    struct merkle_path bad;

    for (size_t i = 0; i < path->count; i++) {
        bad = *path;
        bad.nodes[i].bytes[(old + size) % HASH_BYTES] ^= 0x80;
        ck_assert(!grows(old, size, &bad));
        bad = *path;
        bad.count--;
        memmove(&bad.nodes[i], &bad.nodes[i + 1], (bad.count - i) * sizeof bad.nodes[0]);
        ck_assert(!grows(old, size, &bad));
    }
    for (size_t i = 0; i <= path->count; i++) {
        bad = *path;
        memmove(&bad.nodes[i + 1], &bad.nodes[i], (path->count - i) * sizeof bad.nodes[0]);
        bad.nodes[i] = leaves[0];
        bad.count++;
        ck_assert(!grows(old, size, &bad));
    }
}

/* The right path between other roots, and between other sizes with their own roots. */
static void misuse_consistency(size_t old, size_t size, const struct merkle_path *path)
{
    for (size_t other = 0; other <= LEAVES; other++) {
        ck_assert(other == old || !merkle_check_consistency(hasher, old, &roots[other], size, &roots[size],
                                                            path->nodes, path->count));
        ck_assert(other == size || !merkle_check_consistency(hasher, old, &roots[old], size, &roots[other],
                                                             path->nodes, path->count));
        ck_assert(other == old || !merkle_check_consistency(hasher, other, &roots[other], size, &roots[size],
                                                            path->nodes, path->count));
        ck_assert(other == size || !merkle_check_consistency(hasher, old, &roots[old], other, &roots[other],
                                                             path->nodes, path->count));
    }
}

START_TEST(test_consistency)
{
    for (size_t size = 1; size <= LEAVES; size++) {
        for (size_t old = 1; old <= size; old++) {
            struct merkle_path path;
            struct fault fault;

            fault_clear(&fault);
            ck_assert_int_eq(merkle_prove_consistency(&source, old, size, &path, &fault), STATUS_OK);
            ck_assert(grows(old, size, &path));
            ck_assert_uint_eq(path.count == 0, old == size);
            spoil_consistency(old, size, &path);
            if (old != size) {
                misuse_consistency(old, size, &path);
            }
        }
    }
}
END_TEST

START_TEST(test_consistency_edges)
{
    struct hash nothing;

    hash_data(hasher, view_of(NULL, 0), &nothing);
    ck_assert(merkle_check_consistency(hasher, 0, &nothing, 5, &roots[5], NULL, 0));
    ck_assert(merkle_check_consistency(hasher, 0, &nothing, 0, &nothing, NULL, 0));
    ck_assert(!merkle_check_consistency(hasher, 0, &nothing, 0, &roots[1], NULL, 0));
    ck_assert(!merkle_check_consistency(hasher, 0, &roots[1], 5, &roots[5], NULL, 0));
    ck_assert(!merkle_check_consistency(hasher, 0, &nothing, 5, &roots[5], leaves, 1));
    ck_assert(!merkle_check_consistency(hasher, 6, &roots[6], 5, &roots[5], NULL, 0));
    ck_assert(!merkle_check_consistency(hasher, 5, &roots[5], 5, &roots[6], NULL, 0));
    ck_assert(!merkle_check_consistency(hasher, 5, &roots[5], 5, &roots[5], leaves, 1));
    ck_assert(!merkle_check_consistency(hasher, 4, &roots[4], 8, &roots[8], NULL, 0));
}
END_TEST

START_TEST(test_inclusion_edges)
{
    ck_assert(merkle_check_inclusion(hasher, &leaves[0], 0, 1, NULL, 0, &leaves[0]));
    ck_assert(!merkle_check_inclusion(hasher, &leaves[0], 0, 0, NULL, 0, &leaves[0]));
    ck_assert(!merkle_check_inclusion(hasher, &leaves[0], 1, 1, NULL, 0, &leaves[0]));
    ck_assert(!merkle_check_inclusion(hasher, &leaves[0], UINT64_MAX, UINT64_MAX, leaves, LEAVES, &roots[1]));
    ck_assert(!merkle_check_inclusion(hasher, &leaves[0], 0, UINT64_MAX, leaves, LEAVES, &roots[1]));
    ck_assert(!merkle_check_consistency(hasher, 1, &roots[1], UINT64_MAX, &roots[2], leaves, LEAVES));
    ck_assert(!merkle_check_consistency(hasher, UINT64_MAX - 1, &roots[1], UINT64_MAX, &roots[2], leaves, LEAVES));
}
END_TEST

/* A source that fails at its n-th read fails the proof, and the path is left empty. */
START_TEST(test_failing_source)
{
    for (size_t reads = 0; reads < 4; reads++) {
        struct merkle_path path;
        struct hash root = leaves[7];
        struct fault fault;

        fault_clear(&fault);
        store.reads_left = reads;
        ck_assert_int_eq(merkle_prove_inclusion(&source, 3, LEAVES, &path, &fault), STATUS_ENVIRONMENT);
        ck_assert_uint_eq(path.count, 0);
        ck_assert_str_eq(fault.text, "planted");
        store.reads_left = reads;
        ck_assert_int_eq(merkle_prove_consistency(&source, 3, LEAVES, &path, &fault), STATUS_ENVIRONMENT);
        ck_assert_uint_eq(path.count, 0);
        store.reads_left = reads;
        ck_assert_int_eq(merkle_root(&source, 95, &root, &fault), STATUS_ENVIRONMENT);
        ck_assert(hash_equal(&root, &leaves[7]));
    }
}
END_TEST

static enum status refuse_level_2(void *context, unsigned level, uint64_t index, const struct hash *node,
                                  struct fault *fault)
{
    (void)context;
    (void)node;
    return level < 2 ? STATUS_OK : fault_set(fault, STATUS_FULL, index, "planted");
}

/* A sink that fails leaves the frontier as it was. */
START_TEST(test_failing_sink)
{
    struct merkle_frontier frontier = {0};
    struct fault fault;
    struct hash root;

    fault_clear(&fault);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(merkle_append(hasher, &frontier, &leaves[i], refuse_level_2, NULL, &fault), STATUS_OK);
    }
    ck_assert_int_eq(merkle_append(hasher, &frontier, &leaves[3], refuse_level_2, NULL, &fault), STATUS_FULL);
    ck_assert_uint_eq(frontier.size, 3);
    merkle_frontier_root(hasher, &frontier, &root);
    ck_assert(hash_equal(&root, &roots[3]));
    ck_assert_int_eq(merkle_append(hasher, &frontier, &leaves[3], NULL, NULL, &fault), STATUS_OK);
    merkle_frontier_root(hasher, &frontier, &root);
    ck_assert(hash_equal(&root, &roots[4]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merkle");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_roots);
    tcase_add_test(tests, test_foreign_tree);
    tcase_add_test(tests, test_foreign_paths);
    tcase_add_test(tests, test_inclusion);
    tcase_add_test(tests, test_consistency);
    tcase_add_test(tests, test_consistency_edges);
    tcase_add_test(tests, test_inclusion_edges);
    tcase_add_test(tests, test_failing_source);
    tcase_add_test(tests, test_failing_sink);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
