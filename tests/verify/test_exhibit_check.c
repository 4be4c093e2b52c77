/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V16, exhaustively at small sizes. Breaks when an honest ledger can be shown to have lied, when a liar's two checkpoints of
 * any sizes do not convict him, or when a proof with a node too few or too many does.
 */
#include "tests/support/sample_act.h"
#include "tests/support/sample_keys.h"
#include "verify/exhibit.h"
#include "verify/writer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE_MAX_TRIED = 17 };

/* Of the ledger whose id is 32 zeros. */
#define ORIGIN "a.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct hasher *hasher;
static struct policy *policy;
static struct fault fault;
static struct hash leaves[2][SIZE_MAX_TRIED]; /* the history of the papers a, and that of b */

static void setup(void)
{
    struct buffer text = {0};

    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    sample_policy_line(hasher, 1, view_text(ORIGIN), "station", &text);
    buffer_printf(&text, "quorum none\n");
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, &fault), STATUS_OK);
    buffer_free(&text);
    for (size_t i = 0; i < SIZE_MAX_TRIED; i++) {
        leaves[0][i] = leaves[1][i] = (struct hash){.bytes = {(uint8_t)(i + 1)}};
    }
}

static void teardown(void)
{
    policy_close(policy);
    hasher_close(hasher);
}

/* Complete subtrees of one of the histories, each by force. */
static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *unused)
{
    const struct hash *history = context;

    (void)unused;
    if (level == 0) {
        *out = history[index];
        return STATUS_OK;
    }
    struct hash left, right;
    (void)read_node(context, level - 1, 2 * index, &left, NULL);
    (void)read_node(context, level - 1, 2 * index + 1, &right, NULL);
    hash_node(hasher, &left, &right, out);
    return STATUS_OK;
}

static struct merkle_source source_of(size_t history)
{
    return (struct merkle_source){.read = read_node, .context = leaves[history], .hasher = hasher};
}

static void put_note(size_t history, uint64_t size, struct buffer *out)
{
    struct merkle_source source = source_of(history);
    struct buffer note = {0};
    struct hash root;

    ck_assert_int_eq(merkle_root(&source, size, &root, &fault), STATUS_OK);
    sample_note(hasher, view_text(ORIGIN), size, &root, "station", &note);
    writer_bytes(out, buffer_view(&note));
    buffer_free(&note);
}

static struct stop stop;

static const char *judge(const struct buffer *file)
{
    static struct verdict verdict;
    static struct checkpoint checkpoint;

    memset(&verdict, 0, sizeof verdict);
    exhibit_check(hasher, policy, buffer_view(file), &checkpoint, &verdict);
    stop = verdict.stop;
    ck_assert_int_ne(stop.status, 0); /* an exhibit is never "intact" */
    ck_assert_int_eq(stop.status == 1, strcmp(stop.code, "fork") == 0 || strcmp(stop.code, "false-heads") == 0);
    return stop.code;
}

/* V16: b's own consistency path, with the node that its computation starts from in front. */
static void nodes_for(uint64_t a, uint64_t b, struct merkle_path *out)
{
    struct merkle_source source = source_of(1);
    struct merkle_path path = {0};

    *out = path;
    if (a == b) {
        return;
    }
    ck_assert_int_eq(merkle_prove_consistency(&source, a, b, &path, &fault), STATUS_OK);
    if ((a & (a - 1)) == 0) {
        ck_assert_int_eq(merkle_root(&source, a, &out->nodes[out->count++], &fault), STATUS_OK);
    }
    for (size_t i = 0; i < path.count; i++) {
        out->nodes[out->count++] = path.nodes[i];
    }
}

static const char *fork_of(uint64_t a, uint64_t b, const struct merkle_path *nodes)
{
    struct buffer file = {0};

    writer_array(&file, 4);
    writer_text(&file, view_text("unbroken fork/1"));
    put_note(0, a, &file);
    put_note(1, b, &file);
    writer_array(&file, nodes->count);
    for (size_t i = 0; i < nodes->count; i++) {
        writer_bytes(&file, hash_view(&nodes->nodes[i]));
    }
    const char *code = judge(&file);
    buffer_free(&file);
    return code;
}

/* The same history in both papers: no sizes and no path make a fork of it. */
START_TEST(test_an_honest_ledger)
{
    for (uint64_t a = 1; a <= SIZE_MAX_TRIED; a++) {
        for (uint64_t b = a; b <= SIZE_MAX_TRIED; b++) {
            struct merkle_path nodes;

            nodes_for(a, b, &nodes);
            ck_assert_str_eq(fork_of(a, b, &nodes), "no-exhibit");
            nodes.count = 0;
            ck_assert_str_eq(fork_of(a, b, &nodes), "no-exhibit");
            ck_assert_str_eq(fork_of(b, a, &nodes), "no-exhibit");
        }
    }
}
END_TEST

/* Record c is another one in b: every two sizes above c convict; sizes up to c do not. */
START_TEST(test_a_liar)
{
    for (size_t c = 0; c < SIZE_MAX_TRIED; c += 3) {
        leaves[1][c].bytes[31] ^= 1;
        for (uint64_t a = 1; a <= SIZE_MAX_TRIED; a++) {
            for (uint64_t b = a; b <= SIZE_MAX_TRIED; b++) {
                struct merkle_path nodes;

                nodes_for(a, b, &nodes);
                ck_assert_str_eq(fork_of(a, b, &nodes), c < a ? "fork" : "no-exhibit");
            }
        }
        leaves[1][c].bytes[31] ^= 1;
    }
}
END_TEST

/* A node less, a node twice, two changed about, a bit in one: proves nothing. */
START_TEST(test_damaged_paths)
{
    leaves[1][0].bytes[31] ^= 1;
    for (uint64_t a = 1; a < 9; a++) {
        for (uint64_t b = a + 1; b <= 9; b++) {
            struct merkle_path good;

            nodes_for(a, b, &good);
            for (size_t i = 0; i < good.count; i++) {
                struct merkle_path bad = good;
                bad.nodes[i].bytes[7] ^= 0x10;
                ck_assert_str_eq(fork_of(a, b, &bad), "no-exhibit");
                bad = good;
                memmove(&bad.nodes[i], &bad.nodes[i + 1], (good.count - 1 - i) * sizeof bad.nodes[0]);
                bad.count--;
                ck_assert_str_eq(fork_of(a, b, &bad), "no-exhibit");
                bad = good;
                bad.nodes[bad.count++] = good.nodes[i];
                ck_assert_str_eq(fork_of(a, b, &bad), "no-exhibit");
                if (i > 0) {
                    bad = good;
                    bad.nodes[i] = good.nodes[i - 1];
                    bad.nodes[i - 1] = good.nodes[i];
                    ck_assert_str_eq(fork_of(a, b, &bad), "no-exhibit");
                }
            }
        }
    }
}
END_TEST

/*
 * ---- false heads: a tree of three records, of which 1 and 2 are shown. The act links subject 3 as number 2; the heads record
 * says of it what the claim has. ----
 */

struct claim {
    uint64_t count, last, subjects, leaf_subject;
    bool heads_first; /* the heads record is 1 and the act 2 */
    bool no_leaf;
    bool other_ledger; /* the leaf is another ledger's than the note */
};

static const struct claim lie = {.count = 1, .last = 0, .subjects = 4, .leaf_subject = 3};

/* A heads tree of four leaves; the one at position 3 is shown. */
static void put_leaf(const struct claim *claim, struct hash *root, struct buffer *out)
{
    struct heads_leaf leaf = {.subject = claim->leaf_subject, .count = claim->count, .last = claim->last, .ledger = {{claim->other_ledger ? 1 : 0}}};
    struct buffer bytes = {0};
    struct hash other = {{1}}, mine, pair;

    heads_leaf_encode(&leaf, &bytes);
    hash_leaf(hasher, buffer_view(&bytes), &mine);
    hash_node(hasher, &other, &other, &pair);
    hash_node(hasher, &other, &mine, root);
    hash_node(hasher, &pair, root, root);
    if (claim->no_leaf) {
        writer_null(out);
    } else {
        writer_array(out, 2);
        writer_bytes(out, buffer_view(&bytes));
        writer_array(out, 2);
        writer_bytes(out, hash_view(&other));
        writer_bytes(out, hash_view(&pair));
    }
    buffer_free(&bytes);
}

/* Record 1 or 2 of a tree of three with its path. */
static void put_record(const struct buffer *bytes, const struct hash hashes[3], size_t index, struct buffer *out)
{
    struct hash pair;

    writer_array(out, 2);
    writer_bytes(out, buffer_view(bytes));
    if (index == 1) {
        writer_array(out, 2);
        writer_bytes(out, hash_view(&hashes[0]));
        writer_bytes(out, hash_view(&hashes[2]));
    } else {
        hash_node(hasher, &hashes[0], &hashes[1], &pair);
        writer_array(out, 1);
        writer_bytes(out, hash_view(&pair));
    }
}

/* An act of the form of SPEC 4; what it does is not looked at. */
static void put_act(struct buffer *out)
{
    static struct act act;
    struct act_signature signatures[ACT_SIGNERS_MAX];
    struct buffer payload = {0}, headers[ACT_SIGNERS_MAX] = {{0}};

    sample_act_least(&act);
    payload_encode(&act, &payload);
    for (size_t i = 0; i < act.signature_count; i++) {
        sig_header_encode(act.signatures[i].algorithm, &act.signatures[i].kid, &headers[i]);
        signatures[i] = act.signatures[i];
        signatures[i].header = buffer_view(&headers[i]);
    }
    act_encode(buffer_view(&payload), signatures, act.signature_count, out);
    for (size_t i = 0; i < act.signature_count; i++) {
        buffer_free(&headers[i]);
    }
    buffer_free(&payload);
}

static const char *false_heads_of(const struct claim *claim)
{
    static struct record record;
    struct buffer file = {0}, note = {0}, leaf = {0}, signed_act = {0}, act = {0}, heads = {0};
    struct hash hashes[3] = {{{5}}}, root, heads_root;
    size_t act_index = claim->heads_first ? 2 : 1, heads_index = 3 - act_index;

    put_leaf(claim, &heads_root, &leaf);
    put_act(&signed_act);
    record = (struct record){.type = RECORD_ACT, .index = act_index, .has_prev = true, .link_count = 1,
                             .links = {{.subject = 3, .number = 2, .has_before = true}}, .act = buffer_view(&signed_act)};
    record_encode(&record, &act);
    record = (struct record){.type = RECORD_HEADS, .index = heads_index, .has_prev = true, .subjects = claim->subjects,
                             .root = heads_root};
    record_encode(&record, &heads);
    hash_leaf(hasher, buffer_view(&act), &hashes[act_index]);
    hash_leaf(hasher, buffer_view(&heads), &hashes[heads_index]);
    hash_node(hasher, &hashes[0], &hashes[1], &root);
    hash_node(hasher, &root, &hashes[2], &root);
    sample_note(hasher, view_text(ORIGIN), 3, &root, "station", &note);
    writer_array(&file, 5);
    writer_text(&file, view_text("unbroken false-heads/1"));
    writer_bytes(&file, buffer_view(&note));
    put_record(&heads, hashes, heads_index, &file);
    buffer_append_view(&file, buffer_view(&leaf));
    put_record(&act, hashes, act_index, &file);
    const char *code = judge(&file);
    buffer_free(&file);
    buffer_free(&note);
    buffer_free(&leaf);
    buffer_free(&signed_act);
    buffer_free(&act);
    buffer_free(&heads);
    return code;
}

/* The act is number 2 of its thread, at record 1: a leaf with fewer, or with an earlier last record, is a lie. */
START_TEST(test_counts_of_the_leaf)
{
    struct claim claim = lie;

    for (claim.count = 1; claim.count <= 4; claim.count++) {
        for (claim.last = 0; claim.last <= 3; claim.last++) {
            bool hides = claim.count < 2 || claim.last < 1;
            ck_assert_str_eq(false_heads_of(&claim), hides ? "false-heads" : "no-exhibit");
        }
    }
}
END_TEST

/* Heads say nothing of records after them, and a leaf nothing of another subject or ledger, nor at another position. */
START_TEST(test_leaf_of_something_else)
{
    struct claim claim = lie;

    claim.heads_first = true;
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
    claim = lie;
    claim.leaf_subject = 2;
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
    claim = lie;
    claim.other_ledger = true;
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
    claim = lie;
    claim.subjects = 5; /* then position 3 has another path */
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
    claim.subjects = 3; /* then there is no position 3 */
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
}
END_TEST

/* Without a leaf: the act links a subject that the heads record does not know. */
START_TEST(test_no_leaf)
{
    struct claim claim = lie;

    claim.no_leaf = true;
    for (claim.subjects = 1; claim.subjects <= 6; claim.subjects++) {
        ck_assert_str_eq(false_heads_of(&claim), claim.subjects <= 3 ? "false-heads" : "no-exhibit");
    }
    claim.subjects = 3;
    claim.heads_first = true;
    ck_assert_str_eq(false_heads_of(&claim), "no-exhibit");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exhibit_check");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_an_honest_ledger);
    tcase_add_test(tests, test_a_liar);
    tcase_add_test(tests, test_damaged_paths);
    tcase_add_test(tests, test_counts_of_the_leaf);
    tcase_add_test(tests, test_leaf_of_something_else);
    tcase_add_test(tests, test_no_leaf);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
