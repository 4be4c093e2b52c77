/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts as they are collected. Breaks when a part borrows the caller's memory, when parts at the edges of a chunk of memory
 * overlap, when a node is kept twice or a path gets another's nodes, or when one lost part does not make the whole fail.
 */
#include "verify/bundle_writer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 65536 };

static struct fault fault;
static struct hasher *hasher;
static struct bundle_writer *writer;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_int_eq(bundle_writer_open(hasher, &writer, &fault), STATUS_OK);
}

static void teardown(void)
{
    bundle_writer_close(writer);
    hasher_close(hasher);
}

static const struct bundle_proof *record(size_t i)
{
    return &((const struct bundle_proof *)(const void *)writer->records.ptr)[i];
}

static bool is_filled(struct view view, uint8_t byte, size_t len)
{
    bool same = view.len == len;

    for (size_t i = 0; same && i < len; i++) {
        same = view.ptr[i] == byte;
    }
    return same;
}

/* Lengths about a chunk of memory, in an order that leaves much, little and no room: each part stays as it was put. */
START_TEST(test_chunks)
{
    static const size_t lengths[] = {0, 1, CHUNK - 2, 1, 1, CHUNK, 1, CHUNK + 1, 0, CHUNK - 1, 3 * CHUNK, 7, CHUNK - 7, CHUNK - 6};
    enum { COUNT = sizeof lengths / sizeof lengths[0] };
    static uint8_t bytes[3 * CHUNK];
    const struct merkle_path none = {.count = 0};
    uint64_t total = 0;

    for (size_t i = 0; i < COUNT; i++) {
        memset(bytes, (int)(i + 1), sizeof bytes);
        bundle_put_record(writer, view_of(bytes, lengths[i]), &none);
        total += lengths[i];
    }
    memset(bytes, 0xff, sizeof bytes); /* what the caller does with his memory is his affair */
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_msg(is_filled(record(i)->bytes, (uint8_t)(i + 1), lengths[i]), "part %zu", i);
    }
    ck_assert_uint_eq(writer->len_bytes, total);
    ck_assert(!writer->out_of_memory);
}
END_TEST

static struct hash node(size_t number)
{
    return (struct hash){{(uint8_t)number, (uint8_t)(number >> 8)}};
}

/* Paths that share nodes: each node once, in the order of being put, and each path its own run. */
START_TEST(test_nodes_once)
{
    enum { PATHS = 300 };
    struct merkle_path path;

    for (size_t i = 0; i < PATHS; i++) {
        path.count = i % (MERKLE_PATH_MAX + 1); /* none, and the longest there is */
        for (size_t j = 0; j < path.count; j++) {
            path.nodes[j] = node(i + j);
        }
        bundle_put_record(writer, view_text("r"), &path);
    }
    size_t count = writer->pool.len / HASH_BYTES;
    ck_assert_uint_eq(count, writer->nodes.count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            ck_assert_int_ne(memcmp(writer->pool.ptr + i * HASH_BYTES, writer->pool.ptr + j * HASH_BYTES, HASH_BYTES), 0);
        }
    }
    const uint32_t *uses = (const uint32_t *)(const void *)writer->uses.ptr;
    size_t at = 0;
    for (size_t i = 0; i < PATHS; i++) {
        ck_assert(record(i)->path.first == at && record(i)->path.count == i % (MERKLE_PATH_MAX + 1));
        for (size_t j = 0; j < record(i)->path.count; j++, at++) {
            struct hash wanted = node(i + j);
            ck_assert_uint_lt(uses[at], count);
            ck_assert_int_eq(memcmp(writer->pool.ptr + (size_t)uses[at] * HASH_BYTES, wanted.bytes, HASH_BYTES), 0);
        }
    }
    ck_assert_uint_eq(at * sizeof uses[0], writer->uses.len);
}
END_TEST

/* One path with the same node twice: two uses of one node. */
START_TEST(test_node_twice_in_a_path)
{
    struct merkle_path path = {.count = 3};

    path.nodes[0] = path.nodes[2] = node(1);
    path.nodes[1] = node(2);
    bundle_put_leaf(writer, view_text("l"), &path);
    const uint32_t *uses = (const uint32_t *)(const void *)writer->uses.ptr;
    ck_assert_uint_eq(writer->nodes.count, 2);
    ck_assert(uses[0] == 0 && uses[1] == 1 && uses[2] == 0);
}
END_TEST

/* Tokens of several views are runs of one list. */
START_TEST(test_tokens)
{
    const struct view tokens[] = {view_text("one"), view_text(""), view_text("three")};
    const struct merkle_path none = {.count = 0};

    bundle_put_anchor(writer, view_text("a"), tokens, 2, &none);
    bundle_put_view(writer, view_text("v"), tokens + 2, 1);
    bundle_put_vouched(writer, view_text("w"), NULL, 0, &none);
    const struct view *kept = (const struct view *)(const void *)writer->tokens.ptr;
    const struct bundle_anchor *anchor = (const struct bundle_anchor *)(const void *)writer->anchors.ptr;
    ck_assert_uint_eq(writer->tokens.len, 3 * sizeof *kept);
    ck_assert(anchor->view.token_first == 0 && anchor->view.token_count == 2);
    ck_assert(writer->view.token_first == 2 && writer->view.token_count == 1 && writer->vouched.view.token_count == 0);
    ck_assert(view_equal(kept[0], tokens[0]) && kept[1].len == 0 && view_equal(kept[2], tokens[2]));
    ck_assert(kept[0].ptr != tokens[0].ptr);
}
END_TEST

/* A sheet has the sheet's hash, a disclosure and a file plain SHA-256: SPEC 2.3 and 4 sort them by these. */
START_TEST(test_digests)
{
    struct hash plain, prefixed;

    bundle_put_sheet(writer, view_text("same"));
    bundle_put_disclosure(writer, view_text("same"));
    bundle_put_attachment(writer, view_text("same"));
    bundle_put_attachment(writer, view_of(NULL, 0));
    hash_data(hasher, view_text("same"), &plain);
    hash_prefixed(hasher, HASH_PREFIX_SHEET, view_text("same"), &prefixed);
    ck_assert(hash_equal(&((const struct listed *)(const void *)writer->sheets.ptr)->digest, &prefixed));
    ck_assert(hash_equal(&((const struct listed *)(const void *)writer->disclosures.ptr)->digest, &plain));
    const struct listed *files = (const struct listed *)(const void *)writer->attachments.ptr;
    ck_assert(hash_equal(&files[0].digest, &plain));
    hash_data(hasher, view_of(NULL, 0), &plain);
    ck_assert(hash_equal(&files[1].digest, &plain) && files[1].bytes.len == 0);
}
END_TEST

/* Once a part is lost the file is not written, whatever is put after it; and what is put after it breaks nothing. */
START_TEST(test_a_lost_part)
{
    const struct merkle_path path = {.count = 1, .nodes = {{{1}}}};
    struct buffer out = {0};

    buffer_printf(&out, "before");
    bundle_put_view(writer, view_text("v"), NULL, 0);
    writer->records.failed = true; /* as when there is no memory for one more record */
    bundle_put_record(writer, view_text("r"), &path);
    ck_assert(writer->out_of_memory);
    bundle_put_leaf(writer, view_text("l"), &path);
    bundle_put_asked(writer, 0);
    ck_assert_int_eq(bundle_write(writer, &out, &fault), STATUS_MEMORY);
    ck_assert(view_equal(buffer_view(&out), view_text("before")));
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle_collect");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_chunks);
    tcase_add_test(tests, test_nodes_once);
    tcase_add_test(tests, test_node_twice_in_a_path);
    tcase_add_test(tests, test_tokens);
    tcase_add_test(tests, test_digests);
    tcase_add_test(tests, test_a_lost_part);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
