/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a record is taken back that is not, byte for byte, what this ledger would have written there, when one is taken back that an append
 * would refuse, or when a checkpoint is kept that does not hold (SPEC 3.9).
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "ledger/restore.h"

/* A ledger and, beside it, a copy of how it was; what came since is taken back into the copy. */
struct pair {
    struct fixture f;    /* the living one */
    struct fixture old;  /* shares nothing with it but the directory's past */
    struct ledger_txn *from;
    struct ledger_txn *to;
    struct record *record;
};

static bool any_gap(void *context, uint64_t subject, const struct sheet_line *line, bool there)
{
    uint64_t *gaps = context;

    (void)subject;
    (void)line;
    *gaps += there ? 0u : 1u;
    return true;
}

/* Records 0 to 3, signed; then a note with details (4), an allotment (5), heads (6). */
static void pair_make(struct pair *p)
{
    struct signed_act act;

    fixture_make(&p->f, NULL);
    fixture_checkpoint(&p->f);
    fixture_close(&p->f);
    memset(&p->old, 0, sizeof p->old);
    (void)snprintf(p->old.dir, sizeof p->old.dir, "%s/old", p->f.root);
    copy_dir(p->f.dir, p->old.dir);
    fixture_open(&p->f);
    act = noting(&p->f, 4, "lost", 2);
    (void)fixture_append(&p->f, &act);
    act = allotting(&p->f, 6, 2);
    (void)fixture_append(&p->f, &act);
    fixture_checkpoint(&p->f);
    OK(ledger_begin(p->f.ledger, false, &p->from, FAULT));
    OK(ledger_open(p->old.dir, LEDGER_RECOVER, NULL, &p->old.ledger, FAULT));
    OK(ledger_begin(p->old.ledger, true, &p->to, FAULT));
    OK(restore_begin(p->to, FAULT));
    p->record = malloc(sizeof *p->record);
}

static void pair_remove(struct pair *p)
{
    free(p->record);
    ledger_abort(p->to);
    ledger_abort(p->from);
    ledger_close(p->old.ledger);
    fixture_remove(&p->f);
}

/* The transaction after a refusal is of no use. */
static void again(struct pair *p)
{
    ledger_abort(p->to);
    p->to = NULL;
    OK(ledger_begin(p->old.ledger, true, &p->to, FAULT));
}

/* Takes back bytes with the details of that record, the last `without` disclosures left out. */
static enum status take_bytes(struct pair *p, struct view bytes, uint64_t index, size_t without, uint64_t *gaps, struct fault *fault)
{
    struct attached_lines asked = {.line = any_gap, .context = gaps};
    struct ledger_details details;
    struct submission submission = {0};
    enum status status;

    fault_clear(fault);
    OK(record_decode(bytes, p->record, FAULT));
    OK(ledger_details(p->from, index, &details, FAULT));
    submission.sheets = details.sheets;
    submission.sheet_count = details.sheet_count;
    submission.disclosures = details.disclosures;
    submission.disclosure_count = details.disclosure_count - without;
    status = restore_record(p->to, p->record, &submission, &asked, fault);
    ledger_details_free(&details);
    return status;
}

static enum status take(struct pair *p, uint64_t index, struct fault *fault)
{
    struct view bytes;
    uint64_t gaps = 0;

    OK(ledger_record(p->from, index, &bytes, FAULT));
    return take_bytes(p, bytes, index, 0, &gaps, fault);
}

START_TEST(what_was_lost_is_the_same)
{
    struct pair p;
    struct fault fault;
    struct hash ours;
    struct hash theirs;
    struct buffer note = {0};
    struct buffer kept = {0};
    struct fsck_options options = {0};
    struct fsck_report report;
    bool added = false;

    pair_make(&p);
    for (uint64_t index = 4; index < 7; index++) {
        ck_assert_msg(take(&p, index, &fault) == STATUS_OK, "%s", fault.text);
    }
    OK(ledger_root(p.from, 7, &theirs, FAULT));
    OK(ledger_root(p.to, 7, &ours, FAULT));
    ck_assert(hash_equal(&ours, &theirs));
    OK(ledger_checkpoint_at(p.from, 7, &note, FAULT));
    OK(restore_note(p.to, buffer_view(&note), &added, FAULT));
    ck_assert(added);
    OK(restore_note(p.to, buffer_view(&note), &added, FAULT));
    ck_assert(!added);
    OK(ledger_commit(p.to, FAULT));
    OK(ledger_begin(p.old.ledger, true, &p.to, FAULT));
    for (uint64_t index = 0; index < 7; index++) {
        struct view a;
        struct view b;

        OK(ledger_record(p.from, index, &a, FAULT));
        OK(ledger_record(p.to, index, &b, FAULT));
        ck_assert(view_equal(a, b));
    }
    OK(ledger_latest_checkpoint(p.to, &kept, FAULT));
    ck_assert(view_equal(buffer_view(&note), buffer_view(&kept)));
    ledger_abort(p.to);
    p.to = NULL;
    OK(ledger_fsck(p.old.ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    ck_assert_uint_eq(report.records, 7);
    ck_assert_uint_eq(report.checkpoints, 2);
    ck_assert_uint_eq(report.withheld, 0);
    buffer_free(&note);
    buffer_free(&kept);
    pair_remove(&p);
}
END_TEST

START_TEST(only_the_next_record_of_this_history)
{
    struct pair p;
    struct fault fault;
    struct view bytes;
    struct buffer changed = {0};
    uint64_t gaps = 0;

    pair_make(&p);
    ck_assert_int_eq(take(&p, 5, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "record 5: it is not the one that is missing next"));
    /* Nothing goes on after a refusal. */
    ck_assert_int_eq(take(&p, 4, &fault), STATUS_REFUSED);
    ck_assert_int_eq(ledger_commit(p.to, NULL), STATUS_REFUSED);
    p.to = NULL;
    again(&p);
    ck_assert_int_eq(take(&p, 3, &fault), STATUS_UNTRUSTED);
    again(&p);
    /* Another record before it. */
    OK(ledger_record(p.from, 4, &bytes, FAULT));
    OK(record_decode(bytes, p.record, FAULT));
    p.record->prev.bytes[0] ^= 1;
    record_encode(p.record, &changed);
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 4, 0, &gaps, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "of another history"));
    again(&p);
    /* A link that says another place in the thread. */
    OK(record_decode(bytes, p.record, FAULT));
    p.record->links[0].number++;
    buffer_reset(&changed);
    record_encode(p.record, &changed);
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 4, 0, &gaps, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "its links are not those"));
    again(&p);
    /* Logged before the record before it: a step back that no clock act names. */
    OK(record_decode(bytes, p.record, FAULT));
    p.record->logged_s = NOW_S - 1;
    buffer_reset(&changed);
    record_encode(p.record, &changed);
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 4, 0, &gaps, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "record 4: "));
    ck_assert_ptr_nonnull(strstr(fault.text, "clock"));
    buffer_free(&changed);
    pair_remove(&p);
}
END_TEST

START_TEST(an_act_is_judged_as_at_its_append)
{
    struct pair p;
    struct fault fault;
    struct view bytes;
    struct buffer changed = {0};
    uint64_t gaps = 0;

    pair_make(&p);
    OK(ledger_record(p.from, 4, &bytes, FAULT));
    /* The last byte of the record is in its signature. */
    buffer_append_view(&changed, bytes);
    changed.ptr[changed.len - 1] ^= 1;
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 4, 0, &gaps, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "signature"));
    again(&p);
    /* Twice. */
    ck_assert_int_eq(take(&p, 4, &fault), STATUS_OK);
    OK(record_decode(bytes, p.record, FAULT));
    p.record->index = 5;
    hash_leaf(p.f.hasher, bytes, &p.record->prev);
    buffer_reset(&changed);
    record_encode(p.record, &changed);
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 4, 0, &gaps, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "replayed"));
    again(&p);
    /* A detail that nobody has is asked about; a disclosure of another act is refused. */
    ck_assert_int_eq(take_bytes(&p, bytes, 4, 1, &gaps, &fault), STATUS_OK);
    ck_assert_uint_eq(gaps, 1);
    again(&p);
    ck_assert_int_eq(take_bytes(&p, bytes, 0, 0, &gaps, &fault), STATUS_DAMAGED);
    buffer_free(&changed);
    pair_remove(&p);
}
END_TEST

START_TEST(heads_are_recomputed)
{
    struct pair p;
    struct fault fault;
    struct view bytes;
    struct buffer changed = {0};
    uint64_t gaps = 0;

    pair_make(&p);
    ck_assert_int_eq(take(&p, 4, &fault), STATUS_OK);
    ck_assert_int_eq(take(&p, 5, &fault), STATUS_OK);
    OK(ledger_record(p.from, 6, &bytes, FAULT));
    OK(record_decode(bytes, p.record, FAULT));
    p.record->root.bytes[31] ^= 1;
    record_encode(p.record, &changed);
    ck_assert_int_eq(take_bytes(&p, buffer_view(&changed), 6, 0, &gaps, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "its heads are not those"));
    buffer_free(&changed);
    pair_remove(&p);
}
END_TEST

/* Nobody holds record 6: the tree of seven, or the hash that a later record names, says which second it was. */
START_TEST(lost_heads_are_found_again)
{
    struct pair p;
    struct fault fault;
    struct view bytes;
    struct hash root;
    struct hash hash;
    struct hash other = {{1}};
    bool found = false;

    pair_make(&p);
    OK(ledger_root(p.from, 7, &root, FAULT));
    OK(ledger_record(p.from, 6, &bytes, FAULT));
    hash_leaf(p.f.hasher, bytes, &hash);
    for (int by_hash = 0; by_hash < 2; by_hash++) {
        struct view here;

        ck_assert_int_eq(take(&p, 4, &fault), STATUS_OK);
        ck_assert_int_eq(take(&p, 5, &fault), STATUS_OK);
        OK(restore_heads(p.to, by_hash == 1 ? &hash : NULL, &root, by_hash == 1 ? p.f.now_s : NOTHING, &found, FAULT));
        ck_assert(found);
        OK(ledger_record(p.to, 6, &here, FAULT));
        ck_assert(view_equal(here, bytes));
        again(&p);
    }
    /* Where an act is missing, no second fits: here record 5, whose place heads would take. */
    ck_assert_int_eq(take(&p, 4, &fault), STATUS_OK);
    OK(restore_heads(p.to, &other, NULL, p.f.now_s, &found, FAULT));
    ck_assert(!found);
    ck_assert_int_eq(ledger_commit(p.to, NULL), STATUS_REFUSED);
    p.to = NULL;
    pair_remove(&p);
}
END_TEST

START_TEST(a_checkpoint_must_hold)
{
    struct pair p;
    struct fault fault = {0};
    struct buffer note = {0};
    struct buffer other = {0};
    bool added;

    pair_make(&p);
    OK(ledger_checkpoint_at(p.from, 7, &note, FAULT));
    /* Its records are not here. */
    ck_assert_int_ne(restore_note(p.to, buffer_view(&note), &added, NULL), STATUS_OK);
    for (uint64_t index = 4; index < 7; index++) {
        ck_assert_int_eq(take(&p, index, &fault), STATUS_OK);
    }
    /* A signature that does not hold: a letter before the last padding. */
    buffer_append_view(&other, buffer_view(&note));
    other.ptr[other.len - 5] = other.ptr[other.len - 5] == 'A' ? 'B' : 'A';
    ck_assert_int_eq(restore_note(p.to, buffer_view(&other), &added, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "not signed by the station key"));
    /* Another root. */
    fault_clear(&fault);
    buffer_reset(&other);
    checkpoint_text(view_text(ledger_origin(p.old.ledger)), 5, &(struct hash){{7}}, &other);
    buffer_append(&other, "\n", 1);
    note_signature_line(view_text("x"), (const uint8_t[4]){1, 2, 3, 4}, view_of((const uint8_t[64]){0}, 64), &other);
    ck_assert_int_eq(restore_note(p.to, buffer_view(&other), &added, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(fault.text, "another root"));
    /* A size at which no heads record ends. */
    {
        struct hash root;

        fault_clear(&fault);
        buffer_reset(&other);
        OK(ledger_root(p.to, 5, &root, FAULT));
        checkpoint_text(view_text(ledger_origin(p.old.ledger)), 5, &root, &other);
        buffer_append(&other, "\n", 1);
        note_signature_line(view_text("x"), (const uint8_t[4]){1, 2, 3, 4}, view_of((const uint8_t[64]){0}, 64), &other);
        ck_assert_int_eq(restore_note(p.to, buffer_view(&other), &added, &fault), STATUS_UNTRUSTED);
        ck_assert_ptr_nonnull(strstr(fault.text, "heads record"));
    }
    buffer_free(&note);
    buffer_free(&other);
    pair_remove(&p);
}
END_TEST

/* A ledger that was opened to take back records takes nothing new, and signs nothing. */
START_TEST(nothing_new_is_recorded)
{
    struct pair p;
    struct fault fault = {0};
    struct buffer note = {0};
    struct signed_act act;
    uint64_t index;

    pair_make(&p);
    act = noting(&p.f, 4, "new", 0);
    ck_assert_int_eq(ledger_append(p.to, &act.submission, p.f.now_s, NULL, &index, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "take lost records back"));
    ledger_abort(p.to);
    p.to = NULL;
    ck_assert_int_eq(ledger_checkpoint(p.old.ledger, p.f.now_s, &note, NULL), STATUS_REFUSED);
    ck_assert_uint_eq(note.len, 0);
    signed_free(&act);
    pair_remove(&p);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_lost_is_the_same, only_the_next_record_of_this_history, an_act_is_judged_as_at_its_append,
                                  heads_are_recomputed, lost_heads_are_found_again, a_checkpoint_must_hold, nothing_new_is_recorded, NULL};

    return run_tests("restore", tests);
}
