/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views: cosignatures and tokens join the stored checkpoint. Breaks when a line of nobody, of another checkpoint, or one that does not hold is kept;
 * when a cosignature that is there is replaced, or one that does not hold stays; when a token stands twice; when a proof does not lead to the root.
 */
#include "tests/ledger/court.c"

#include "ledger/care.h"
#include "ledger/inside.h"
#include "ledger/quote.h"
#include "ledger/witnesses.h"
#include "verify/text.h"

START_TEST(cosignatures_join_the_stored_note)
{
    struct court court;
    struct buffer lines = {0};
    struct buffer before;
    struct buffer after;
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    size_t added = 0;

    court_make(&court);
    before = stored_note(&court);
    cosign_stored(&court, 2, 1000, &lines);
    cosign_stored(&court, 0, 2000, &lines);
    ck_assert_int_eq(give(&court, buffer_view(&lines), &added, signed_by), STATUS_OK);
    ck_assert_uint_eq(added, 2);
    ck_assert(signed_by[0] && !signed_by[1] && signed_by[2]);
    check_times(&court, (const uint64_t[]){2000, 0, 1000});
    after = stored_note(&court);
    ck_assert_uint_gt(after.len, before.len);
    ck_assert(view_equal(view_part(buffer_view(&after), 0, before.len), buffer_view(&before)));
    /* A later one of the same witness changes nothing: the earliest time stands. */
    buffer_reset(&lines);
    cosign_stored(&court, 2, 5000, &lines);
    ck_assert_int_eq(give(&court, buffer_view(&lines), &added, signed_by), STATUS_OK);
    ck_assert_uint_eq(added, 0);
    ck_assert(signed_by[0] && !signed_by[1] && signed_by[2]);
    check_times(&court, (const uint64_t[]){2000, 0, 1000});
    buffer_free(&before);
    buffer_free(&after);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

START_TEST(lines_that_do_not_hold_are_left_out)
{
    struct court court;
    struct buffer lines = {0};
    struct buffer before;
    struct buffer after;
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    size_t added = 0;
    const struct verifier_key *key;
    uint8_t zeros[72] = {0};

    court_make(&court);
    before = stored_note(&court);
    /* Over another checkpoint; of an unknown key; a second one of w1 beside its first. */
    cosign(&court, 0, view_text("other.example\n5\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"), 1000, &lines);
    key = &policy_witness(court.policy, 2)->key;
    note_signature_line(view_text("nobody.example"), key->id, view_of(zeros, sizeof zeros), &lines);
    cosign_stored(&court, 1, 1000, &lines);
    cosign_stored(&court, 1, 2000, &lines);
    ck_assert_int_eq(give(&court, buffer_view(&lines), &added, signed_by), STATUS_OK);
    ck_assert_uint_eq(added, 0);
    after = stored_note(&court);
    ck_assert(view_equal(buffer_view(&after), buffer_view(&before)));
    buffer_free(&after);
    /* Bytes that are no lines. */
    ck_assert_int_eq(give(&court, view_text("hello\n"), &added, signed_by), STATUS_DAMAGED);
    ck_assert_int_eq(give(&court, view_text("\xe2\x80\x94 a b\x1b\n"), &added, signed_by), STATUS_DAMAGED);
    after = stored_note(&court);
    ck_assert(view_equal(buffer_view(&after), buffer_view(&before)));
    buffer_free(&before);
    buffer_free(&after);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

/* Puts a note in the place of the stored one, as a source that is believed in nothing might have. */
static void put_note(struct court *court, struct view note)
{
    struct key key = keys_number(TABLE_CHECKPOINT, court->size);
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(court->f.ledger, true, &txn, FAULT));
    txn->changed = true;
    OK(store_put(txn->store, keys_view(&key), note, FAULT));
    OK(ledger_commit(txn, FAULT));
}

/* What fsck says of the ledger; "" when everything holds. */
static void check_fsck(struct court *court, const char *wanted)
{
    struct fsck_options options = {0};
    struct fsck_report report = {0};

    OK(ledger_fsck(court->f.ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0 ? wanted[0] == '\0' : strcmp(report.stop.code, wanted) == 0, "%s: %s", report.stop.code, report.stop.text);
}

/* Every bundle with such a line fails (SPEC V4): the witness's right one takes its place, and until then fsck names it, once the witness is configured. */
START_TEST(a_stored_line_that_does_not_hold_gives_way)
{
    struct court court;
    struct buffer note, lines = {0};
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    size_t added = 0;

    court_make(&court);
    cosign_stored(&court, 1, 500, &lines);
    OK(give(&court, buffer_view(&lines), &added, signed_by));
    note = stored_note(&court);
    cosign(&court, 0, view_text("other.example\n5\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"), 1000, &note);
    put_note(&court, buffer_view(&note));
    check_fsck(&court, "");
    OK(witnesses_install(court.f.ledger, buffer_view(&court.text), view_of(NULL, 0), FAULT));
    check_fsck(&court, "cosignature");
    check_times(&court, (const uint64_t[]){0, 500, 0});

    buffer_reset(&lines);
    cosign_stored(&court, 0, 2000, &lines);
    OK(give(&court, buffer_view(&lines), &added, signed_by));
    ck_assert_uint_eq(added, 1);
    ck_assert(signed_by[0] && signed_by[1] && !signed_by[2]);
    check_times(&court, (const uint64_t[]){2000, 500, 0});
    check_fsck(&court, "");
    buffer_free(&note);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

/* A wrong time would stand where the right one belongs, for good. */
START_TEST(cosignatures_of_no_time_or_of_the_future_are_left_out)
{
    static const struct {
        uint64_t time_s;
        size_t added;
    } tries[] = {{0, 0}, {1001, 0}, {UINT64_C(9007199254740991), 0}, {1000, 1}};
    struct court court;
    bool signed_by[POLICY_WITNESSES_MAX] = {false};

    court_make(&court);
    court.latest_s = 1000;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct buffer lines = {0};
        size_t added = 0;

        cosign_stored(&court, 0, tries[i].time_s, &lines);
        OK(give(&court, buffer_view(&lines), &added, signed_by));
        ck_assert_uint_eq(added, tries[i].added);
        ck_assert(signed_by[0] == (added == 1));
        buffer_free(&lines);
    }
    check_times(&court, (const uint64_t[]){1000, 0, 0});
    court_remove(&court);
}
END_TEST

START_TEST(a_checkpoint_that_is_not_there_is_missing)
{
    struct court court;
    struct buffer lines = {0};
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    size_t added = 0;

    court_make(&court);
    cosign_stored(&court, 0, 1000, &lines);
    court.size = 3;
    ck_assert_int_eq(give(&court, buffer_view(&lines), &added, signed_by), STATUS_MISSING);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

START_TEST(tokens_are_kept_once_and_bounded)
{
    struct court court;
    struct ledger_txn *txn = NULL;
    struct view tokens[VIEWS_TOKENS_MAX];
    struct fault fault = {0};
    size_t count = 99;

    court_make(&court);
    OK(ledger_begin(court.f.ledger, true, &txn, FAULT));
    OK(views_tokens(txn, court.size, tokens, &count, FAULT));
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(views_add_token(txn, 3, view_text("token"), &fault), STATUS_MISSING);
    for (uint8_t i = 0; i < VIEWS_TOKENS_MAX; i++) {
        OK(views_add_token(txn, court.size, view_of(&i, 1), FAULT));
        OK(views_add_token(txn, court.size, view_of(&i, 1), FAULT));
    }
    fault = (struct fault){0};
    ck_assert_int_eq(views_add_token(txn, court.size, view_text("one too many"), &fault), STATUS_REFUSED);
    OK(ledger_commit(txn, FAULT));
    OK(ledger_begin(court.f.ledger, false, &txn, FAULT));
    OK(views_tokens(txn, court.size, tokens, &count, FAULT));
    ck_assert_uint_eq(count, VIEWS_TOKENS_MAX);
    for (uint8_t i = 0; i < VIEWS_TOKENS_MAX; i++) {
        ck_assert(view_equal(tokens[i], view_of(&i, 1)));
    }
    ledger_abort(txn);
    court_remove(&court);
}
END_TEST

/* SPEC 3.6: what a record quotes is the newest checkpoint that others have signed, with the station's line and theirs and no other. */
START_TEST(the_newest_cosigned_checkpoint_is_quoted)
{
    struct court court;
    struct ledger_txn *txn = NULL;
    struct quote quote = {0};
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct buffer lines = {0};
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    uint64_t time_s = 0;
    size_t added = 0;

    court_make(&court);
    OK(ledger_begin(court.f.ledger, false, &txn, FAULT));
    OK(quote_newest(txn, &quote, FAULT));
    ledger_abort(txn);
    ck_assert_uint_eq(quote.note.len, 0);
    ck_assert_uint_eq(quote.cosignatures, 0);

    cosign_stored(&court, 0, 1700000700, &lines);
    cosign_stored(&court, 2, 1700000800, &lines);
    OK(give(&court, buffer_view(&lines), &added, signed_by));
    OK(ledger_begin(court.f.ledger, false, &txn, FAULT));
    OK(quote_newest(txn, &quote, FAULT));
    ledger_abort(txn);
    ck_assert_uint_eq(quote.size, court.size);
    ck_assert_uint_eq(quote.cosignatures, 2);
    OK(checkpoint_parse(buffer_view(&quote.note), checkpoint, FAULT));
    ck_assert_uint_eq(checkpoint->size, court.size);
    ck_assert_uint_eq(checkpoint->signature_count, 3);
    ck_assert_int_eq(checkpoint_check(checkpoint, &policy_witness(court.policy, 2)->key, &time_s), NOTE_VALID);
    ck_assert_uint_eq(time_s, 1700000800);
    ck_assert_int_eq(checkpoint_check(checkpoint, &policy_witness(court.policy, 1)->key, &time_s), NOTE_UNSIGNED);
    quote_free(&quote);
    buffer_free(&lines);
    free(checkpoint);
    court_remove(&court);
}
END_TEST

START_TEST(sizes_and_proofs_are_those_of_the_tree)
{
    struct court court;
    struct ledger_txn *txn = NULL;
    uint64_t *sizes = NULL;
    size_t count = 0;

    court_make(&court);
    OK(ledger_begin(court.f.ledger, false, &txn, FAULT));
    OK(views_sizes(txn, &sizes, &count, FAULT));
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(sizes[0], court.size);
    for (uint64_t size = 1; size <= ledger_size(txn); size++) {
        struct merkle_path path;
        struct hash root;
        struct hash old_root;

        OK(ledger_root(txn, size, &root, FAULT));
        for (uint64_t old = 0; old <= size; old++) {
            OK(ledger_root(txn, old, &old_root, FAULT));
            OK(views_consistency(txn, old, size, &path, FAULT));
            ck_assert(merkle_check_consistency(court.f.hasher, old, &old_root, size, &root, path.nodes, path.count));
        }
        for (uint64_t index = 0; index < size; index++) {
            struct view record;
            struct hash leaf;

            OK(ledger_record(txn, index, &record, FAULT));
            hash_leaf(court.f.hasher, record, &leaf);
            OK(views_inclusion(txn, index, size, &path, FAULT));
            ck_assert(merkle_check_inclusion(court.f.hasher, &leaf, index, size, path.nodes, path.count, &root));
        }
    }
    free(sizes);
    ledger_abort(txn);
    court_remove(&court);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cosignatures_join_the_stored_note, lines_that_do_not_hold_are_left_out,
                                  a_checkpoint_that_is_not_there_is_missing, tokens_are_kept_once_and_bounded,
                                  a_stored_line_that_does_not_hold_gives_way, cosignatures_of_no_time_or_of_the_future_are_left_out,
                                  sizes_and_proofs_are_those_of_the_tree, the_newest_cosigned_checkpoint_is_quoted, NULL};

    return run_tests("views", tests);
}
