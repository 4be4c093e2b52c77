/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when heads that hide a record make no exhibit out of the store that holds both, or when an exhibit leaves that proves nothing (SPEC V16): the
 * heads are honest, the note is of another history, or nobody whom the reader trusts has signed it.
 */
#include "tests/ledger/fixture.c"

#include "ledger/exhibit.h"
#include "ledger/inside.h"
#include "ledger/tree.h"
#include "verify/verdict.h"

/* Records 0 to 2 found and enrol, 3 is a note on the ledger itself, 4 are the heads: an even index, so one node stands with it. */
enum { NOTED = 3, HEADS = 4, SIZE = 5, SUBJECTS = 6 };

static struct fixture f;
static struct ledger_txn *txn;
static struct policy *policy;
static struct buffer note;

/* The heads record in the store says this, and the tree has it. */
static void lie(uint64_t subjects, const struct hash *root)
{
    struct key key = keys_number(TABLE_RECORD, HEADS);
    struct record *record = calloc(1, sizeof *record);
    struct tree_entry entry;
    struct buffer bytes = {0};
    struct buffer value = {0};
    struct view old;
    struct hash hash;

    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    OK(store_get(txn->store, keys_view(&key), &old, FAULT));
    ck_assert(tree_split(old, HEADS, &entry));
    ck_assert_uint_eq(entry.nodes.len, HASH_BYTES);
    OK(record_decode(entry.record, record, FAULT));
    record->subjects = subjects;
    record->root = *root;
    record_encode(record, &bytes);
    hash_leaf(f.hasher, buffer_view(&bytes), &hash);
    keys_append(&value, entry.subjects);
    keys_append(&value, entry.heads);
    buffer_append_view(&value, buffer_view(&bytes));
    buffer_append_view(&value, hash_view(&hash));
    OK(store_put(txn->store, keys_view(&key), buffer_view(&value), FAULT));
    txn->changed = true;
    OK(ledger_commit(txn, FAULT));
    buffer_free(&bytes);
    buffer_free(&value);
    free(record);
}

/* A checkpoint of that root, signed by that key. */
static void sign(const uint8_t seed[32], const struct hash *root)
{
    struct secret *station = NULL;
    struct view origin = view_text(ledger_origin(f.ledger));
    uint8_t signature[SIGNATURE_BYTES];
    uint8_t id[4];

    buffer_reset(&note);
    OK(secret_from_seed(seed, &station, FAULT));
    checkpoint_text(origin, SIZE, root, &note);
    OK(secret_sign(station, buffer_view(&note), signature, FAULT));
    buffer_append_byte(&note, '\n');
    verifier_key_id(f.hasher, origin, 1, secret_public(station)->bytes, id);
    note_signature_line(origin, id, view_of(signature, sizeof signature), &note);
    OK(buffer_status(&note, FAULT));
    secret_close(station);
}

static void trust(void)
{
    struct secret *station = NULL;
    struct buffer text = {0};

    OK(secret_from_seed(f.seed, &station, FAULT));
    buffer_printf(&text, "log ");
    verifier_key_format(f.hasher, view_text(ledger_origin(f.ledger)), 1, secret_public(station)->bytes, &text);
    buffer_printf(&text, "\nquorum none\n");
    OK(policy_parse(f.hasher, buffer_view(&text), &policy, FAULT));
    buffer_free(&text);
    secret_close(station);
}

static void setup(void)
{
    struct signed_act act;

    fixture_make(&f, NULL);
    act = noting(&f, 0, "of the ledger itself", 0);
    ck_assert_uint_eq(fixture_append(&f, &act), NOTED);
    fixture_checkpoint(&f);
    ck_assert_uint_eq(fixture_size(&f), SIZE);
    trust();
}

static void teardown(void)
{
    ledger_abort(txn);
    txn = NULL;
    policy_close(policy);
    buffer_free(&note);
    note = (struct buffer){0};
    fixture_remove(&f);
}

static void begin_and_sign(void)
{
    struct hash root;

    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(ledger_root(txn, SIZE, &root, FAULT));
    sign(f.seed, &root);
}

/* A leaf of subject 0, alone in its tree: its root is its hash. */
static struct exhibit_part leaf_of(uint64_t count, uint64_t last, struct buffer *bytes, struct hash *root)
{
    struct heads_leaf leaf = {.ledger = f.id, .subject = 0, .count = count, .last = last};

    heads_leaf_encode(&leaf, bytes);
    hash_leaf(f.hasher, buffer_view(bytes), root);
    return (struct exhibit_part){.bytes = buffer_view(bytes)};
}

static enum status make(const struct exhibit_part *leaf, uint64_t record, struct buffer *out, struct fault *fault)
{
    fault_clear(fault);
    return exhibit_false_heads(txn, policy, buffer_view(&note), HEADS, leaf, record, out, fault);
}

static void refused(const struct exhibit_part *leaf, uint64_t record, enum status want, const char *why)
{
    struct buffer out = {0};
    struct fault fault;

    ck_assert_int_eq(make(leaf, record, &out, &fault), want);
    ck_assert_msg(strstr(fault.text, why) != NULL, "%s", fault.text);
    ck_assert_uint_eq(out.len, 0);
    buffer_free(&out);
}

START_TEST(a_subject_that_is_not_counted)
{
    struct hash root = {{1}};
    struct buffer out = {0};
    struct fault fault;

    lie(SUBJECTS - 1, &root);
    begin_and_sign();
    ck_assert_msg(make(NULL, 2, &out, &fault) == STATUS_OK, "%s", fault.text); /* record 2 enrols subject 5 */
    OK(exhibit_proven(f.hasher, policy, buffer_view(&out), "false-heads", FAULT));
    ck_assert_int_eq(exhibit_proven(f.hasher, policy, buffer_view(&out), "fork", &fault), STATUS_REFUSED);
    refused(NULL, 1, STATUS_REFUSED, "do not contradict");
    refused(NULL, HEADS, STATUS_REFUSED, "not a heads record and the record of an act");
    refused(NULL, SIZE, STATUS_MISSING, "record 5 is not below the checkpoint");
    buffer_free(&out);
}
END_TEST

START_TEST(a_thread_that_is_cut)
{
    struct buffer bytes = {0};
    struct buffer out = {0};
    struct hash root;
    struct fault fault;
    struct exhibit_part leaf = leaf_of(1, 0, &bytes, &root);

    lie(1, &root);
    begin_and_sign();
    ck_assert_msg(make(&leaf, NOTED, &out, &fault) == STATUS_OK, "%s", fault.text);
    refused(&leaf, 0, STATUS_REFUSED, "do not contradict"); /* that one it knows of */
    refused(&leaf, 1, STATUS_REFUSED, "do not contradict"); /* of another thread */
    buffer_free(&bytes);
    buffer_free(&out);
}
END_TEST

START_TEST(a_last_record_that_is_not_the_last)
{
    struct buffer bytes = {0};
    struct buffer out = {0};
    struct hash root;
    struct fault fault;
    struct exhibit_part leaf = leaf_of(2, 0, &bytes, &root);

    lie(1, &root);
    begin_and_sign();
    ck_assert_msg(make(&leaf, NOTED, &out, &fault) == STATUS_OK, "%s", fault.text);
    buffer_free(&bytes);
    buffer_free(&out);
}
END_TEST

START_TEST(honest_heads)
{
    struct buffer bytes = {0};
    struct hash root;
    struct exhibit_part leaf = leaf_of(1, 0, &bytes, &root);

    begin_and_sign();
    refused(NULL, 2, STATUS_REFUSED, "do not contradict");
    refused(&leaf, NOTED, STATUS_REFUSED, "do not contradict"); /* the heads do not say so */
    buffer_free(&bytes);
}
END_TEST

START_TEST(a_note_that_is_none_of_the_ledgers)
{
    uint8_t seed[32] = {7};
    struct hash root = {{1}};

    lie(SUBJECTS - 1, &root);
    begin_and_sign();
    sign(f.seed, &root);
    refused(NULL, 2, STATUS_REFUSED, "do not contradict");
    OK(ledger_root(txn, SIZE, &root, FAULT));
    sign(seed, &root);
    refused(NULL, 2, STATUS_REFUSED, "not signed by a log of the policy");
    buffer_reset(&note);
    buffer_append_view(&note, view_text("no note"));
    refused(NULL, 2, STATUS_DAMAGED, "");
    buffer_reset(&note);
    checkpoint_text(view_text(ledger_origin(f.ledger)), SIZE + 1, &root, &note);
    buffer_append_view(&note, view_text("\n\xe2\x80\x94 name AAAAAAAA\n"));
    refused(NULL, 2, STATUS_REFUSED, "which are not all here");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exhibit");
    TCase *test = tcase_create("exhibit");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_subject_that_is_not_counted);
    tcase_add_test(test, a_thread_that_is_cut);
    tcase_add_test(test, a_last_record_that_is_not_the_last);
    tcase_add_test(test, honest_heads);
    tcase_add_test(test, a_note_that_is_none_of_the_ledgers);
    suite_add_tcase(suite, test);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
