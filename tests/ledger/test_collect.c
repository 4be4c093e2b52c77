/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect: requests to witnesses, lines that came another way, and what of them goes into bundles. Breaks when a request starts where the witness does not
 * stand; when lines join another checkpoint than the one that they sign, or a wrong clock's are taken; when a bundle leaves out what proves a time.
 * Witnesses over HTTP, in every mood: tests/custody/test_witnesses.sh.
 */
#include "tests/ledger/court.c"

#include "ledger/collect.h"
#include "ledger/export.h"
#include "ledger/witness_request.h"
#include "verify/bundle.h"

/* A request: from the largest older checkpoint that this witness has cosigned, however far back, and not from another's. */
START_TEST(a_request_starts_where_the_witness_stands)
{
    struct court court;
    struct buffer body = {0}, lines = {0};
    struct witness_request request;
    struct fault fault = {0};
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    uint64_t old = NOTHING;
    size_t added = 0;

    court_make(&court);
    cosign_stored(&court, 0, 1000, &lines);
    OK(give(&court, buffer_view(&lines), &added, signed_by));
    for (int i = 0; i < 100; i++) {
        struct signed_act act = noting(&court.f, 0, "x", 0);

        (void)fixture_append(&court.f, &act);
        fixture_checkpoint(&court.f);
    }
    OK(collect_request(court.f.ledger, court.policy, 0, &old, &body, FAULT));
    ck_assert_uint_eq(old, court.size);
    OK(witness_request_parse(buffer_view(&body), &request, FAULT));
    ck_assert_uint_eq(request.old, court.size);
    ck_assert_uint_gt(request.path.count, 0);
    old = NOTHING;
    buffer_reset(&body);
    OK(collect_request(court.f.ledger, court.policy, 1, &old, &body, FAULT));
    ck_assert_uint_eq(old, 0);
    OK(witness_request_parse(buffer_view(&body), &request, FAULT));
    ck_assert_uint_eq(request.path.count, 0);
    old = fixture_size(&court.f) + 1;
    buffer_reset(&body);
    ck_assert_int_eq(collect_request(court.f.ledger, court.policy, 1, &old, &body, &fault), STATUS_REFUSED);
    ck_assert_uint_eq(body.len, 0);
    buffer_free(&body);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

static void anchors_of(struct court *court, uint64_t asked, struct view *file, struct buffer *keep, struct bundle *out)
{
    struct export_request request = {.asked = &asked, .asked_count = 1};
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};

    OK(ledger_begin(court->f.ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, keep, FAULT));
    ledger_abort(txn);
    *file = buffer_view(keep);
    ck_assert_int_eq(bundle_decode(court->f.hasher, *file, out, &fault), BUNDLE_OK);
}

static bool has_anchor(const struct bundle *bundle, uint64_t size, size_t *lines, size_t *tokens)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    bool found = false;

    for (size_t i = 0; i < bundle->anchor_count && !found; i++) {
        OK(checkpoint_parse(bundle->anchors[i].view.note, checkpoint, FAULT));
        found = checkpoint->size == size;
        *lines = checkpoint->signature_count;
        *tokens = bundle->anchors[i].view.token_count;
    }
    free(checkpoint);
    return found;
}

/* Of more checkpoints than a bundle carries, those that somebody else than the station has signed or stamped and that cover a record are not left out. */
START_TEST(anchors_that_prove_times_go_first)
{
    struct court court;
    struct buffer lines = {0}, keep = {0};
    struct bundle bundle = {0};
    struct ledger_txn *txn = NULL;
    struct view file;
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    uint64_t cosigned = 0, stamped = 0;
    size_t added = 0, found_lines = 0, tokens = 0;

    court_make(&court);
    for (int i = 0; i < 300; i++) {
        struct signed_act act = noting(&court.f, 0, "x", 0);

        (void)fixture_append(&court.f, &act);
        fixture_checkpoint(&court.f);
        cosigned = i == 280 ? fixture_size(&court.f) : cosigned;
        stamped = i == 270 ? fixture_size(&court.f) : stamped;
    }
    anchors_of(&court, 5, &file, &keep, &bundle);
    ck_assert_uint_eq(bundle.anchor_count, 256);
    ck_assert(!has_anchor(&bundle, cosigned, &found_lines, &tokens) && !has_anchor(&bundle, stamped, &found_lines, &tokens));
    bundle_close(&bundle);
    buffer_reset(&keep);
    court.size = cosigned;
    cosign_stored(&court, 2, 1000, &lines);
    OK(give(&court, buffer_view(&lines), &added, signed_by));
    OK(ledger_begin(court.f.ledger, true, &txn, FAULT));
    OK(views_add_token(txn, stamped, view_text("token"), FAULT));
    OK(ledger_commit(txn, FAULT));
    anchors_of(&court, 5, &file, &keep, &bundle);
    ck_assert(has_anchor(&bundle, cosigned, &found_lines, &tokens));
    ck_assert_uint_eq(found_lines, 2);
    ck_assert_uint_eq(tokens, 0);
    ck_assert(has_anchor(&bundle, stamped, &found_lines, &tokens));
    ck_assert_uint_eq(found_lines, 1);
    ck_assert_uint_eq(tokens, 1);
    bundle_close(&bundle);
    buffer_free(&keep);
    buffer_free(&lines);
    court_remove(&court);
}
END_TEST

/* Lines without a word on what they sign: an older checkpoint than the latest is found. */
START_TEST(lines_find_the_checkpoint_that_they_sign)
{
    struct court court;
    struct buffer lines = {0}, ahead = {0};
    struct signed_act act;
    struct fault fault = {0};
    uint64_t size = 0;
    size_t added = 99;

    court_make(&court);
    cosign_stored(&court, 1, 1000, &lines);
    cosign_stored(&court, 2, 1000 + COLLECT_AHEAD_S + 1, &ahead);
    act = noting(&court.f, 0, "x", 0);
    (void)fixture_append(&court.f, &act);
    fixture_checkpoint(&court.f);
    ck_assert_int_eq(collect_lines(court.f.ledger, court.policy, buffer_view(&ahead), 1000, &size, &added, &fault), STATUS_UNTRUSTED);
    ck_assert_uint_eq(added, 0);
    check_times(&court, (const uint64_t[]){0, 0, 0});
    OK(collect_lines(court.f.ledger, court.policy, buffer_view(&lines), 1000, &size, &added, FAULT));
    ck_assert_uint_eq(size, court.size);
    ck_assert_uint_eq(added, 1);
    check_times(&court, (const uint64_t[]){0, 1000, 0});
    OK(collect_lines(court.f.ledger, court.policy, buffer_view(&ahead), 1001, &size, &added, FAULT));
    check_times(&court, (const uint64_t[]){0, 1000, 1000 + COLLECT_AHEAD_S + 1});
    fault = (struct fault){0};
    ck_assert_int_eq(collect_lines(court.f.ledger, court.policy, view_text("hello\n"), 1000, &size, &added, &fault), STATUS_DAMAGED);
    buffer_free(&lines);
    buffer_free(&ahead);
    court_remove(&court);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_request_starts_where_the_witness_stands, lines_find_the_checkpoint_that_they_sign, anchors_that_prove_times_go_first,
                                  NULL};

    return run_tests("collect", tests);
}
