/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when an erasure removes more or less from the store than it covers (SPEC 3.7), when the check of a store does not tell an erased detail
 * from a lost one, or when an older copy is brought under erasures that are not its ledger's (SPEC 3.8).
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "ledger/erasures.h"
#include "ledger/export.h"
#include "ledger/scrub.h"

static const uint64_t remarks_only[] = {NAME_REMARKS};
static const uint64_t note_and_file[] = {NAME_NOTE, NAME_ATTACHMENT};
static const uint64_t orphan_only[] = {NAME_ORPHAN};

/* Registrars erase names of these subjects from that record. */
static struct signed_act erasing(struct fixture *f, uint64_t record, const uint64_t *subjects, size_t subject_count,
                                 const uint64_t *names, size_t name_count)
{
    struct making making = making_open(f, KIND_ERASE);
    struct ledger_txn *txn = NULL;
    struct buffer encoded = {0};
    struct signed_act out;
    struct view bytes;

    names_encode(names, name_count, &encoded);
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_record(txn, record, &bytes, FAULT));
    making.act->present |= BIT(PAY_AMENDS);
    making.act->amends_index = record;
    hash_leaf(f->hasher, bytes, &making.act->amends_hash);
    ledger_abort(txn);
    for (size_t i = 0; i < subject_count; i++) {
        struct entry *entry = composer_entry(making.composer, subjects[i], ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_NAMES);
        entry->facts.names = buffer_view(&encoded);
    }
    composer_text(making.composer, NOTHING, NAME_ORDER, "Order 78/18");
    making_signer(&making, 1, 1, OFFICE_REGISTRAR);
    making_signer(&making, 2, 1, OFFICE_REGISTRAR);
    out = making_sign(f, &making);
    buffer_free(&encoded);
    return out;
}

static uint64_t erase(struct fixture *f, uint64_t record, uint64_t subject, const uint64_t *names, size_t count)
{
    struct signed_act act = erasing(f, record, &subject, 1, names, count);

    return fixture_append(f, &act);
}

/* A note on two items, of each and of both, with a file of both. */
static uint64_t note_both(struct fixture *f)
{
    struct making making = making_open(f, KIND_NOTE);
    struct signed_act act;

    for (uint64_t subject = 6; subject < 8; subject++) {
        (void)composer_entry(making.composer, subject, ROLE_SUBJECT);
        composer_text(making.composer, subject, NAME_REMARKS, "of one");
    }
    composer_text(making.composer, NOTHING, NAME_NOTE, "of both");
    composer_file(making.composer, NOTHING, NAME_ATTACHMENT, view_text("a file of both"), "text/plain");
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(f, &making);
    return fixture_append(f, &act);
}

/* Records: 3 allotted, 4 and 5 notes on items 6 and 7 with the same file. */
static void make(struct fixture *f)
{
    struct signed_act act;

    fixture_make(f, NULL);
    act = allotting(f, 6, 2);
    (void)fixture_append(f, &act);
    ck_assert_uint_eq(note_both(f), 4);
    ck_assert_uint_eq(note_both(f), 5);
}

/* How many disclosures a record has, and how many of them are told as erased. */
static void expect(struct fixture *f, uint64_t record, size_t there, size_t erased, uint64_t under)
{
    struct ledger_details details = {0};
    struct ledger_erased *list = NULL;
    struct ledger_txn *txn = NULL;
    size_t count = 0;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_details(txn, record, &details, FAULT));
    OK(ledger_erased(txn, record, &list, &count, FAULT));
    ck_assert_uint_eq(details.disclosure_count, there);
    ck_assert_uint_eq(count, erased);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(list[i].under, under);
    }
    free(list);
    ledger_details_free(&details);
    ledger_abort(txn);
}

static struct fsck_report check(struct fixture *f)
{
    struct fsck_options options = {.threads = 2};
    struct fsck_report report;

    OK(ledger_fsck(f->ledger, &options, &report, FAULT));
    return report;
}

static void check_sound(struct fixture *f, uint64_t erased)
{
    struct fsck_report report = check(f);

    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    ck_assert_uint_eq(report.erased, erased);
    ck_assert_uint_eq(report.unfinished, 0);
}

static bool has_file(struct fixture *f)
{
    struct ledger_txn *txn = NULL;
    struct hash hash;
    struct view bytes;
    bool found;

    hash_data(f->hasher, view_text("a file of both"), &hash);
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    found = ledger_attachment(txn, &hash, &bytes, NULL) == STATUS_OK;
    ledger_abort(txn);
    return found;
}

START_TEST(the_extent_is_exact)
{
    static const uint64_t both[] = {6, 7};
    struct signed_act act;
    struct fixture f;

    make(&f);
    expect(&f, 4, 4, 0, 0);
    ck_assert_uint_eq(erase(&f, 4, 6, remarks_only, 1), 6);
    expect(&f, 4, 3, 1, 6);
    expect(&f, 5, 4, 0, 0);
    check_sound(&f, 1);
    /* Of both together: not for one of them. */
    ck_assert_uint_eq(erase(&f, 4, 6, note_and_file, 2), 7);
    expect(&f, 4, 3, 1, 6);
    act = erasing(&f, 4, both, 2, note_and_file, 2);
    ck_assert_uint_eq(fixture_append(&f, &act), 8);
    {
        struct ledger_erased *list = NULL;
        struct ledger_txn *txn = NULL;
        size_t count = 0;

        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        OK(ledger_erased(txn, 4, &list, &count, FAULT));
        ck_assert_uint_eq(count, 3);
        ck_assert(list[0].subject == NOTHING && list[0].name == NAME_NOTE && list[0].ordinal == 0 && list[0].under == 8);
        ck_assert(list[1].subject == NOTHING && list[1].name == NAME_ATTACHMENT && list[1].under == 8);
        ck_assert(list[2].subject == 6 && list[2].name == NAME_REMARKS && list[2].under == 6);
        free(list);
        ledger_abort(txn);
    }
    /* Another record names the file. */
    ck_assert(has_file(&f));
    act = erasing(&f, 5, both, 2, note_and_file, 2);
    ck_assert_uint_eq(fixture_append(&f, &act), 9);
    ck_assert(!has_file(&f));
    expect(&f, 5, 2, 2, 9);
    check_sound(&f, 5);
    fixture_remove(&f);
}
END_TEST

START_TEST(what_is_refused)
{
    static const uint64_t both[] = {6, 7};
    static const uint64_t stranger[] = {5, 6};
    struct fault fault;
    struct signed_act act;
    struct fixture f;

    make(&f);
    /* One that the amended record does not touch, beside one that it does (SPEC V9.11). */
    act = erasing(&f, 4, stranger, 2, remarks_only, 1);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s + 60, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "does not touch all"));
    signed_free(&act);
    expect(&f, 4, 4, 0, 0);
    /* What custody is judged from is never covered. */
    act = erasing(&f, 4, both, 2, orphan_only, 1);
    (void)fixture_append(&f, &act);
    expect(&f, 4, 4, 0, 0);
    check_sound(&f, 0);
    fixture_remove(&f);
}
END_TEST

static void write_entry(struct fixture *f, struct view key, struct view value)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;

    fixture_close(f);
    OK(store_open(f->dir, STORE_WRITE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    if (value.len == 0) {
        OK(store_delete(txn, key, FAULT));
    } else {
        OK(store_put(txn, key, value, FAULT));
    }
    OK(store_commit(txn, FAULT));
    store_close(store);
    OK(ledger_open(f->dir, LEDGER_READ, NULL, &f->ledger, FAULT));
}

static struct buffer read_entry(struct fixture *f, struct view key)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct buffer out = {0};
    struct view value;

    OK(store_open(f->dir, STORE_READ, 0, &store, FAULT));
    OK(store_begin(store, false, &txn, FAULT));
    OK(store_get(txn, key, &value, FAULT));
    buffer_append_view(&out, value);
    store_abort(txn);
    store_close(store);
    return out;
}

/* 1: the check of the store, or its opening, finds it. */
static int found(struct fixture *f)
{
    return check(f).stop.status;
}

START_TEST(a_lost_detail_is_no_erased_one)
{
    struct fixture f;
    struct key key;
    struct buffer kept;

    make(&f);
    (void)erase(&f, 4, 6, remarks_only, 1);
    fixture_close(&f);
    /* Disclosures in the order of calls by subject: 0 of item 6 (erased), 1 of item 7, 2 and 3 of both. */
    for (uint64_t seq = 1; seq < 4; seq++) {
        key = keys_part(4, PART_DISCLOSURE, seq);
        kept = read_entry(&f, keys_view(&key));
        write_entry(&f, keys_view(&key), view_of(NULL, 0));
        ck_assert_int_eq(found(&f), 1);
        write_entry(&f, keys_view(&key), buffer_view(&kept));
        buffer_free(&kept);
        ck_assert_int_eq(found(&f), 0);
    }
    fixture_remove(&f);
}
END_TEST

START_TEST(the_index_is_checked)
{
    static const uint8_t one[] = {1, 1};
    static const uint8_t zero[] = {0};
    struct fixture f;
    struct key own = keys_pair(TABLE_ERASURE, 4, 6);
    struct key others[] = {keys_pair(TABLE_ERASURE, 5, 6), keys_pair(TABLE_ERASURE, 4, 5), keys_pair(TABLE_ERASURE, 4, 9),
                           keys_pair(TABLE_ERASURE, 4, NOTHING)};

    make(&f);
    (void)erase(&f, 4, 6, remarks_only, 1);
    fixture_close(&f);
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
    ck_assert_int_eq(found(&f), 0);
    ck_assert(check(&f).scrub_due);
    write_entry(&f, keys_view(&own), view_of(NULL, 0));
    ck_assert_int_eq(found(&f), 1);
    write_entry(&f, keys_view(&own), view_of(one, sizeof one));
    ck_assert_int_eq(found(&f), 1);
    write_entry(&f, keys_view(&own), view_of(zero, sizeof zero));
    ck_assert_int_eq(found(&f), 0);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        write_entry(&f, keys_view(&others[i]), view_of(zero, sizeof zero));
        ck_assert_int_eq(found(&f), 1);
        write_entry(&f, keys_view(&others[i]), view_of(NULL, 0));
    }
    ck_assert_int_eq(found(&f), 0);
    fixture_remove(&f);
}
END_TEST

START_TEST(what_came_back_is_removed)
{
    struct fixture f;
    struct key key = keys_part(4, PART_DISCLOSURE, 0);
    struct scrub_report report;
    struct fsck_report checked;
    struct buffer kept;

    make(&f);
    fixture_close(&f);
    kept = read_entry(&f, keys_view(&key));
    fixture_open(&f);
    (void)erase(&f, 4, 6, remarks_only, 1);
    write_entry(&f, keys_view(&key), buffer_view(&kept));
    buffer_free(&kept);
    checked = check(&f);
    ck_assert_int_eq(checked.stop.status, 0);
    ck_assert_uint_eq(checked.unfinished, 1);
    fixture_close(&f);
    OK(ledger_scrub(f.dir, NULL, true, &report, FAULT));
    ck_assert_uint_eq(report.details, 1);
    ck_assert(report.rewritten);
    fixture_open(&f);
    check_sound(&f, 1);
    ck_assert(!check(&f).scrub_due);
    fixture_remove(&f);
}
END_TEST

START_TEST(an_older_copy)
{
    static const uint64_t both[] = {6, 7};
    struct export_request request = {0};
    struct scrub_report report;
    struct buffer bundle = {0};
    struct ledger_txn *txn = NULL;
    struct fsck_report checked;
    struct signed_act act;
    struct fault fault = {0};
    struct fixture f;
    struct fixture copy;
    char path[128];

    make(&f);
    fixture_checkpoint(&f);
    (void)snprintf(path, sizeof path, "%s/copy", f.root);
    OK(ledger_backup(f.ledger, path, FAULT));
    OK(ledger_scrub(path, f.ledger, true, &report, FAULT));
    ck_assert(report.taken == 0 && report.details == 0 && report.records == 7);
    act = erasing(&f, 4, both, 2, note_and_file, 2);
    (void)fixture_append(&f, &act);
    act = erasing(&f, 5, both, 2, note_and_file, 2);
    (void)fixture_append(&f, &act);
    (void)erase(&f, 5, 7, remarks_only, 1);
    for (int again = 0; again < 2; again++) {
        OK(ledger_scrub(path, f.ledger, true, &report, FAULT));
        ck_assert_uint_eq(report.taken, again == 0 ? 3 : 0);
        ck_assert_uint_eq(report.details, again == 0 ? 5 : 0);
        ck_assert_uint_eq(report.attachments, again == 0 ? 1 : 0);
    }
    copy = f;
    OK(ledger_open(path, LEDGER_READ, NULL, &copy.ledger, FAULT));
    checked = check(&copy);
    ck_assert_msg(checked.stop.status == 0, "%s", checked.stop.text);
    ck_assert(checked.elsewhere == 3 && checked.erased == 5 && checked.unfinished == 0 && !checked.scrub_due);
    /* No bundle of it: nothing in it would cover what is missing. */
    OK(ledger_begin(copy.ledger, false, &txn, FAULT));
    ck_assert_int_eq(export_bundle(txn, &request, &bundle, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "which this older copy does not have"));
    ledger_abort(txn);
    buffer_free(&bundle);
    ledger_close(copy.ledger);
    /* And the ledger itself is no older copy of the copy. */
    fixture_checkpoint(&f);
    OK(ledger_open(path, LEDGER_READ, NULL, &copy.ledger, FAULT));
    fixture_close(&f);
    fault_clear(&fault);
    ck_assert_int_eq(ledger_scrub(f.dir, copy.ledger, true, &report, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "is no older copy"));
    ledger_close(copy.ledger);
    fixture_remove(&f);
}
END_TEST

START_TEST(not_before_a_checkpoint)
{
    struct export_request request = {0};
    struct ledger_txn *txn = NULL;
    struct buffer bundle = {0};
    struct fault fault = {0};
    struct fixture f;

    make(&f);
    fixture_checkpoint(&f);
    (void)erase(&f, 4, 6, remarks_only, 1);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(export_bundle(txn, &request, &bundle, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "which no checkpoint covers"));
    ledger_abort(txn);
    buffer_free(&bundle);
    fixture_checkpoint(&f);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, &bundle, FAULT));
    ledger_abort(txn);
    buffer_free(&bundle);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_extent_is_exact, what_is_refused, a_lost_detail_is_no_erased_one, the_index_is_checked,
                                  what_came_back_is_removed, an_older_copy, not_before_a_checkpoint, NULL};

    return run_tests("erasures", tests);
}
