/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a sound ledger is called damaged, or when a flipped bit, a missing, an added or a moved entry anywhere in the store, or a damaged
 * head file, is not found.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"
#include "ledger/keys.h"
#include "ledger/store.h"

struct copied {
    struct buffer key;
    struct buffer value;
};

static struct copied *entries;
static size_t entry_count;

/* A ledger with something in every table. */
static void make_rich(struct fixture *f)
{
    struct signed_act act;
    struct signed_act orphan;
    struct making making;
    struct value value = {.type = VALUE_BYTES};
    struct ledger_txn *txn = NULL;
    struct hash id = {{5}};

    fixture_make(f, NULL);
    act = allotting(f, 6, 2);
    (void)fixture_append(f, &act);
    fixture_checkpoint(f);
    act = noting(f, 6, "x", 2);
    (void)fixture_append(f, &act);
    making = making_open(f, KIND_ATTACH);
    (void)composer_entry(making.composer, 6, ROLE_SUBJECT);
    composer_file(making.composer, 6, NAME_ATTACHMENT, view_text("photograph"), "image/jpeg");
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(f, &making);
    (void)fixture_append(f, &act);
    orphan = noting(f, 7, "came too late", 0);
    making = making_open(f, KIND_LODGE);
    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
    making.act->from.has_person = true;
    making.act->from.person = CUSTODIAN;
    act_id(f->hasher, buffer_view(&orphan.draft.payload), &making.act->answers);
    (void)composer_entry(making.composer, 7, ROLE_SUBJECT);
    value.text = orphan.submission.act;
    composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(f, &making);
    (void)fixture_append(f, &act);
    fixture_checkpoint(f);
    signed_free(&orphan);
    act = noting(f, 0, "after the checkpoint", 0);
    (void)fixture_append(f, &act);
    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    OK(ledger_reserve(txn, &id, f->now_s, FAULT));
    OK(ledger_commit(txn, FAULT));
}

static void read_all(struct fixture *f)
{
    static const enum table tables[] = {TABLE_RESERVATION, TABLE_HEADS, TABLE_SUBJECT, TABLE_ACT, TABLE_KID,
                                        TABLE_ORPHAN, TABLE_CHECKPOINT, TABLE_ATTACHMENT, TABLE_RECORD};
    struct store *store = NULL;
    struct store_txn *txn = NULL;

    OK(store_open(f->dir, STORE_READ, 0, &store, FAULT));
    OK(store_begin(store, false, &txn, FAULT));
    entries = calloc(store_count(txn), sizeof *entries);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct key prefix = keys_table(tables[i]);
        struct store_cursor *cursor = NULL;
        struct view key;
        struct view value;
        size_t before = entry_count;

        OK(store_walk(txn, keys_view(&prefix), NULL, &cursor, FAULT));
        while (store_next(cursor, &key, &value, NULL) == STATUS_OK) {
            buffer_append_view(&entries[entry_count].key, key);
            buffer_append_view(&entries[entry_count].value, value);
            entry_count++;
        }
        store_walk_end(cursor);
        ck_assert_msg(entry_count > before, "nothing in table %c", (char)tables[i]);
    }
    ck_assert_uint_eq(entry_count, store_count(txn));
    store_abort(txn);
    store_close(store);
}

/* Writes in the store as no ledger would; empty value: removes. */
static void write_entry(struct fixture *f, struct view key, struct view value)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;

    OK(store_open(f->dir, STORE_WRITE, 0, &store, FAULT));
    OK(store_begin(store, true, &txn, FAULT));
    if (value.len == 0) {
        OK(store_delete(txn, key, FAULT));
    } else {
        OK(store_put(txn, key, value, FAULT));
    }
    OK(store_commit(txn, FAULT));
    store_close(store);
}

/* What opening or the check says: 0 when the ledger seems sound. The record is that of the stop. */
static int verdict_of(struct fixture *f, uint64_t *record, char text[FAULT_TEXT_BYTES])
{
    struct fsck_options options = {.threads = 2};
    struct fsck_report report;
    struct fault fault = {0};
    struct ledger *ledger = NULL;
    enum status status = ledger_open(f->dir, LEDGER_READ, NULL, &ledger, &fault);

    if (status != STATUS_OK) {
        ck_assert_int_eq(status, STATUS_DAMAGED);
        *record = fault.at;
        (void)snprintf(text, FAULT_TEXT_BYTES, "%s", fault.text);
        return 1;
    }
    status = ledger_fsck(ledger, &options, &report, &fault);
    ck_assert_msg(status == STATUS_OK, "%s", fault.text);
    ledger_close(ledger);
    *record = report.stop.record;
    (void)snprintf(text, FAULT_TEXT_BYTES, "%s", report.stop.text);
    return report.stop.status;
}

static void setup(struct fixture *f)
{
    uint64_t record;
    char words[FAULT_TEXT_BYTES];

    make_rich(f);
    fixture_close(f);
    ck_assert_msg(verdict_of(f, &record, words) == 0, "%s", words);
    read_all(f);
}

START_TEST(a_sound_ledger_is_sound)
{
    struct fixture f;
    struct fsck_options options = {0};
    struct fsck_report report;

    make_rich(&f);
    for (unsigned threads = 0; threads < 5; threads++) {
        options.threads = threads;
        OK(ledger_fsck(f.ledger, &options, &report, FAULT));
        ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
        ck_assert_uint_eq(report.records, 10);
        ck_assert_uint_eq(report.acts, 8);
        ck_assert_uint_eq(report.signatures, 3 + 3 + 3 + 5);
        ck_assert_uint_eq(report.subjects, 8);
        ck_assert_uint_eq(report.details, 3 + 1 + 1 + 3 + 1 + 1 + 1);
        ck_assert_uint_eq(report.attachments, 1);
        ck_assert_uint_eq(report.checkpoints, 2);
        ck_assert_uint_eq(report.breaches, 0);
    }
    options.without_signatures = true;
    OK(ledger_fsck(f.ledger, &options, &report, FAULT));
    ck_assert_int_eq(report.stop.status, 0);
    ck_assert_uint_eq(report.signatures, 0);
    fixture_remove(&f);
}
END_TEST

/* Bits of every value: all of short ones, every seventh of long ones. The reservation may be any act-id and time. */
START_TEST(every_flipped_bit_is_found)
{
    struct fixture f;
    size_t flips = 0;

    setup(&f);
    for (size_t i = 0; i < entry_count; i++) {
        struct buffer *value = &entries[i].value;
        size_t step = value->len > 64 ? 61 : 13;

        for (size_t bit = i % step; bit < value->len * 8 && entries[i].key.ptr[0] != TABLE_RESERVATION; bit += step) {
            uint64_t record;
            char words[FAULT_TEXT_BYTES];

            value->ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
            write_entry(&f, buffer_view(&entries[i].key), buffer_view(value));
            ck_assert_msg(verdict_of(&f, &record, words) != 0, "entry %zu of table %c, bit %zu", i,
                          (char)entries[i].key.ptr[0], bit);
            value->ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
            flips++;
        }
        write_entry(&f, buffer_view(&entries[i].key), buffer_view(value));
    }
    ck_assert_uint_gt(flips, 500);
    {
        uint64_t record;
        char words[FAULT_TEXT_BYTES];

        ck_assert_msg(verdict_of(&f, &record, words) == 0, "%s", words);
    }
    fixture_remove(&f);
}
END_TEST

/* Entries taken out, and put under a key that differs in one bit. */
START_TEST(every_missing_and_moved_entry_is_found)
{
    struct fixture f;

    setup(&f);
    for (size_t i = 0; i < entry_count; i++) {
        struct view value = buffer_view(&entries[i].value);
        struct buffer key = {0};
        uint64_t record;
        char words[FAULT_TEXT_BYTES];

        if (entries[i].key.ptr[0] != TABLE_RESERVATION) {
            write_entry(&f, buffer_view(&entries[i].key), view_of(NULL, 0));
            ck_assert_msg(verdict_of(&f, &record, words) != 0, "entry %zu of table %c taken out", i,
                          (char)entries[i].key.ptr[0]);
            write_entry(&f, buffer_view(&entries[i].key), value);
        }
        buffer_append_view(&key, buffer_view(&entries[i].key));
        buffer_append_byte(&key, 0x40);
        write_entry(&f, buffer_view(&key), value);
        ck_assert_msg(verdict_of(&f, &record, words) != 0, "entry %zu of table %c added", i, (char)key.ptr[0]);
        write_entry(&f, buffer_view(&key), view_of(NULL, 0));
        buffer_free(&key);
    }
    fixture_remove(&f);
}
END_TEST

/* The record is named, and it is the first that is wrong. */
START_TEST(the_first_wrong_record_is_named)
{
    struct fixture f;
    struct key key = keys_number(TABLE_RECORD, 7);
    struct key detail = keys_part(5, PART_DISCLOSURE, 1);
    uint64_t record;
    char words[FAULT_TEXT_BYTES];

    setup(&f);
    for (size_t i = 0; i < entry_count; i++) {
        bool is_record = view_equal(buffer_view(&entries[i].key), keys_view(&key));
        bool is_detail = view_equal(buffer_view(&entries[i].key), keys_view(&detail));

        if (is_record || is_detail) {
            entries[i].value.ptr[40] ^= 1;
            write_entry(&f, buffer_view(&entries[i].key), buffer_view(&entries[i].value));
        }
    }
    ck_assert_int_eq(verdict_of(&f, &record, words), 1);
    ck_assert_msg(record == 5, "%s", words);
    ck_assert_ptr_nonnull(strstr(words, "record 5"));
    fixture_remove(&f);
}
END_TEST

START_TEST(the_remembered_head_is_compared)
{
    struct fixture f;
    uint64_t record;
    char words[FAULT_TEXT_BYTES];
    char command[300];
    struct fsck_options options = {0};
    struct fsck_report report;

    setup(&f);
    (void)snprintf(command, sizeof command, "sed -i '2s/.*/99/' '%s'", f.head);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(verdict_of(&f, &record, words), 1);
    ck_assert_ptr_nonnull(strstr(words, "head of 99"));
    /* None at all is told apart: a restored copy has none. */
    ck_assert_int_eq(unlink(f.head), 0);
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
    OK(ledger_fsck(f.ledger, &options, &report, FAULT));
    ck_assert(report.head_missing);
    fixture_remove(&f);
}
END_TEST

/* Forged with all hashes anew: what is left to notice is what was signed, and what the record before is. */
START_TEST(a_forged_record_is_found)
{
    enum { PREV_AT = 10 };
    static const char *const codes[] = {"signature", "seen", "damaged"};

    for (int i = 0; i < 3; i++) {
        struct fixture f;
        struct fsck_options options = {.without_signatures = i == 1};
        struct fsck_report report;
        struct ledger_txn *txn = NULL;
        struct view record;
        const uint8_t *root;
        size_t at;

        make_rich(&f);
        OK(ledger_begin(f.ledger, false, &txn, FAULT));
        OK(ledger_record(txn, 9, &record, FAULT));
        root = memmem(record.ptr, record.len, "\x82\x08\x58\x20", 4); /* seen: [8, root] */
        ck_assert_ptr_nonnull(root);
        at = i == 0 ? record.len - 40 : i == 1 ? (size_t)(root - record.ptr) + 8 : PREV_AT;
        ledger_abort(txn);
        fixture_close(&f);
        forge_last(&f, 9, at);
        OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
        OK(ledger_fsck(f.ledger, &options, &report, FAULT));
        ck_assert_int_eq(report.stop.status, 1);
        ck_assert_str_eq(report.stop.code, codes[i]);
        ck_assert_uint_eq(report.stop.record, 9);
        fixture_remove(&f);
    }
}
END_TEST

/* More subjects than the check's world holds at a time, and more records than a batch. */
START_TEST(many_subjects)
{
    struct fixture f;
    struct fsck_options options = {0};
    struct fsck_report report;
    struct signed_act act;
    uint64_t subjects = 6;

    fixture_make(&f, NULL);
    for (int i = 0; i < 20; i++) {
        act = allotting(&f, subjects, 500);
        subjects += 500;
        (void)fixture_append(&f, &act);
    }
    for (uint64_t i = 0; i < 600; i++) {
        act = noting(&f, 6 + i * 7919 % (subjects - 6), "x", 0);
        (void)fixture_append(&f, &act);
        if (i % 100 == 0) {
            fixture_checkpoint(&f);
        }
    }
    OK(ledger_fsck(f.ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    ck_assert_uint_eq(report.subjects, subjects);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_sound_ledger_is_sound, every_flipped_bit_is_found, every_missing_and_moved_entry_is_found,
                                  the_first_wrong_record_is_named, the_remembered_head_is_compared, a_forged_record_is_found,
                                  many_subjects, NULL};

    return run_tests("fsck", tests);
}
