/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a part that was put into a bundle comes out changed, in another order than SPEC 4 says or not at all,
 * when damaged bytes come through as another bundle, or when a large bundle takes more than linear time.
 */
#include "verify/bundle.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/writer.h"

static struct fault fault;
static struct hasher *hasher;
static struct bundle bundle;
static struct bundle_writer *writer;

static void setup(void)
{
    fault_clear(&fault);
    memset(&bundle, 0, sizeof bundle);
    writer = NULL;
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_int_eq(bundle_writer_open(hasher, &writer, &fault), STATUS_OK);
}

static void teardown(void)
{
    bundle_close(&bundle);
    bundle_writer_close(writer);
    bundle_writer_close(NULL);
    hasher_close(hasher);
}

/* The node of that number. */
static struct hash node(uint64_t number)
{
    struct hash hash;

    hash_data(hasher, view_of(&number, sizeof number), &hash);
    return hash;
}

/* A path of `count` nodes from `first`. */
static struct merkle_path path_of(uint64_t first, size_t count)
{
    struct merkle_path path = {.count = count};

    for (size_t i = 0; i < count; i++) {
        path.nodes[i] = node(first + i);
    }
    return path;
}

static void expect_path(struct bundle_path path, uint64_t first, size_t count)
{
    struct merkle_path wanted = path_of(first, count);
    struct merkle_path got;

    ck_assert(bundle_path_nodes(&bundle, path, &got));
    ck_assert_uint_eq(got.count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert(hash_equal(&got.nodes[i], &wanted.nodes[i]));
    }
}

static void expect_text(struct view view, const char *text)
{
    ck_assert_msg(view_equal(view, view_text(text)), "%.*s is not %s", (int)view.len, (const char *)view.ptr, text);
}

/* Puts every kind of part, the later sections first, from memory that is gone afterwards. */
static void put_all(void)
{
    char text[16];
    const struct view tokens[] = {view_text("token 1"), view_text("token 2")};
    struct merkle_path path = path_of(60, 3);

    bundle_put_vouched(writer, view_text("vouched"), tokens, 1, &path);
    path = path_of(50, 2);
    bundle_put_anchor(writer, view_text("anchor 1"), NULL, 0, &path);
    bundle_put_anchor(writer, view_text("anchor 2"), tokens + 1, 1, &path);
    path = path_of(40, 2);
    bundle_put_seen(writer, 3, &path);
    path.count = 0;
    bundle_put_seen(writer, 9, &path);
    path = path_of(2, 4);
    bundle_put_leaf(writer, view_text("leaf 0"), &path);
    for (int i = 0; i < 3; i++) {
        path = path_of((uint64_t)i, 5);
        text[0] = (char)('a' + i);
        bundle_put_record(writer, view_of(text, 1), &path);
    }
    bundle_put_asked(writer, 9);
    bundle_put_asked(writer, 4);
    bundle_put_asked(writer, 9);
    bundle_put_sheet(writer, view_text("sheet"));
    bundle_put_sheet(writer, view_text("another"));
    bundle_put_sheet(writer, view_text("sheet"));
    for (int i = 0; i < 20; i++) {
        text[0] = (char)('a' + i % 10);
        bundle_put_disclosure(writer, view_of(text, 1));
        bundle_put_attachment(writer, view_of(text, 1));
    }
    bundle_put_other(writer, view_text("other b"));
    bundle_put_other(writer, view_text("other a"));
    bundle_put_view(writer, view_text("view"), tokens, 2);
    memset(text, 0, sizeof text);
}

START_TEST(test_all_that_is_put_comes_out)
{
    struct buffer file = {0};

    put_all();
    ck_assert_int_eq(bundle_write(writer, &file, &fault), STATUS_OK);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    expect_text(bundle.view.note, "view");
    ck_assert_uint_eq(bundle.view.token_count, 2);
    expect_text(bundle.tokens[bundle.view.token_first + 1], "token 2");
    ck_assert_uint_eq(bundle.record_count, 3);
    expect_text(bundle.records[1].bytes, "b");
    expect_path(bundle.records[0].path, 0, 5);
    expect_path(bundle.records[1].path, 1, 5);
    expect_path(bundle.records[2].path, 2, 5);
    expect_text(bundle.leaves[0].bytes, "leaf 0");
    expect_path(bundle.leaves[0].path, 2, 4);
    /* 0 ... 6 by the records, two by seen, two by both anchors, three by vouched; each once. */
    ck_assert_uint_eq(bundle.pool.len, 32 * (7 + 2 + 2 + 3));
    ck_assert_uint_eq(bundle.seen_count, 2);
    ck_assert_uint_eq(bundle.seen[0].size, 3);
    expect_path(bundle.seen[0].path, 40, 2);
    expect_path(bundle.seen[1].path, 0, 0);
    ck_assert_uint_eq(bundle.anchor_count, 2);
    expect_text(bundle.anchors[1].view.note, "anchor 2");
    ck_assert_uint_eq(bundle.anchors[1].view.token_count, 1);
    expect_text(bundle.tokens[bundle.anchors[1].view.token_first], "token 2");
    expect_path(bundle.anchors[1].path, 50, 2);
    ck_assert(bundle.has_vouched);
    expect_text(bundle.vouched.view.note, "vouched");
    expect_text(bundle.tokens[bundle.vouched.view.token_first], "token 1");
    expect_path(bundle.vouched.path, 60, 3);
    ck_assert_uint_eq(bundle.asked_count, 2);
    ck_assert_uint_eq(bundle.asked[0], 4);
    ck_assert_uint_eq(bundle.asked[1], 9);
    ck_assert_uint_eq(bundle.sheet_count, 2);
    ck_assert_uint_eq(bundle.disclosure_count, 10);
    ck_assert_uint_eq(bundle.attachment_count, 10);
    ck_assert_uint_eq(bundle.other_count, 2);
    expect_text(bundle.others[0], "other b");
    buffer_free(&file);
}
END_TEST

/* It appends, it can be asked twice, and the check covers the file alone. */
START_TEST(test_write_appends)
{
    struct buffer file = {0};
    struct buffer both = {0};

    put_all();
    buffer_append_view(&both, view_text("before"));
    ck_assert_int_eq(bundle_write(writer, &file, &fault), STATUS_OK);
    ck_assert_int_eq(bundle_write(writer, &both, &fault), STATUS_OK);
    ck_assert(view_equal(buffer_view(&file), view_part(buffer_view(&both), 6, both.len - 6)));
    buffer_free(&file);
    buffer_free(&both);
}
END_TEST

START_TEST(test_out_of_memory_leaves_the_buffer)
{
    struct buffer file = {0};

    put_all();
    buffer_append_view(&file, view_text("before"));
    file.failed = true;
    ck_assert_int_eq(bundle_write(writer, &file, &fault), STATUS_MEMORY);
    ck_assert_uint_eq(file.len, 6);
    buffer_free(&file);
}
END_TEST

/* ---- damage ---- */

/* What was decoded, written again by the writer. */
static void write_again(const struct bundle *from, struct buffer *out)
{
    struct bundle_writer *copy = NULL;
    struct merkle_path path;

    ck_assert_int_eq(bundle_writer_open(hasher, &copy, NULL), STATUS_OK);
    bundle_put_view(copy, from->view.note, from->tokens + from->view.token_first, from->view.token_count);
    for (size_t i = 0; i < from->record_count; i++) {
        ck_assert(bundle_path_nodes(from, from->records[i].path, &path));
        bundle_put_record(copy, from->records[i].bytes, &path);
    }
    for (size_t i = 0; i < from->asked_count; i++) {
        bundle_put_asked(copy, from->asked[i]);
    }
    for (size_t i = 0; i < from->leaf_count; i++) {
        ck_assert(bundle_path_nodes(from, from->leaves[i].path, &path));
        bundle_put_leaf(copy, from->leaves[i].bytes, &path);
    }
    for (size_t i = 0; i < from->seen_count; i++) {
        ck_assert(bundle_path_nodes(from, from->seen[i].path, &path));
        bundle_put_seen(copy, from->seen[i].size, &path);
    }
    for (size_t i = 0; i < from->anchor_count; i++) {
        const struct bundle_view *view = &from->anchors[i].view;

        ck_assert(bundle_path_nodes(from, from->anchors[i].path, &path));
        bundle_put_anchor(copy, view->note, from->tokens + view->token_first, view->token_count, &path);
    }
    if (from->has_vouched) {
        const struct bundle_view *view = &from->vouched.view;

        ck_assert(bundle_path_nodes(from, from->vouched.path, &path));
        bundle_put_vouched(copy, view->note, from->tokens + view->token_first, view->token_count, &path);
    }
    for (size_t i = 0; i < from->sheet_count; i++) {
        bundle_put_sheet(copy, from->sheets[i]);
    }
    for (size_t i = 0; i < from->disclosure_count; i++) {
        bundle_put_disclosure(copy, from->disclosures[i]);
    }
    for (size_t i = 0; i < from->attachment_count; i++) {
        bundle_put_attachment(copy, from->attachments[i]);
    }
    for (size_t i = 0; i < from->other_count; i++) {
        bundle_put_other(copy, from->others[i]);
    }
    ck_assert_int_eq(bundle_write(copy, out, NULL), STATUS_OK);
    bundle_writer_close(copy);
}

/* Puts the right check behind a damaged body: refused, or back to the same bytes. True when accepted. */
static bool expect_safe(struct view body)
{
    struct buffer file = {0};
    struct buffer again = {0};
    struct hash check;
    enum bundle_answer answer;

    hash_data(hasher, body, &check);
    buffer_append_view(&file, body);
    writer_bytes(&file, hash_view(&check));
    answer = bundle_decode(hasher, buffer_view(&file), &bundle, &fault);
    if (answer == BUNDLE_OK) {
        write_again(&bundle, &again);
        ck_assert(view_equal(buffer_view(&file), buffer_view(&again)));
    } else {
        ck_assert_ptr_null(bundle.positions);
        ck_assert_int_ne(fault.status, STATUS_OK);
        fault_clear(&fault);
    }
    bundle_close(&bundle);
    buffer_free(&file);
    buffer_free(&again);
    return answer == BUNDLE_OK;
}

START_TEST(test_every_flip_and_every_cut)
{
    struct buffer file = {0};
    size_t body;

    put_all();
    ck_assert_int_eq(bundle_write(writer, &file, &fault), STATUS_OK);
    body = file.len - 34;
    ck_assert(expect_safe(view_part(buffer_view(&file), 0, body)));
    for (size_t len = 0; len < body; len++) {
        ck_assert(!expect_safe(view_part(buffer_view(&file), 0, len)));
    }
    for (size_t bit = 0; bit < 8 * body; bit++) {
        file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        (void)expect_safe(view_part(buffer_view(&file), 0, body));
        file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    buffer_free(&file);
}
END_TEST

/* ---- size ---- */

START_TEST(test_large)
{
    enum { RECORDS = 100000, DEPTH = 17 };
    struct buffer file = {0};
    struct merkle_path path = {.count = DEPTH};

    /* As in a tree: level l of record i is node (l, i >> l). */
    for (uint64_t i = 0; i < RECORDS; i++) {
        for (size_t level = 0; level < DEPTH; level++) {
            uint64_t name = (uint64_t)level << 32 | i >> level;

            memset(path.nodes[level].bytes, 0, 32);
            memcpy(path.nodes[level].bytes + 24, &name, sizeof name);
        }
        bundle_put_record(writer, view_of(&i, sizeof i), &path);
    }
    path.count = 1;
    bundle_put_leaf(writer, view_text("leaf"), &path);
    bundle_put_asked(writer, 1);
    bundle_put_view(writer, view_text("view"), NULL, 0);
    ck_assert_int_eq(bundle_write(writer, &file, &fault), STATUS_OK);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.record_count, RECORDS);
    ck_assert_uint_eq(bundle.position_count, (size_t)RECORDS * DEPTH + 1);
    for (uint64_t i = 0; i < RECORDS; i += 997) {
        struct merkle_path got;
        uint64_t name;

        ck_assert(bundle_path_nodes(&bundle, bundle.records[i].path, &got));
        memcpy(&name, got.nodes[9].bytes + 24, sizeof name);
        ck_assert_uint_eq(name, UINT64_C(9) << 32 | i >> 9);
    }
    buffer_free(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle_write");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_all_that_is_put_comes_out);
    tcase_add_test(tests, test_write_appends);
    tcase_add_test(tests, test_out_of_memory_leaves_the_buffer);
    tcase_add_test(tests, test_every_flip_and_every_cut);
    tcase_add_test(tests, test_large);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
